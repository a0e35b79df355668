"""The month's pay as a workbook, for payroll (P7.1). Heads are Chinese in every language: other systems read them."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import override
from django.views.decorators.http import require_GET

from people.requests import standing_in
from policy.rounding import ZERO
from reports.workbooks.writing import MIME_TYPE, TOTAL, Cell, Column, Kind, Sheet, workbook_bytes
from scoring.models import PayLine, PayRun
from scoring.permissions import can_settle_pay
from scoring.selectors.payroll import BesideRow, PayMonth, lines_of_runs, pay_month, runs_beside
from scoring.states import PayRunState


@require_GET
def payroll(request: HttpRequest, key: str) -> HttpResponse:
    """Every line of the month's runs, and what was paid beside; HR alone."""
    if not can_settle_pay(standing_in(request)):
        raise PermissionDenied
    try:
        month = pay_month(date.fromisoformat(f"{key}-01"), timezone.localdate())
    except ValueError as error:
        raise Http404 from error
    if month is None or not month.runs or month.cycle.key != key:
        raise Http404
    answer = HttpResponse(payroll_workbook(month), content_type=MIME_TYPE)
    name = f"客服绩效工资表_{key}.xlsx"
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def payroll_workbook(month: PayMonth) -> bytes:
    """A row per line by number, with every factor; the sum of each column stands below."""
    with override("zh-hans"):
        lines, items = list(lines_of_runs(month.runs)), runs_beside(month.runs)
        sheets: list[Sheet[PayLine] | Sheet[BesideRow] | Sheet[tuple[str, str]]] = [
            Sheet(name="绩效工资表", columns=_COLUMNS, rows=lines, total=_total(lines), frozen=3),
            Sheet(name="差额和奖金", columns=_BESIDE, rows=items, frozen=2),
            Sheet(name="说明", columns=_NOTES, rows=_notes(month), portrait=True),
        ]
        return workbook_bytes(sheets, footer=f"客服绩效工资表 {month.cycle.key}")


def _region(line: PayLine) -> str:
    region = line.form.region if line.form else line.employee.region
    return region.name if region else ""


def _post(line: PayLine) -> str:
    post = line.form.position if line.form else line.employee.position
    return post.name if post else ""


def _money(title: str, field: str) -> Column[PayLine]:
    return Column(title=title, value=attrgetter(field), kind=Kind.MONEY, width=12)


_SUMS = {
    "月绩效工资": "performance_pay",
    "岗位工资": "post_wage",
    "基本薪酬": "base_pay",
    "差额": "differences",
    "奖金": "extras",
    "应发合计": "total",
}
_COLUMNS: tuple[Column[PayLine], ...] = (
    Column(title="次", value=attrgetter("run.number"), kind=Kind.COUNT, width=5),
    Column(title="工号", value=attrgetter("employee.number"), width=10),
    Column(title="姓名", value=attrgetter("employee.name"), width=10),
    Column(title="区域", value=_region, width=12),
    Column(title="岗位", value=_post, width=12),
    Column(title="等级", value=attrgetter("grade_name"), width=8),
    _money("绩效上限额", "pay_cap"),
    Column(title="绩效系数(%)", value=attrgetter("coefficient"), kind=Kind.POINTS, width=11),
    Column(title="计薪系数(%)", value=attrgetter("counted"), kind=Kind.POINTS, width=11),
    _money("月绩效工资", "performance_pay"),
    _money("岗位工资", "post_wage"),
    _money("基本薪酬", "base_pay"),
    _money("差额", "differences"),
    _money("奖金", "extras"),
    _money("应发合计", "total"),
    Column(title="状态", value=lambda line: str(PayRunState(line.run.state).label), width=8),
)
_BESIDE: tuple[Column[BesideRow], ...] = (
    Column(title="工号", value=attrgetter("number"), width=10),
    Column(title="姓名", value=attrgetter("name"), width=10),
    Column(title="种类", value=attrgetter("label"), width=14),
    Column(title="原月份", value=lambda row: f"{row.month:%Y-%m}" if row.month else "", width=10),
    Column(title="已发", value=attrgetter("paid"), kind=Kind.MONEY, width=12),
    Column(title="应发", value=attrgetter("due"), kind=Kind.MONEY, width=12),
    Column(title="金额", value=attrgetter("amount"), kind=Kind.MONEY, width=12),
    Column(title="原因", value=attrgetter("reason"), kind=Kind.LONG, width=40),
)
_NOTES: tuple[Column[tuple[str, str]], ...] = (
    Column(title="项目", value=lambda line: line[0], width=20),
    Column(title="说明", value=lambda line: line[1], kind=Kind.LONG, width=72),
)


def _total(lines: Sequence[PayLine]) -> list[Cell]:
    sums = {title: sum((getattr(line, name) for line in lines), ZERO) for title, name in _SUMS.items()}
    return [TOTAL if column.title == "姓名" else sums.get(column.title) for column in _COLUMNS]


def _notes(month: PayMonth) -> list[tuple[str, str]]:
    return [
        ("报表", f"客服绩效工资表 {month.cycle.key}"),
        ("制表时间", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        *[_run_note(run) for run in month.runs],
        ("月绩效工资", "绩效上限额 × 计薪系数; 计薪系数是绩效系数, 不超过方案的计薪上限。元, 两位小数, 四舍五入。"),
        ("基本薪酬", "岗位工资 + 月绩效工资。"),
        ("差额", "已结算的月份更正后应补或应扣的, 逐笔见“差额和奖金”。"),
        ("应发合计", "基本薪酬 + 差额 + 奖金。"),
        ("只有差额或奖金的行", "本人这个月还没备案或已离职, 等级到基本薪酬为空或 0。"),
    ]


def _run_note(run: PayRun) -> tuple[str, str]:
    done = (
        f"{run.settled_by.name}{timezone.localtime(run.settled_at):%Y-%m-%d %H:%M}结算" if run.settled_by else "待复核"
    )
    sums = f"{run.people} 人, 应发 {run.total:,.2f} 元"
    return f"第 {run.number} 次", f"{sums}, {run.prepared_by.name}准备, {done}, 校验码 {run.check_code}"
