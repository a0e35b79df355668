"""Write tables as a workbook made to be read and printed: the one place that knows the library that writes.

No cell can become a formula: text is written as text whatever it begins with, and totals are values.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from io import BytesIO
from typing import Any, Generic, TypeVar

from rustpy_xlsxwriter import Format, write_worksheets

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOTAL = "合计"
A4 = 9
HEAD_HEIGHT = 32.0
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}

Cell = str | int | Decimal | date | None
Rule = dict[str, Any] | list[dict[str, Any]]
Row = TypeVar("Row")


class Kind(Enum):
    """How a column's cells look: the number format."""

    TEXT = "@"
    LONG = "@ "
    POINTS = "0.00"
    MONEY = "#,##0.00"
    COUNT = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """A column as data: its head, how a row fills it, its look and its width in characters."""

    title: str
    value: Callable[[Row], Cell]
    kind: Kind = Kind.TEXT
    width: float = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[Row]):
    """A sheet with its head in row 1; ``total`` is a last row worked out by the caller, ``frozen`` columns stay put."""

    name: str
    columns: Sequence[Column[Row]]
    rows: Iterable[Row]
    total: Sequence[Cell] = ()
    frozen: int = 0
    portrait: bool = False


def workbook_bytes(sheets: Sequence[Sheet[Any]], *, footer: str = "") -> bytes:
    """The workbook; ``footer`` is printed at the left of every page, the page's number at its right."""
    target = BytesIO()
    named = {sheet.name: sheet for sheet in sheets}
    write_worksheets(
        [(sheet.name, _records(sheet)) for sheet in sheets],
        target,
        freeze_panes={name: {"row": 1, "col": sheet.frozen} for name, sheet in named.items()},
        column_widths={name: [column.width for column in sheet.columns] for name, sheet in named.items()},
        column_formats={name: [_look(column.kind) for column in sheet.columns] for name, sheet in named.items()},
        header_format={name: _head() for name in named},
        row_heights={name: {0: HEAD_HEIGHT} for name in named},
        autofilter={name: not sheet.total and not sheet.portrait for name, sheet in named.items()},
        conditional_formats={name: _standing_out(sheet) for name, sheet in named.items() if sheet.total},
        page_setup={name: _paper(sheet, footer) for name, sheet in named.items()},
        ignore_errors={
            name: [column.title for column in sheet.columns if column.kind is Kind.TEXT]
            for name, sheet in named.items()
        },
    )
    return target.getvalue()


def _records(sheet: Sheet[Any]) -> Iterator[dict[str, Cell]]:
    """Rows as the library takes them; a table without rows needs an empty one, or it would lose its head."""
    titles = [column.title for column in sheet.columns]
    values = [column.value for column in sheet.columns]
    empty = True
    for row in sheet.rows:
        empty = False
        yield {title: value(row) for title, value in zip(titles, values, strict=True)}
    if sheet.total:
        yield dict(zip(titles, sheet.total, strict=True))
    elif empty:
        yield dict.fromkeys(titles)


def _look(kind: Kind) -> Format:
    look = Format().set_num_format(kind.value.strip()).set_align("vertical_center")
    return look.set_text_wrap() if kind is Kind.LONG else look


def _head() -> Format:
    look = Format().set_bold().set_text_wrap().set_background_color("#E9EDF3").set_border_bottom("thin")
    return look.set_align("center").set_align("vertical_center")


def _standing_out(sheet: Sheet[Any]) -> dict[str, Rule]:
    """The total in bold. The library's own row formats write the row twice, which spreadsheets refuse to open, so
    the look follows the value: a region that equals the total, the only one there is, is bold as well."""
    bold = Format().set_bold().set_background_color("#F4F5F7").set_border_top("thin")
    rules: dict[str, Rule] = {}
    for column, value in zip(sheet.columns, sheet.total, strict=True):
        if isinstance(value, int | Decimal):
            rules[column.title] = {"type": "cell", "criteria": "==", "value": float(value), "format": bold}
        elif value:
            rules[column.title] = {"type": "text", "criteria": "begins_with", "value": str(value), "format": bold}
    return rules


def _paper(sheet: Sheet[Any], footer: str) -> dict[str, Any]:
    """A4, as wide as the page, the head on every page."""
    return {
        "landscape": not sheet.portrait,
        "paper_size": A4,
        "fit_to_pages": (1, 0),
        "repeat_rows": (0, 0),
        "print_gridlines": True,
        "center_horizontally": True,
        "margins": MARGINS,
        "footer": f"&L{footer.replace('&', '&&')}&R&P / &N",
    }
