"""What everybody hears today of the terms that run: his own, and those of others that are late enough (P6)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from people.models import Employee
from reports.selectors.escalations import AHEAD, owed_on
from reports.selectors.matters import Due


class Followed(NamedTuple):
    """What others have let pass and one now knows of: the same sort, cycle and term together.

    ``word`` names it by the codes of ``notices.facts.STEPS``. ``role`` is what one is to them: their owner, one above
    them, duty officer, department or leader.
    """

    what: str
    word: str
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

    @property
    def terms(self) -> list[date]:
        """The last day of each thing in it."""
        return [row.due_on for row in self.due] + [row.due_on for row in self.followed]


def digests_of(today: date) -> list[Digest]:
    """Everybody who has something to hear today, by number. Whoever has left or has no account hears nothing."""
    owed = owed_on(today, until=today + AHEAD)
    digests: dict[int, Digest] = {}
    followed: dict[int, dict[tuple[str, str, str, date, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in owed.rows:
        debtor = owed.company.working(row.person_id)
        if debtor and owed.told(row).is_due:
            digests.setdefault(debtor.pk, Digest(person=debtor)).due.append(row)
        for one in owed.pursued(row):
            key = (row.what, one.word, row.waiting.key, row.due_on, one.role)
            followed[one.person.pk][key].append(one.debtor.name)
    for pk, things in followed.items():
        digest = digests.setdefault(pk, Digest(person=owed.company.people[pk]))
        digest.followed = [Followed(*key, tuple(names)) for key, names in sorted(things.items())]
    found = [digest for digest in digests.values() if digest.person.account_id is not None]
    for digest in found:
        digest.due.sort(key=lambda row: (row.due_on, row.what))
        digest.followed.sort(key=lambda row: (row.due_on, row.what))
    return sorted(found, key=lambda digest: digest.person.number)
