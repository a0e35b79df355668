"""The form on paper (A1): from the frozen result once there is one, else from what stands on the form today.

What a reader may not see yet is left out here, before any template: see ``appraisals.permissions``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.facts import FormRecord, Sources, assemble, counted_in
from appraisals.models import Form
from appraisals.permissions import may_see_review, may_see_self
from appraisals.selectors.records import (
    FormRow,
    ScoreRow,
    adjustments_of,
    form_months,
    item_rows,
    people_named,
    score_rows,
    upward_points,
)
from appraisals.selectors.schemes import rules_of
from appraisals.states import OPEN_STATES, CycleKind, DataSource
from appraisals.workflow import Hat
from common.selectors import calendar_between
from common.wording import month
from incidents.selectors.counting import counting_bonuses, counting_incidents
from policy.facts import Entry
from policy.forms import build_scorecard
from policy.rounding import ZERO
from policy.workdays import Anchors, due_on
from quality.selectors.sums import call_sums
from reports.selectors.paper_parts import PaperEvent, PaperPart, Sight, events_of, parts_of
from scoring.facts.snapshots import Frozen, read_snapshot
from scoring.models import Result, Signature
from scoring.states import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A form ready to be printed. ``is_final``: it shows a result, whose version and check code stand at the foot.

    ``deducted`` and ``added`` are what counts; the cuts say, a sentence each, what was claimed beyond it.
    """

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
    incidents: tuple[PaperEvent, ...]
    bonuses: tuple[PaperEvent, ...]
    deduction_cuts: tuple[str, ...]
    bonus_cuts: tuple[str, ...]
    deducted: Decimal
    added: Decimal
    adjusted: Decimal
    adjustments: tuple[Entry, ...]
    total: Decimal | None
    full_marks: Decimal | None
    coefficient: Decimal | None
    version: int | None
    check_code: str
    owner_signature: Signature | None
    own_signature: Signature | None
    appeal_until: date | None


def paper_of(form: Form, hats: frozenset[Hat], reader: int) -> Paper:
    """The paper as somebody wearing ``hats`` may read it."""
    if form.state not in OPEN_STATES and may_see_review(form, hats):
        return _final(form, Result.objects.get(form=form, superseded_at__isnull=True))
    return _live(form, hats, reader)


def _final(form: Form, result: Result) -> Paper:
    frozen: Frozen = read_snapshot(result.snapshot)
    head, card = frozen.head, frozen.card
    signatures = {row.side: row for row in result.signatures.select_related("signer")}
    everything = Sight(own=True, review=True, management=True)
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
        parts=parts_of(card, frozen.record, everything, is_final=True),
        **events_of(form, frozen.record, card),
        deducted=card.deducted,
        added=card.added,
        adjusted=card.adjusted,
        adjustments=tuple(frozen.record.facts.adjustments),
        total=card.total,
        full_marks=card.full_marks,
        coefficient=card.coefficient,
        version=result.version,
        check_code=result.check_code,
        owner_signature=signatures.get(Side.OWNER),
        own_signature=signatures.get(Side.APPRAISEE),
        appeal_until=result.appeal_until or _appeal_until(form, result.published_at),
    )


def _live(form: Form, hats: frozenset[Hat], reader: int) -> Paper:
    record = _record_today(form, reader)
    card = build_scorecard(record.facts, rules_of(form.cycle.scheme))
    sees_review = may_see_review(form, hats)
    # A mean that moves with every rater would give each of them away: not before consolidation.
    closed = form.state not in OPEN_STATES
    sight = Sight(own=may_see_self(form, hats), review=sees_review, management=sees_review and closed)
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
        parts=parts_of(card, record, sight, is_final=False),
        **events_of(form, record, card),
        deducted=card.deducted,
        added=card.added,
        adjusted=ZERO,
        adjustments=(),
        total=None,
        full_marks=None,
        coefficient=None,
        version=None,
        check_code="",
        owner_signature=None,
        own_signature=None,
        appeal_until=None,
    )


def _record_today(form: Form, reader: int) -> FormRecord:
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
        calls=call_sums([person], cycle.starts_on, cycle.ends_on, reader=reader) if monitored else {},
        scores=scores,
        upward=upward_points([form.pk]) if form.is_managerial and form.state not in OPEN_STATES else {},
        evidence={},
        people=people_named(pk for pk in named if pk is not None),
        adjustments=adjustments_of([form.pk]),
    )
    # A quarter's or a year's form takes what happened in its period, whatever month has counted it.
    spans = cycle.kind != CycleKind.MONTH
    months = [date(cycle.starts_on.year, number, 1) for number in range(1, 13)] if spans else [cycle.starts_on]
    known = form_months([person])
    incidents = counted_in([head], counting_incidents([person], months), known)[form.pk]
    bonuses = counted_in([head], counting_bonuses([person], months), known)[form.pk]
    return assemble(head, rows, sources, (incidents, bonuses), (0, 0))


def _period(form: Form) -> str:
    """2026年10月, 2026年第4季度 or 2026年度."""
    cycle = form.cycle
    if cycle.kind == CycleKind.MONTH:
        return month(cycle.starts_on, "year")
    words = _("%(year)s年度") if cycle.kind == CycleKind.YEAR else _("%(year)s年第%(n)s季度")
    return words % {"year": cycle.starts_on.year, "n": (cycle.ends_on.month + 2) // 3}


def _appeal_until(form: Form, published_at: datetime | None) -> date | None:
    if published_at is None:
        return None
    received = timezone.localdate(published_at)
    anchors = Anchors(form.cycle.starts_on, form.cycle.ends_on, received_on=received)
    return due_on("appeal", anchors, rules_of(form.cycle.scheme), calendar_between(received, received))
