"""The month's and the year's report as data: which columns, filled from which field of a row (contract of the report).

Heads are Chinese in every language: other systems read them.
"""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import attrgetter

from django.utils import timezone
from django.utils.translation import override

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from appraisals.states import FormState
from policy.distribution import CONSEQUENCE_NAMES
from reports.selectors.months import RegionRow, region_row, region_rows
from reports.workbooks.writing import TOTAL, Cell, Column, Kind, Sheet, workbook_bytes
from scoring.facts.years import NO_ANNUAL_FORM, NOTHING_APPLICABLE
from scoring.models import AnnualCorrection, AnnualReview
from scoring.selectors.reports import DifferenceRow, MonthRow, YearRow
from scoring.states import ReviewState

JOIN = ";"
UNDECIDED = "待定"
NOT_GRADED = "不参评"
YEAR_PAY_TITLES = ("年终奖金",)
PAY_TITLES = ("等级", "绩效上限额", "月绩效工资", "岗位工资", "基本薪酬")


def _points(title: str, field: str) -> Column[MonthRow]:
    return Column(title=title, value=attrgetter(field), kind=Kind.POINTS, width=9)


def _money(title: str, field: str) -> Column[MonthRow]:
    return Column(title=title, value=attrgetter(field), kind=Kind.MONEY, width=11)


def month_columns(cycle: Cycle) -> tuple[Column[MonthRow], ...]:
    """The columns of 月度汇总 in the contract's order."""
    words = {rule.code: rule.consequence for rule in rules_of(cycle.scheme).triggers}
    with override("zh-hans"):
        states = {state.value: str(state.label) for state in FormState}
    return (
        Column(title="工号", value=attrgetter("number"), width=9),
        Column(title="姓名", value=attrgetter("name"), width=9),
        Column(title="区域", value=attrgetter("region"), width=11),
        Column(title="岗位", value=attrgetter("position"), width=10),
        Column(title="等级", value=attrgetter("grade"), width=7),
        _points("KPI得分", "kpi"),
        _points("工作目标得分", "goal"),
        _points("行为态度得分", "behaviour"),
        _points("管理行为得分", "management"),
        _points("不良事故扣分", "deduction"),
        _points("加分", "bonus"),
        _points("考核总分", "full_marks"),
        _points("考核得分", "score"),
        _points("绩效系数(%)", "coefficient"),
        _money("绩效上限额", "pay_cap"),
        _money("月绩效工资", "performance_pay"),
        _money("岗位工资", "post_wage"),
        _money("基本薪酬", "base_pay"),
        Column(title="触发奖惩", value=lambda row: JOIN.join(words.get(code, code) for code in row.rules), width=20),
        Column(title="状态", value=lambda row: states[row.state], width=8),
    )


YEAR_COLUMNS: tuple[Column[YearRow], ...] = (
    Column(title="工号", value=attrgetter("number"), width=10),
    Column(title="姓名", value=attrgetter("name"), width=10),
    Column(title="区域", value=attrgetter("region"), width=14),
    Column(title="岗位", value=attrgetter("position"), width=14),
    Column(title="计入月数", value=attrgetter("months"), kind=Kind.COUNT, width=9),
    Column(title="年度绩效系数(%)", value=attrgetter("coefficient"), kind=Kind.POINTS, width=12),
    Column(title="名次", value=attrgetter("rank"), kind=Kind.COUNT, width=8),
    Column(title="等级", value=lambda row: grade_words(row), width=9),
    Column(title="年终奖金", value=attrgetter("bonus"), kind=Kind.MONEY, width=13),
    Column(title="奖惩", value=lambda row: consequence_words(row), width=34),
)


DIFFERENCE_COLUMNS: tuple[Column[DifferenceRow], ...] = (
    Column(title="工号", value=attrgetter("number"), width=10),
    Column(title="姓名", value=attrgetter("name"), width=10),
    Column(title="原月份", value=lambda row: f"{row.month:%Y-%m}", width=10),
    Column(title="原绩效工资", value=attrgetter("before"), kind=Kind.MONEY, width=13),
    Column(title="更正后", value=attrgetter("after"), kind=Kind.MONEY, width=13),
    Column(title="差额", value=attrgetter("amount"), kind=Kind.MONEY, width=13),
    Column(title="原因", value=attrgetter("reason"), width=34),
)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


