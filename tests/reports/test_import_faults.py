"""A faulty workbook is refused whole: every fault with its cell, and nothing changed."""

from typing import Any

import pytest

from appraisals.models import Form, Scheme
from audit.models import Event
from people.facts import SYSTEM
from people.models import Employee, Region
from reports.facts.faults import Fault
from reports.facts.sheets import SPECS
from reports.services.imports import WorkbookRefusedError, load_workbook
from tests.reports.sheets import AGENTS, BOSS, HEAD, MONTH, find, parsed, row, team

pytestmark = pytest.mark.django_db
ONE = AGENTS[0]


def refused(sheets: dict[str, Any]) -> list[Fault]:
    """The faults of a workbook that must not load, and proof that nothing of it did."""
    with pytest.raises(WorkbookRefusedError) as refusal:
        load_workbook(parsed(sheets), by=SYSTEM)
    assert not Employee.objects.exists()
    assert not Region.objects.exists()
    assert not Form.objects.exists()
    assert not Event.objects.exists()
    assert Scheme.objects.count() == 1
    return refusal.value.faults


def one(sheets: dict[str, Any]) -> Fault:
    """The only fault."""
    faults = refused(sheets)
    assert len(faults) == 1, [fault.line() for fault in faults]
    return faults[0]


def test_the_sound_workbook_loads():
    load_workbook(parsed(team()), by=SYSTEM)
    assert Employee.objects.count() == 6
    assert Form.objects.count() == 5


def spoil(sheet: str, column: str, value: Any, **wanted: Any) -> Any:
    """A workbook with one cell changed."""
    sheets = team()
    find(sheets, sheet, **wanted)[column] = value
    return sheets


SPOILT = [
    # sheet, which row, column, what it says instead, the cell's letter, words of the reason, words of the hint
    ("KPI数据", {"工号": ONE}, "完成值", "九十五", "D", "不是数字", "写成 95"),
    ("KPI数据", {"工号": ONE}, "完成值", "93.5%", "D", "不是数字", "写成 93.5"),
    ("KPI数据", {"工号": ONE}, "完成值", "12abc", "D", "不是数字", "写成阿拉伯数字"),
    ("KPI数据", {"工号": ONE}, "完成值", None, "D", "空着", "填上"),
    ("KPI数据", {"工号": ONE}, "工号", "E0913", "B", "没有这个工号", "E0931（罗文静）"),
    ("KPI数据", {"工号": ONE}, "信息提供人工号", BOSS, "E", "不是这一项的信息提供人", "E0931"),
    ("KPI数据", {"工号": ONE}, "月份", "2026-13", "A", "不是月份", "2026-10"),
    ("KPI数据", {"工号": ONE}, "月份", "2026-08", "A", "没有考核表", "2026-09"),
    ("KPI数据", {"工号": ONE}, "指标名称", "接通律", "C", "没有这一项", "接通率"),
    ("KPI数据", {"工号": ONE}, "指标名称", "监听分", "C", "录音监听", "删掉"),
    ("KPI数据", {"工号": ONE}, "采集日期", "2026-02-30", "F", "不是日期", "YYYY-MM-DD"),
    ("KPI数据", {"工号": ONE}, "采集日期", "2026-08-31", "F", "早于考核月", "2026-09-01"),
    ("考核指标", {"工号": ONE, "指标名称": "责任心"}, "权重", 19, "F", "还差1", ""),
    ("考核指标", {"工号": HEAD, "指标名称": "带队"}, "部分", "工作目标", "F", "合计要80", ""),
    ("考核指标", {"工号": ONE, "指标名称": "接通率"}, "评分参数", "目标=0", "H", "要大于0", ""),
    ("考核指标", {"工号": ONE, "指标名称": "接通率"}, "评分参数", "指标=95", "H", "没有“指标”这个参数", ""),
    ("考核指标", {"工号": ONE, "指标名称": "接通率"}, "评分方式", "达标率", "G", "没有这个选项", "达成率"),
    ("考核指标", {"工号": ONE, "指标名称": "接通率"}, "信息提供人工号", "E9999", "J", "没有这个工号", ""),
    ("考核指标", {"工号": ONE, "指标名称": "接通率"}, "信息提供人工号", ONE, "J", "自己的数据", "换一位"),
    ("评分", {"工号": ONE, "评分类型": "复核"}, "得分", 10.5, "G", "高于这一项的 10 分", ""),
    ("评分", {"工号": ONE, "评分类型": "复核"}, "得分", -1, "G", "要在 0 到 100", ""),
    ("评分", {"工号": ONE, "评分类型": "复核"}, "得分", 7.125, "G", "最多 2 位小数", ""),
    ("评分", {"工号": ONE, "评分类型": "自评"}, "评分人工号", HEAD, "F", "自评要由本人", ONE),
    ("评分", {"工号": ONE, "评分类型": "复核"}, "评分人工号", BOSS, "F", "不是考核负责人", "E0931"),
    ("评分", {"工号": HEAD, "评分类型": "上级"}, "评分人工号", HEAD, "F", "不能给自己打上级的分", ""),
    ("评分", {"工号": HEAD, "评分类型": "下级"}, "评分人工号", BOSS, "F", "不是 E0931（罗文静） 的直接下级", "E1001"),
    ("评分", {"工号": HEAD, "评分类型": "下级"}, "评分人工号", HEAD, "F", "不能给自己打下级分", ""),
    ("评分", {"工号": HEAD, "评分类型": "下级"}, "评分类型", "复核", "E", "没有这种评分", "上级"),
    ("评分", {"工号": ONE, "评分类型": "复核"}, "部分", "关键业绩指标", "D", "没有这一项", ""),
    ("不良事故", {}, "复核人工号", AGENTS[1], "F", "同一人", "换一位"),
    ("不良事故", {}, "复核人工号", ONE, "F", "当事人", "换一位"),
    ("不良事故", {}, "扣分", "二分", "G", "不是数字", "写成 2"),
    ("加分", {}, "初核人工号", AGENTS[1], "E", "不能审核自己的加分", ""),
    ("加分", {}, "复核人工号", BOSS, "F", "直接上级", "E0931"),
    ("录音监听", {"评分项": "聆听能力"}, "得分", 20, "F", "不允许", "60/30/0"),
    ("录音监听", {"评分项": "礼貌耐心"}, "监听人工号", ONE, "D", "同一个录音", ""),
    ("录音监听", {"评分项": "聆听能力"}, "评分项", "倾听", "E", "没有这一项", "聆听能力"),
    ("历年等级", {}, "等级", "优", "C", "没有这个选项", "A、B"),
    ("历年等级", {}, "年份", "去年", "A", "不是年份", "2025"),
    ("员工", {"工号": ONE}, "直接上级工号", "E0913", "F", "没有这个工号", "E0931（罗文静）"),
    ("员工", {"工号": BOSS}, "直接上级工号", BOSS, "F", "不能是本人", ""),
    ("员工", {"工号": ONE}, "区域编码", "R09", "C", "没有这个区域", "R01"),
    ("员工", {"工号": ONE}, "等级", "G9", "E", "没有这一等级", "G1"),
    ("员工", {"工号": ONE}, "离职日期", "2020-01-01", "H", "早于入职日期", "2022-03-01"),
    ("员工", {"工号": ONE}, "邮箱", "luo", "J", "不是邮箱", ""),
    ("值班表", {}, "工号", AGENTS[3], "B", "不是考核小组的人", ""),
]


