"""The terms of a cycle in working days (P6.1, P6.3a) and its ends."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from appraisals.models import Cycle
from appraisals.states import CycleKind
from common.selectors import calendar_between
from policy.schemes import Scheme as Rules
from policy.workdays import Anchors, Calendar, due_on

MONTHS = {CycleKind.MONTH: 1, CycleKind.QUARTER: 3, CycleKind.YEAR: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The last days of a cycle's steps; the names are those of the fields of ``Cycle``."""

    targets_due_on: date
    self_due_on: date
    data_due_on: date
    review_due_on: date
    publish_due_on: date

    def as_fields(self) -> dict[str, date]:
        """For ``Cycle(**terms.as_fields())``."""
        return {name: getattr(self, name) for name in self.__slots__}


def period_of(kind: str, day: date) -> tuple[date, date]:
    """First and last day of the month, quarter or year that ``day`` lies in."""
    months = MONTHS[CycleKind(kind)]
    first_month = (day.month - 1) // months * months + 1
    last_month = first_month + months - 1
    return date(day.year, first_month, 1), date(day.year, last_month, monthrange(day.year, last_month)[1])


def terms_of(starts_on: date, ends_on: date, rules: Rules, calendar: Calendar | None = None) -> Terms:
    """The terms of the period; one statement for the calendar unless it is given.

    Targets are due on the last working day before the period, the others on working days of the month after it.
    """
    calendar = calendar or calendar_between(starts_on, ends_on)
    anchors = Anchors(period_start=starts_on, period_end=ends_on)

    def due(step: str) -> date:
        day = due_on(step, anchors, rules, calendar)
        if day is None:  # a scheme that ties this step to a later event has no term to store yet
            raise ValueError(step)
        return day

    return Terms(
        targets_due_on=due("target"),
        self_due_on=due("self"),
        data_due_on=due("data"),
        review_due_on=due("review"),
        publish_due_on=due("publish"),
    )


def days_behind(starts_on: date, terms: Terms, calendar: Calendar) -> dict[str, list[str]]:
    """The special days that the terms were computed on, to be stored beside them."""
    due = terms.as_fields().values()
    return calendar.special_days(min(starts_on, *due), max(due))


def stored_terms(starts_on: date, ends_on: date, rules: Rules, calendar: Calendar | None = None) -> dict[str, Any]:
    """The terms as a new cycle keeps them, with the days they were computed on; for ``Cycle(**stored_terms(…))``."""
    calendar = calendar or calendar_between(starts_on, ends_on)
    terms = terms_of(starts_on, ends_on, rules, calendar)
    return {**terms.as_fields(), "calendar": days_behind(starts_on, terms, calendar)}


def all_cycles() -> QuerySet[Cycle]:
    """Every cycle with its scheme, newest first."""
    return Cycle.objects.select_related("scheme").order_by("-starts_on", "kind")
