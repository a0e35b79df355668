"""The editor's sheet as the page draws it: a card per chapter, in each some rows of cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from appraisals.forms.schemes import GRADES, Sheet, number_in
from appraisals.selectors.scheme_fields import FIELDS, FLAG, GROUPS, NUMBERS, WHOLE, field_of, row_title
from appraisals.selectors.scheme_words import HEADS

SUMS = ("managerial", "non_managerial", "upward")
TABLES = {"levels": "levels", "terms": "month_timeline", "year": "grades"}
RULE_CELLS = ("code", "kind", "times", "side", "threshold", "consequence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One input: its name, words, value and faults; ``sum_of`` is the sum it is part of.

    ``hint`` is what leaving it empty means; of a box the value it sends.
    """

    name: str
    label: str
    kind: str
    value: str
    unit: str = ""
    hint: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sum_of: str = ""

    @property
    def is_number(self) -> bool:
        """Typed with the number keys."""
        return self.kind in NUMBERS

    @property
    def is_whole(self) -> bool:
        """Without a decimal point."""
        return self.kind == WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Cells beside each other; ``drop`` is the place of a rule that can be taken away."""

    title: str = ""
    note: str = ""
    cells: list[Cell] = field(default_factory=list)
    drop: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows that belong together; ``total`` is their live sum, None without one."""

    code: str
    rows: list[Row]
    total: Decimal | None = None
    errors: list[str] = field(default_factory=list)
    is_table: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A chapter."""

    code: str
    clause: str
    title: str
    blocks: list[Block]
    can_add: bool = False

    @property
    def faults(self) -> int:
        """How many fields have to be looked at again."""
        cells = (cell for block in self.blocks for row in block.rows for cell in row.cells)
        return sum(bool(cell.errors) for cell in cells) + sum(bool(block.errors) for block in self.blocks)


def panels_of(sheet: Sheet) -> list[Panel]:
    """The chapters in the document's order, with everything that can be edited."""
    return [
        Panel(code=code, clause=clause, title=str(title), blocks=_blocks(sheet, code), can_add=code == "triggers")
        for code, (clause, title) in HEADS.items()
    ]


def _blocks(sheet: Sheet, chapter: str) -> list[Block]:
    sums = [_sum_block(sheet, group) for group in SUMS if _chapter_of(group) == chapter]
    plain = [name for name, one in FIELDS.items() if one.chapter == chapter and name in sheet.typed and "." not in name]
    cells = [_cell(sheet, name) for name in plain if name != "improvement_grades"]
    blocks = [*sums, *([Block(code=chapter, rows=[Row(cells=cells)])] if cells else [])]
    if chapter in TABLES:
        blocks.append(_table(sheet, TABLES[chapter]))
    if chapter == "triggers":
        blocks.append(_rules(sheet))
    if chapter == "improvement":
        blocks.append(_plans(sheet))
    return blocks


def _chapter_of(group: str) -> str:
    return next(one.chapter for name, one in FIELDS.items() if name.startswith(f"{group}."))


def _sum_block(sheet: Sheet, group: str) -> Block:
    paths = [path for path in sheet.typed if path.startswith(f"{group}.")]
    row = Row(title=str(GROUPS[group]), cells=[_cell(sheet, path, sum_of=group) for path in paths])
    return Block(code=group, rows=[row], total=_total(sheet, paths), errors=_errors(sheet, group))


def _table(sheet: Sheet, group: str) -> Block:
    """The rows of a table that has always the same ones."""
    rows, quotas = [], []
    for held in sheet.base[group]:
        code = str(held["code"])
        paths = [f"{group}.{code}.{key}" for key in held if key != "code"]
        shown = [path for path in paths if not field_of(path).is_fixed]
        quotas += [path for path in shown if path.endswith(".quota")]
        cells = [_cell(sheet, path, sum_of="grades" if path.endswith(".quota") else "") for path in shown]
        note = str((field_of(f"{group}.{code}.anchor").choices or {}).get(held.get("anchor"), ""))
        title = row_title(group, code, {code: held["name"]})
        rows.append(Row(title=title, note=note, cells=cells))
    total = _total(sheet, quotas) if quotas else None
    return Block(code=group, rows=rows, total=total, errors=_errors(sheet, group), is_table=True)


def _rules(sheet: Sheet) -> Block:
    rows = []
    for place, typed in enumerate(sheet.rules):
        cells = [_rule_cell(sheet, place, key, typed[key]) for key in RULE_CELLS]
        path = f"triggers.{place}.rank"
        rank = Cell(
            name=path, label=_("轻重，1最重"), kind=WHOLE, value=typed.get("rank", ""), errors=_errors(sheet, path)
        )
        title = _("规则%(n)s") % {"n": place + 1}
        rows.append(Row(title=title, cells=[*cells, rank], drop=str(place)))
    errors = [*_errors(sheet, "triggers"), *_errors(sheet, "gravity")]
    return Block(code="triggers", rows=rows, errors=errors, is_table=True)


def _rule_cell(sheet: Sheet, place: int, key: str, value: str) -> Cell:
    path, known = f"triggers.{place}.{key}", FIELDS[f"triggers.*.{key}"]
    return Cell(
        name=path,
        label=str(known.label),
        kind=known.kind,
        value=value,
        unit=str(known.unit),
        choices=_choices(known.choices.items()) if known.choices else [],
        errors=_errors(sheet, path),
    )


def _plans(sheet: Sheet) -> Block:
    """Which rules and which grades of the year ask for an improvement plan."""
    rules = [
        _box(f"triggers.{place}.plan", row.get("code") or _("规则%(n)s") % {"n": place + 1}, "1", row.get("plan", ""))
        for place, row in enumerate(sheet.rules)
    ]
    chosen = sheet.typed["improvement_grades"]
    grades = [_box("improvement_grades", code, code, code if code in chosen else "") for code in GRADES]
    titles = (FIELDS["improvement_rules"].label, FIELDS["improvement_grades"].label)
    rows = [Row(title=str(title), cells=cells) for title, cells in zip(titles, (rules, grades), strict=True)]
    errors = [*_errors(sheet, "improvement_rules"), *_errors(sheet, "improvement_grades")]
    return Block(code="plans", rows=rows, errors=errors)


def _box(name: str, label: str, value: str, chosen: str) -> Cell:
    """A box to tick."""
    return Cell(name=name, label=label, kind=FLAG, value=chosen, hint=value)


def _cell(sheet: Sheet, path: str, *, sum_of: str = "") -> Cell:
    known = field_of(path)
    return Cell(
        name=path,
        label=str(known.label),
        kind=known.kind,
        value=sheet.typed.get(path, ""),
        unit=str(known.unit),
        hint="1" if known.kind == FLAG else str(known.empty),
        choices=_choices(known.choices.items()) if known.choices else [],
        errors=_errors(sheet, path),
        sum_of=sum_of,
    )


def _choices(pairs: Iterable[tuple[str, object]]) -> list[tuple[str, str]]:
    return [(code, str(word)) for code, word in pairs]


def _errors(sheet: Sheet, path: str) -> list[str]:
    return sheet.faults.get(path, [])


def _total(sheet: Sheet, paths: Iterable[str]) -> Decimal:
    """As far as they are numbers."""
    return sum((number_in(sheet.typed.get(path, "")) or Decimal(0) for path in paths), Decimal(0))
