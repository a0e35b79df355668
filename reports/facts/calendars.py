"""A year's holidays and make-up days in a spreadsheet: reading it cell by cell, and the one to be filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.utils.translation import gettext as _

from common.errors import RuleError
from common.selectors import SATURDAY, statutory_left_out
from common.years import SpecialDay, YearView, is_special
from reports.facts import cells
from reports.facts.cells import CellError, Reader
from reports.facts.faults import Fault, Faults, Place
from reports.workbooks.reading import Table, Value, read_tables
from reports.workbooks.writing import Column, Kind, Sheet, workbook_bytes

DAY, WORKS, NAME = "日期", "这天", "名称"
WORDS = {"上班": "1", "放假": ""}
NAME_LIMIT = 60
MOST_DAYS = 366
READERS: dict[str, Reader] = {DAY: cells.day, WORKS: cells.choice(WORDS), NAME: cells.text(NAME_LIMIT)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSheet:
    """What a sheet says of the year: its special days, or every fault. ``idle`` rows are the plain week anyway.

    ``left_out``: statutory days it does not mention, which makes it look incomplete.
    """

    year: int
    days: list[SpecialDay]
    idle: int
    faults: list[Fault]
    left_out: list[date]


def read_calendar(content: bytes, year: int) -> CalendarSheet:
    """The arrangement of ``year`` in a workbook; ``RuleError`` if it can't be opened or has no such sheet."""
    table = next((one for one in read_tables(content) if set(READERS) <= set(one.headers)), None)
    if table is None:
        words = _("找不到有“日期”“这天”“名称”三列的工作表，下载模板再填。")
        raise RuleError(words, code="no_sheet", field="workbook")
    faults = Faults(
        columns={table.name: {head: table.headers.index(head) for head in READERS}},
        raw={table.name: table.rows},
        order={table.name: 0},
    )
    typed = _typed(table, year, faults)
    days = [one for one in typed if is_special(one)]
    if not typed and not faults.found:
        raise RuleError(_("表里一天都没有，填好再导入。"), code="empty_sheet", field="workbook")
    return CalendarSheet(
        year=year,
        days=days,
        idle=len(typed) - len(days),
        faults=faults.sorted(),
        left_out=statutory_left_out(year, {one.day for one in days}),
    )


def _typed(table: Table, year: int, faults: Faults) -> list[SpecialDay]:
    found: dict[date, SpecialDay] = {}
    first_at: dict[date, int] = {}
    for number, row in table.filled_rows():
        at = Place(table.name, number)
        read = {head: _cell(head, row, at, faults) for head in READERS}
        day = read[DAY]
        if not isinstance(day, date):
            continue
        if day.year != year:
            faults.add(at, DAY, _("不是%(year)s年") % {"year": year}, _("一份表只写一年"))
        elif day in found:
            faults.add(at, DAY, _("第%(n)s行已经写过这一天") % {"n": first_at[day]}, _("留一行"))
        elif read[WORKS] is not None:
            found[day] = SpecialDay(day, bool(read[WORKS]), str(read[NAME] or ""))
            first_at[day] = number
    return [found[day] for day in sorted(found)]


def _cell(head: str, row: list[Value], at: Place, faults: Faults) -> object:
    """The cell's value; None for one that can't be read, of which the fault is noted."""
    index = faults.columns[at.sheet][head]
    value = row[index] if index < len(row) else ""
    if cells.is_blank(value):
        if head != NAME:
            faults.add(at, head, _("空着"), _("每行都要写日期和上班或放假"))
            return None
        return ""
    try:
        return READERS[head](value)
    except CellError as error:
        faults.add(at, head, error.reason, error.hint)
        return None


def calendar_workbook(view: YearView) -> bytes:
    """The year to be filled in: what stands in the table, and the statutory days as far as they are known."""
    stands = [SpecialDay(row.date, row.is_workday, row.name) for row in view.rows]
    rows = sorted([*stands, *(one for one in view.guessed if one.day.weekday() < SATURDAY)])
    columns: list[Column[SpecialDay]] = [
        Column(title=DAY, value=lambda one: one.day.isoformat(), width=14),
        Column(title=WORKS, value=lambda one: "上班" if one.is_workday else "放假", width=10),
        Column(title=NAME, value=attrgetter("name"), width=24),
    ]
    words: list[Column[tuple[str, str]]] = [
        Column(title="项目", value=lambda line: line[0], width=12),
        Column(title="怎么填", value=lambda line: line[1], kind=Kind.LONG, width=70),
    ]
    return workbook_bytes(
        [
            Sheet(name=f"{view.year}年", columns=columns, rows=rows, portrait=True),
            Sheet(name="填写说明", columns=words, rows=_explained(view.year), portrait=True),
        ],
        footer=f"{view.year}年工作日历",
    )


def _explained(year: int) -> Sequence[tuple[str, str]]:
    return (
        ("写哪些天", "周一到周五放假的日子，和调休要上班的周六、周日。平常的周末不用写，写了也不影响。"),
        (DAY, f"写成 {year}-01-01，一天一行，只写这一年的。"),
        (WORKS, "写 放假 或 上班。"),
        (NAME, "节日名称，可以空着。"),
        ("导入", "这一年以这份表为准：表里没有的日子会从日历里删掉。先预览，确认以后才保存。"),
    )
