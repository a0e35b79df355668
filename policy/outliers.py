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


def _middle(ordered: Sequence[Decimal]) -> Decimal:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
