"""Read one form for its page and put its record together: the facts the core scores, and what explains them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from appraisals.facts import FormRecord, Sources, assemble, counted_in
from appraisals.models import Form, Score
from appraisals.permissions import hats_on, may_see_review, may_see_self
from appraisals.selectors.records import FormRow, ScoreRow, adjustments_of, months_of, upward_points
from appraisals.selectors.schemes import rules_of
from appraisals.selectors.sheets import SheetItem, sheet_items, sheet_scores
from appraisals.states import OPEN_STATES, CycleKind, DataSource, ScoreKind
from appraisals.workflow import Hat, Piece, may_edit
from incidents.permissions import Judge
from incidents.selectors.counting import FormMonths, Shown, shown_events
from people.facts import Standing
from people.models import Employee
from policy.facts import ItemFacts
from policy.forms import Scorecard, build_scorecard
from policy.rounding import ZERO
from policy.schemes import Scheme as Rules
from quality.selectors.sums import call_sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """What the reader of a form is to it, may write on it and may see of it."""

    person_id: int
    hats: frozenset[Hat]
    piece: Piece | None
    sees_self: bool
    sees_review: bool
    marks_items: bool
    marks_kpis: bool

    @property
    def is_own(self) -> bool:
        return Hat.APPRAISEE in self.hats


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A form with everything its page needs. ``card`` is what the viewer may know: before his result is published
    the appraisee's own scores stand where the review's will. ``blind_call``: the mean of calls is kept from him until
    he has scored that one a second time."""

    form: Any  # a Form with the counts of ``with_turnout``
    viewer: Viewer
    rules: Rules
    record: FormRecord
    card: Scorecard
    items: dict[int, SheetItem]
    scores: dict[tuple[int, str], Score]
    incidents: list[Shown]
    bonuses: list[Shown]
    closed_months: frozenset[date]
    blind_call: int | None


def viewer_of(form: Form, person: Employee, standing: Standing) -> Viewer:
    """The viewer's rights, from the tables."""
    hats = hats_on(form, person, standing)
    pieces = (piece for piece in (Piece.SELF_SCORES, Piece.REVIEW_SCORES) if may_edit(piece, form.state, hats))
    return Viewer(
        person_id=person.pk,
        hats=hats,
        piece=next(pieces, None),
        sees_self=may_see_self(form, hats),
        sees_review=may_see_review(form, hats),
        marks_items=may_edit(Piece.ITEM_NOT_APPLICABLE, form.state, hats),
        marks_kpis=may_edit(Piece.KPI_NOT_APPLICABLE, form.state, hats),
    )


def gather(form: Form, person: Employee, standing: Standing) -> Gathered:
    """Everything about one form, in at most eight statements."""
    viewer, rules = viewer_of(form, person, standing), rules_of(form.cycle.scheme)
    items = sheet_items(form.pk)
    scores = {(score.item_id, score.kind): score for score in sheet_scores(form.pk)}
    head = FormRow(form.pk, form.employee_id, form.state, form.cycle.kind, form.cycle.starts_on, form.cycle.ends_on)
    known = months_of(form.employee_id)
    months = {form.employee_id: FormMonths.of(known)}
    shown = shown_events(form.employee_id, _months(head), Judge(person, standing))
    incidents, bonuses = (_of_month(head, events, months) for events in shown)
    sources = _sources(head, items, scores, person.pk)
    record = assemble(
        head,
        [item.row for item in items],
        sources,
        ([one.event for one in incidents if one.is_confirmed], [one.event for one in bonuses if one.is_confirmed]),
        (getattr(form, "asked", 0), getattr(form, "rated", 0)),
    )
    facts = record.facts
    if not viewer.sees_self:  # nor may a total or a formula let a draft shine through
        facts = facts._replace(items=[item._replace(self_score=None) for item in facts.items])
    if not viewer.sees_review:
        facts = facts._replace(items=[_as_own(item) for item in facts.items])
    return Gathered(
        form=form,
        viewer=viewer,
        rules=rules,
        record=record,
        card=build_scorecard(facts, rules),
        items={item.row.pk: item for item in items},
        scores=scores,
        incidents=incidents,
        bonuses=bonuses,
        closed_months=frozenset(month for month, is_open in known.items() if not is_open),
        blind_call=next((one.blind_call for one in sources.calls.values() if one.blind_call), None),
    )


def _as_own(item: ItemFacts) -> ItemFacts:
    """The appraisee's own score in the review's place; neither the superior's nor the subordinates' shines through."""
    return item._replace(review_score=item.self_score, upward_sum=ZERO, upward_count=0)


def _sources(head: FormRow, items: list[SheetItem], scores: dict[tuple[int, str], Score], reader: int) -> Sources:
    by_item: dict[int, dict[str, ScoreRow]] = {}
    for (item, kind), score in scores.items():
        row = ScoreRow(item, kind, score.points, score.level, score.fact, score.rater_id)
        by_item.setdefault(item, {})[kind] = row
    monitored = any(item.row.data_source == DataSource.MONITORING for item in items)
    people = {item.row.provider_id: ("", item.provider) for item in items if item.row.provider_id}
    people |= {item.row.collector_id: ("", item.collector) for item in items if item.row.collector_id}
    is_managerial = any(kind == ScoreKind.SUPERIOR for _item, kind in scores)
    is_shown = is_managerial and head.state not in OPEN_STATES
    return Sources(
        calls=call_sums([head.employee_id], head.starts_on, head.ends_on, reader=reader) if monitored else {},
        scores=by_item,
        upward=upward_points([head.pk]) if is_shown else {},
        evidence={item.row.figure_id: item.evidence for item in items if item.row.figure_id},
        people=people,
        adjustments=adjustments_of([head.pk]),
    )


def _months(head: FormRow) -> set[date]:
    if head.kind == CycleKind.MONTH:
        return {head.starts_on}
    return {date(head.starts_on.year, month, 1) for month in range(1, 13)}


def _of_month(head: FormRow, events: list[Shown], months: dict[int, FormMonths]) -> list[Shown]:
    """Those of the events that are this form's."""
    mine = {event.pk for event in counted_in([head], [shown.event for shown in events], months)[head.pk]}
    return [shown for shown in events if shown.event.pk in mine]
