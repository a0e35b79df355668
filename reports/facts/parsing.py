"""Plain rows into typed ones: every cell that can't be read is a fault, the rest of the workbook is read on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from common.wording import listed
from reports.facts.cells import CellError, is_blank
from reports.facts.faults import Faults, Place
from reports.facts.sheets import SHEETS, SPECS, SheetSpec
from reports.workbooks.reading import BROKEN, Table, column_letters, read_tables


@dataclass(slots=True)
class Parsed:
    """A workbook's typed rows by sheet, and the readable cells of the rows that had a fault.

    ``spoilt`` keeps one wrong cell from being reported again as something missing elsewhere; so does ``unread`` for
    the sheets that lack a column.
    """

    faults: Faults
    digest: str = ""
    rows: dict[str, list[Any]] = field(default_factory=dict)
    spoilt: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def of(self, sheet: str) -> list[Any]:
        """The sound rows of a sheet; none if the workbook does not have it."""
        return self.rows.get(sheet, [])

    def spoilt_keys(self, sheet: str, *heads: str) -> set[tuple[Any, ...]]:
        """What the faulty rows of a sheet were about, as far as it could be read."""
        return {tuple(row.get(head) for head in heads) for row in self.spoilt.get(sheet, [])}


def read_workbook(content: bytes) -> Parsed:
    """The workbook as typed rows with the faults found so far; ``RuleError`` if it is none."""
    parsed = parse(read_tables(content))
    parsed.digest = hashlib.sha256(content).hexdigest()
    return parsed


def parse(tables: Sequence[Table]) -> Parsed:
    """Read the sheets in the order of the contract; a sheet or a column nobody knows is a warning."""
    parsed = Parsed(Faults(order={spec.name: place for place, spec in enumerate(SHEETS)}))
    named: dict[str, Table] = {}
    for table in tables:
        if table.name not in SPECS:
            parsed.faults.warn(_("没有用到工作表“%(sheet)s”。") % {"sheet": table.name})
        elif not table.rows:
            parsed.faults.warn(_("工作表“%(sheet)s”是空的。") % {"sheet": table.name})
        else:
            named[table.name] = table
    if not named:
        parsed.faults.add_sheet(
            "", "", _("没有一张工作表能导入。"), _("工作表名：%(names)s") % {"names": listed(SPECS)}
        )
    for spec in SHEETS:
        if spec.name not in named:
            continue
        if _has_columns(spec, named[spec.name], parsed.faults):
            _read_sheet(spec, named[spec.name], parsed)
        else:
            parsed.unread.add(spec.name)
    return parsed


def _has_columns(spec: SheetSpec, table: Table, faults: Faults) -> bool:
    """Find the columns by their heads, in any order; whether all of them are there, once."""
    wanted = [column.head for column in spec.columns]
    places: dict[str, int] = {}
    sound = True
    for index, head in enumerate(table.headers):
        if head in places:
            reason = _("有两列“%(head)s”，第二列在 %(letters)s。") % {"head": head, "letters": column_letters(index)}
            faults.add_sheet(spec.name, head, reason, _("只留一列。"))
            sound = False
        elif head in wanted:
            places[head] = index
        elif head:
            words = _("工作表“%(sheet)s”的列“%(head)s”没有用到。")
            faults.warn(words % {"sheet": spec.name, "head": head})
    for head in wanted:
        if head not in places:
            hint = _("加上这一列；没有内容也留着表头。")
            faults.add_sheet(spec.name, head, _("缺少“%(head)s”这一列。") % {"head": head}, hint)
            sound = False
    faults.columns[spec.name] = places
    faults.raw[spec.name] = table.rows
    return sound


def _read_sheet(spec: SheetSpec, table: Table, parsed: Parsed) -> None:
    places = parsed.faults.columns[spec.name]
    plan = [(column, places[column.head]) for column in spec.columns]
    good = parsed.rows.setdefault(spec.name, [])
    for row_number, cells in table.filled_rows():
        at = Place(spec.name, row_number)
        values: dict[str, Any] = {}
        for column, index in plan:
            cell = cells[index]
            if cell == BROKEN:
                parsed.faults.add(at, column.head, _("公式没有结果"), _("把公式换成值"))
                continue
            if is_blank(cell):
                if column.is_needed:
                    parsed.faults.add(at, column.head, _("空着"), _("填上“%(head)s”") % {"head": column.head})
                else:
                    values[column.head] = column.blank
                continue
            try:
                values[column.head] = column.read(cell)
            except CellError as error:
                parsed.faults.add(at, column.head, error.reason, error.hint)
        if len(values) == len(plan):
            good.append(spec.build(at, *values.values()))
        else:
            parsed.spoilt.setdefault(spec.name, []).append(values)
