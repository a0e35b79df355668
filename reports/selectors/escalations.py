"""Who owes what by which term today, and who knows of it once it is late: the whole company at once (P6).

In a number of statements that does not grow with the people.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from common.db import among
from common.selectors import calendar_between
from people.facts import Standing
from people.models import Employee
from people.selectors import offices_on, superiors_on
from policy.reminders import ABOVE, ANY_TERM, DEPARTMENT, DUTIES, DUTY, OWNER, Told, next_in_line, told_on
from policy.scheme_parts import Step
from policy.schemes import Scheme as Rules
from policy.workdays import Calendar
from reports.selectors.matters import Due, Matter
from reports.selectors.owed import followed_matters, matters, office_matters
from reports.selectors.owed_asked import disputes_for_department

AHEAD = timedelta(days=30)
"""No reminder comes earlier than this before its term."""


class Pursued(NamedTuple):
    """What ``debtor`` let pass and ``person`` now knows of as ``role``: his owner, one above him, an office."""

    person: Employee
    role: str
    debtor: Employee
    row: Due
    word: str


@dataclass(slots=True, kw_only=True)
class Company:
    """Everybody a term may concern, by id, with who stands above whom today."""

    today: date
    people: dict[int, Employee]
    superiors: dict[int, int]
    offices: dict[int, Standing]

    def working(self, pk: int | None) -> Employee | None:
        """The person, while he works here."""
        person = self.people.get(pk) if pk is not None else None
        return person if person is not None and person.works_on(self.today) else None

    def next(self, role: str, row: Due) -> list[Employee]:
        """Who in that role is told of what ``row``'s debtor let pass; whoever is gone is stood in for from above."""
        if role == OWNER:
            owner = self.working(row.owner_id)
            found = [owner] if owner else self._above(row.owner_id)
        elif role == ABOVE:
            found = self._above(row.person_id)
        elif role == DUTY:
            last = row.waiting.ends_in
            found = self._holding(lambda one: last is not None and one.is_on_duty(last))
        elif role == DEPARTMENT:
            found = self._holding(lambda one: one.is_department)
        else:
            found = self._holding(lambda one: one.is_leader)
        return [one for one in found if one.pk != row.person_id]

    def _above(self, pk: int | None) -> list[Employee]:
        superior = self.working(self.superiors.get(pk)) if pk is not None else None
        return [superior] if superior else self._holding(lambda one: one.is_department)

    def _holding(self, holds: Callable[[Standing], bool]) -> list[Employee]:
        found = (self.working(pk) for pk, standing in self.offices.items() if holds(standing))
        return [one for one in found if one is not None]


@dataclass(slots=True, kw_only=True)
class Owed:
    """Everything that is owed by a term, by the debtor's number, with what is needed to say who is told of it."""

    today: date
    calendar: Calendar
    company: Company
    sorts: dict[str, Matter]
    rules: dict[tuple[str | None, date], Rules]
    rows: list[Due]
    _known: dict[tuple[str, str | None, date | None, date], Told] = field(default_factory=dict)

    def told(self, row: Due) -> Told:
        """What today is for the row's term; read once for all rows of the same step and term."""
        key = (row.what, row.kind, row.starts_on, row.due_on)
        if key not in self._known:
            self._known[key] = told_on(self.today, row.due_on, self._step(row), self.calendar)
        return self._known[key]

    def pursued(self, row: Due) -> Iterator[Pursued]:
        """Everybody who now knows that the row is late."""
        if not self.told(row).is_escalated:
            return
        sort = self.sorts[row.what]
        for role in next_in_line(sort.step, row.by):
            for one in self.company.next(role, row):
                yield Pursued(one, role, self.company.people[row.person_id], row, sort.told_as)

    def _step(self, row: Due) -> Step:
        code = self.sorts[row.what].step
        if code in DUTIES:
            return DUTIES[code]
        rules = self.rules.get((row.kind, row.starts_on)) if row.starts_on else None
        return rules.step(code) if rules is not None and code else ANY_TERM


def owed_on(today: date, *, until: date) -> Owed:
    """What everybody owes with a term up to ``until``, as it stands on ``today``."""
    offices = offices_on(today)
    found = list(_sorts(today, offices))
    sorts = {matter.what: matter for matter in found}
    first, *rest = [matter.of_everybody(until) for matter in found]
    rows = list(map(Due._make, first.union(*rest, all=True)))
    earliest = min((row.due_on for row in rows), default=today)
    calendar = calendar_between(min(earliest, today), today + AHEAD)
    rows = [sorts[row.what].dated(row, calendar) for row in rows]
    company = _company(rows, offices, today)
    rows.sort(key=lambda row: company.people[row.person_id].number)  # else the same day's words could differ
    rules = _rules({(row.kind, row.starts_on) for row in rows if row.starts_on})
    return Owed(today=today, calendar=calendar, company=company, sorts=sorts, rules=rules, rows=rows)


def _sorts(today: date, offices: dict[int, Standing]) -> Iterator[Matter]:
    yield from matters(today)
    yield from followed_matters(today)
    for pk, standing in offices.items():
        yield from office_matters(pk, standing, today)
        if standing.is_department:
            yield disputes_for_department(pk)


def _rules(cycles: set[tuple[str | None, date]]) -> dict[tuple[str | None, date], Rules]:
    if not cycles:
        return {}
    wanted = Q(pk__in=())
    for kind, starts_on in cycles:
        wanted |= Q(kind=kind, starts_on=starts_on)
    known: dict[int, Rules] = {}
    found: dict[tuple[str | None, date], Rules] = {}
    for cycle in Cycle.objects.filter(wanted).select_related("scheme"):
        if cycle.scheme_id not in known:
            known[cycle.scheme_id] = rules_of(cycle.scheme)
        found[cycle.kind, cycle.starts_on] = known[cycle.scheme_id]
    return found


def _company(rows: Iterable[Due], offices: dict[int, Standing], today: date) -> Company:
    concerned = {row.person_id for row in rows} | {row.owner_id for row in rows if row.owner_id} | set(offices)
    superiors = superiors_on(today)
    concerned |= {superiors[pk] for pk in concerned if pk in superiors}
    people = Employee.objects.filter(pk__in=among(concerned)).select_related("region", "preference")
    return Company(today=today, people={one.pk: one for one in people}, superiors=superiors, offices=offices)
