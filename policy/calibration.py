"""The calibration board (P7.2): lanes with their places, what must still move, and the order of scores.

A lane has a place per person by the cumulative cut points. What must move is told as steps between neighbouring lanes,
so that whoever follows them never needs a move against the order of scores.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from policy.distribution import quotas
from policy.rounding import HUNDRED, cents, divide
from policy.schemes import Scheme


class Seat(NamedTuple):
    """One person on the board: ``rank`` in the pool by merit, shared by those fully tied, and the lane he lies in.

    ``barred``: a critical incident of the year keeps him out of the best lane.
    """

    key: int | str
    rank: int
    grade: str
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A grade with how many lie in it, its places, and its exact share of the pool in people, 2 decimals."""

    grade: str
    count: int
    places: int
    exact: Decimal

    @property
    def over(self) -> int:
        """How many too many; below 0 too few."""
        return self.count - self.places

    @property
    def under(self) -> int:
        """How many too few; below 0 too many."""
        return self.places - self.count


class Shift(NamedTuple):
    """``people`` to be moved from one lane to its neighbour."""

    source: str
    target: str
    people: int


def places(count: int, barred: int, scheme: Scheme) -> tuple[int, ...]:
    """Places per grade for a pool of ``count``, of whom ``barred`` may not have the best grade.

    While too few are left who may take it, the next grade has its places, as in the distribution.

    >>> from policy.schemes import SCHEME_1_0
    >>> places(26, 0, SCHEME_1_0), places(12, 12, SCHEME_1_0)
    ((1, 6, 13, 5, 1), (0, 3, 6, 2, 1))
    """
    best, second, *others = quotas(count, scheme)
    taken = min(best, count - barred)
    return (taken, second + best - taken, *others)


def exact_share(count: int, quota: Decimal) -> Decimal:
    """The share of a grade before it is rounded to people, 2 decimals, half up.

    >>> exact_share(57, Decimal(5)), exact_share(26, Decimal(20))
    (Decimal('2.85'), Decimal('5.20'))
    """
    return cents(divide(count * quota, HUNDRED))


def lane_of(grade: str, choices: Sequence[str]) -> str:
    """Where somebody lies: by his grade; tied and not decided, in the lowest of the grades he lies across."""
    return grade or choices[-1]


def lanes_of(seats: Collection[Seat], scheme: Scheme) -> tuple[Lane, ...]:
    """The lanes of a pool, best first."""
    counts = Counter(seat.grade for seat in seats)
    wanted = places(len(seats), sum(seat.barred for seat in seats), scheme)
    return tuple(
        Lane(rule.code, counts[rule.code], target, exact_share(len(seats), rule.quota))
        for rule, target in zip(scheme.grades, wanted, strict=True)
    )


def shifts(lanes: Iterable[Lane]) -> tuple[Shift, ...]:
    """What must still move between neighbouring lanes until every lane holds as many as it has places.

    >>> lanes = [Lane("A", 2, 1, Decimal("1.30")), Lane("B", 6, 6, Decimal("5.20")), Lane("C", 12, 13, Decimal(13))]
    >>> [tuple(one) for one in shifts(lanes)]
    [('A', 'B', 1), ('B', 'C', 1)]
    """
    found, carried, before = [], 0, ""
    for lane in lanes:
        if carried > 0:
            found.append(Shift(before, lane.grade, carried))
        elif carried < 0:
            found.append(Shift(lane.grade, before, -carried))
        carried += lane.over
        before = lane.grade
    return tuple(found)


def overturned(seats: Iterable[Seat], moved: Seat, to: str, scheme: Scheme) -> tuple[Seat, ...]:
    """Whose order with ``moved`` would stand against the order of scores if he lay in ``to``.

    Somebody of better merit in a lower grade than somebody worse, ``moved`` being one of them. Whoever is barred from
    the best grade isn't wronged by lying just below it.

    >>> from policy.schemes import SCHEME_1_0
    >>> best, middle, last = Seat("x", 1, "A"), Seat("y", 2, "B"), Seat("z", 3, "C")
    >>> [one.key for one in overturned([best, middle, last], last, "A", SCHEME_1_0)]
    ['y']
    >>> overturned([best, middle, last], middle, "A", SCHEME_1_0)
    ()
    """
    level = {rule.code: place for place, rule in enumerate(scheme.grades)}
    found = []
    for other in seats:
        if other.key == moved.key or other.rank == moved.rank:
            continue
        theirs, his = level[other.grade], level[to]
        is_wrong = _is_wronged(other, theirs, his) if other.rank < moved.rank else _is_wronged(moved, his, theirs)
        if is_wrong:
            found.append(other)
    return tuple(found)


def _is_wronged(better: Seat, his: int, theirs: int) -> bool:
    """Whether the better one lies lower than the worse one; levels count from the best."""
    return his > max(theirs, 1 if better.barred else 0)
