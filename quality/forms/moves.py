"""Rows of the editor's sheet come, go and change places; nothing is stored by that.

A move is written ``word:where``: ``add_item:0``, ``up_item:0-2``, ``drop_level:0-2-1``, ``add_fault``.
"""

from collections.abc import Callable
from typing import TypeVar

from common.forms import whole_number
from quality.forms.sheet import CategoryRow, FaultRow, ItemRow, LevelRow, Sheet

MOST_ROWS = 60
FRESH_LEVELS = 3

Row = TypeVar("Row")


def move(sheet: Sheet, words: str) -> bool:
    """Do it; False for a move that doesn't exist, or a place that isn't there."""
    name, _colon, where = words.partition(":")
    path = [number for part in where.split("-") if (number := whole_number(part)) is not None]
    if name not in MOVES or (where and len(path) != where.count("-") + 1):
        return False
    try:
        MOVES[name](sheet, *path)
    except (IndexError, TypeError):  # a place that is not there, or too few or many numbers
        return False
    return True


def _add(rows: list[Row], row: Row) -> None:
    if len(rows) < MOST_ROWS:
        rows.append(row)


def _swap(rows: list[Row], first: int) -> None:
    if first < 0:
        raise IndexError
    rows[first], rows[first + 1] = rows[first + 1], rows[first]


def _item_up(sheet: Sheet, category: int, item: int) -> None:
    """Over the first place it goes to the end of the category before."""
    rows = sheet.categories[category].items
    if item:
        _swap(rows, item - 1)
    elif category:
        sheet.categories[category - 1].items.append(rows.pop(item))


def _item_down(sheet: Sheet, category: int, item: int) -> None:
    """Beyond the last place it goes to the head of the next category."""
    rows = sheet.categories[category].items
    if item + 1 < len(rows):
        _swap(rows, item)
    elif category + 1 < len(sheet.categories):
        sheet.categories[category + 1].items.insert(0, rows.pop(item))


MOVES: dict[str, Callable[..., None]] = {
    "add_category": lambda sheet: _add(sheet.categories, CategoryRow(items=[_fresh_item()])),
    "drop_category": lambda sheet, c: sheet.categories.pop(c),
    "up_category": lambda sheet, c: _swap(sheet.categories, c - 1),
    "down_category": lambda sheet, c: _swap(sheet.categories, c),
    "add_item": lambda sheet, c: _add(sheet.categories[c].items, _fresh_item()),
    "drop_item": lambda sheet, c, i: sheet.categories[c].items.pop(i),
    "up_item": _item_up,
    "down_item": _item_down,
    "add_level": lambda sheet, c, i: _add(sheet.categories[c].items[i].levels, LevelRow()),
    "drop_level": lambda sheet, c, i, n: sheet.categories[c].items[i].levels.pop(n),
    "add_fault": lambda sheet: _add(sheet.faults, FaultRow()),
    "drop_fault": lambda sheet, f: sheet.faults.pop(f),
    "up_fault": lambda sheet, f: _swap(sheet.faults, f - 1),
    "down_fault": lambda sheet, f: _swap(sheet.faults, f),
}


def _fresh_item() -> ItemRow:
    return ItemRow(levels=[LevelRow() for _level in range(FRESH_LEVELS)])
