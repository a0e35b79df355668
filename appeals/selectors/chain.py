"""What an upheld ruling would change, before it is applied (P6.3b): score, coefficient, pay, counters, proposals, year.

Everything is computed by the same functions that will apply it; nothing is written.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of, scheme_in_force
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
from scoring.selectors.years import annual_forms
from scoring.states import ReviewState

Pair = list[str | None]
Histories = tuple[list[PublishedMonth], list[PublishedMonth]]


def chain_of(result: Result, cycle: Cycle, added: tuple[Entry, ...]) -> dict[str, Any]:
    """Before and after, each as text; empty where nothing is added. A quarter or a year pays nothing and fires nothing.

    Of the year only the person's own figures follow: other people's grades stay, and a closed year is HR's to correct.
    """
    if not added:
        return {}
    made = corrected(result, cycle, added)
    after = made.card.coefficient
    chain: dict[str, Any] = {
        "score": _pair(result.score, cents(made.card.total)),
        "coefficient": _pair(result.coefficient, after),
    }
    if cycle.kind == CycleKind.MONTH:
        chain["pay"] = _pair(result.performance_pay, made.performance_pay)
    if cycle.kind == CycleKind.QUARTER:
        return chain
    history = published_months([result.employee_id]).get(result.employee_id, [])
    if cycle.kind == CycleKind.YEAR:
        return chain | _year_part(result, cycle, (history, history), after)
    changed = [_with(month, cycle, after) for month in history]
    return chain | _rules_part(cycle, (history, changed)) | _year_part(result, cycle, (history, changed), None)


def _with(month: PublishedMonth, cycle: Cycle, coefficient: Decimal | None) -> PublishedMonth:
    if month.starts_on != cycle.starts_on or coefficient is None:
        return month
    return month._replace(coefficient=coefficient)


def _rules_part(cycle: Cycle, histories: Histories) -> dict[str, Any]:
    """Counters at the end of the last month, and the firings from this month on that come or go.

    Each month by the rules it was appraised under, as proposals are made.
    """
    cycles = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__gte=cycle.starts_on).select_related("scheme")
    rules = {one.key: rules_of(one.scheme) for one in cycles}
    before, after = (_results(months) for months in histories)
    last = max((one.month for one in before), default=cycle.key)
    latest = rules.get(last) or rules_of(cycle.scheme)
    counted = [
        {"rule": one.rule.code, "need": one.need, "before": one.have, "after": other.have}
        for one, other in zip(counters(before, latest, month=last), counters(after, latest, month=last), strict=True)
        if one.have != other.have
    ]
    old, new = (_firings(results, rules) for results in (before, after))
    return {
        "counters": counted,
        "proposals_gone": sorted([list(one) for one in old - new]),
        "proposals_new": sorted([list(one) for one in new - old]),
    }


def _firings(results: list[MonthResult], rules: dict[str, Rules]) -> set[tuple[str, str]]:
    months = [one.month for one in results if one.month in rules]
    return {(event.rule.code, event.month) for month in months for event in fired_in(results, month, rules[month])}


def _year_part(result: Result, cycle: Cycle, histories: Histories, annual_form: Decimal | None) -> dict[str, Any]:
    """The person's own year; ``annual_form`` is the corrected coefficient where the year's own form is contested."""
    year = cycle.starts_on.year
    scheme = scheme_in_force(date(year, 1, 1))
    rules = rules_of(scheme or cycle.scheme)
    form = annual_forms(year).get(result.employee_id)
    before, after = (
        annual_coefficient([one.coefficient for one in months if one.starts_on.year == year], rules, annual_form=counts)
        for months, counts in zip(histories, (form, annual_form or form), strict=True)
    )
    part: dict[str, Any] = {"annual": _pair(before, after)}
    # Before it is published a year's grade is nobody's to know, and it will be reckoned with what is ruled now.
    known = AnnualResult.objects.filter(review__year=year, review__state=ReviewState.PUBLISHED)
    graded = known.filter(employee=result.employee_id).select_related("review").first()
    if graded is None:
        return part
    # The published year stays as it is until HR corrects it: nothing changes behind anybody's back.
    part |= {"closed_year": year, "annual": _pair(graded.coefficient, after), "annual_grade": graded.grade or None}
    salary = graded.factors.get("base_salary")
    if graded.grade and graded.bonus is not None and after is not None and salary is not None:
        bonus = year_end_bonus(
            completion=graded.review.completion,
            coefficient=after,
            factor=rules.grade(graded.grade).bonus_factor,
            base_salary=Decimal(salary),
        )
        part["bonus"] = _pair(graded.bonus, bonus.amount)
    return part


def _results(months: list[PublishedMonth]) -> list[MonthResult]:
    return [MonthResult(month.month, month.coefficient) for month in months]


def _pair(before: Decimal | None, after: Decimal | None) -> Pair:
    return [None if one is None else str(one) for one in (before, after)]
