"""Who stands directly above somebody for an event: the superior of its day, or who steps in for one who has left.

In this order, the first who still works here and is neither the person himself nor, of a bonus claim, who raised it or
checked it first (P4.6: never the claimant):

1. the direct superior of the day; for the head of a region, who had none, the department's manager of the day (P5.1),
2. the person's present direct superior,
3. the present superior of one of these,
4. the department's present manager,
5. the general manager.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, NamedTuple, Protocol, Self

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from people.models import Employee, ReportingLine, RoleGrant
from people.selectors import holding_on
from people.states import Role

NOBODY = 0
"""A key that no row has."""
CLAIM_KEYS = ("first_checker", "raised_by")
"""The keys of a bonus claim's people who do not confirm it."""


class Happened(Protocol):
    """Something that concerns a person and happened on a day: an involvement or a bonus."""

    @property
    def employee_id(self) -> int: ...

    @property
    def occurred_on(self) -> date: ...


class Held(NamedTuple):
    """Somebody who stood above from one day until before another; ``left_on`` is his last day here."""

    pk: int
    starts_on: date
    ends_before: date | None
    person: int
    name: str
    left_on: date | None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_before is None or self.ends_before > day)


@dataclass(frozen=True, slots=True)
class Superiors:
    """Who stands above whom for many events, read at once: two statements. ``managers`` are the department's."""

    lines: dict[int, list[Held]]
    managers: list[Held]
    general: list[Held]
    today: date = field(default_factory=timezone.localdate)

    @classmethod
    def of(cls, events: Iterable[Happened]) -> Self:
        """Everything needed for these events."""
        lines: dict[int, list[Held]] = {}
        people = {event.employee_id for event in events}
        led_by = ReportingLine.objects.filter(employee_id__in=people).values("superior_id")
        rows = ReportingLine.objects.filter(Q(employee_id__in=people) | Q(employee_id__in=led_by)).order_by("pk")
        for person, *held in rows.values_list("employee_id", *_held("superior")):
            lines.setdefault(person, []).append(Held(*held))
        managers: dict[str, list[Held]] = {Role.DEPARTMENT: [], Role.GENERAL_MANAGER: []}
        grants = RoleGrant.objects.filter(role__in=managers).order_by("pk")
        for role, *held in grants.values_list("role", *_held("employee")):
            managers[role].append(Held(*held))
        return cls(lines, managers[Role.DEPARTMENT], managers[Role.GENERAL_MANAGER])

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
        """Whether somebody else than the superior of the day stands above: that one has left or raised the claim."""
        found, then = self.above(event), self._of_the_day(event)
        return found is not None and bool(then) and found[0] not in {one.person for one in then}

    def _found(self, event: Happened) -> list[Held]:
        barred = {event.employee_id} | {getattr(event, f"{key}_id", None) for key in CLAIM_KEYS}
        own = self.lines.get(event.employee_id, [])
        bosses = {one.person for one in own if one.holds(self.today) or one.holds(event.occurred_on)}
        over = sorted(chain.from_iterable(self.lines.get(boss, ()) for boss in bosses))
        for held in (self._of_the_day(event), *map(self._present, (own, over, self.managers, self.general))):
            fit = [one for one in held if one.person not in barred and self._is_here(one)]
            if fit:
                return fit
        return []

    def _present(self, held: Iterable[Held]) -> list[Held]:
        return [one for one in held if one.holds(self.today)]

    def _of_the_day(self, event: Happened) -> list[Held]:
        own = [one for one in self.lines.get(event.employee_id, []) if one.holds(event.occurred_on)]
        return own or [one for one in self.managers if one.holds(event.occurred_on)]

    def _is_here(self, one: Held) -> bool:
        return one.left_on is None or one.left_on >= self.today


def stands_above(person: Employee, day: str = "occurred_on", barred: tuple[str, ...] = ()) -> Q:
    """Twin of ``Superiors.is_above`` for rows whose day is ``day``; ``barred`` are keys of who does not confirm."""
    one = _Above.of_rows(day, barred)
    of_the_day = Q(Exists(one.then_fit.filter(superior=person)))
    of_the_day |= Q(~Exists(one.then) & Exists(one.managed.filter(employee=person)))
    steps_in = Q(pk__in=())
    for rows, key in reversed(one.present):
        steps_in = Q(Exists(rows.filter(**{key: person}))) | (Q(~Exists(rows)) & steps_in)
    vacant = Q(~Exists(one.then_fit)) & (Q(Exists(one.then)) | Q(~Exists(one.managed)))
    return of_the_day | (vacant & steps_in)


def key_above(day: str = "occurred_on", barred: tuple[str, ...] = ()) -> Coalesce:
    """Twin of ``Superiors.above``: that person's key for each row, null where nobody stands above."""
    one = _Above.of_rows(day, barred)
    managed = Case(When(~Exists(one.then), then=_first(one.managed, "employee")))
    return Coalesce(_first(one.then_fit, "superior"), managed, *(_first(*held) for held in one.present))


def _first(rows: QuerySet[Any], person: str) -> Subquery:
    return Subquery(rows.order_by("pk").values(person)[:1])


@dataclass(frozen=True, slots=True)
class _Above:
    """Who could stand above an outer row: lines of its day (``then``), and of each sort those who fit.

    ``present`` are those who step in, in order, each with the key that names the person.
    """

    then: QuerySet[ReportingLine]
    then_fit: QuerySet[ReportingLine]
    managed: QuerySet[RoleGrant]
    present: tuple[tuple[QuerySet[Any], str], ...]

    @classmethod
    def of_rows(cls, day: str, barred: tuple[str, ...]) -> Self:
        today, on = timezone.localdate(), OuterRef(day)
        now, held = holding_on(today), _held_on(on)
        lines = ReportingLine.objects.filter(employee=OuterRef("employee"))
        fit_lines = lines.filter(_fits("superior", barred, today))
        grants = RoleGrant.objects.filter(_fits("employee", barred, today))
        managers, general = (grants.filter(role=role) for role in (Role.DEPARTMENT, Role.GENERAL_MANAGER))
        led = Q(employee__lines_down__employee=OuterRef("employee"))
        led &= _held_on(on, "employee__lines_down__") | _held_on(today, "employee__lines_down__")
        over = ReportingLine.objects.filter(led, now, _fits("superior", barred, today))
        present = ((fit_lines.filter(now), "superior"), (over, "superior"))
        managing = tuple((rows.filter(now), "employee") for rows in (managers, general))
        return cls(lines.filter(held), fit_lines.filter(held), managers.filter(held), present + managing)


def _held_on(day: Any, at: str = "") -> Q:
    """Held on that day, be it a day or a column of the outer row."""
    ends = Q(**{f"{at}ends_before__isnull": True}) | Q(**{f"{at}ends_before__gt": day})
    return Q(**{f"{at}starts_on__lte": day}) & ends


def _fits(person: str, barred: tuple[str, ...], today: date) -> Q:
    """Still here, and neither the outer row's person nor one of those ``barred``."""
    here = Q(**{f"{person}__left_on__isnull": True}) | Q(**{f"{person}__left_on__gte": today})
    out = Q(**{person: OuterRef("employee")})
    for key in barred:
        out |= Q(**{person: Coalesce(OuterRef(key), NOBODY)})
    return here & ~out


def _held(person: str) -> tuple[str, ...]:
    return ("pk", "starts_on", "ends_before", person, f"{person}__name", f"{person}__left_on")
