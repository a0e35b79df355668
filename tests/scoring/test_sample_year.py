"""The proof: a year of an organisation from its workbook to the last figure, against an independent reckoning."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from audit.models import Event
from policy.distribution import CONSEQUENCE_NAMES, STATE_NAMES, UNDECIDED
from policy.schemes import SCHEME_1_0
from scoring.models import AnnualResult, Proposal, Result
from scoring.selectors.reports import annual_review, month_cycle, month_rows, year_rows

DATA = Path(__file__).parent.parent / "data"
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]
FIELDS = {
    "KPI得分": "kpi",
    "工作目标得分": "goal",
    "行为态度得分": "behaviour",
    "管理行为得分": "management",
    "不良事故扣分": "deduction",
    "加分": "bonus",
    "考核总分": "full_marks",
    "考核得分": "score",
    "绩效系数(%)": "coefficient",
    "绩效上限额": "pay_cap",
    "月绩效工资": "performance_pay",
    "岗位工资": "post_wage",
    "基本薪酬": "base_pay",
}
FIGURES = 649 * 14 + 59 * 6
CONSEQUENCES = {rule.code: rule.consequence for rule in SCHEME_1_0.triggers}

pytestmark = pytest.mark.django_db


def run(*command: str) -> str:
    """The command's words; its exit status was 0, or it would have raised."""
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def settle_the_year() -> None:
    for month in MONTHS:
        run("settle", month)
    run("close_year", "2026", "--completion", "96.5")


def differences(expected: dict[str, Any]) -> tuple[int, list[str]]:
    """How many figures were compared, and where they differ."""
    found = []
    count = 0
    for month, people in expected["months"].items():
        cycle = month_cycle(date.fromisoformat(f"{month}-01"))
        assert cycle is not None
        rows = {row.number: row for row in month_rows(cycle)}
        assert rows.keys() == people.keys()
        for number, wanted in people.items():
            row = rows[number]
            got: dict[str, object] = {name: getattr(row, field) for name, field in FIELDS.items()}
            want = {name: Decimal(wanted[name]) for name in FIELDS}
            got["触发奖惩"] = ";".join(CONSEQUENCES[rule] for rule in row.rules)
            found += _differing(f"{month} {number}", got, {**want, "触发奖惩": wanted["触发奖惩"]})
            count += len(got)
    review = annual_review(2026)
    assert review is not None
    people = {row.number: row for row in year_rows(review)}
    assert people.keys() == expected["year"].keys()
    for number, wanted in expected["year"].items():
        row = people[number]
        state = STATE_NAMES[UNDECIDED] if row.is_undecided else STATE_NAMES["not_graded"]
        got = {
            "计入月数": row.months,
            "年度绩效系数(%)": row.coefficient,
            "名次": row.rank,
            "等级": row.grade or state,
            "年终奖金": row.bonus,
            "奖惩": ";".join(CONSEQUENCE_NAMES[code] for code in row.consequences),
        }
        found += _differing(f"2026 {number}", {name: _text(value) for name, value in got.items()}, wanted)
        count += len(got)
    return count, found


def _differing(where: str, got: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    assert got.keys() == wanted.keys()
    return [f"{where} {name}: {got[name]} ≠ {wanted[name]}" for name in got if got[name] != wanted[name]]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def stored() -> list[str]:
    """Every result, proposal and annual result, to the letter."""
    kinds = (Result.objects, Proposal.objects, AnnualResult.objects)
    return [str(list(kind.order_by("pk").values())) for kind in kinds]


def test_the_sample_year_gives_every_figure_and_twice_changes_nothing():
    expected = json.loads((DATA / "sample_year.json").read_text(encoding="utf-8"))
    workbook = str(DATA / "sample_year.xlsx")
    run("import_workbook", workbook)

    settle_the_year()

    count, found = differences(expected)
    assert (count, found) == (FIGURES, [])
    before, acts = stored(), list(Event.objects.values_list("action", flat=True))
    run("import_workbook", workbook)
    settle_the_year()
    assert stored() == before
    assert list(Event.objects.values_list("action", flat=True)[len(acts) :]) == []
