"""The lines of a printed form: its four scored parts, its incidents and bonuses, as far as the reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import ngettext

from appraisals.facts import FormRecord, ItemRecord, ScoreNote
from appraisals.models import Form
from appraisals.selectors.event_words import cuts_of, kinds_of, month_words
from appraisals.selectors.formulas import formula_words
from appraisals.selectors.methods import method_words
from appraisals.states import CycleKind, Part
from incidents.selectors.counting import Counting
from policy.export import explain_line, upward_mean
from policy.facts import KPI, MANAGEMENT, PARTS
from policy.forms import NOT_APPLICABLE, Line, Scorecard
from policy.rounding import ZERO, cents


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A line of parts 1 to 4 as printed. Scores a reader may not see, or that are not there, are None."""

    name: str
    standard: str
    points: Decimal
    figure: Decimal | None
    unit: str
    source: str
    collected_on: date | None
    formula: str
    own: Decimal | None
    own_level: int | None
    review: Decimal | None
    review_level: int | None
    below: Decimal | None
    score: Decimal | None
    applies: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPart:
    """A part with its lines, the points it was agreed with, and its score once that is final."""

    code: str
    lines: tuple[PaperLine, ...]
    points: Decimal
    score: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEvent:
    """An incident or a bonus as printed; ``why`` says that it happened in another month."""

    number: str
    occurred_on: date
    points: Decimal
    text: str
    found_by: str
    verified_by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the reader may see of the scores."""

    own: bool
    review: bool
    management: bool


def parts_of(card: Scorecard, record: FormRecord, sight: Sight, *, is_final: bool) -> tuple[PaperPart, ...]:
    pairs = list(zip(card.lines, record.items, strict=True))
    parts = []
    for code in PARTS:
        lines = tuple(_line(line, item, sight) for line, item in pairs if line.part == code)
        score = card.part(code).score if is_final else None
        points = sum((line.points for line in lines), ZERO)
        parts.append(PaperPart(code=code, lines=lines, points=points, score=score))
    return tuple(parts)


def _line(line: Line, item: ItemRecord, sight: Sight) -> PaperLine:
    facts, applies = line.facts, line.state != NOT_APPLICABLE
    mean = upward_mean(line) if applies and sight.management else None
    own, review = facts.self_score if sight.own else None, facts.review_score if sight.review else None
    return PaperLine(
        name=line.name,
        standard=item.standard,
        points=line.points,
        figure=facts.figure if applies else None,
        unit=item.unit,
        source=_source(item),
        collected_on=item.collected_on,
        formula=_formula(line, item),
        own=own,
        own_level=_level(item.self_note) if own is not None else None,
        review=review,
        review_level=_level(item.review_note) if review is not None else None,
        below=None if mean is None else cents(mean),
        score=line.score if _shows_score(line, sight) else None,
        applies=applies,
    )


def _source(item: ItemRecord) -> str:
    """Who collected the figure, or how many calls it is the mean of."""
    if item.calls:
        return ngettext("%(n)s 通录音", "%(n)s 通录音", item.calls) % {"n": item.calls}
    return item.collector or item.provider


def _shows_score(line: Line, sight: Sight) -> bool:
    """A KPI's score follows from its figure, which is open; the others say what the superior gave."""
    if line.part == KPI:
        return True
    return sight.management if line.part == MANAGEMENT else sight.review


def _formula(line: Line, item: ItemRecord) -> str:
    """The sum behind a KPI's score; how it will be reckoned while there is no figure; why it does not apply."""
    if line.state == NOT_APPLICABLE:
        return line.facts.not_applicable or ""
    if line.part != KPI:
        return ""
    told = formula_words(explain_line(line)) if line.score is not None else ""
    return told or method_words(item.method, item.parameters)


def _level(note: ScoreNote | None) -> int | None:
    return note.level if note else None


def events_of(form: Form, record: FormRecord, card: Scorecard) -> dict[str, Any]:
    """Parts five and six, and what was cut of them."""
    own = form.cycle.starts_on if form.cycle.kind == CycleKind.MONTH else None
    return {
        "incidents": tuple(_event(event, own) for event in record.incidents),
        "bonuses": tuple(_event(event, own) for event in record.bonuses),
        "deduction_cuts": tuple(cuts_of(card.cuts, {}, deductions=True)),
        "bonus_cuts": tuple(cuts_of(card.cuts, kinds_of(record.bonuses), deductions=False)),
    }


def _event(event: Counting, form_month: date | None) -> PaperEvent:
    return PaperEvent(
        number=event.number,
        occurred_on=event.occurred_on,
        points=event.points,
        text=event.text,
        found_by=event.found_by,
        verified_by=event.verified_by,
        why=month_words(event, form_month),
    )


def named_parts(parts: Sequence[PaperPart]) -> dict[str, PaperPart]:
    """Part code → part, for a page that sets each in its own columns."""
    return {Part(part.code).value: part for part in parts}
