"""Reads of incidents and bonuses for the months they count in."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from incidents.models import Bonus, Incident
from incidents.states import EventState


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
    return Q(state=EventState.CONFIRMED, employee_id__in=list(employee_ids)) & waiting