CORRECTION_COLUMNS: tuple[Column[AnnualCorrection], ...] = (
    Column(title="工号", value=attrgetter("result.employee.number"), width=10),
    Column(title="姓名", value=attrgetter("result.employee.name"), width=10),
    Column(title="公布的系数(%)", value=lambda row: _decimal(row.before["coefficient"]), kind=Kind.POINTS, width=13),
    Column(title="更正后(%)", value=lambda row: _decimal(row.after["coefficient"]), kind=Kind.POINTS, width=12),
    Column(title="公布的等级", value=lambda row: row.before["grade"], width=10),
    Column(title="更正后等级", value=lambda row: row.after["grade"], width=10),
    Column(title="年终奖金差额", value=attrgetter("amount"), kind=Kind.MONEY, width=13),
    Column(title="原因", value=attrgetter("reason"), width=34),
)


def grade_words(row: YearRow) -> str:
    """A … E, 待定 (tied across a boundary) or 不参评 (too few months)."""
    return UNDECIDED if row.is_undecided else row.grade or NOT_GRADED


def consequence_words(row: YearRow) -> str:
    """What the year leads to, in the policy's words and order (P7.2)."""
    return JOIN.join(CONSEQUENCE_NAMES.get(code, code) for code in row.consequences)


def month_workbook(
    cycle: Cycle, rows: Sequence[MonthRow], *, with_pay: bool = True, differences: Sequence[DifferenceRow] = ()
) -> bytes:
    """The month's report: people, regions, what is paid for earlier months, and what the columns mean.

    Without pay its columns and the differences are not there at all.
    """
    columns = [column for column in month_columns(cycle) if with_pay or column.title not in PAY_TITLES]
    sheets: list[Sheet[MonthRow] | Sheet[RegionRow] | Sheet[DifferenceRow] | Sheet[tuple[str, str]]] = [
        Sheet(name="月度汇总", columns=columns, rows=rows, frozen=2),
        _regions(rows, with_pay=with_pay),
    ]
    if with_pay:
        sheets.append(Sheet(name="差额", columns=DIFFERENCE_COLUMNS, rows=differences, frozen=2))
    sheets.append(_notes(_month_notes(cycle, rows, with_pay=with_pay)))
    return workbook_bytes(sheets, footer=f"客服KPI绩效考核报表 {cycle.key}")


def year_workbook(
    review: AnnualReview,
    rows: Sequence[YearRow],
    *,
    with_pay: bool = True,
    corrections: Sequence[AnnualCorrection] = (),
) -> bytes:
    """The year's report; without pay its column and the corrections are not there at all."""
    columns = [column for column in YEAR_COLUMNS if with_pay or column.title not in YEAR_PAY_TITLES]
    sheets: list[Sheet[YearRow] | Sheet[AnnualCorrection] | Sheet[tuple[str, str]]] = [
        Sheet(name="年度汇总", columns=columns, rows=rows, frozen=2)
    ]
    if with_pay and corrections:
        sheets.append(Sheet(name="更正", columns=CORRECTION_COLUMNS, rows=corrections, frozen=2))
    sheets.append(_notes(_year_notes(review, rows, with_pay=with_pay)))
    return workbook_bytes(sheets, footer=f"客服KPI年度考核报表 {review.year}")


def _regions(rows: Sequence[MonthRow], *, with_pay: bool) -> Sheet[RegionRow]:
    columns: list[Column[RegionRow]] = [
        Column(title="区域", value=attrgetter("region"), width=20),
        Column(title="人数", value=attrgetter("people"), kind=Kind.COUNT),
        Column(title="有结果人数", value=attrgetter("counted"), kind=Kind.COUNT, width=12),
        Column(title="平均绩效系数(%)", value=attrgetter("coefficient"), kind=Kind.POINTS, width=16),
    ]
    if with_pay:
        columns.append(Column(title="月绩效工资合计", value=attrgetter("pay"), kind=Kind.MONEY, width=18))
    whole = region_row(TOTAL, rows)
    total: list[Cell] = [column.value(whole) for column in columns]
    return Sheet(name="区域汇总", columns=columns, rows=region_rows(rows), total=total, portrait=True)


def _notes(lines: Sequence[tuple[str, str]]) -> Sheet[tuple[str, str]]:
    columns: list[Column[tuple[str, str]]] = [
        Column(title="项目", value=lambda line: line[0], width=20),
        Column(title="说明", value=lambda line: line[1], kind=Kind.LONG, width=72),
    ]
    return Sheet(name="说明", columns=columns, rows=lines, portrait=True)


