"""The form on paper (A1): from the frozen result once there is one, else from what stands on the form today.

What a reader may not see yet is left out here, before any template: see ``appraisals.permissions``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.facts import FormRecord, ItemRecord, ScoreNote, Sources, assemble, counted_in
from appraisals.models import Form
from appraisals.permissions import may_see_review, may_see_self
from appraisals.selectors.formulas import formula_words
from appraisals.selectors.methods import method_words
from appraisals.selectors.records import (
    FormRow,
    ScoreRow,
    item_rows,
    open_months,
    people_named,
    score_rows,
    upward_points,
)
from appraisals.selectors.schemes import rules_of
from appraisals.states import OPEN_STATES, CycleKind, DataSource, Part
from appraisals.workflow import Hat
from common.selectors import calendar_between
from common.wording import month
from incidents.selectors.counting import Counting, counting_bonuses, counting_incidents
from policy.export import explain_line, upward_mean
from policy.facts import KPI, MANAGEMENT, PARTS
from policy.forms import NOT_APPLICABLE, Line, Scorecard, build_scorecard
from policy.rounding import ZERO, cents
from policy.workdays import Anchors, due_on
from quality.selectors.sums import call_sums
from scoring.facts.snapshots import Frozen, read_snapshot
from scoring.models import Result, Signature
from scoring.states import Side


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
class Paper:
    """A form ready to be printed. ``is_final``: it shows a result, whose version and check code stand at the foot."""

    form: Form
    period: str
    is_final: bool
    region: str
    name: str
    number: str
    position: str
    owner: str
    scheme: str
    assessed_on: date | None
    parts: tuple[PaperPart, ...]
    incidents: tuple[Counting, ...]
    bonuses: tuple[Counting, ...]
    deducted: Decimal
    added: Decimal
    adjusted: Decimal
    total: Decimal | None
    full_marks: Decimal | None
    coefficient: Decimal | None
    version: int | None
    check_code: str
    owner_signature: Signature | None
    own_signature: Signature | None
    appeal_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """What the reader may see of the scores."""

    own: bool
    review: bool
    management: bool


def paper_of(form: Form, hats: frozenset[Hat]) -> Paper:
    """The paper as somebody wearing ``hats`` may read it."""
    if form.state not in OPEN_STATES and may_see_review(form, hats):
        return _final(form, Result.objects.get(form=form, superseded_at__isnull=True))
    return _live(form, hats)


def _final(form: Form, result: Result) -> Paper:
    frozen: Frozen = read_snapshot(result.snapshot)
    head, card = frozen.head, frozen.card
    signatures = {row.side: row for row in result.signatures.select_related("signer")}
    everything = _Sight(own=True, review=True, management=True)
    return Paper(
        form=form,
        period=_period(form),
        is_final=True,
        region=head.region,
        name=head.name,
        number=head.number,
        position=head.position,
        owner=head.owner,
        scheme=head.scheme,
        assessed_on=timezone.localdate(result.consolidated_at),
        parts=_parts(card, frozen.record, everything, is_final=True),
        incidents=frozen.record.incidents,
        bonuses=frozen.record.bonuses,
        deducted=card.deducted,
        added=card.added,
        adjusted=card.adjusted,
        total=card.total,
        full_marks=card.full_marks,
        coefficient=card.coefficient,
        version=result.version,
        check_code=result.check_code,
        owner_signature=signatures.get(Side.OWNER),
        own_signature=signatures.get(Side.APPRAISEE),
        appeal_until=_appeal_until(form, result.published_at),
    )


def _live(form: Form, hats: frozenset[Hat]) -> Paper:
    record = _record_today(form)
    card = build_scorecard(record.facts, rules_of(form.cycle.scheme))
    sees_review = may_see_review(form, hats)
    # A mean that moves with every rater would give each of them away: not before consolidation.
    closed = form.state not in OPEN_STATES
    sight = _Sight(own=may_see_self(form, hats), review=sees_review, management=sees_review and closed)
    return Paper(
        form=form,
        period=_period(form),
        is_final=False,
        region=form.region.name,
        name=form.employee.name,
        number=form.employee.number,
        position=form.position.display_name,
        owner=form.owner.name,
        scheme=form.cycle.scheme.version,
        assessed_on=None,
        parts=_parts(card, record, sight, is_final=False),
        incidents=record.incidents,
        bonuses=record.bonuses,
        deducted=card.deducted,
        added=card.added,
        adjusted=ZERO,
        total=None,
        full_marks=None,
        coefficient=None,
        version=None,
        check_code="",
        owner_signature=None,
        own_signature=None,
        appeal_until=None,
    )


def _record_today(form: Form) -> FormRecord:
    """What stands on the form, read for one form and for paper: no evidence files, no turnout of the subordinates."""
    cycle, person = form.cycle, form.employee_id
    head = FormRow(form.pk, person, form.state, cycle.kind, cycle.starts_on, cycle.ends_on)
    rows = item_rows([form.pk])
    scores: dict[int, dict[str, ScoreRow]] = {}
    for score in score_rows([form.pk]):
        scores.setdefault(score.item_id, {})[score.kind] = score
    named = {row.provider_id for row in rows} | {row.collector_id for row in rows}
    monitored = any(row.data_source == DataSource.MONITORING for row in rows)
    sources = Sources(
        calls=call_sums([person], cycle.starts_on, cycle.ends_on) if monitored else {},
        scores=scores,
        upward=upward_points([form.pk]) if form.is_managerial and form.state not in OPEN_STATES else {},
        evidence={},
        people=people_named(pk for pk in named if pk is not None),
    )
    # A quarter's or a year's form takes what happened in its period, whatever month has counted it.
    spans = cycle.kind != CycleKind.MONTH
    months = [date(cycle.starts_on.year, number, 1) for number in range(1, 13)] if spans else [cycle.starts_on]
    still_open = open_months([person])
    incidents = counted_in([head], counting_incidents([person], months), still_open)[form.pk]
    bonuses = counted_in([head], counting_bonuses([person], months), still_open)[form.pk]
    return assemble(head, rows, sources, (incidents, bonuses), (0, 0))


def _period(form: Form) -> str:
    """2026年10月, 2026年第4季度 or 2026年度."""
    cycle = form.cycle
    if cycle.kind == CycleKind.MONTH:
        return month(cycle.starts_on, "year")
    words = _("%(year)s年度") if cycle.kind == CycleKind.YEAR else _("%(year)s年第%(n)s季度")
    return words % {"year": cycle.starts_on.year, "n": (cycle.ends_on.month + 2) // 3}


def _parts(card: Scorecard, record: FormRecord, sight: _Sight, *, is_final: bool) -> tuple[PaperPart, ...]:
    pairs = list(zip(card.lines, record.items, strict=True))
    parts = []
    for code in PARTS:
        lines = tuple(_line(line, item, sight) for line, item in pairs if line.part == code)
        score = card.part(code).score if is_final else None
        points = sum((line.points for line in lines), ZERO)
        parts.append(PaperPart(code=code, lines=lines, points=points, score=score))
    return tuple(parts)


def _line(line: Line, item: ItemRecord, sight: _Sight) -> PaperLine:
    facts, applies = line.facts, line.state != NOT_APPLICABLE
    mean = upward_mean(line) if applies and sight.management else None
    own, review = facts.self_score if sight.own else None, facts.review_score if sight.review else None
    return PaperLine(
        name=line.name,
        standard=item.standard,
        points=line.points,
        figure=facts.figure if applies else None,
        unit=item.unit,
        source=item.collector or item.provider,
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


def _shows_score(line: Line, sight: _Sight) -> bool:
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


def _appeal_until(form: Form, published_at: datetime | None) -> date | None:
    if published_at is None:
        return None
    received = timezone.localdate(published_at)
    anchors = Anchors(form.cycle.starts_on, form.cycle.ends_on, received_on=received)
    return due_on("appeal", anchors, rules_of(form.cycle.scheme), calendar_between(received, received))


def named_parts(parts: Sequence[PaperPart]) -> dict[str, PaperPart]:
    """Part code → part, for a page that sets each in its own columns."""
    return {Part(part.code).value: part for part in parts}
