"""The month's report: the contract's columns, numbers as numbers, text that stays text."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from appraisals.states import FormState
from reports.exports import month_workbook
from scoring.models import Proposal
from scoring.selectors.reports import month_cycle, month_rows
from tests import world
from tests.counting import statements
from tests.reports.books import formulas, heads, opened, table
from tests.reports.conftest import consolidate, publish

pytestmark = pytest.mark.django_db

HEADS = [
    *(
        "工号",
        "姓名",
        "区域",
        "岗位",
        "等级",
        "KPI得分",
        "工作目标得分",
        "行为态度得分",
        "管理行为得分",
        "不良事故扣分",
        "加分",
    ),
    *("考核总分", "考核得分", "绩效系数(%)", "绩效上限额", "月绩效工资", "岗位工资", "基本薪酬", "触发奖惩", "状态"),
]
FIGURES = HEADS[5:18]
HOSTILE = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", "http://a.example", "'x"]


def written(month: date = date(2026, 10, 1)) -> bytes:
    cycle = month_cycle(month)
    assert cycle is not None
    return month_workbook(cycle, month_rows(cycle))


def test_the_columns_stand_in_the_contracts_order_in_every_language(month):
    with override("en"):
        assert heads(written(), "月度汇总") == HEADS


def test_there_is_a_row_per_form_by_number_and_its_figures_are_numbers(month):
    publish(month)

    rows = table(written(), "月度汇总")

    assert [row["工号"] for row in rows] == sorted(row["工号"] for row in rows)
    agent = next(row for row in rows if row["工号"] == month.agent.number)
    assert all(isinstance(agent[name], int | float) for name in FIGURES)
    assert agent["绩效系数(%)"] == 80
    assert agent["月绩效工资"] == 1400 * 0.8
    assert agent["基本薪酬"] == agent["岗位工资"] + agent["月绩效工资"]
    assert (agent["状态"], agent["触发奖惩"]) == ("待签认", None)


def test_a_form_that_is_not_consolidated_has_its_state_and_empty_figures(month):
    consolidate(month, month.form)

    rows = {row["工号"]: row for row in table(written(), "月度汇总")}

    waiting, done = rows[month.second_agent.number], rows[month.agent.number]
    assert (waiting["状态"], done["状态"]) == ("待汇总", "已汇总")
    assert [waiting[name] for name in FIGURES] == [None] * len(FIGURES)
    assert None not in [done[name] for name in FIGURES]


def test_the_rules_that_fired_are_joined_in_the_policys_order(month):
    for rule in ("R4", "R2", "R1"):
        Proposal.objects.create(employee=month.agent, cycle=month.cycle, rule=rule, leads_to=rule, evidence=[])

    rows = {row["工号"]: row["触发奖惩"] for row in table(written(), "月度汇总")}

    assert rows == {
        month.agent.number: "警告;辞退;下调绩效上限",
        month.second_agent.number: None,
        month.supervisor.number: None,
    }


def test_no_text_becomes_a_formula(month):
    for text in HOSTILE:
        somebody = world.person(text, superior=month.supervisor)
        world.form(somebody, month.supervisor)
    month.supervisor.region.name = "=1+1"
    month.supervisor.region.save()

    content = written()

    assert formulas(content) == []
    sheets = opened(content)
    assert {cell.data_type for row in sheets["月度汇总"].iter_rows(max_col=5) for cell in row if cell.value} == {"s"}
    names = {row["姓名"] for row in table(content, "月度汇总")}
    assert {text for text in HOSTILE if "\r" not in text} <= names
    assert table(content, "区域汇总")[0]["区域"] == "=1+1"


def test_regions_are_summed_with_a_total(month):
    publish(month)

    rows = table(written(), "区域汇总")

    assert rows == [
        {"区域": name, "人数": 3, "有结果人数": 3, "平均绩效系数(%)": 78.33, "月绩效工资合计": 1120 + 1330 + 840}
        for name in ("华东区域", "合计")
    ]


def test_the_sheet_is_made_to_be_printed(month):
    sheets = opened(written())

    for sheet in sheets:
        assert sheet.print_title_rows == "$1:$1", sheet.title
        assert sheet.page_setup.paperSize == 9
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    main = sheets["月度汇总"]
    assert (main.page_setup.orientation, main.freeze_panes) == ("landscape", "C2")
    assert all(main.column_dimensions[letter].width > 5 for letter in "ABCDEFGHIJKLMNOPQRST")
    assert main["A1"].font.bold


def test_a_month_without_forms_keeps_its_head(db):
    world.cycle(date(2026, 3, 1))

    assert heads(written(date(2026, 3, 1)), "月度汇总") == HEADS


def test_reading_the_rows_takes_as_many_statements_for_a_hundred_as_for_ten(month):
    def grow(count: int) -> int:
        for number in range(count):
            world.form(world.person(f"员工{number}"), month.supervisor, state=FormState.READY)
        return statements(lambda: month_rows(month.cycle))

    assert grow(10) == grow(90) == 2


def test_the_command_writes_the_file_and_twice_gives_the_same_figures(month, tmp_path):
    publish(month)
    target = tmp_path / "报表.xlsx"

    call_command("export_month", "2026-10", str(target))
    first = table(target.read_bytes(), "月度汇总")
    call_command("export_month", "2026-10", str(target))

    assert table(target.read_bytes(), "月度汇总") == first
    assert Decimal(str(first[0]["绩效系数(%)"])) == Decimal(60)
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        pytest.param(("2031-01", "a.xlsx"), 1, id="no such month"),
        pytest.param(("2026-13", "a.xlsx"), 2, id="no month at all"),
        pytest.param(("2026-1", "a.xlsx"), 2, id="short month"),
        pytest.param(("2026-10", "a.csv"), 2, id="another kind of file"),
        pytest.param(("2026-10", "nowhere/a.xlsx"), 2, id="no such folder"),
        pytest.param(("2026-10",), 2, id="argument missing"),
    ],
)
def test_what_cannot_be_exported_is_one_clear_line(month, tmp_path, monkeypatch, arguments, status):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError) as refused:
        call_command("export_month", *arguments)

    assert refused.value.returncode == status
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
