"""Open a written workbook and look inside, as the people and programs that get it do."""

import re
import zipfile
from io import BytesIO
from typing import Any

import openpyxl


def opened(content: bytes) -> Any:
    """The workbook as openpyxl reads it, formulas as text."""
    return openpyxl.load_workbook(BytesIO(content))


def table(content: bytes, sheet: str) -> list[dict[str, Any]]:
    """A sheet as rows by head."""
    head, *rows = opened(content)[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def heads(content: bytes, sheet: str) -> list[str]:
    """The first row."""
    return [cell.value for cell in opened(content)[sheet][1]]


def formulas(content: bytes) -> list[str]:
    """Every formula element of every sheet; also what a spreadsheet would run from outside."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        sheets = [archive.read(name).decode() for name in names if name.startswith("xl/worksheets/")]
    found = [match for sheet in sheets for match in re.findall(r"<f[ >/]", sheet)]
    return found + [name for name in names if "external" in name.lower() or "hyperlink" in name.lower()]
