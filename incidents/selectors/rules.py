"""The standard as it stands: the rules in force, what may be filed, how grave it is."""

from datetime import date, timedelta

from django.db.models import QuerySet

from common.selectors import calendar_between
from incidents.models import EventRules, IncidentKind, Severity
from incidents.selectors.catalogue import every_severity
from people.models import Employee
from policy.incidents import Rung
from policy.workdays import working_day_after

EARLIEST = date(2000, 1, 1)
"""Nothing happened before: an earlier day is a slip of the keyboard, and the days around it can't be reckoned."""
DEFAULTS = EventRules(version="", starts_on=date.min)
"""What holds before anybody has set anything: the model's own values."""


def rules_on(day: date) -> EventRules:
    """The rules in force on ``day``."""
    return EventRules.objects.filter(starts_on__lte=day).order_by("-starts_on", "-pk").first() or DEFAULTS


def statement_term(filed_on: date) -> tuple[date, dict[str, list[str]]]:
    """The last day on which the person concerned may state his view, and the special days it was computed on.

    By the rules in force on the day of filing; without days it ends that day.
    """
    days = rules_on(filed_on).statement_days
    calendar = calendar_between(filed_on, filed_on + timedelta(days=2 * days))
    due = working_day_after(filed_on, days, calendar) if days else filed_on
    return due, calendar.special_days(filed_on, due)


def is_appraised(person: Employee) -> bool:
    """Whether the person has a post that is appraised, and so a form on which an incident or bonus counts."""
    return person.position_id is not None and person.region_id is not None


def kinds_to_file() -> QuerySet[IncidentKind]:
    """The entries of the standard in use, by category, with their severity."""
    return IncidentKind.objects.filter(is_active=True).select_related("severity")


def severities() -> dict[str, Severity]:
    """Code → severity, from slight to grave."""
    return {row.code: row for row in every_severity()}


def rungs(found: dict[str, Severity]) -> list[Rung]:
    """The severities as the arithmetic wants them."""
    return [Rung(row.code, row.low, row.high) for row in found.values()]
