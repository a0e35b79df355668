"""Close a year: annual coefficients, forced distribution, consequences, year-end bonus (P7.2)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.selectors.schemes import rules_of, scheme_in_force
from appraisals.services.steps import Actor, standing_for
from audit.log import record
from common.errors import RuleError
from incidents.selectors.counting import barred_by
from policy.distribution import UNDECIDED, Candidate, Placing, annual_coefficient, consequences, distribute
from policy.pay import year_end_bonus
from policy.rounding import ZERO
from policy.schemes import POOL_CLASS, POOL_REGION
from policy.schemes import Scheme as Rules
from scoring.models import AnnualResult, AnnualReview
from scoring.selectors.histories import PublishedMonth, published_months
from scoring.selectors.years import YearPerson, annual_forms, grades_of, year_people

FIELDS = ("months", "coefficient", "rank", "grade", "is_undecided", "bonus", "factors", "consequences")


@transaction.atomic(durable=True)
def close_year(year: int, *, completion: Decimal, by: Actor) -> AnnualReview:
    """Grade everybody with a published month of the year; ``completion`` is the company's rate in percent.

    Closed again, the year is reckoned anew from what is published now: what comes out the same is not touched.
    Whoever lies in a tie across a boundary stays undecided, for the group.
    """
    now = timezone.now()
    standing = standing_for(by, now)
    if standing is not None and not standing.is_hr:
        raise RuleError(_("年度结果由人力资源部来结。"), code="not_allowed")
    rules = _rules(year)
    history = published_months(year=year)
    if not history:
        raise RuleError(_("%(year)s年还没有出过月度结果。") % {"year": year}, code="no_results")
    review, is_new = AnnualReview.objects.select_for_update().get_or_create(
        year=year, defaults={"completion": completion, "closed_at": now, "closed_by": by.number}
    )
    is_new = is_new or review.completion != completion
    review.completion = completion
    rows = _rows(review, history, rules)
    before = {row.employee_id: row for row in AnnualResult.objects.select_for_update().filter(review=review)}
    changed = [row for row in rows if row.employee_id not in before or _differs(row, before[row.employee_id])]
    gone = before.keys() - {row.employee_id for row in rows}
    if changed or gone or is_new:
        _store(review, changed, gone)
        detail = {"completion": str(completion), "people": len(rows), "changed": len(changed), "gone": len(gone)}
        review.closed_at, review.closed_by = now, by.number
        review.full_clean()
        review.save(update_fields=["completion", "closed_at", "closed_by"])
        record("year.closed", review, by=by, after=detail)
    return review


def _rules(year: int) -> Rules:
    """The scheme in force at the start of the year, as for every period (P9)."""
    scheme = scheme_in_force(date(year, 1, 1))
    if scheme is None:
        raise RuleError(_("%(year)s年初没有生效的考核方案。") % {"year": year}, code="no_scheme")
    return rules_of(scheme)


def _rows(review: AnnualReview, history: dict[int, list[PublishedMonth]], rules: Rules) -> list[AnnualResult]:
    people = year_people(history)
    forms = annual_forms(review.year)
    last = grades_of(review.year - 1)
    barring = barred_by(review.year, history)
    candidates = {}
    for pk, months in history.items():
        coefficient = annual_coefficient([month.coefficient for month in months], rules, annual_form=forms.get(pk))
        if coefficient is not None:
            candidate = _candidate(people[pk], coefficient, months, rules)
            candidates[pk] = candidate._replace(barred=pk in barring)
    placings = distribute(candidates.values(), rules)
    return [
        _result(review, people[pk], candidate, placings[pk], (last.get(pk), barring.get(pk, [])), rules)
        for pk, candidate in candidates.items()
    ]


def _candidate(person: YearPerson, coefficient: Decimal, months: list[PublishedMonth], rules: Rules) -> Candidate:
    pools = {POOL_REGION: person.region, POOL_CLASS: person.position_class}
    return Candidate(
        key=person.pk,
        coefficient=coefficient,
        months=len(months),
        deducted=sum((month.deducted for month in months), ZERO),
        added=sum((month.added for month in months), ZERO),
        pool=pools.get(rules.pool, ""),
    )


def _result(
    review: AnnualReview,
    person: YearPerson,
    candidate: Candidate,
    placing: Placing,
    before: tuple[str | None, list[str]],
    rules: Rules,
) -> AnnualResult:
    """``before`` is last year's grade, and the critical incidents that bar this year's best one."""
    last_grade, barring = before
    result = AnnualResult(
        review=review,
        employee_id=person.pk,
        months=candidate.months,
        coefficient=candidate.coefficient,
        rank=placing.rank,
        grade=placing.grade or "",
        is_undecided=placing.state == UNDECIDED,
        factors=_factors(candidate, placing, barring),
        consequences=list(consequences(placing.grade, last_grade)),
    )
    if placing.grade and person.base_salary is not None:
        bonus = year_end_bonus(
            completion=review.completion,
            coefficient=candidate.coefficient,
            factor=rules.grade(placing.grade).bonus_factor,
            base_salary=person.base_salary,
        )
        result.bonus = bonus.amount
        used = {"completion": bonus.completion, "factor": bonus.factor, "base_salary": bonus.base_salary}
        result.factors |= {name: str(value) for name, value in used.items()}
    return result


def _factors(candidate: Candidate, placing: Placing, barring: list[str]) -> dict[str, Any]:
    """What the place and the bonus came from, beside the columns."""
    factors: dict[str, Any] = {"deducted": str(candidate.deducted), "added": str(candidate.added)}
    if candidate.pool:
        factors["pool"] = candidate.pool
    if placing.choices:
        factors["choices"] = list(placing.choices)
    if barring:
        factors["barred_by"] = barring
    return factors


def _differs(one: AnnualResult, other: AnnualResult) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in FIELDS)


def _store(review: AnnualReview, changed: list[AnnualResult], gone: Iterable[int]) -> None:
    AnnualResult.objects.filter(review=review, employee_id__in=list(gone)).delete()
    AnnualResult.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=("review", "employee"), update_fields=FIELDS
    )
