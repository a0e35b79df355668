"""What a reckoned year is now: rows as their grades stand, whom something published since concerns."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from policy.rounding import ZERO
from policy.schemes import Scheme as Rules
from scoring.facts.years import outcome_of, own_coefficient, year_facts
from scoring.models import AnnualResult, AnnualReview
from scoring.selectors.reports import YearRow, year_rows
from scoring.selectors.years import grades_of, rules_of_year, touched_since
from scoring.states import ReviewState


class Overtaken(NamedTuple):
    """A person whose months say another annual coefficient (percent) than the year has; ``row`` None: new in it."""

    employee_id: int
    row: YearRow | None
    now: Decimal | None
    months: int


def overtaken(review: AnnualReview, rows: Iterable[YearRow] | None = None) -> list[Overtaken]:
    """Whom something published, corrected or taken back since the reckoning concerns; ``rows`` as read already.

    Asked only of those who were touched since: two statements while nobody was.
    """
    touched = touched_since(review.year, review.closed_at)
    if not touched:
        return []
    rules = rules_of_year(review.year)
    known = {row.employee_id: row for row in (year_rows(review) if rows is None else rows)}
    facts = year_facts(review.year, rules, completion=review.completion, only=touched)
    found = []
    for pk in sorted(touched):
        row, now, months = known.get(pk), own_coefficient(facts, pk, rules), len(facts.months.get(pk, ()))
        if (row.coefficient, row.months) != (now, months) if row else now is not None:
            found.append(Overtaken(pk, row, now, months))
    return found


class Corrected(NamedTuple):
    """What a published result would be with its grade unchanged: percent, months, yuan."""

    coefficient: Decimal | None
    months: int
    bonus: Decimal | None
    difference: Decimal


def corrected_now(result: AnnualResult) -> Corrected:
    """What a correction would make of the figures; nothing is written."""
    review, pk = result.review, result.employee_id
    rules = rules_of_year(review.year)
    facts = year_facts(review.year, rules, completion=review.completion, only=[pk])
    coefficient, salary = own_coefficient(facts, pk, rules), result.factors.get("base_salary")
    bonus: Decimal | None = None
    if result.grade and coefficient is not None:
        bonus = outcome_of(
            result.grade,
            None,
            coefficient=coefficient,
            completion=review.completion,
            base_salary=None if salary is None else Decimal(salary),
            rules=rules,
        ).bonus
    return Corrected(coefficient, len(facts.months.get(pk, ())), bonus, (bonus or ZERO) - (result.bonus or ZERO))


def standing_rows(review: AnnualReview, rules: Rules | None = None) -> list[YearRow]:
    """Everybody's row by employee number, bonus and consequences as the grade that stands now leads to them.

    While the group calibrates, only grades are written; what follows from them is stored at publication, and before
    that reckoned whenever it is read.
    """
    rows = year_rows(review)
    if review.state in {ReviewState.PREPARING, ReviewState.PUBLISHED}:
        return rows
    rules, last = rules or rules_of_year(review.year), grades_of(review.year - 1)
    return [_followed(row, review, last.get(row.employee_id), rules) for row in rows]


def _followed(row: YearRow, review: AnnualReview, last_grade: str | None, rules: Rules) -> YearRow:
    if not row.grade or row.coefficient is None:
        return replace(row, bonus=None, consequences=())
    salary = row.factors.get("base_salary")
    bonus, factor, led_to = outcome_of(
        row.grade,
        last_grade,
        coefficient=row.coefficient,
        completion=review.completion,
        base_salary=None if salary is None else Decimal(salary),
        rules=rules,
    )
    factors = {**row.factors, "factor": str(factor)}
    return replace(row, bonus=bonus, consequences=tuple(led_to), factors=factors)