def _month_notes(cycle: Cycle, rows: Sequence[MonthRow], *, with_pay: bool) -> list[tuple[str, str]]:
    counted = sum(1 for row in rows if row.digest)
    lines = [
        ("报表", f"客服KPI绩效考核报表 {cycle.key}"),
        ("制表时间", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        ("考核方案", f"{cycle.scheme.version} 版, {cycle.scheme.effective_on} 起生效"),
        ("人数", f"{len(rows)} 张考核表, {counted} 张已汇总"),
        ("校验码", f"{_digest_head(rows)} (由全部结果的摘要算出, 结果不变就不变)"),
        *_MONTH_MEANINGS,
    ]
    return lines + list(_PAY_MEANINGS) if with_pay else lines


def _year_notes(review: AnnualReview, rows: Sequence[YearRow], *, with_pay: bool) -> list[tuple[str, str]]:
    undecided = sum(1 for row in rows if row.is_undecided)
    return [
        ("报表", f"客服KPI年度考核报表 {review.year}"),
        ("制表时间", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        ("公司完成率", f"{review.completion}%"),
        ("人数", f"{len(rows)} 人, {undecided} 人待定"),
        ("状态", _REVIEW_STATES[ReviewState(review.state)]),
        *[line for line in _YEAR_MEANINGS if with_pay or line[0] not in YEAR_PAY_TITLES],
        *[("不参评", f"{row.number} {row.name}: {_why(row)}") for row in rows if not row.is_graded],
        *[
            ("不得评 A", f"{row.number} {row.name}: 当年有重大事故 {JOIN.join(row.barred_by)}")
            for row in rows
            if row.barred_by
        ],
    ]


def _why(row: YearRow) -> str:
    """Why somebody isn't graded, in Chinese as the whole file."""
    why = row.factors.get("why")
    if why == NO_ANNUAL_FORM:
        return "没有年度考核表的结果"
    if why == NOTHING_APPLICABLE:
        return "没有适用的考核项"
    return f"有结果的月份 {row.months} 个" + (f", 满 {row.factors['need']} 个才参评" if "need" in row.factors else "")


def _digest_head(rows: Iterable[MonthRow]) -> str:
    whole = hashlib.sha256("".join(sorted(row.digest for row in rows if row.digest)).encode()).hexdigest()
    return f"{whole[:4]}-{whole[4:8]}".upper()


_MONTH_MEANINGS = (
    ("各部分得分", "分; 考核表满分 100, 一项的分数等于它的权重。不适用的项不计入得分和考核总分。"),
    ("不良事故扣分", "正数, 从得分里减。"),
    ("考核得分", "四部分得分 - 不良事故扣分 + 加分 + 申诉调整, 不低于 0。"),
    ("绩效系数(%)", "考核得分 ÷ 考核总分 × 100, 两位小数, 四舍五入。87.45 就是 87.45%。"),
    ("触发奖惩", "随本月触发的规则, 只是建议, 由人力资源部决定。"),
    ("状态", "没汇总的考核表只有状态, 数字空着; 空着不是 0。"),
)
_PAY_MEANINGS = (
    ("绩效上限额", "元, 按岗位和等级。"),
    ("月绩效工资", "绩效上限额 × 绩效系数, 系数不超过方案的计薪上限。"),
    ("基本薪酬", "岗位工资 + 月绩效工资。"),
    ("差额", "已备案的月份更正后多出的绩效工资, 随本月补发; 不含在月绩效工资里。"),
)
_REVIEW_STATES = {
    ReviewState.PREPARING: "准备中, 还会变",
    ReviewState.PREVIEW: "预览中, 等级还会变",
    ReviewState.OPEN: "校准中, 等级还会变",
    ReviewState.LOCKED: "已锁定, 还没公布",
    ReviewState.PUBLISHED: "已公布",
}
_YEAR_MEANINGS = (
    ("计入月数", "有结果的月份数; 少于方案的最少月数就不参评, 没有名次和年终奖金。"),
    ("年度绩效系数(%)", "各月绩效系数的平均数, 两位小数, 四舍五入。"),
    ("名次", "在分配范围里的名次, 完全相同的并列。"),
    ("等级", "A 优秀、B 良好、C 称职、D 基本称职、E 不称职; 待定: 并列跨过等级界限, 由考核小组决定。"),
    ("年终奖金", "公司完成率 × 年度绩效系数 × 奖金系数 × 基本工资, 元。"),
)
