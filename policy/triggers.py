"""What a run of monthly coefficients calls for (P7.1): proposals with their evidence.

A history is the person's recorded results in order of months; a month without a result is not in
it, so it neither counts nor breaks a row. Nothing here decides: HR does.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from policy.schemes import (
    BELOW,
    CONSECUTIVE,
    SCHEME_1_0,
    WINDOW_ROLLING,
    WINDOW_YEAR,
    Scheme,
    TriggerRule,
)

OUTCOMES = {rule.consequence: rule for rule in SCHEME_1_0.triggers}
"""What a monthly rule may lead to (P7.1), with the policy's own rule for it."""


class MonthResult(NamedTuple):
    """A month as YYYY-MM and its recorded coefficient in percent."""

    month: str
    coefficient: Decimal


class Fired(NamedTuple):
    """A rule that fired with ``month``; ``evidence`` are the months it rests on."""

    rule: TriggerRule
    month: str
    evidence: tuple[MonthResult, ...]


class Counter(NamedTuple):
    """How near a person is to a rule: ``have`` of ``need``, and the months counted so far."""

    rule: TriggerRule
    have: int
    need: int
    evidence: tuple[MonthResult, ...]


def leads_to(rule: TriggerRule) -> str:
    """The code of the policy's own rule whose outcome this one has: what is decided on it goes by that.

    A rule of the policy leads to what it always led to; one whose outcome the program does not know only warns.
    """
    known = {one.code: one for one in SCHEME_1_0.triggers}
    return (known.get(rule.code) or OUTCOMES.get(rule.consequence) or SCHEME_1_0.triggers[0]).code


def fired(history: Sequence[MonthResult], scheme: Scheme) -> tuple[Fired, ...]:
    """Every firing in the whole history, by month and then in the order of the rules."""
    found = [event for rule in scheme.triggers for event in _run(rule, history, scheme)[0]]
    return tuple(sorted(found, key=lambda event: event.month))


def may_fire(coefficient: Decimal, scheme: Scheme) -> bool:
    """Whether a month with this coefficient could complete some rule; without it nothing fires with that month."""
    return any(_holds(rule, coefficient) for rule in scheme.triggers)


def fired_in(history: Sequence[MonthResult], month: str, scheme: Scheme) -> tuple[Fired, ...]:
    """What fired with ``month``, in the order of the rules (as the report lists it)."""
    upto = [result for result in history if result.month <= month]
    return tuple(event for event in fired(upto, scheme) if event.month == month)


def gravest_first(events: Sequence[Fired], scheme: Scheme) -> tuple[Fired, ...]:
    """The same firings with the gravest on top, as a person should read them."""
    return tuple(sorted(events, key=lambda event: scheme.gravity.index(event.rule.code)))


def counters(history: Sequence[MonthResult], scheme: Scheme, *, month: str) -> tuple[Counter, ...]:
    """Where a person stands with each rule at the end of ``month``: '2 of 3'."""
    upto = [result for result in history if result.month <= month]
    standing = []
    for rule in scheme.triggers:
        pending = _run(rule, upto, scheme)[1]
        if rule.kind != CONSECUTIVE:
            pending = _within(pending, month, scheme)
        standing.append(Counter(rule, len(pending), rule.times, tuple(pending)))
    return tuple(standing)


def _run(rule: TriggerRule, history: Sequence[MonthResult], scheme: Scheme) -> tuple[list[Fired], list[MonthResult]]:
    """Replay one rule: its firings, and the months counted but not yet used up."""
    events = []
    pending: list[MonthResult] = []
    for result in history:
        if _holds(rule, result.coefficient):
            pending.append(result)
        elif rule.kind == CONSECUTIVE:
            pending = []
            continue
        else:
            continue
        if rule.kind != CONSECUTIVE:
            pending = _within(pending, result.month, scheme)
        if len(pending) >= rule.times:
            events.append(Fired(rule, result.month, tuple(pending)))
            pending = []
    return events, pending


def _holds(rule: TriggerRule, coefficient: Decimal) -> bool:
    """Below and above are strict: 50.00 is not below 50."""
    return coefficient < rule.threshold if rule.side == BELOW else coefficient > rule.threshold


def _within(pending: list[MonthResult], month: str, scheme: Scheme) -> list[MonthResult]:
    if scheme.counting_window == WINDOW_YEAR:
        return [result for result in pending if result.month[:4] == month[:4]]
    if scheme.counting_window == WINDOW_ROLLING:
        last = _ordinal(month)
        return [result for result in pending if last - _ordinal(result.month) < 12]
    return pending


def _ordinal(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])
