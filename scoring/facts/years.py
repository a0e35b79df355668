"""A year reckoned from what it rests on: coefficients, places, consequences, bonuses (P7.2). Nothing is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from incidents.selectors.counting import barred_by
from policy.distribution import UNDECIDED, Candidate, Placing, annual_coefficient, consequences, distribute
from policy.pay import year_end_bonus
from policy.rounding import ZERO
from policy.schemes import ANNUAL_FORM, ANNUAL_MONTHS, POOL_CLASS, POOL_REGION
from policy.schemes import Scheme as Rules
from scoring.selectors.histories import PublishedMonth, published_months
from scoring.selectors.years import (
    YearPerson,
    annual_forms,
    blank_people,
    grades_of,
    year_people,
)

FEW_MONTHS = "few_months"
NO_ANNUAL_FORM = "no_annual_form"
NOTHING_APPLICABLE = "nothing_applicable"
"""Why somebody of the year isn't graded, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFacts:
    """What a year rests on, by employee id: published months and annual forms (percent), last year's grades, the
    numbers of the incidents that bar the best grade. ``blank``: published months, but nothing in them applied to him.
    """

    completion: Decimal
    people: Mapping[int, YearPerson]
    months: Mapping[int, list[PublishedMonth]]
    forms: Mapping[int, Decimal] = field(default_factory=dict)
    blank: frozenset[int] = frozenset()
    last: Mapping[int, str] = field(default_factory=dict)
    barring: Mapping[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """One person's year as reckoned; the names are those of ``AnnualResult``. ``rank`` is within ``pool``."""

    employee_id: int
    pool: str
    months: int
    coefficient: Decimal | None
    rank: int | None
    computed_grade: str
    grade: str
    is_undecided: bool
    bonus: Decimal | None
    factors: dict[str, Any]
    consequences: list[str]


def year_facts(
    year: int, rules: Rules, *, completion: Decimal, only: Iterable[int] | None = None, also: Iterable[int] = ()
) -> YearFacts:
    """What the year rests on now, in a constant number of statements.

    Everybody with a published month of it, or with an annual form where the scheme counts that; ``only`` these people
    instead, ``also`` those who have a result of an earlier reckoning.
    """
    months = published_months(only, year=year)
    forms = annual_forms(year)
    blank = blank_people(year)
    if only is None:
        counted = set() if rules.annual_mode == ANNUAL_MONTHS else forms.keys()
        wanted = months.keys() | blank | counted | set(also)
    else:
        wanted = set(only)
    return YearFacts(
        completion=completion,
        people=year_people(wanted, year),
        months=months,
        forms=forms,
        blank=blank,
        last=grades_of(year - 1),
        barring=barred_by(year, wanted),
    )


class Outcome(NamedTuple):
    """What a grade leads to: bonus in yuan (None: no base salary is registered), its factor, consequences in order."""

    bonus: Decimal | None
    factor: Decimal
    consequences: list[str]


def reckoned(facts: YearFacts, rules: Rules) -> list[YearFigures]:
    """Everybody's year, graded or not, by employee id."""
    candidates = {pk: one for pk in facts.people if (one := _candidate(pk, facts, rules)) is not None}
    placings = distribute(candidates.values(), rules)
    return [_figures(pk, facts, rules, (candidates.get(pk), placings.get(pk))) for pk in sorted(facts.people)]


def own_coefficient(facts: YearFacts, pk: int, rules: Rules) -> Decimal | None:
    """The annual coefficient in percent from the months and the annual form; None while something is missing."""
    months = [month.coefficient for month in facts.months.get(pk, ())]
    return annual_coefficient(months, rules, annual_form=facts.forms.get(pk))


def outcome_of(
    grade: str,
    last_grade: str | None,
    *,
    coefficient: Decimal,
    completion: Decimal,
    base_salary: Decimal | None,
    rules: Rules,
) -> Outcome:
    """What ``grade`` leads to; the one place that says it, for a reckoned year as for one the group has graded."""
    factor = rules.grade(grade).bonus_factor
    amount = None
    if base_salary is not None:
        amount = year_end_bonus(
            completion=completion, coefficient=coefficient, factor=factor, base_salary=base_salary
        ).amount
    return Outcome(amount, factor, list(consequences(grade, last_grade)))


def _candidate(pk: int, facts: YearFacts, rules: Rules) -> Candidate | None:
    coefficient = own_coefficient(facts, pk, rules)
    if coefficient is None:
        return None
    months = facts.months.get(pk, [])
    return Candidate(
        key=pk,
        coefficient=coefficient,
        months=len(months),
        deducted=sum((month.deducted for month in months), ZERO),
        added=sum((month.added for month in months), ZERO),
        pool=_pool(facts.people[pk], rules),
        barred=pk in facts.barring,
    )


def _pool(person: YearPerson, rules: Rules) -> str:
    return {POOL_REGION: person.region, POOL_CLASS: person.position_class}.get(rules.pool, "")


def _figures(pk: int, facts: YearFacts, rules: Rules, placed: tuple[Candidate | None, Placing | None]) -> YearFigures:
    candidate, placing = placed
    person, grade = facts.people[pk], (placing and placing.grade) or ""
    coefficient = candidate.coefficient if candidate else None
    factors = _factors(pk, facts, rules, placed)
    bonus: Decimal | None = None
    led_to: list[str] = []
    if grade and coefficient is not None:
        bonus, factor, led_to = outcome_of(
            grade,
            facts.last.get(pk),
            coefficient=coefficient,
            completion=facts.completion,
            base_salary=person.base_salary,
            rules=rules,
        )
        factors["factor"] = str(factor)
    return YearFigures(
        employee_id=pk,
        pool=_pool(person, rules),
        months=len(facts.months.get(pk, ())),
        coefficient=coefficient,
        rank=placing.rank if placing else None,
        computed_grade=grade,
        grade=grade,
        is_undecided=placing is not None and placing.state == UNDECIDED,
        bonus=bonus,
        factors=factors,
        consequences=led_to,
    )


def _factors(
    pk: int, facts: YearFacts, rules: Rules, placed: tuple[Candidate | None, Placing | None]
) -> dict[str, Any]:
    """What the place and the bonus came from, beside the columns; for who isn't graded, why."""
    candidate, placing = placed
    factors: dict[str, Any] = {}
    if candidate:
        factors |= {"deducted": str(candidate.deducted), "added": str(candidate.added)}
    if placing and placing.choices:
        factors["choices"] = list(placing.choices)
    if barring := facts.barring.get(pk):
        factors["barred_by"] = list(barring)
    if placing is None or placing.rank is None:
        return factors | _why(pk, facts, rules)
    used = {"base_salary": facts.people[pk].base_salary, "last_grade": facts.last.get(pk)}
    factors["completion"] = str(facts.completion)
    return factors | {name: str(value) for name, value in used.items() if value is not None}


def _why(pk: int, facts: YearFacts, rules: Rules) -> dict[str, Any]:
    have = len(facts.months.get(pk, ()))
    if not have and pk in facts.blank and rules.annual_mode != ANNUAL_FORM:
        return {"why": NOTHING_APPLICABLE}
    if have < rules.min_months:
        return {"why": FEW_MONTHS, "need": rules.min_months}
    if rules.annual_mode != ANNUAL_MONTHS and pk not in facts.forms:
        return {"why": NO_ANNUAL_FORM}
    return {"why": NOTHING_APPLICABLE}