@pytest.mark.parametrize("case", SPOILT, ids=lambda case: f"{case[0]} {case[2]} {case[3]}")
def test_a_wrong_cell_is_named_with_a_way_out(case):
    sheet, wanted, column, value, letters, reason, hint = case
    sheets = spoil(sheet, column, value, **wanted)
    faults = refused(sheets)
    place = [fault for fault in faults if (fault.sheet, fault.letters) == (sheet, letters) and reason in fault.reason]
    assert place, [fault.line() for fault in faults]
    assert hint in place[0].hint
    assert place[0].row >= 2
    if place[0].column == column and value is not None:
        assert place[0].value == str(value)


def test_every_fault_of_every_sheet_is_listed_at_once():
    sheets = team()
    find(sheets, "员工", 工号=AGENTS[3])["入职日期"] = "昨天"
    find(sheets, "考核指标", 工号=AGENTS[2], 指标名称="责任心")["权重"] = 21
    find(sheets, "KPI数据", 工号=AGENTS[1])["完成值"] = "很好"
    find(sheets, "评分", 工号=HEAD, 评分类型="上级")["评分人工号"] = HEAD
    find(sheets, "录音监听", 工号=ONE)["得分"] = 31
    assert [(fault.sheet, fault.column) for fault in refused(sheets)] == [
        ("员工", "入职日期"),
        ("考核指标", "权重"),
        ("KPI数据", "完成值"),
        ("评分", "评分人工号"),
        ("录音监听", "得分"),
    ]


def test_a_number_given_twice_is_a_fault_of_the_second_row():
    sheets = team()
    sheets["员工"].append(row("员工", ONE, "另一个", "R01", "KFZY", "G1", HEAD))
    fault = one(sheets)
    assert (fault.cell, fault.value) == ("A8", ONE)
    assert "和第 4 行重复" in fault.reason


@pytest.mark.parametrize(
    "sheet", ["考核指标", "KPI数据", "评分", "不良事故", "加分", "历年等级", "值班表", "区域", "等级"]
)
def test_a_row_given_twice_is_a_fault(sheet):
    sheets = team()
    sheets[sheet].append(dict(sheets[sheet][0]))
    assert any("重复" in fault.reason for fault in refused(sheets))


