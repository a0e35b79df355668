"""What a sheet would change: rows that are new, rows that differ from what stands, and how many are the same."""

from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from django.utils.translation import gettext as _

from reports.facts.faults import Faults, Place

Change = TypeVar("Change")


class Counts(NamedTuple):
    """Rows of a sheet by what they would do."""

    sheet: str
    new: int
    changed: int
    same: int

    @property
    def total(self) -> int:
        return self.new + self.changed + self.same


@dataclass(slots=True)
class Changes(Generic[Change]):
    """The changes of a sheet in its order."""

    sheet: str
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0

    def put(self, change: Change, *, is_known: bool, is_same: bool) -> None:
        """Count ``change`` under what it is."""
        if is_same:
            self.same += 1
        else:
            (self.changed if is_known else self.new).append(change)

    @property
    def counts(self) -> Counts:
        """How many of each."""
        return Counts(self.sheet, len(self.new), len(self.changed), self.same)


@dataclass(slots=True)
class Seen:
    """Keys met so far and where: for telling a second row of the same thing where the first one stands."""

    places: dict[object, Place] = field(default_factory=dict)

    def first(self, key: object, at: Place) -> Place | None:
        """Where ``key`` stood before; None the first time."""
        before = self.places.get(key)
        if before is None:
            self.places[key] = at
        return before


def is_twice(seen: Seen, key: object, at: Place, column: str, faults: Faults) -> bool:
    """Whether ``key`` stood in a row before; then the cell under ``column`` is a fault."""
    before = seen.first(key, at)
    if before is not None:
        faults.add(at, column, _("和第 %(row)s 行重复") % {"row": before.row}, _("只留一行"))
    return before is not None
