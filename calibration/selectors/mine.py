"""One's own published year: the coefficient with its months, the pool without names, grade, bonus and what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from calibration.models import Move
from calibration.selectors.year_lines import why_words
from calibration.selectors.years import pool_names
from calibration.states import MoveState
from policy.distribution import (
    DEMOTE_OR_DISMISS,
    EXCELLENCE_AWARD,
    NO_ANNUAL_BONUS,
    PROMOTE_OR_RAISE,
    earns_career_plan,
)
from policy.rounding import HUNDRED, divide, plain
from policy.schemes import ANNUAL_BLEND, ANNUAL_FORM, ANNUAL_MONTHS
from policy.schemes import Scheme as Rules
from scoring.models import AnnualCorrection, AnnualResult
from scoring.selectors.histories import published_months
from scoring.selectors.years import annual_forms, rules_of_year

FEWEST = 5
"""In a smaller pool median and range would tell what single people have."""


class MonthLine(NamedTuple):
    """A month that counts: YYYY-MM and its coefficient in percent."""

    key: str
    coefficient: Decimal


class PoolWords(NamedTuple):
    """The pool without names: how many, median and range of the coefficients in percent."""

    name: str
    people: int
    median: Decimal
    lowest: Decimal
    highest: Decimal


class Formula(NamedTuple):
    """The bonus in figures, as used: percent, percent, a factor, yuan and the product in yuan."""

    completion: Decimal
    coefficient: Decimal
    factor: Decimal
    base_salary: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MyYear:
    """Everything on the page. ``annual_form`` is the year's own form in percent where the scheme counts it."""

    result: AnnualResult
    years: list[int]
    months: list[MonthLine]
    annual_form: Decimal | None
    form_share: Decimal | None
    """Percent that the annual form counts beside the months; None where it counts alone, or not at all."""
    how: str
    pool: PoolWords | None
    grade_name: str
    why: str
    formula: Formula | None
    consequences: list[str]
    moves: list[Move]
    corrections: list[AnnualCorrection]


def my_year(result: AnnualResult, years: Sequence[int]) -> MyYear:
    """The page of one published result, in a constant number of statements."""
    rules = rules_of_year(result.review.year)
    counts_form = rules.annual_mode != ANNUAL_MONTHS
    months = published_months([result.employee_id], year=result.review.year).get(result.employee_id, [])
    moves = Move.objects.filter(result=result, state__in=(MoveState.DONE, MoveState.AUTHORISED)).order_by("pk")
    return MyYear(
        result=result,
        years=list(years),
        months=[MonthLine(month.month, month.coefficient) for month in months],
        annual_form=annual_forms(result.review.year).get(result.employee_id) if counts_form else None,
        form_share=rules.annual_form_share if rules.annual_mode == ANNUAL_BLEND else None,
        how=_how(rules),
        pool=_pool(result, rules),
        grade_name=grade_name(result.grade, rules),
        why=why_words(result.factors, result.months) if not result.grade else "",
        formula=_formula(result),
        consequences=soft_words(result),
        moves=_that_stand(list(moves)),
        corrections=list(result.corrections.order_by("pk")),
    )


def _how(rules: Rules) -> str:
    """What the year's coefficient is taken from (P7.2)."""
    if rules.annual_mode == ANNUAL_FORM:
        return _("年度系数取年度考核表，各月只供对照")
    if rules.annual_mode == ANNUAL_BLEND:
        shares = {"months": plain(HUNDRED - rules.annual_form_share), "form": plain(rules.annual_form_share)}
        return _("各月平均占%(months)s%%，年度考核表占%(form)s%%，两位小数") % shares
    return _("年度系数是各月的平均，两位小数")


def grade_name(grade: str, rules: Rules) -> str:
    """What the scheme calls a grade; empty for none."""
    return next((_(rule.name) for rule in rules.grades if rule.code == grade), "")


def soft_words(result: AnnualResult) -> list[str]:
    """What the year leads to, as it is told to the person: what will be done and by whom (P7.2, P7.3)."""
    words = {
        NO_ANNUAL_BONUS: _("这一年没有年终奖金。"),
        DEMOTE_OR_DISMISS: _(
            "连续两年E：人力资源部会和你谈，先核对证据、培训和改进的情况，听你的意见，再决定怎么安排岗位。"
        ),
        PROMOTE_OR_RAISE: _("连续两年B以上：人力资源部提出晋升一等或上调岗位工资，由总经理批准。"),
        EXCELLENCE_AWARD: _("评为年度优秀员工，奖励由人力资源部定了以后通知你。"),
    }
    found = [words[code] for code in result.consequences if code in words]
    if earns_career_plan(result.grade, result.factors.get("last_grade")):
        found.append(_("连续两年A：部门报人力资源部，和你一起做职业发展的培训计划。"))
    return found


def _that_stand(moves: list[Move]) -> list[Move]:
    """Without what was moved there and back again, by whomever: the person is told how he came to lie where he lies."""
    stand: list[Move] = []
    for move in moves:
        place = next((n for n, one in enumerate(stand) if one.from_grade == move.to_grade), None)
        stand = stand[:place] if place is not None else [*stand, move]
    return stand


def _pool(result: AnnualResult, rules: Rules) -> PoolWords | None:
    if result.rank is None:
        return None
    members = AnnualResult.objects.filter(review=result.review_id, pool=result.pool, rank__isnull=False)
    found = members.filter(coefficient__isnull=False).order_by("coefficient").values_list("coefficient", flat=True)
    ordered = [one for one in found if one is not None]
    if len(ordered) < FEWEST:
        return None
    low, high = (len(ordered) - 1) // 2, len(ordered) // 2
    name = pool_names([result.pool], rules)[result.pool]
    return PoolWords(name, len(ordered), divide(ordered[low] + ordered[high], Decimal(2)), ordered[0], ordered[-1])


def _formula(result: AnnualResult) -> Formula | None:
    """Read from the factors as they were stored; none where no bonus was reckoned."""
    factors: Mapping[str, Any] = result.factors
    if (
        result.bonus is None
        or result.coefficient is None
        or not {"completion", "factor", "base_salary"} <= factors.keys()
    ):
        return None
    completion, factor, salary = (Decimal(factors[name]) for name in ("completion", "factor", "base_salary"))
    return Formula(completion, result.coefficient, factor, salary, result.bonus)
