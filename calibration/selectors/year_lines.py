"""The list of a year: which rows are asked for, in which order, and what a row says in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calibration.permissions import sees_bonuses
from common.wording import listed
from people.facts import Standing
from policy.distribution import (
    CONSEQUENCE_NAMES,
    DEMOTE_OR_DISMISS,
    EXCELLENCE_AWARD,
    NO_ANNUAL_BONUS,
    PROMOTE_OR_RAISE,
)
from scoring.facts.years import NO_ANNUAL_FORM, NOTHING_APPLICABLE
from scoring.selectors.reports import YearRow

TIED, OUT = "tied", "out"
"""Beside the grades: what a row may be asked for by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearLine:
    """A row with its words. Money is yuan, None for who may not see it; ``why`` says why somebody isn't graded."""

    row: YearRow
    why: str
    consequences: str
    factor: Decimal | None
    bonus: Decimal | None

    @property
    def barred_by(self) -> str:
        """The numbers of the incidents that keep the best grade from him."""
        return listed(self.row.barred_by)

    @property
    def is_moved(self) -> bool:
        """Whether the group put him elsewhere than the distribution did; a decided tie is no move."""
        return bool(self.row.computed_grade) and self.row.grade != self.row.computed_grade


def in_sight(rows: Iterable[YearRow], *, grade: str, region: str, text: str) -> list[YearRow]:
    """The rows asked for, by rank within the pool, who isn't graded last."""
    text = text.lower()
    found = [
        row
        for row in rows
        if (not grade or grade == grade_code(row))
        and (not region or row.region == region)
        and (not text or text in row.name.lower() or text in row.number.lower())
    ]
    return sorted(found, key=lambda row: (row.rank is None, row.pool, row.rank or 0, row.number))


def grade_code(row: YearRow) -> str:
    """The grade, ``TIED`` or ``OUT``."""
    return row.grade or (TIED if row.is_undecided else OUT)


def year_lines(rows: Iterable[YearRow], standing: Standing) -> list[YearLine]:
    """A page of the list with its words."""
    with_pay = sees_bonuses(standing)
    return [
        YearLine(
            row=row,
            why=why_words(row.factors, row.months),
            consequences=listed([consequence_name(code) for code in row.consequences]),
            factor=Decimal(row.factors["factor"]) if row.grade and "factor" in row.factors else None,
            bonus=row.bonus if with_pay else None,
        )
        for row in rows
    ]


def why_words(factors: Mapping[str, object], months: int) -> str:
    """Why somebody isn't graded; empty for who is."""
    code = factors.get("why")
    if code is None:
        return ""
    if code == NO_ANNUAL_FORM:
        return _("没有年度考核表的结果")
    if code == NOTHING_APPLICABLE:
        return _("没有适用的考核项")
    words = ngettext("有%(n)s个月的结果，满%(need)s个月才参评", "有%(n)s个月的结果，满%(need)s个月才参评", months)
    return words % {"n": months, "need": factors.get("need", "")}


def consequence_name(code: str) -> str:
    """A consequence of the year in the policy's words (P7.2)."""
    words = {
        NO_ANNUAL_BONUS: _("免年度奖"),
        DEMOTE_OR_DISMISS: _("降级留用或辞退"),
        PROMOTE_OR_RAISE: _("晋升等级或上调岗位工资"),
        EXCELLENCE_AWARD: _("年度优秀员工奖"),
    }
    return words.get(code, CONSEQUENCE_NAMES.get(code, code))
