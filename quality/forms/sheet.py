"""The editor's sheet of a monitoring standard: rows as they were typed, moved about, and read into one value.

Names of fields say where they stand: ``c-0-i-2-l-1-points`` is the second level of the third item of the first
category.
Nothing typed is ever dropped but rows that are wholly empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any, NamedTuple
from unicodedata import normalize

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import StyledForm, whole_number
from common.wording import short
from quality.facts.standards import FaultFacts, ItemFacts, LevelFacts, PlanFacts, StandardFacts

WIDTH = 20
FARTHEST = 6
"""Beyond this exponent a number is a joke or an attack."""
Tree = dict[str, Any]


class HeadForm(StyledForm):
    """Version, note and the plan's numbers."""

    version = forms.CharField(label=gettext_lazy("版本"), max_length=20)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
    per_agent = forms.IntegerField(label=gettext_lazy("每人每月几通"), min_value=0, max_value=1000)
    new_agent = forms.IntegerField(label=gettext_lazy("新人每月几通"), min_value=0, max_value=1000)
    new_days = forms.IntegerField(label=gettext_lazy("入职多少天内算新人"), min_value=0, max_value=3650)
    min_for_kpi = forms.IntegerField(label=gettext_lazy("少于几通要提醒"), min_value=0, max_value=1000)
    pass_mark = forms.DecimalField(label=gettext_lazy("合格线"), min_value=0, max_digits=6, decimal_places=2)
    second_share = forms.IntegerField(label=gettext_lazy("复听比例（%）"), min_value=0, max_value=100)
    dispute_days = forms.IntegerField(label=gettext_lazy("提异议期限（工作日）"), min_value=0, max_value=365)


@dataclass(slots=True)
class LevelRow:
    """A level as typed."""

    points: str = ""
    description: str = ""
    description_en: str = ""
    is_bad: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.points or self.description or self.description_en)


@dataclass(slots=True)
class ItemRow:
    """An item as typed."""

    name: str = ""
    name_en: str = ""
    points: str = ""
    may_not_apply: bool = False
    levels: list[LevelRow] = field(default_factory=list)
    is_bad: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.name_en or self.points) and all(level.is_empty for level in self.levels)


@dataclass(slots=True)
class CategoryRow:
    """A category as typed."""

    name: str = ""
    name_en: str = ""
    items: list[ItemRow] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """The full marks of its items, as far as they are numbers."""
        return sum((number for item in self.items if (number := _number(item.points)) is not None), Decimal(0))


@dataclass(slots=True)
class FaultRow:
    """A fatal fault as typed; ``kind`` the key of its kind of incident."""

    code: str = ""
    name: str = ""
    name_en: str = ""
    kind: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.code or self.name or self.name_en or self.kind)


class Reading(NamedTuple):
    """What the sheet says, and why it could not be read as a whole."""

    facts: StandardFacts | None
    problems: list[str]


@dataclass(slots=True)
class Sheet:
    """The whole editor."""

    head: HeadForm
    categories: list[CategoryRow]
    faults: list[FaultRow]

    @property
    def total(self) -> Decimal:
        """The full marks of all items, as far as they are numbers."""
        return sum((category.total for category in self.categories), Decimal(0))

    def read(self) -> Reading:
        """The standard that is typed; None where a number is missing or is none, each of these named."""
        problems = list(self._head_problems())
        items = [item for category in self.categories for item in _items_of(category, problems)]
        if problems:
            return Reading(None, problems)
        typed = self.head.cleaned_data
        faults = tuple(
            FaultFacts(row.code, row.name, row.name_en, whole_number(row.kind))
            for row in self.faults
            if not row.is_empty
        )
        plan = PlanFacts(*(typed[name] for name in PlanFacts._fields))
        version, note = typed["version"], typed["note"]
        return Reading(
            StandardFacts(version=version, note=note, plan=plan, items=tuple(items), faults=faults), problems
        )

    def _head_problems(self) -> Iterator[str]:
        for name, errors in self.head.errors.items():
            yield from (_("%(label)s：%(error)s") % {"label": self.head[name].label, "error": one} for one in errors)


