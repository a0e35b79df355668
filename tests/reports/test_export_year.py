"""The year's report: the contract's columns and words."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from policy.distribution import DEMOTE_OR_DISMISS, EXCELLENCE_AWARD, NO_ANNUAL_BONUS, PROMOTE_OR_RAISE
from scoring.models import AnnualResult, AnnualReview
from tests import world
from tests.reports.books import formulas, heads, table

pytestmark = pytest.mark.django_db

HEADS = ["工号", "姓名", "区域", "岗位", "计入月数", "年度绩效系数(%)", "名次", "等级", "年终奖金", "奖惩"]


@pytest.fixture
def review(db) -> AnnualReview:
    return AnnualReview.objects.create(
        year=2026, completion=Decimal("96.5"), closed_at=timezone.now(), closed_by="system"
    )


def judged(review: AnnualReview, number: str, **facts: object) -> AnnualResult:
    somebody = world.person("=员工", number=number)
    values = {"months": 12, "coefficient": Decimal("88.50"), "rank": 1, "grade": "C", "bonus": Decimal("3887.99")}
    return AnnualResult.objects.create(review=review, employee=somebody, **values | facts)


def written(tmp_path):
    target = tmp_path / "year.xlsx"
    call_command("export_year", "2026", str(target))
    return target.read_bytes()


def test_the_columns_and_the_words_are_the_contracts(review, tmp_path):
    judged(review, "Y3", grade="A", consequences=[PROMOTE_OR_RAISE, EXCELLENCE_AWARD])
    judged(review, "Y1", grade="E", consequences=[NO_ANNUAL_BONUS, DEMOTE_OR_DISMISS], bonus=Decimal(0))

    content = written(tmp_path)

    assert heads(content, "年度汇总") == HEADS
    worst, best = table(content, "年度汇总")
    assert (worst["工号"], worst["奖惩"], worst["年终奖金"]) == ("Y1", "免年度奖;降级留用或辞退", 0)
    assert (best["工号"], best["奖惩"]) == ("Y3", "晋升等级或上调岗位工资;年度优秀员工奖")
    assert (best["计入月数"], best["年度绩效系数(%)"], best["名次"]) == (12, 88.5, 1)
    assert formulas(content) == []


def test_the_undecided_and_those_with_too_few_months_have_no_bonus(review, tmp_path):
    judged(review, "Y1", grade="", is_undecided=True, bonus=None, rank=3)
    judged(review, "Y2", grade="", rank=None, bonus=None, months=5)

    tied, short = table(written(tmp_path), "年度汇总")

    assert (tied["等级"], tied["名次"], tied["年终奖金"]) == ("待定", 3, None)
    assert (short["等级"], short["名次"], short["年终奖金"]) == ("不参评", None, None)


@pytest.mark.parametrize(("year", "status"), [("2025", 1), ("26", 2), ("year", 2)])
def test_a_year_that_cannot_be_exported_is_one_clear_line(review, tmp_path, year, status):
    with pytest.raises(CommandError) as refused:
        call_command("export_year", year, str(tmp_path / "a.xlsx"))

    assert refused.value.returncode == status


def test_who_may_not_have_the_best_grade_is_noted_with_the_incident(review, tmp_path):
    judged(review, "Y1", grade="B", factors={"barred_by": ["BL-2026-0007"]})
    judged(review, "Y2", grade="A")

    noted = [row["说明"] for row in table(written(tmp_path), "说明") if row["项目"] == "不得评 A"]

    assert noted == ["Y1 =员工: 当年有重大事故 BL-2026-0007"]
