"""A call's sheet as its pages show it: a row per item with all its levels, nothing left to compute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from common.forms import whole_number
from common.wording import short
from policy.monitoring import CallScore
from quality.facts.call_words import sum_words
from quality.forms.assessing import NOT_APPLICABLE
from quality.models import Assessment, CallNote, Dispute, RubricItem
from quality.selectors.assessments import score_of
from quality.states import DisputeState
from quality.templatetags.drift import clock

NOT_APPLICABLE_KEY = "X"
"""No digit: 0 would be taken for the level that gives no points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """A level as a card: ``key`` is the key that chooses it; ``is_old`` was given before a ruling."""

    value: str
    key: str
    points: Decimal | None
    text: str
    chosen: bool
    is_old: bool = False
    is_second: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item with its levels, what was given, the comment and the dispute about it."""

    pk: int
    number: int
    name: str
    points: Decimal
    levels: list[LevelRow]
    given: Decimal | None
    is_off: bool
    is_open: bool
    note: str = ""
    at: str = ""
    seconds: int | None = None
    dispute: Dispute | None = None
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_low(self) -> bool:
        """Scored below full marks, or left out: what an agent may want to object to."""
        return self.is_off or (self.given is not None and self.given < self.points)

    @property
    def better(self) -> list[LevelRow]:
        """What an upheld objection may put instead."""
        given = self.given
        return [
            one for one in self.levels if not one.chosen and (one.points is None or given is None or one.points > given)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    """A category with its items; ``given`` and ``applying`` are the sums of those that have a level."""

    name: str
    points: Decimal
    given: Decimal
    applying: Decimal
    rows: list[ItemRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class SumRow:
    """An item in the list beside the sheet."""

    pk: int
    number: int
    name: str
    points: Decimal
    given: Decimal | None
    is_off: bool
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SumView:
    """What changes with every level: the score so far by the policy core, in words, and what is still open."""

    score: CallScore
    words: str
    rows: list[SumRow]

    @property
    def open_count(self) -> int:
        """How many items have no level yet."""
        return len(self.score.open)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """The whole sheet: categories with their items, the fatal fault and the remark."""

    categories: list[CategoryRow]
    fatal_id: int | None
    fatal_note: str
    remark: str
    fatal_dispute: Dispute | None
    fatal_before: list[Dispute]
    fatal_said: Mapping[str, str]
    marks: list[CallNote]


def sum_view(assessment: Assessment) -> SumView:
    """The sums of an assessment; reads its rubric's items and its scores."""
    score = score_of(assessment)
    given = {one.item_id: one for one in assessment.scores.all()}
    rows = [
        SumRow(
            pk=item.pk,
            number=number,
            name=item.display_name,
            points=item.points,
            given=given[item.pk].points if item.pk in given else None,
            is_off=item.pk in given and given[item.pk].is_not_applicable,
            is_open=item.pk not in given,
        )
        for number, item in enumerate(assessment.rubric.items.all(), start=1)
    ]
    return SumView(score=score, words=sum_words(score), rows=rows)


def sheet_view(
    assessment: Assessment,
    *,
    typed: Mapping[str, str] | None = None,
    second: Assessment | None = None,
    disputes: Sequence[Dispute] = (),
    may_object_again: bool = False,
) -> SheetView:
    """The assessment's sheet; ``typed`` is what was sent and refused, shown instead of what stands.

    ``second`` is the blind scoring of the same call, for those who may see both. ``may_object_again``: the last
    objection to the fatal fault is over and another one may follow.
    """
    typed = typed or {}
    found = {one.item_id: one for one in disputes}
    faults = [one for one in disputes if one.item_id is None]
    fatal = found.get(None) if not may_object_again else None
    levels = {one.item_id: _value(one.points) for one in assessment.scores.all()}
    seconds = {one.item_id: _value(one.points) for one in second.scores.all()} if second else {}
    notes = {one.item_id: one for one in assessment.notes.all()}
    categories: dict[str, list[ItemRow]] = {}
    for number, item in enumerate(assessment.rubric.items.all(), start=1):
        chosen = typed.get(f"level-{item.pk}", levels.get(item.pk, ""))
        row = _row(item, number, chosen, notes.get(item.pk), found.get(item.pk), seconds.get(item.pk, ""))
        categories.setdefault(item.display_category, []).append(_as_typed(row, typed))
    return SheetView(
        categories=[_category(name, rows) for name, rows in categories.items()],
        fatal_id=whole_number(typed.get("fatal", str(assessment.fatal_fault_id or ""))),
        fatal_note=typed.get("fatal_note", assessment.fatal_note),
        remark=typed.get("remark", assessment.remark),
        fatal_dispute=fatal,
        fatal_before=[one for one in faults if one != fatal],
        fatal_said=_said(typed, "fatal", fatal),
        marks=[note for note in assessment.notes.all() if note.at_second is not None],
    )


def _row(
    item: RubricItem, number: int, chosen: str, note: CallNote | None, dispute: Dispute | None, second: str
) -> ItemRow:
    old = ""
    if dispute is not None and dispute.state == DisputeState.UPHELD:
        old = _value(dispute.old_points)
    rows = [
        LevelRow(
            value=short(level.points),
            key=str(place),
            points=level.points,
            text=level.display_description,
            chosen=chosen == short(level.points),
            is_old=old == short(level.points),
            is_second=second == short(level.points),
        )
        for place, level in enumerate(item.levels.all(), start=1)
    ]
    if item.may_not_apply:
        rows.append(
            LevelRow(
                value=NOT_APPLICABLE,
                key=NOT_APPLICABLE_KEY,
                points=None,
                text="",
                chosen=chosen == NOT_APPLICABLE,
                is_old=old == NOT_APPLICABLE,
                is_second=second == NOT_APPLICABLE,
            )
        )
    given = next((row.points for row in rows if row.chosen), None)
    return ItemRow(
        pk=item.pk,
        number=number,
        name=item.display_name,
        points=item.points,
        levels=rows,
        given=given,
        is_off=chosen == NOT_APPLICABLE,
        is_open=not any(row.chosen for row in rows),
        note=note.text if note else "",
        at=clock(note.at_second) if note else "",
        seconds=note.at_second if note else None,
        dispute=dispute,
    )


def _as_typed(row: ItemRow, typed: Mapping[str, str]) -> ItemRow:
    note, at = typed.get(f"note-{row.pk}", row.note), typed.get(f"at-{row.pk}", row.at)
    return replace(row, note=note, at=at, said=_said(typed, str(row.pk), row.dispute))


def _said(typed: Mapping[str, str], key: str, dispute: Dispute | None) -> dict[str, str]:
    """What was typed about an objection and refused."""
    found = {"reason": typed.get(f"reason-{key}", "")}
    if dispute is not None:
        found |= {name: typed.get(f"{name}-{dispute.pk}", "") for name in ("upheld", "level", "ruling")}
    return found


def _category(name: str, rows: list[ItemRow]) -> CategoryRow:
    scored = [row for row in rows if row.given is not None]
    return CategoryRow(
        name=name,
        points=sum((row.points for row in rows), Decimal(0)),
        given=sum((row.given for row in scored if row.given is not None), Decimal(0)),
        applying=sum((row.points for row in scored), Decimal(0)),
        rows=rows,
    )


def _value(points: Decimal | None) -> str:
    return NOT_APPLICABLE if points is None else short(points)
