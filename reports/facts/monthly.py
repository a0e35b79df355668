"""The workbooks of the duty officer: the check report, the open points, the minutes. Chinese, as all workbooks are."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from appraisals.models import Cycle
from common.wording import day, listed
from development.models import Addendum, Amendment, RegionMinute
from development.selectors.minutes import Record
from reports.selectors.points import Point
from reports.workbooks.writing import Cell, Column, Kind, Sheet, workbook_bytes
from scoring.facts.findings import ADVICE, sentence, whom_to_ask
from scoring.models import Finding
from scoring.selectors.owed import CALLS, Missing

CHINESE = "zh-hans"


def checks_workbook(cycle: Cycle, findings: Sequence[Finding], missing: Iterable[Missing]) -> bytes:
    """What the check found with what to do and what was looked at, and every figure that is still owed, by whom."""
    with override(CHINESE):
        found: Sheet[Finding] = Sheet(
            name=_("汇总检查"),
            columns=[
                Column(title=_("检查项"), value=lambda one: str(one.get_code_display()), width=22),
                Column(title=_("工号"), value=lambda one: one.person.number if one.person else ""),
                Column(title=_("姓名"), value=lambda one: one.person.name if one.person else ""),
                Column(title=_("查到什么"), value=sentence, kind=Kind.LONG, width=44),
                Column(title=_("怎么办"), value=lambda one: str(ADVICE[one.code]), kind=Kind.LONG, width=30),
                Column(title=_("找谁"), value=whom_to_ask, width=18),
                Column(title=_("看过的人"), value=lambda one: one.looked_by.name if one.looked_by else ""),
                Column(title=_("说明"), value=lambda one: one.note, kind=Kind.LONG, width=26),
            ],
            rows=findings,
        )
        owed: Sheet[Missing] = Sheet(
            name=_("缺的数据"),
            columns=[
                Column(title=_("提供人工号"), value=lambda row: row.provider_number, width=12),
                Column(title=_("提供人"), value=lambda row: row.provider),
                Column(title=_("缺什么"), value=lambda row: row.item, width=24),
                Column(
                    title=_("怎么缺"), value=lambda row: _("没有监听录音") if row.what == CALLS else _("没报"), width=14
                ),
                Column(title=_("工号"), value=lambda row: row.number),
                Column(title=_("姓名"), value=lambda row: row.name),
                Column(title=_("区域"), value=lambda row: row.region, width=14),
            ],
            rows=missing,
            portrait=True,
        )
        return workbook_bytes([found, owed], footer=f"{_('汇总检查')} {cycle.key}")


def points_workbook(cycle: Cycle, points: Sequence[Point]) -> bytes:
    """The list of open points, ready to be printed."""
    with override(CHINESE):
        sheet: Sheet[Point] = Sheet(
            name=_("未了事项"),
            columns=[
                Column(title=_("事项"), value=lambda point: point.sort, width=18),
                Column(title=_("工号"), value=lambda point: point.number),
                Column(title=_("姓名"), value=lambda point: point.name),
                Column(title=_("区域"), value=lambda point: point.region, width=14),
                Column(title=_("内容"), value=lambda point: point.words, kind=Kind.LONG, width=36),
                Column(title=_("等谁"), value=lambda point: point.waits_for, kind=Kind.LONG, width=20),
            ],
            rows=points,
            frozen=3,
        )
        return workbook_bytes([sheet], footer=f"{_('未了事项')} {cycle.key}")


def minutes_workbook(minutes: Record) -> bytes:
    """The minutes of the exchange meeting: its round-up, the regions, what was proposed and added since."""
    meeting = minutes.meeting
    with override(CHINESE):
        head: list[tuple[str, Cell]] = [
            (_("考核月份"), meeting.cycle.key),
            (_("开会日期"), meeting.held_on.isoformat() if meeting.held_on else ""),
            (_("地点"), meeting.place),
            (_("主持"), meeting.chair.name),
            (_("参会人"), listed(one.name for one in minutes.attendees)),
            (_("发送对象"), listed(one.name for one in minutes.recipients)),
            (_("发出时间"), day(meeting.sent_at, "full") if meeting.sent_at else ""),
            (_("会议小结"), meeting.summary),
        ]
        first: Sheet[tuple[str, Cell]] = Sheet(
            name=_("会议纪要"),
            columns=[
                Column(title=_("项目"), value=lambda line: line[0], width=14),
                Column(title=_("内容"), value=lambda line: line[1], kind=Kind.LONG, width=72),
            ],
            rows=head,
            portrait=True,
        )
        second: Sheet[RegionMinute] = Sheet(
            name=_("各区域"),
            columns=[
                Column(title=_("区域"), value=lambda one: one.region.name, width=14),
                Column(title=_("成功经验"), value=lambda one: one.practice, kind=Kind.LONG, width=30),
                Column(title=_("不足原因"), value=lambda one: one.causes, kind=Kind.LONG, width=30),
                Column(title=_("改进措施"), value=lambda one: one.measures, kind=Kind.LONG, width=30),
                Column(title=_("下期区域目标"), value=lambda one: one.next_targets, kind=Kind.LONG, width=30),
            ],
            rows=minutes.regions,
        )
        sheets: list[Sheet[Any]] = [first, second]
        if minutes.amendments:
            sheets.append(_amendments(minutes.amendments))
        if minutes.addenda:
            sheets.append(_addenda(minutes.addenda))
        return workbook_bytes(sheets, footer=f"{_('会议纪要')} {meeting.cycle.key}")


def _amendments(rows: Sequence[Amendment]) -> Sheet[Amendment]:
    return Sheet(
        name=_("修订提议"),
        columns=[
            Column(title=_("修订提议"), value=lambda one: one.text, kind=Kind.LONG, width=40),
            Column(title=_("理由"), value=lambda one: one.reason, kind=Kind.LONG, width=30),
            Column(title=_("提议人"), value=lambda one: one.proposed_by.name),
            Column(title=_("请谁同意"), value=lambda one: one.asked.name),
            Column(title=_("结论"), value=lambda one: str(one.get_state_display()), width=14),
            Column(title=_("答复"), value=lambda one: one.answer, kind=Kind.LONG, width=30),
            Column(title=_("时间"), value=lambda one: day(one.decided_at, "full") if one.decided_at else "", width=20),
        ],
        rows=rows,
    )


def _addenda(rows: Sequence[Addendum]) -> Sheet[Addendum]:
    return Sheet(
        name=_("补记"),
        columns=[
            Column(title=_("补记"), value=lambda one: one.text, kind=Kind.LONG, width=60),
            Column(title=_("补记人"), value=lambda one: one.by.name),
            Column(title=_("时间"), value=lambda one: day(one.at, "full"), width=20),
        ],
        rows=rows,
    )
