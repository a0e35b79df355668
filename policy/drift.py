"""How far two listeners are apart on the same calls (A2): for calibrating the listeners, never for a score.

A comparison is the first scoring less the blind second one, item by item: above 0, the first listener is the milder of
the two. Everything is in percent of full marks as well, so that an item of 5 and one of 15 points can be added up.
"""

from collections.abc import Hashable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from policy.rounding import EXACT, HUNDRED, ZERO, divide, percent, quotient

FLAG_ABOVE = Decimal(5)
"""Percent of full marks a mean may lean to one side. The default KPI pays its 20 points over monitored averages from 60
to 90: a listener who leans by 5 of 100 moves his agents' forms by 3.33 points, which they would rightly not accept."""

FLAG_FROM = 5
"""Calls compared before a mean says anything of an item or a listener: fewer are chance."""

_ONE = Decimal(1)


class Pair(NamedTuple):
    """An item of ``times`` calls, scored twice with these points (None: does not apply); ``full`` is its full marks."""

    listener: Hashable
    item: Hashable
    first: Decimal | None
    second: Decimal | None
    full: Decimal
    times: int = 1


class Spread(NamedTuple):
    """What pairs add up to. ``n`` pairs have points on both sides; every mean is None while ``n`` is 0.

    ``agreed``: percent with the same points · ``lean``: mean signed difference in points · ``lean_percent``: the same
    in percent of full marks · ``apart_percent``: mean absolute difference in percent of full marks · ``applies``: pairs
    in which one says the item does not apply and the other gives points, in no mean · ``calls`` compared.
    """

    n: int
    calls: int
    agreed: Decimal | None
    lean: Decimal | None
    lean_percent: Decimal | None
    apart_percent: Decimal | None
    applies: int
    is_flagged: bool


class Drift(NamedTuple):
    """All comparisons, by item and by first listener."""

    overall: Spread
    by_item: dict[Hashable, Spread]
    by_listener: dict[Hashable, Spread]


def drift_of(pairs: Iterable[Pair], calls: Mapping[Hashable, int]) -> Drift:
    """Everything the pairs say. ``calls`` is how many calls of each listener were compared."""
    everything = list(pairs)
    items: dict[Hashable, list[Pair]] = {}
    listeners: dict[Hashable, list[Pair]] = {}
    for pair in everything:
        items.setdefault(pair.item, []).append(pair)
        listeners.setdefault(pair.listener, []).append(pair)
    return Drift(
        overall=spread_of(everything, calls=sum(calls.values())),
        by_item={item: spread_of(of, calls=_with_points(of)) for item, of in items.items()},
        by_listener={person: spread_of(of, calls=calls.get(person, 0)) for person, of in listeners.items()},
    )


def spread_of(pairs: Iterable[Pair], *, calls: int) -> Spread:
    """Number, agreement, lean and distance of ``pairs``, each rounded once, half up, to 2 decimals.

    Flagged when the lean exceeds ``FLAG_ABOVE`` percent of full marks, either way, over ``FLAG_FROM`` calls or more;
    exactly at the threshold is not above it.
    """
    n, same, applies = 0, 0, 0
    signed, absolute, full = ZERO, ZERO, ZERO
    for pair in pairs:
        if pair.first is None or pair.second is None:
            applies += pair.times if pair.first is not pair.second else 0
            continue
        gap = pair.first - pair.second
        n += pair.times
        same += pair.times if not gap else 0
        signed += gap * pair.times
        absolute += abs(gap) * pair.times
        full += pair.full * pair.times
    if not n:
        return Spread(0, calls, None, None, None, None, applies, is_flagged=False)
    return Spread(
        n=n,
        calls=calls,
        agreed=percent(Decimal(same), Decimal(n)),
        lean=quotient(signed, Decimal(n)),
        lean_percent=percent(signed, full) if full else None,
        apart_percent=percent(absolute, full) if full else None,
        applies=applies,
        is_flagged=calls >= FLAG_FROM and abs(signed) * HUNDRED > FLAG_ABOVE * full,
    )


def seconds_wanted(shares: Iterable[int]) -> int:
    """How many of a listener's calls are scored a second time; ``shares`` is the percentage of each of his calls.

    Half up, but at least one of whoever has a call with a share above 0; a share of 0 switches the second scoring off.

    >>> seconds_wanted([10] * 14), seconds_wanted([10] * 15), seconds_wanted([10]), seconds_wanted([0] * 99)
    (1, 2, 1, 0)
    """
    total = sum(shares)
    if total == 0:
        return 0
    return max(1, int(divide(Decimal(total), HUNDRED).quantize(_ONE, ROUND_HALF_UP, EXACT)))


def _with_points(pairs: Iterable[Pair]) -> int:
    return sum(pair.times for pair in pairs if pair.first is not None and pair.second is not None)
