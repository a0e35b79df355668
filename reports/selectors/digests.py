"""What everybody hears today of the terms that run: his own, and those of others that are late enough (P6).

Read for the whole company in a number of statements that does not grow with it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
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
from policy.reminders import ABOVE, ANY_TERM, DEPARTMENT, DUTIES, DUTY, OWNER, next_in_line, told_on
from policy.scheme_parts import Step
from policy.schemes import Scheme as Rules
from policy.workdays import Calendar
from reports.selectors.matters import Due, Matter
from reports.selectors.owed import followed_matters, matters, office_matters

AHEAD = timedelta(days=30)
"""No reminder comes earlier than this before its term."""


class Followed(NamedTuple):
    """What others have let pass and one now knows of: the same sort, cycle and term together.

    ``role`` is what one is to them: their owner, one above them, duty officer or leader.
    """

    what: str
    step: str
    key: str
    due_on: date
    role: str
    names: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Digest:
    """One person's day: what he owes and hears of today, and what he now follows up."""

    person: Employee
    due: list[Due] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)


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


def digests_of(today: date) -> list[Digest]:
    """Everybody who has something to hear today, by number. Whoever has left or has no account hears nothing."""
    offices = offices_on(today)
    sorts = _sorts(today, offices)
    rows = _owed([matter for _by, matter in sorts], today)
    rules = _rules({(row.kind, row.starts_on) for row in rows if row.starts_on})
    first = min((row.due_on for row in rows), default=today)
    days = _Days(today, calendar_between(min(first, today), today + AHEAD), rules, {m.what: m for _by, m in sorts})
    company = _company(rows, offices, today)
    rows.sort(key=lambda row: company.people[row.person_id].number)  # else the same day's words could differ
    digests: dict[int, Digest] = {}
    followed: dict[int, dict[tuple[str, str, str, date, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        is_due, is_escalated = days.told(row)
        debtor = company.working(row.person_id)
        if is_due and debtor:
            digests.setdefault(debtor.pk, Digest(person=debtor)).due.append(row)
        for role in days.roles(row) if is_escalated else ():
            for one in company.next(role, row):
                key = (row.what, days.step_code(row), row.waiting.key, row.due_on, role)
                followed[one.pk][key].append(company.people[row.person_id].name)
    for pk, things in followed.items():
        digest = digests.setdefault(pk, Digest(person=company.people[pk]))
        digest.followed = [Followed(*key, tuple(names)) for key, names in sorted(things.items())]
    found = [digest for digest in digests.values() if digest.person.account_id is not None]
    for digest in found:
        digest.due.sort(key=lambda row: (row.due_on, row.what))
    return sorted(found, key=lambda digest: digest.person.number)


class _Days:
    """What today is for a term; the same answer for all rows of the same step and term."""

    def __init__(
        self, today: date, calendar: Calendar, rules: dict[tuple[str | None, date], Rules], sorts: dict[str, Matter]
    ) -> None:
        self._today, self._calendar, self._rules, self._sorts = today, calendar, rules, sorts
        self._known: dict[tuple[str, str | None, date | None, date], tuple[bool, bool]] = {}

    def told(self, row: Due) -> tuple[bool, bool]:
        key = (row.what, row.kind, row.starts_on, row.due_on)
        if key not in self._known:
            told = told_on(self._today, row.due_on, self._step(row), self._calendar)
            self._known[key] = (told.is_due, told.is_escalated)
        return self._known[key]

    def step_code(self, row: Due) -> str:
        return self._sorts[row.what].step

    def roles(self, row: Due) -> Sequence[str]:
        sort = self._sorts[row.what]
        return next_in_line(sort.step, sort.by)

    def _step(self, row: Due) -> Step:
        code = self.step_code(row)
        if code in DUTIES:
            return DUTIES[code]
        rules = self._rules.get((row.kind, row.starts_on)) if row.starts_on else None
        return rules.step(code) if rules is not None and code else ANY_TERM


def _sorts(today: date, offices: dict[int, Standing]) -> list[tuple[int | None, Matter]]:
    found: list[tuple[int | None, Matter]] = [(None, matter) for matter in (*matters(today), *followed_matters(today))]
    for pk, standing in offices.items():
        found += [(pk, matter) for matter in office_matters(pk, standing, today)]
    return found


def _owed(sorts: Iterable[Matter], today: date) -> list[Due]:
    first, *rest = [matter.of_everybody(today + AHEAD) for matter in sorts]
    return list(map(Due._make, first.union(*rest, all=True)))


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
