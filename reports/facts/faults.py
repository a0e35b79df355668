"""What is wrong in a workbook, cell by cell, and what the reader should merely know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from reports.workbooks.reading import column_letters


class Fault(NamedTuple):
    """One cell that keeps the workbook out: where it is, what stands there, why not, how to mend it.

    ``row`` 0 is the sheet as a whole. ``place`` sorts faults as the workbook is read.
    """

    place: tuple[int, int, int]
    sheet: str
    row: int
    letters: str
    column: str
    value: str
    reason: str
    hint: str

    @property
    def cell(self) -> str:
        """D17; empty for a whole sheet."""
        return f"{self.letters}{self.row}" if self.row else ""

    def line(self) -> str:
        """The fault as one line of the command's answer."""
        where = _("工作表“%(sheet)s”") % {"sheet": self.sheet}
        if self.row:
            spot = {"row": self.row, "column": self.column, "letters": self.letters}
            where += _(" 第%(row)s行 %(letters)s列“%(column)s”") % spot
        what = _(" 写的是“%(value)s”") % {"value": self.value} if self.value else _(" 空着") if self.row else ""
        return f"{where}{what}: {self.reason} {self.hint}".rstrip()


class Place(NamedTuple):
    """A row of a known sheet, as every parsed row carries it."""

    sheet: str
    row: int


@dataclass(slots=True)
class Faults:
    """All faults and warnings found so far.

    ``columns``: sheet → header → index of the column. ``raw``: sheet → its rows as they stand.
    """

    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    raw: dict[str, Sequence[Sequence[object]]] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    found: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, at: Place, column: str, reason: str, hint: str = "") -> None:
        """A fault of the cell in that row under that header."""
        index = self.columns[at.sheet][column]
        cells = self.raw[at.sheet][at.row - 1]
        value = shown(cells[index]) if index < len(cells) else ""
        place = (self.order[at.sheet], at.row, index)
        self.found.append(Fault(place, at.sheet, at.row, column_letters(index), column, value, reason, hint))

    def add_sheet(self, sheet: str, column: str, reason: str, hint: str = "") -> None:
        """A fault of a sheet as a whole."""
        self.found.append(Fault((self.order.get(sheet, 0), 0, 0), sheet, 0, "", column, "", reason, hint))

    def warn(self, words: str) -> None:
        """Something ignored or left alone that the reader should know."""
        if words not in self.warnings:
            self.warnings.append(words)

    def sorted(self) -> list[Fault]:
        """Every fault once, as the workbook is read."""
        return sorted(dict.fromkeys(self.found))


def shown(value: object) -> str:
    """A cell's value as the spreadsheet shows it, near enough."""
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value).strip()[:60]


def nearest(wanted: str, names: Mapping[str, str]) -> str:
    """“E0931(罗文静)?” for a number that looks like ``wanted``: two signs swapped first, then one sign wrong."""
    if not wanted or len(wanted) > 20:
        return ""
    best = min(((_distance(wanted, number), number) for number in names), default=(9, ""))
    if best[0] > 1:
        return ""
    if not names[best[1]]:
        return _("是不是 %(number)s？") % {"number": best[1]}
    return _("是不是 %(number)s（%(name)s）？") % {"number": best[1], "name": names[best[1]]}


def _distance(one: str, other: str) -> int:
    """0 the same but for case, 1 for a swap of two signs or one sign wrong, missing or too many, else 9."""
    one, other = one.upper(), other.upper()
    if one == other:
        return 0
    if len(one) == len(other):
        differing = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        swapped = len(differing) == 2 and one[differing[0]] == other[differing[1]]
        swapped = swapped and one[differing[1]] == other[differing[0]]
        return 1 if swapped or len(differing) == 1 else 9
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if len(longer) - len(shorter) == 1:
        return 1 if any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))) else 9
    return 9
