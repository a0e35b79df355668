"""Which figure stands out from those before it: by the median and the median distance from it, which one wild value
cannot pull along (P5.3: the duty officer verifies the data)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from policy.rounding import ZERO

FEWEST = 5
"""From fewer values nothing is said."""
WIDTH = Decimal(3) * Decimal("1.4826")
"""Three standard deviations, if the values are spread as chance spreads them."""

TENTH = Decimal("0.1")
"""A figure that differs by no more than this share of the usual is not worth a look, however even the past was."""
PERCENT, POINTS = "%", Decimal(10)
"""Nor a percentage within ten points of it."""
COUNTED, ONE = frozenset("次件处起个单人项通例"), Decimal(1)
"""Nor a count that is one away: where none is usual a single complaint says nothing, two are worth a look."""


class Usual(NamedTuple):
    """What was usual: the middle of ``n`` values, and the middle of their distances from it."""

    median: Decimal
    distance: Decimal
    n: int


def usual_of(values: Sequence[Decimal]) -> Usual | None:
    """What the values have in common; None for fewer than ``FEWEST``.

    >>> usual_of([Decimal(n) for n in (80, 82, 81, 79, 95)])
    Usual(median=Decimal('81'), distance=Decimal('1'), n=5)
    """
    if len(values) < FEWEST:
        return None
    middle = _middle(sorted(values))
    return Usual(middle, _middle(sorted(abs(value - middle) for value in values)), len(values))


def is_far(value: Decimal, usual: Usual | None, least: Decimal = ZERO) -> bool:
    """Whether the value is further from the usual than chance explains, and further than ``least``.

    Where all were alike before, every other value is far: ``least`` says from which distance on that is worth a look.
    """
    if usual is None:
        return False
    distance = abs(value - usual.median)
    return distance > WIDTH * usual.distance and distance > least


def least_of(unit: str, usual: Usual) -> Decimal:
    """The distance from the usual up to which a figure of that unit is never far.

    >>> none = Usual(Decimal(0), Decimal(0), 6)
    >>> [str(least_of(unit, none)) for unit in ("次", "%", "")]
    ['1', '10', '1']
    >>> str(least_of("秒", Usual(Decimal(300), Decimal(2), 6)))
    '30.0'
    """
    tenth = abs(usual.median) * TENTH
    if unit == PERCENT:
        return max(tenth, POINTS)
    return max(tenth, ONE) if unit in COUNTED or not usual.median else tenth


def _middle(ordered: Sequence[Decimal]) -> Decimal:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
