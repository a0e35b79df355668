"""What an upheld ruling would change, before it is applied (P6.3b): score, coefficient, pay, counters, proposals, year.

Everything is computed by the same functions that will apply it; nothing is written.
"""

from decimal import Decimal
from typing import Any

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from appraisals.states import CycleKind
from policy.distribution import annual_coefficient
from policy.facts import Entry
from policy.pay import year_end_bonus
from policy.rounding import cents
from policy.schemes import Scheme as Rules
from policy.triggers import MonthResult, counters, fired_in
from scoring.facts.corrections import corrected
from scoring.models import AnnualResult, Result
from scoring.selectors.histories import PublishedMonth, published_months

Pair = list[str | None]


def chain_of(result: Result, cycle: Cycle, added: tuple[Entry, ...]) -> dict[str, Any]:
    """Before and after, each as text; empty where nothing is added. A quarter or a year pays nothing and fires nothing.

    Of the year only the person's own figures follow: other people's grades stay, and a closed year is HR's to correct.
    """
    if not added:
        return {}
    after = corrected(result, cycle, added)
    chain: dict[str, Any] = {
        "score": _pair(result.score, cents(after.card.total)),
        "coefficient": _pair(result.coefficient, after.card.coefficient),
    }
    if cycle.kind != CycleKind.MONTH:
        return chain
    chain["pay"] = _pair(result.performance_pay, after.performance_pay)
    rules = rules_of(cycle.scheme)
    history = published_months([result.employee_id]).get(result.employee_id, [])
    changed = [_with(month, cycle, after.card.coefficient) for month in history]
    return chain | _rules_part(history, changed, cycle, rules) | _year_part(result, history, changed, cycle, rules)


def _with(month: PublishedMonth, cycle: Cycle, coefficient: Decimal | None) -> PublishedMonth:
    if month.starts_on != cycle.starts_on or coefficient is None:
        return month
    return month._replace(coefficient=coefficient)


def _rules_part(
    history: list[PublishedMonth], changed: list[PublishedMonth], cycle: Cycle, rules: Rules
) -> dict[str, Any]:
    """Counters at the end of the last month, and the firings from this month on that come or go."""
    before, after = _results(history), _results(changed)
    last = max((month.month for month in history), default=cycle.key)
    counted = [
        {"rule": one.rule.code, "need": one.need, "before": one.have, "after": other.have}
        for one, other in zip(counters(before, rules, month=last), counters(after, rules, month=last), strict=True)
        if one.have != other.have
    ]
    months = [month.month for month in history if month.month >= cycle.key]
    old = {(event.rule.code, event.month) for month in months for event in fired_in(before, month, rules)}
    new = {(event.rule.code, event.month) for month in months for event in fired_in(after, month, rules)}
    return {
        "counters": counted,
        "proposals_gone": sorted([list(one) for one in old - new]),
        "proposals_new": sorted([list(one) for one in new - old]),
    }


def _year_part(
    result: Result, history: list[PublishedMonth], changed: list[PublishedMonth], cycle: Cycle, rules: Rules
) -> dict[str, Any]:
    year = cycle.starts_on.year
    before = annual_coefficient([month.coefficient for month in history if month.starts_on.year == year], rules)
    after = annual_coefficient([month.coefficient for month in changed if month.starts_on.year == year], rules)
    part: dict[str, Any] = {"annual": _pair(before, after)}
    closed = (
        AnnualResult.objects.filter(review__year=year, employee=result.employee_id).select_related("review").first()
    )
    if closed is None:
        return part
    part["annual_grade"] = closed.grade or None
    salary = closed.factors.get("base_salary")
    if closed.grade and closed.bonus is not None and after is not None and salary is not None:
        bonus = year_end_bonus(
            completion=closed.review.completion,
            coefficient=after,
            factor=rules.grade(closed.grade).bonus_factor,
            base_salary=Decimal(salary),
        )
        part["bonus"] = _pair(closed.bonus, bonus.amount)
    return part


def _results(months: list[PublishedMonth]) -> list[MonthResult]:
    return [MonthResult(month.month, month.coefficient) for month in months]


def _pair(before: Decimal | None, after: Decimal | None) -> Pair:
    return [None if one is None else str(one) for one in (before, after)]