def test_a_missing_column_is_a_fault_of_its_sheet_and_hides_no_other():
    sheets = team()
    for target in sheets["考核指标"]:
        del target["权重"]
    find(sheets, "员工", 工号=ONE)["邮箱"] = "luo"
    faults = refused(sheets)
    assert [(fault.sheet, fault.cell, fault.column) for fault in faults] == [
        ("员工", "J4", "邮箱"),
        ("考核指标", "", "权重"),
    ]
    assert "缺少“权重”" in faults[1].reason


@pytest.mark.parametrize("sheet", [*SPECS])
def test_a_sheet_that_lacks_its_last_column_is_the_only_fault(sheet):
    sheets = team() | {"方案": [row("方案", "版本", "1.0")], "岗位": [row("岗位", "KFZY", "客服专员", "非管理")]}
    last = SPECS[sheet].columns[-1].head
    for one in sheets[sheet]:
        del one[last]
    assert [(fault.sheet, fault.column) for fault in refused(sheets)] == [(sheet, last)]


def test_people_who_report_to_each_other_in_a_circle_are_named():
    sheets = team()
    find(sheets, "员工", 工号=BOSS)["直接上级工号"] = ONE
    assert {fault.cell for fault in refused(sheets) if "绕成了一圈" in fault.reason} == {"F2", "F3", "F4"}


def test_two_leaders_are_one_too_many():
    sheets = team()
    find(sheets, "考核小组", 工号=HEAD)["职责"] = "组长"
    assert {fault.cell for fault in refused(sheets)} == {"B2", "B3"}


def test_somebody_without_a_superior_has_no_appraisal_owner():
    sheets = team()
    find(sheets, "员工", 工号=HEAD)["直接上级工号"] = None
    assert any("没有考核负责人" in fault.reason for fault in refused(sheets))


def test_somebody_who_had_left_has_no_form():
    sheets = team()
    find(sheets, "员工", 工号=ONE)["离职日期"] = "2026-08-31"
    assert any("不在职" in fault.reason for fault in refused(sheets))


def test_a_call_lacks_no_item_of_the_standard():
    sheets = team()
    sheets["录音监听"].remove(find(sheets, "录音监听", 工号=ONE, 评分项="礼貌耐心"))
    assert "少评了 礼貌耐心" in one(sheets).reason


def test_a_version_in_force_takes_no_other_value():
    sheets = team() | {"方案": [row("方案", "版本", "1.0"), row("方案", "最少月数", 3)]}
    fault = one(sheets)
    assert fault.cell == "B3"
    assert "1.0 版已经在用，这个值是 6" in fault.reason


def test_the_shares_of_a_new_version_must_be_whole():
    sheets = team() | {"方案": [row("方案", "版本", "2.0"), row("方案", "比例_A", 10)]}
    assert "合计要 100，现在是 105" in one(sheets).reason


def test_a_parameter_nobody_knows_is_a_fault():
    sheets = team() | {"方案": [row("方案", "版本", "2.0"), row("方案", "比列_A", 5)]}
    assert "方案没有这个参数" in one(sheets).reason


@pytest.mark.parametrize("formula", ["=1+1", "=VLOOKUP(A1,B:C,2,0)"])
def test_a_formula_without_a_value_is_not_taken_for_blank(formula):
    sheets = team()
    find(sheets, "员工", 工号=ONE)["基本工资"] = formula
    assert (one(sheets).cell, one(sheets).reason) == ("I4", "公式没有结果")


def test_not_applicable_says_why():
    sheets = team()
    find(sheets, "KPI数据", 工号=ONE).update(完成值="不适用", 依据=None)
    assert (one(sheets).cell, one(sheets).hint) == ("G2", "不适用要写原因")


def test_one_wrong_cell_is_not_reported_again_as_missing_elsewhere():
    sheets = team()
    find(sheets, "考核指标", 工号=ONE, 指标名称="接通率")["权重"] = "三十"
    assert one(sheets).column == "权重"
    for number in (ONE, HEAD):
        sheets = team()
        find(sheets, "员工", 工号=number)["入职日期"] = "?"
        assert one(sheets).column == "入职日期"
    sheets = team()
    find(sheets, "员工", 工号=ONE)["直接上级工号"] = "E0913"
    assert one(sheets).column == "直接上级工号"


def test_a_fault_reads_as_one_line_with_sheet_row_column_value_and_reason():
    line = one(spoil("KPI数据", "完成值", "九十五", 工号=ONE)).line()
    assert line == "工作表“KPI数据” 第2行 D列“完成值” 写的是“九十五”: 不是数字 写成 95"
    assert MONTH
