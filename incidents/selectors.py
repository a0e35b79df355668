"""Reads of incidents and bonuses for the months they count in."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from common.db import among
from incidents.models import Bonus, Incident
from incidents.states import EventState
from people.models import ReportingLine


class Counting(NamedTuple):
    """A confirmed event as a form shows it. Of a bonus ``found_by`` checked first and ``verified_by`` second."""

    pk: int
    employee_id: int
    number: str
    occurred_on: date
    counted_month: date | None
    points: Decimal
    text: str
    found_by: str
    verified_by: str


class Shown(NamedTuple):
    """An event as a form shows it, decided or not; ``waits_for`` names who holds it, empty once it is confirmed.

    ``holder_id`` is the direct superior of the day when it is his to decide.
    """

    event: Counting
    is_confirmed: bool
    waits_for: str
    holder_id: int | None


_NOBODY: tuple[str | None, int | None] = ("", None)
_HEAD = ("pk", "employee_id", "number", "occurred_on", "counted_month", "points")


def counting_incidents(employee_ids: Iterable[int], months: Iterable[date]) -> list[Counting]:
    """Confirmed incidents of these people that wait for a month or were counted in one of ``months``."""
    rows = Incident.objects.filter(_counting(employee_ids, months)).order_by("occurred_on", "number")
    return [Counting(*row) for row in rows.values_list(*_HEAD, "description", "found_by__name", "verified_by__name")]


def counting_bonuses(employee_ids: Iterable[int], months: Iterable[date]) -> list[Counting]:
    """As ``counting_incidents``, for bonuses."""
    rows = Bonus.objects.filter(_counting(employee_ids, months)).order_by("occurred_on", "number")
    return [
        Counting(*row) for row in rows.values_list(*_HEAD, "grounds", "first_checker__name", "second_checker__name")
    ]


def shown_incidents(employee_id: int, months: Iterable[date]) -> list[Shown]:
    """A person's incidents for his form of ``months``: confirmed ones that count or wait, and those still checked."""
    rows = _shown(Incident.objects.all(), employee_id, months).values_list(
        *_HEAD, "description", "found_by__name", "verified_by__name", "state", "superior", "superior_id"
    )
    return [_as_shown(row[:9], row[9], row[10:] if row[7] != row[10] else _NOBODY) for row in rows]


def shown_bonuses(employee_id: int, months: Iterable[date]) -> list[Shown]:
    """As ``shown_incidents``; a bonus waits for its first check, then for the direct superior."""
    rows = _shown(Bonus.objects.all(), employee_id, months).values_list(
        *_HEAD, "grounds", "first_checker__name", "second_checker__name", "state", "superior", "superior_id"
    )
    return [_as_shown(row[:9], row[9], row[10:] if row[7] else _NOBODY) for row in rows]


def _shown(rows: QuerySet[Any], employee_id: int, months: Iterable[date]) -> QuerySet[Any]:
    day = OuterRef("occurred_on")
    lines = ReportingLine.objects.filter(employee=OuterRef("employee"), starts_on__lte=day)
    lines = lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=day))
    undecided = Q(employee_id=employee_id, state=EventState.FILED)
    rows = rows.filter(_counting([employee_id], months) | undecided).order_by("occurred_on", "number")
    found: QuerySet[Any] = rows.annotate(
        superior=Subquery(lines.values("superior__name")[:1]), superior_id=Subquery(lines.values("superior_id")[:1])
    )
    return found


def _as_shown(head: tuple[Any, ...], state: str, holder: tuple[str | None, int | None]) -> Shown:
    """``holder`` is who decides next if that is known: name and id."""
    is_confirmed = state == EventState.CONFIRMED
    name, pk = _NOBODY if is_confirmed else holder
    return Shown(Counting(*head), is_confirmed, name or "", pk)


def month_counted(event: Counting, open_months: list[date]) -> date | None:
    """The month an event counts in (P4, decided): its own while the form of that month is open, else the earliest open.

    ``open_months`` are the first days of the months whose form of that person is open, in order. None: it waits.
    """
    if event.counted_month:
        return event.counted_month
    month = event.occurred_on.replace(day=1)
    if month in open_months:
        return month
    return open_months[0] if open_months else None


def _counting(employee_ids: Iterable[int], months: Iterable[date]) -> Q:
    waiting = Q(counted_month__isnull=True) | Q(counted_month__in=list(months))
    return Q(state=EventState.CONFIRMED, employee_id__in=among(employee_ids)) & waiting