def sheet_of(facts: StandardFacts) -> Sheet:
    """The sheet of a stored version."""
    head = HeadForm(initial={"version": facts.version, "note": facts.note, **facts.plan._asdict()})
    head.initial["pass_mark"] = short(facts.plan.pass_mark)
    groups = groupby(facts.items, key=lambda item: (item.category, item.category_en))
    categories = [CategoryRow(zh, en, [_item_row(item) for item in items]) for (zh, en), items in groups]
    faults = [FaultRow(one.code, one.name, one.name_en, str(one.incident_kind_id or "")) for one in facts.faults]
    return Sheet(head, categories, faults)


def sheet_from(data: Mapping[str, str]) -> Sheet:
    """The sheet as it was posted."""
    tree = _tree(data)
    categories = [
        CategoryRow(_text(row, "name"), _text(row, "en"), [_posted_item(item) for item in _rows(row, "i")])
        for row in _rows(tree, "c")
    ]
    faults = [FaultRow(*(_text(row, name) for name in ("code", "name", "en", "kind"))) for row in _rows(tree, "f")]
    return Sheet(HeadForm(data), categories, faults)


def _tree(data: Mapping[str, str]) -> Tree:
    tree: Tree = {}
    for name, value in data.items():
        *path, last = name.split("-")
        if not path or len(path) > 6:
            continue
        node = tree
        for step in path:
            below = node.setdefault(step, {})
            if not isinstance(below, dict):
                break
            node = below
        else:
            node[last] = value
    return tree


def _rows(node: Tree, name: str) -> Iterator[Tree]:
    found = node.get(name)
    numbered = found.items() if isinstance(found, dict) else ()
    known = [(number, row) for key, row in numbered if (number := whole_number(key)) is not None]
    yield from (row for _number_, row in sorted(known, key=lambda one: one[0]) if isinstance(row, dict))


def _text(node: Tree, name: str) -> str:
    value = node.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _posted_item(node: Tree) -> ItemRow:
    levels = [LevelRow(_text(row, "points"), _text(row, "zh"), _text(row, "en")) for row in _rows(node, "l")]
    name, name_en, points = (_text(node, part) for part in ("name", "en", "points"))
    return ItemRow(name, name_en, points, bool(_text(node, "na")), levels)


def _item_row(item: ItemFacts) -> ItemRow:
    levels = [LevelRow(short(level.points), level.description, level.description_en) for level in item.levels]
    return ItemRow(item.name, item.name_en, short(item.points), item.may_not_apply, levels)


def _items_of(category: CategoryRow, problems: list[str]) -> Iterator[ItemFacts]:
    for row in category.items:
        if row.is_empty:
            continue
        points = _number(row.points)
        row.is_bad = points is None
        where = row.name or category.name
        if points is None:
            problems.append(_("“%(name)s”的满分要填数字，现在是“%(text)s”。") % _said(where, row.points))
        levels = list(_levels_of(row, where, problems))
        yield ItemFacts(
            category=category.name,
            name=row.name,
            points=points or Decimal(0),
            levels=tuple(sorted(levels, key=lambda level: -level.points)),
            may_not_apply=row.may_not_apply,
            category_en=category.name_en,
            name_en=row.name_en,
        )


def _levels_of(row: ItemRow, where: str, problems: list[str]) -> Iterator[LevelFacts]:
    for level in row.levels:
        if level.is_empty:
            continue
        points = _number(level.points)
        level.is_bad = points is None
        if points is None:
            problems.append(_("“%(name)s”的等级分要填数字，现在是“%(text)s”。") % _said(where, level.points))
        yield LevelFacts(points or Decimal(0), level.description, level.description_en)


def _said(where: str, text: str) -> dict[str, str]:
    return {"name": where, "text": text[:WIDTH]}


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(normalize("NFKC", text))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= FARTHEST else None
