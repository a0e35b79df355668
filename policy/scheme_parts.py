"""The pieces a scheme is made of: shares, rules, grades, levels and dates (P4, P6.3, P7)."""

from decimal import Decimal
from typing import NamedTuple

BELOW = "below"
ABOVE = "above"
CONSECUTIVE = "consecutive"
CUMULATIVE = "cumulative"
WINDOW_YEAR = "year"
WINDOW_ROLLING = "rolling_12"
WINDOW_EVER = "ever"
POOL_COMPANY = "company"
POOL_REGION = "region"
POOL_CLASS = "class"
ANNUAL_MONTHS = "months"
ANNUAL_FORM = "annual_form"
ANNUAL_BLEND = "blend"
ANCHORS = ("before_period", "after_period", "received", "appeal_closed")


class PartWeights(NamedTuple):
    """What each part of a form must sum to, in points of 100 (P4, table)."""

    kpi_and_goals: Decimal
    behaviour: Decimal
    management: Decimal


class UpwardShares(NamedTuple):
    """Shares of management behaviour in percent (P4.4)."""

    subordinates: Decimal
    own: Decimal
    superior: Decimal


class TriggerRule(NamedTuple):
    """``times`` coefficients strictly below or above ``threshold`` have a consequence (P7.1)."""

    code: str
    kind: str
    side: str
    threshold: Decimal
    times: int
    consequence: str


class GradeRule(NamedTuple):
    """A grade of the year: its share of the pool in percent and its bonus factor (P7.2)."""

    code: str
    name: str
    quota: Decimal
    bonus_factor: Decimal


class Level(NamedTuple):
    """A level of a behaviour or management item: its share of the item's points in percent."""

    code: int
    name: str
    share: Decimal
    needs_evidence: bool


class Step(NamedTuple):
    """A date of the month's round, in working days from its anchor (P6.1, P6.3).

    ``before_period`` counts back from the period's first day, ``after_period`` is the n-th
    working day of the month after it, the others count from the day after the event. Reminders
    are in working days from the due date; ``escalate_after`` None never goes to the superior.
    """

    code: str
    name: str
    anchor: str
    days: int
    remind: tuple[int, ...]
    escalate_after: int | None
