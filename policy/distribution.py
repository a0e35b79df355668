"""The year (P7.2): annual coefficient, ranks, forced distribution and what a grade leads to.

Grades are by quota within a pool; who is tied across a boundary is left to the group to decide,
never to chance.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from policy.rounding import HUNDRED, ZERO, cents, divide
from policy.schemes import ANNUAL_BLEND, ANNUAL_FORM, Scheme

GRADED = "graded"
UNDECIDED = "undecided"
NOT_GRADED = "not_graded"
STATE_NAMES = {UNDECIDED: "待定", NOT_GRADED: "不参评"}

NO_ANNUAL_BONUS = "no_annual_bonus"
DEMOTE_OR_DISMISS = "demote_or_dismiss"
PROMOTE_OR_RAISE = "promote_or_raise"
EXCELLENCE_AWARD = "excellence_award"
CAREER_PLAN = "career_plan"
CONSEQUENCE_NAMES = {
    NO_ANNUAL_BONUS: "免年度奖",
    DEMOTE_OR_DISMISS: "降级留用或辞退",
    PROMOTE_OR_RAISE: "晋升等级或上调岗位工资",
    EXCELLENCE_AWARD: "年度优秀员工奖",
}


class Candidate(NamedTuple):
    """One person's year: ``months`` results, the incident and bonus points of those months.

    ``barred``: a critical incident of the year lets him take no place of the best grade.
    """

    key: int | str
    coefficient: Decimal
    months: int
    deducted: Decimal = ZERO
    added: Decimal = ZERO
    pool: str = ""
    barred: bool = False


class Placing(NamedTuple):
    """Where a person stands. ``grade`` is None unless graded; ``choices`` are the grades a
    tied group lies across. ``rank`` is within the pool, shared by those fully tied; who is
    barred from the best grade keeps his."""

    key: int | str
    state: str
    rank: int | None
    grade: str | None
    choices: tuple[str, ...] = ()


def annual_coefficient(
    months: Sequence[Decimal], scheme: Scheme, *, annual_form: Decimal | None = None
) -> Decimal | None:
    """The year's coefficient in percent, 2 decimals, half up; None while something is missing."""
    mean = divide(sum(months, ZERO), Decimal(len(months))) if months else None
    if scheme.annual_mode == ANNUAL_FORM:
        return None if annual_form is None else cents(annual_form)
    if mean is None:
        return None
    if scheme.annual_mode != ANNUAL_BLEND:
        return cents(mean)
    if annual_form is None:
        return None
    share = scheme.annual_form_share
    return cents(divide(mean * (HUNDRED - share) + annual_form * share, HUNDRED))


def cut_points(count: int, scheme: Scheme) -> tuple[int, ...]:
    """How many of ``count`` lie at or above each grade's lower edge: cumulative, half up.

    (2·n·c + 100) // 200 for the cumulative percentage c, so that the quotas always sum to n and
    no grade shrinks when somebody joins.
    """
    edges = []
    upto = ZERO
    for rule in scheme.grades:
        upto += rule.quota
        edges.append(int((2 * count * upto + HUNDRED) // 200))
    return tuple(edges)


def quotas(count: int, scheme: Scheme) -> tuple[int, ...]:
    """Places per grade for a pool of ``count``.

    >>> from policy.schemes import SCHEME_1_0
    >>> quotas(12, SCHEME_1_0), quotas(6, SCHEME_1_0)
    ((1, 2, 6, 2, 1), (0, 2, 3, 1, 0))
    """
    edges = cut_points(count, scheme)
    return tuple(edge - below for edge, below in zip(edges, (0, *edges), strict=False))


def distribute(candidates: Iterable[Candidate], scheme: Scheme) -> dict[int | str, Placing]:
    """Rank and grade everybody, each in the pool named; too few months are listed, not graded."""
    placings: dict[int | str, Placing] = {}
    pools: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.months < scheme.min_months:
            placings[candidate.key] = Placing(candidate.key, NOT_GRADED, None, None)
        else:
            pools.setdefault(candidate.pool, []).append(candidate)
    for members in pools.values():
        _grade_pool(members, scheme, placings)
    return placings


def _grade_pool(members: list[Candidate], scheme: Scheme, placings: dict[int | str, Placing]) -> None:
    """Places go by merit. Those of the best grade pass the barred over to the next in rank; while
    nobody is left to take one, the next grade has it, so that there are as many places as people."""
    best, *others = zip((rule.code for rule in scheme.grades), quotas(len(members), scheme), strict=True)
    places_at_top = min(best[1], sum(not member.barred for member in members))
    below = [others[0][0]] * (best[1] - places_at_top)
    below += [code for code, places in others for _place in range(places)]
    rank = taken = 0
    for _merit, group in groupby(sorted(members, key=_merit_of), key=_merit_of):
        tied = list(group)
        free = sum(not candidate.barred for candidate in tied)
        at_top = min(places_at_top, free)
        under = below[taken : taken + len(tied) - at_top]
        for candidate in tied:
            is_sure = candidate.barred or not at_top
            choices = under if is_sure else [best[0]] if at_top == free else [best[0], *under]
            placings[candidate.key] = _placing(candidate.key, rank + 1, tuple(dict.fromkeys(choices)))
        places_at_top -= at_top
        taken += len(under)
        rank += len(tied)


def _placing(key: int | str, rank: int, choices: tuple[str, ...]) -> Placing:
    if len(choices) > 1:
        return Placing(key, UNDECIDED, rank, None, choices)
    return Placing(key, GRADED, rank, choices[0])


def _merit_of(candidate: Candidate) -> tuple[Decimal, Decimal, Decimal]:
    """Best first: coefficient, then fewer deducted points, then more bonus points."""
    return -candidate.coefficient, candidate.deducted, -candidate.added


def consequences(grade: str | None, last_grade: str | None) -> tuple[str, ...]:
    """What a year's grade leads to, given last year's (P7.2), in the order of the policy."""
    found = []
    if grade == "E":
        found.append(NO_ANNUAL_BONUS)
    if grade == last_grade == "E":
        found.append(DEMOTE_OR_DISMISS)
    if grade in {"A", "B"} and last_grade in {"A", "B"}:
        found.append(PROMOTE_OR_RAISE)
    if grade == "A":
        found.append(EXCELLENCE_AWARD)
    return tuple(found)


def earns_career_plan(grade: str | None, last_grade: str | None) -> bool:
    """P7.3: excellent two years running, reported to HR for a training plan of their own."""
    return grade == last_grade == "A"
