"""Who stands directly above somebody for an event: the superior of its day, or who steps in for one who has left.

In this order, the first who still works here and is not the person himself or the first checker:

1. the direct superior of the day; for the head of a region, who had none, the department's manager of the day (P5.1),
2. the person's present direct superior,
3. the department's present manager.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol, Self

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from people.models import Employee, ReportingLine, RoleGrant
from people.selectors import holding_on
from people.states import Role

NOBODY = 0
"""A key that no row has."""


class Happened(Protocol):
    """Something that concerns a person and happened on a day: an involvement or a bonus."""

    @property
    def employee_id(self) -> int: ...

    @property
    def occurred_on(self) -> date: ...


class Held(NamedTuple):
    """Somebody who stood above from one day until before another; ``left_on`` is his last day here."""

    starts_on: date
    ends_before: date | None
    person: int
    name: str
    left_on: date | None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_before is None or self.ends_before > day)


@dataclass(frozen=True, slots=True)
class Superiors:
    """Who stands above whom for many events, read at once: two statements."""

    lines: dict[int, list[Held]]
    managers: list[Held]
    today: date = field(default_factory=timezone.localdate)

    @classmethod
    def of(cls, events: Iterable[Happened]) -> Self:
        """Everything needed for these events."""
        lines: dict[int, list[Held]] = {}
        rows = ReportingLine.objects.filter(employee_id__in={event.employee_id for event in events}).order_by("pk")
        for person, *held in rows.values_list("employee_id", *_held("superior")):
            lines.setdefault(person, []).append(Held(*held))
        grants = RoleGrant.objects.filter(role=Role.DEPARTMENT).order_by("pk")
        return cls(lines, [Held(*held) for held in grants.values_list(*_held("employee"))])

    def above(self, event: Happened) -> tuple[int, str] | None:
        """The id and name of who stands above; of several managers the first."""
        found = self._found(event)
        return (found[0].person, found[0].name) if found else None

    def is_above(self, person: Employee, event: Happened) -> bool:
        """Whether that person does; of several managers each."""
        return any(one.person == person.pk for one in self._found(event))

    def name_of(self, event: Happened) -> str:
        """The name, for 'waits for'."""
        found = self.above(event)
        return found[1] if found else ""

    def was_above(self, person_id: int, event: Happened) -> bool:
        """Whether that person was the superior of the day, here still or not."""
        return any(one.person == person_id for one in self._of_the_day(event))

    def stands_in(self, event: Happened) -> bool:
        """Whether somebody else than the superior of the day stands above, because that one has left."""
        found, then = self.above(event), self._of_the_day(event)
        return found is not None and bool(then) and found[0] not in {one.person for one in then}

    def _found(self, event: Happened) -> list[Held]:
        barred = {event.employee_id, getattr(event, "first_checker_id", None)}
        own = self.lines.get(event.employee_id, [])
        present = [one for one in own if one.holds(self.today)]
        for held in (self._of_the_day(event), present, [one for one in self.managers if one.holds(self.today)]):
            fit = [one for one in held if one.person not in barred and self._is_here(one)]
            if fit:
                return fit
        return []

    def _of_the_day(self, event: Happened) -> list[Held]:
        own = [one for one in self.lines.get(event.employee_id, []) if one.holds(event.occurred_on)]
        return own or [one for one in self.managers if one.holds(event.occurred_on)]

    def _is_here(self, one: Held) -> bool:
        return one.left_on is None or one.left_on >= self.today


def stands_above(person: Employee, day: str = "occurred_on", checker: str = "") -> Q:
    """Twin of ``Superiors.is_above`` for rows whose day is ``day``; ``checker`` names the key of the first checker."""
    one = _Above.of_rows(day, checker)
    of_the_day = Q(Exists(one.then_fit.filter(superior=person)))
    of_the_day |= Q(~Exists(one.then) & Exists(one.managed.filter(employee=person)))
    present = Q(Exists(one.now.filter(superior=person)))
    present |= Q(~Exists(one.now) & Exists(one.managing.filter(employee=person)))
    vacant = Q(~Exists(one.then_fit)) & (Q(Exists(one.then)) | Q(~Exists(one.managed)))
    return of_the_day | (vacant & present)


def key_above(day: str = "occurred_on", checker: str = "") -> Coalesce:
    """Twin of ``Superiors.above``: that person's key for each row, null where nobody stands above."""
    one = _Above.of_rows(day, checker)
    managed = Case(When(~Exists(one.then), then=_first(one.managed, "employee")))
    present = (_first(one.now, "superior"), _first(one.managing, "employee"))
    return Coalesce(_first(one.then_fit, "superior"), managed, *present)


def _first(rows: QuerySet[Any], person: str) -> Subquery:
    return Subquery(rows.order_by("pk").values(person)[:1])


@dataclass(frozen=True, slots=True)
class _Above:
    """Who could stand above an outer row: lines of its day (``then``), and of each sort those who fit."""

    then: QuerySet[ReportingLine]
    then_fit: QuerySet[ReportingLine]
    managed: QuerySet[RoleGrant]
    now: QuerySet[ReportingLine]
    managing: QuerySet[RoleGrant]

    @classmethod
    def of_rows(cls, day: str, checker: str) -> Self:
        today, on = timezone.localdate(), OuterRef(day)
        held = Q(starts_on__lte=on) & (Q(ends_before__isnull=True) | Q(ends_before__gt=on))
        lines = ReportingLine.objects.filter(employee=OuterRef("employee"))
        fit_lines = lines.filter(_fits("superior", checker, today))
        grants = RoleGrant.objects.filter(_fits("employee", checker, today), role=Role.DEPARTMENT)
        then, now = lines.filter(held), fit_lines.filter(holding_on(today))
        return cls(then, fit_lines.filter(held), grants.filter(held), now, grants.filter(holding_on(today)))


def _fits(person: str, checker: str, today: date) -> Q:
    """Still here, and neither the outer row's person nor its first checker."""
    here = Q(**{f"{person}__left_on__isnull": True}) | Q(**{f"{person}__left_on__gte": today})
    barred = Q(**{person: OuterRef("employee")})
    if checker:
        barred |= Q(**{person: Coalesce(OuterRef(checker), NOBODY)})
    return here & ~barred


def _held(person: str) -> tuple[str, ...]:
    return ("starts_on", "ends_before", person, f"{person}__name", f"{person}__left_on")
