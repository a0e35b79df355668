"""Everybody as they will stand once the workbook is loaded: names, posts, and who answers for whom on which day."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from reports.facts.faults import Faults, Place, nearest
from reports.selectors.known import Held, KnownPerson

UNKNOWN = "?"


@dataclass(slots=True)
class Roster:
    """``spoilt``: numbers whose own row in the workbook has a fault; they are not reported again as unknown.

    ``is_partial``: the sheet of people could not be read at all, so nobody is reported as unknown.
    ``unjudged``: those whose superior could not be read, so nothing is said about who stands above them.
    """

    people: dict[str, KnownPerson]
    classes: dict[str, str]
    lines: dict[str, list[Held]]
    assignments: dict[str, list[Held]]
    managers: list[Held]
    faults: Faults
    spoilt: frozenset[str] = frozenset()
    is_partial: bool = False
    unjudged: set[str] = field(default_factory=set)
    _below: dict[date, dict[str, set[str]]] = field(default_factory=dict)

    def check(self, at: Place, column: str, number: str) -> KnownPerson | None:
        """The person of that number; a fault of the cell if there is none."""
        person = self.people.get(number)
        if person is None and number not in self.spoilt and not self.is_partial:
            near = nearest(number, self.names())
            self.faults.add(at, column, _("没有这个工号"), near or _("先在“员工”表里加上这个人"))
        return person

    def names(self) -> dict[str, str]:
        """Number → name."""
        return {number: person.name for number, person in self.people.items()}

    def named(self, number: str) -> str:
        """E0931（罗文静）."""
        person = self.people.get(number)
        return _("%(number)s（%(name)s）") % {"number": number, "name": person.name} if person else number

    def superior_on(self, number: str, day: date) -> str | None:
        """The direct superior on ``day``."""
        return next((line.other for line in self.lines.get(number, ()) if line.holds_on(day)), None)

    def owner_on(self, number: str, day: date) -> str | None:
        """The appraisal owner on ``day`` (P5.1): set by hand, else the superior, else the department's manager."""
        assigned = (held.other for held in self.assignments.get(number, ()) if held.holds_on(day))
        owner = next(assigned, None) or self.superior_or_manager(number, day)
        return owner if owner != number else None

    def superior_or_manager(self, number: str, day: date) -> str | None:
        """The direct superior; of who has none the department's manager."""
        above = self.superior_on(number, day)
        if above is None:
            above = next((held.number for held in self.managers if held.holds_on(day)), None)
        return above if above != number else None

    def below_on(self, number: str, day: date) -> set[str]:
        """The direct subordinates on ``day``."""
        if day not in self._below:
            found: dict[str, set[str]] = {}
            for person, lines in self.lines.items():
                above = next((line.other for line in lines if line.holds_on(day)), None)
                if above is not None:
                    found.setdefault(above, set()).add(person)
            self._below[day] = found
        return self._below[day].get(number, set())

    def is_managerial(self, number: str) -> bool:
        """Whether the person's post is managerial."""
        person = self.people[number]
        return self.classes.get(person.position or "") == "managerial"

    def works_within(self, number: str, first: date, last: date) -> bool:
        """Employed on some day of the period."""
        person = self.people[number]
        return (person.hired_on is None or person.hired_on <= last) and (
            person.left_on is None or person.left_on >= first
        )


def month_end(month: date) -> date:
    """The last day of the month that begins on ``month``."""
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
