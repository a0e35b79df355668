"""A person's own workbook with the wrong cells marked red, the reason in a note on each."""

from collections.abc import Iterable
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from reports.workbooks.guard import check_workbook

RED = PatternFill("solid", start_color="F8C7C2")
AUTHOR = "客服绩效"
# The library that keeps a workbook's looks takes far more memory than the one that only reads.
LARGEST = 4 * 1024 * 1024


def marked_copy(content: bytes, marks: Iterable[tuple[str, int, str, str]]) -> bytes:
    """The workbook with (sheet, row, column letters, words) marked; a mark of a whole sheet (row 0) goes to A1."""
    check_workbook(content)
    book = load_workbook(BytesIO(content))
    sheets = {sheet.title.strip(): sheet for sheet in book.worksheets}
    for name, row, letters, words in marks:
        if name not in sheets:
            continue
        cell = sheets[name][f"{letters}{row}" if row else "A1"]
        before = f"{cell.comment.text}\n" if cell.comment else ""
        cell.fill = RED
        cell.comment = Comment(before + words, AUTHOR, height=90, width=260)
    target = BytesIO()
    book.save(target)
    return target.getvalue()
