"""Read a workbook into plain rows: the one place that knows the library that reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TypeAlias

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, XmlError, ZipError

from common.errors import RuleError
from reports.workbooks.guard import check_workbook
from reports.workbooks.parts import sheet_parts

Value: TypeAlias = str | float | int | bool | date | datetime | time | timedelta

BROKEN = "#公式出错"
"""Stands in a cell whose formula failed or was never worked out."""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it stands: row 1 is ``rows[0]``, column A is the first value of a row; a blank cell is ``""``."""

    name: str
    rows: list[list[Value]]

    @property
    def headers(self) -> list[str]:
        """The texts of row 1, trimmed."""
        return [str(value).strip() for value in self.rows[0]] if self.rows else []

    def filled_rows(self) -> Iterator[tuple[int, list[Value]]]:
        """(row number as the spreadsheet shows it, values) of the rows below the head that are not blank."""
        for number, row in enumerate(self.rows[1:], start=2):
            if any(value != "" and (not isinstance(value, str) or value.strip()) for value in row):
                yield number, row


def read_tables(content: bytes) -> list[Table]:
    """Every sheet of a workbook that passed the guard; ``RuleError`` for one that can't be opened."""
    suspect = check_workbook(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        plain = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        sheets = [book.get_sheet_by_name(name) for name in plain]
        tables = [Table(sheet.name, sheet.to_python(skip_empty_area=False)) for sheet in sheets]
    except (CalamineError, PasswordError, XmlError, ZipError, ValueError, OSError) as error:
        words = _("文件坏了，打不开；用 Excel 另存一份再导入。")
        raise RuleError(words, code="broken", field="workbook") from error
    if any(suspect.values()):
        _mark_broken(tables, suspect, sheet_parts(content))
    return [Table(table.name.strip(), table.rows) for table in tables]


def _mark_broken(tables: list[Table], suspect: dict[str, list[tuple[int, int]]], parts: dict[str, str]) -> None:
    """Put ``BROKEN`` where a formula has no value: the library reads nothing there."""
    named = {table.name: table for table in tables}
    for part, cells in suspect.items():
        table = named.get(parts.get(part, ""))
        rows = table.rows if table else []
        for row, column in cells:
            if row <= len(rows) and column <= len(rows[row - 1]) and rows[row - 1][column - 1] == "":
                rows[row - 1][column - 1] = BROKEN


def column_letters(index: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
