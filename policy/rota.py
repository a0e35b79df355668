"""A fair duty rota (P5.2): who had the fewest turns goes first, and nobody twice in a row.

Turns of the last twelve months count. The leader sets the rota and takes no turn unless nobody else is there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

WINDOW = 12
"""Months back in which turns are counted."""

FEWEST = "fewest"
LONGEST = "longest"
FIRST = "first"
ONLY = "only"
AGAIN = "again"
LEADER = "leader"
NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaMember:
    """A member of the group, who may take turns of months that begin before ``until`` (None: no end is known).

    ``order`` decides where everything else is equal, so that a proposal made twice is the same.
    """

    key: int
    order: str
    since: date
    until: date | None = None
    is_leader: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Who takes a month, and why: ``turns`` he had in the window, ``last`` his latest month, ``reason`` a code.

    ``fewest`` fewest turns · ``longest`` as few as others, but his last turn is longest ago · ``first`` equal to
    another, first by number · ``only`` the only one who may · ``again`` twice in a row, since nobody else may ·
    ``leader`` the leader, who is the only one · ``nobody`` there is no member for the month.
    """

    month: date
    key: int | None
    reason: str
    turns: int = 0
    last: date | None = None


def propose_turns(months: Iterable[date], members: Iterable[RotaMember], turns: Mapping[date, int]) -> list[Suggestion]:
    """A turn for each of ``months`` (first days), earliest first; ``turns`` are those that stand: month → member.

    What is proposed for a month counts for the later ones.
    """
    everybody, standing = list(members), dict(turns)
    proposed = []
    for month in sorted(months):
        one = _suggest(month, everybody, standing)
        if one.key is not None:
            standing[month] = one.key
        proposed.append(one)
    return proposed


def months_from(first: date, count: int) -> list[date]:
    """``count`` first days of months from ``first`` on; negative counts back, ``first`` not included."""
    start = first.year * 12 + first.month - 1
    steps = range(count) if count >= 0 else range(count, 0)
    return [date((start + step) // 12, (start + step) % 12 + 1, 1) for step in steps]


def _suggest(month: date, members: list[RotaMember], turns: Mapping[date, int]) -> Suggestion:
    present = [one for one in members if one.since <= month and (one.until is None or month < one.until)]
    others = [one for one in present if not one.is_leader]
    able = others or present
    if not able:
        return Suggestion(month=month, key=None, reason=NOBODY)
    beside = {turns.get(months_from(month, -1)[0]), turns.get(months_from(month, 2)[1])}
    fresh = [one for one in able if one.key not in beside]
    window = months_from(month, -WINDOW)
    had = {one.key: [turn for turn in window if turns.get(turn) == one.key] for one in able}
    ranked = sorted(fresh or able, key=lambda one: _rank(had[one.key], one.order))
    chosen = ranked[0]
    own = had[chosen.key]
    return Suggestion(
        month=month,
        key=chosen.key,
        reason=_reason(chosen, ranked, had, is_again=not fresh),
        turns=len(own),
        last=own[-1] if own else None,
    )


def _rank(own: list[date], order: str) -> tuple[int, date, str]:
    return len(own), own[-1] if own else date.min, order


def _reason(chosen: RotaMember, ranked: list[RotaMember], had: Mapping[int, list[date]], *, is_again: bool) -> str:
    if chosen.is_leader:
        return LEADER
    if is_again:
        return AGAIN
    if len(ranked) == 1:
        return ONLY
    own, second = had[chosen.key], had[ranked[1].key]
    if len(own) < len(second):
        return FEWEST
    return LONGEST if own != second else FIRST
