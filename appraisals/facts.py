"""What is known about forms, gathered for the policy core and for the page that explains it (P1).

Reading is set-based: as many statements for one form as for five hundred. What is computed from the facts belongs to
``policy``; the rows come from the selectors.

Confidential (P4.4): while a form is open the subordinates' ratings are left out, or each new one could be found by
difference. ``sealed=True`` is for consolidation, which counts them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from appraisals.selectors.records import (
    FormRow,
    ItemRow,
    ScoreRow,
    adjustments_of,
    evidence_counts,
    form_months,
    form_rows,
    item_rows,
    people_named,
    score_rows,
    upward_points,
    upward_turnout,
)
from appraisals.states import OPEN_STATES, CycleKind, DataSource, ScoreKind
from incidents.selectors.counting import Counting, FormMonths, counting_bonuses, counting_incidents, month_counted
from policy.facts import KPI, PARTS, Entry, FormFacts, ItemFacts
from policy.parameters import read_params
from policy.rounding import ZERO, cents, quotient
from quality.selectors.sums import CallSum, call_sums

_PLACE = {part: place for place, part in enumerate(PARTS)}
_SELF, _REVIEW, _SUPERIOR = ScoreKind.SELF.value, ScoreKind.REVIEW.value, ScoreKind.SUPERIOR.value
_NOTHING: dict[str, ScoreRow] = {}
_NOBODY = ("", "")
_UNRATED = (ZERO, 0)
_new = tuple.__new__


class ScoreNote(NamedTuple):
    """How a score was given: its level if it was one, the fact behind it, by whom."""

    level: int | None
    fact: str
    rater: str


class ItemRecord(NamedTuple):
    """What stands on one item besides its facts. ``calls`` counts the monitored calls behind the figure."""

    facts: ItemFacts
    standard: str
    unit: str
    method: str
    parameters: str
    data_source: str
    provider_id: int | None
    provider: str
    collected_on: date | None
    collector: str
    basis: str
    evidence: int
    calls: int
    self_note: ScoreNote | None
    review_note: ScoreNote | None


class FormRecord(NamedTuple):
    """A form's facts with what explains them; ``asked`` and ``rated`` count the subordinates."""

    facts: FormFacts
    items: tuple[ItemRecord, ...]
    incidents: tuple[Counting, ...]
    bonuses: tuple[Counting, ...]
    asked: int
    rated: int


class Sources(NamedTuple):
    """Everything read for a batch, by the key it is looked up with."""

    calls: dict[tuple[int, int, int], CallSum]
    scores: dict[int, dict[str, ScoreRow]]
    upward: dict[int, list[Decimal]]
    evidence: dict[int, int]
    people: dict[int, tuple[str, str]]
    adjustments: dict[int, list[Entry]]


def form_facts(form_ids: Iterable[int], *, sealed: bool = False) -> dict[int, FormFacts]:
    """Form id → its facts; a constant number of statements."""
    return {pk: record.facts for pk, record in each_record(form_ids, sealed=sealed, explained=False)}


def form_records(form_ids: Iterable[int], *, sealed: bool = False) -> dict[int, FormRecord]:
    """Form id → its facts and what explains them; a constant number of statements."""
    return dict(each_record(form_ids, sealed=sealed))


def each_record(
    form_ids: Iterable[int], *, sealed: bool = False, explained: bool = True
) -> Iterator[tuple[int, FormRecord]]:
    """As ``form_records``, one after the other: everything is read at the first, each is put together when asked for.

    Whoever needs a form's record only once holds one at a time, which is also the faster way through thousands.
    Not ``explained``, names and files are left unread: nothing is scored by them.
    """
    ids = list(form_ids)
    forms = form_rows(ids)
    if not forms:
        return
    items: dict[int, list[ItemRow]] = {}
    rows = item_rows(ids)
    for row in rows:
        items.setdefault(row.form_id, []).append(row)
    shown = ids if sealed else [form.pk for form in forms if form.state not in OPEN_STATES]
    sources = _sources(forms, rows, shown, explained=explained)
    turnout = upward_turnout(ids)
    incidents, bonuses = _events(forms)
    for form in forms:
        events = incidents[form.pk], bonuses[form.pk]
        yield form.pk, assemble(form, items.get(form.pk, []), sources, events, turnout.get(form.pk, (0, 0)))


def _sources(forms: list[FormRow], rows: list[ItemRow], shown: list[int], *, explained: bool) -> Sources:
    ids = [form.pk for form in forms]
    adjusted = [form.pk for form in forms if form.is_adjusted]  # hardly ever any: it spares a statement
    monitored = {row.form_id for row in rows if row.data_source == DataSource.MONITORING}
    agents = [form for form in forms if form.pk in monitored]
    calls = {}
    if agents:
        first, last = min(form.starts_on for form in agents), max(form.ends_on for form in agents)
        calls = call_sums([form.employee_id for form in agents], first, last)
    scores: defaultdict[int, dict[str, ScoreRow]] = defaultdict(dict)
    given = score_rows(ids)
    for score in given:
        scores[score.item_id][score.kind] = score
    people = {row.provider_id for row in rows} | {row.collector_id for row in rows} | {row.rater_id for row in given}
    return Sources(
        calls=calls,
        scores=scores,
        upward=upward_points(shown) if shown else {},
        evidence=evidence_counts(ids) if explained else {},
        people=people_named(person for person in people if person is not None) if explained else {},
        adjustments=adjustments_of(adjusted) if adjusted else {},
    )


def _events(forms: list[FormRow]) -> tuple[dict[int, list[Counting]], dict[int, list[Counting]]]:
    """Form id → the confirmed incidents and the confirmed bonuses that count in it.

    A month's form takes what its month gets by ``month_counted``; the form of a quarter or year takes what happened
    in its period, whatever month has counted it.
    """
    people = {form.employee_id for form in forms}
    months = {form.starts_on for form in forms if form.kind == CycleKind.MONTH}
    spans = [form for form in forms if form.kind != CycleKind.MONTH]
    if spans:
        first, last = min(form.starts_on for form in spans), max(form.ends_on for form in spans)
        months |= {date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)}
    incidents = counting_incidents(people, months)
    bonuses = counting_bonuses(people, months)
    waiting = {event.employee_id for event in (*incidents, *bonuses) if event.counted_month is None}
    months_of = form_months(waiting)
    return counted_in(forms, incidents, months_of), counted_in(forms, bonuses, months_of)


def counted_in(
    forms: list[FormRow], events: list[Counting], months_of: Mapping[int, FormMonths]
) -> dict[int, list[Counting]]:
    """Form id → the events that count in it."""
    by_person: dict[int, list[tuple[date | None, Counting]]] = {}
    for event in events:
        month = month_counted(event, months_of.get(event.employee_id, FormMonths()))
        by_person.setdefault(event.employee_id, []).append((month, event))
    return {
        form.pk: [
            event
            for month, event in by_person.get(form.employee_id, ())
            if (
                month == form.starts_on
                if form.kind == CycleKind.MONTH
                else form.starts_on <= event.occurred_on <= form.ends_on
            )
        ]
        for form in forms
    }


def assemble(
    form: FormRow,
    rows: list[ItemRow],
    sources: Sources,
    events: tuple[list[Counting], list[Counting]],
    turnout: tuple[int, int],
) -> FormRecord:
    """Put one form's record together from what was read for it."""
    rows.sort(key=lambda row: (_PLACE[row[2]], row[3], row[1]))
    items = tuple([_item(form, row, sources) for row in rows])
    incidents, bonuses = events
    by_month = form.kind != CycleKind.MONTH
    facts = FormFacts(
        items=tuple([item.facts for item in items]),
        incidents=entries_of(incidents, by_month=by_month),
        bonuses=entries_of(bonuses, by_month=by_month),
        adjustments=tuple(sources.adjustments.get(form.pk, ())),
    )
    return FormRecord(facts, items, tuple(incidents), tuple(bonuses), *turnout)


def entries_of(events: Iterable[Counting], *, by_month: bool) -> tuple[Entry, ...]:
    """The events as the core counts them; ``by_month`` on the form of a quarter or year, where each month has limits
    of its own and an event falls under those of the month it happened in."""
    return tuple(
        [
            Entry(
                event.number,
                event.points,
                event.text,
                event.kind,
                event.cap,
                event.voids_bonus,
                f"{event.occurred_on:%Y-%m}" if by_month else "",
            )
            for event in events
        ]
    )


def _item(form: FormRow, row: ItemRow, sources: Sources) -> ItemRecord:
    """One item's record; written for the ten thousand forms of a large month, so it unpacks and fills by place."""
    (_form, pk, part, _order, name, standard, points, unit, method, text, source, provider, reason,
     figure_id, figure, is_void, basis, collected_on, collector) = row  # fmt: skip
    calls = 0
    if source == DataSource.MONITORING:
        figure, calls = _monitored(form, sources.calls)
    scores = sources.scores.get(pk) or _NOTHING
    own = scores.get(_SELF)
    review = scores.get(_REVIEW) or scores.get(_SUPERIOR)
    ratings = sources.upward.get(pk)
    # None where the method can't be read (a target still being drafted): the item then waits for a figure.
    params = read_params(method, text).params if part == KPI else None
    given = own.points if own else None, review.points if review else None
    upward = (cents(sum(ratings, ZERO)), len(ratings)) if ratings else _UNRATED
    void = reason or (basis if is_void else None)
    facts: ItemFacts = _new(ItemFacts, (pk, part, name, points, params, figure, *given, *upward, void))
    people = sources.people
    head = (facts, standard, unit, method, text, source, provider, people.get(provider or 0, _NOBODY)[1])
    origin = (
        collected_on,
        people.get(collector or 0, _NOBODY)[1],
        basis or "",
        sources.evidence.get(figure_id or 0, 0),
        calls,
    )
    record: ItemRecord = _new(ItemRecord, (*head, *origin, _note(own, people), _note(review, people)))
    return record


def _note(score: ScoreRow | None, people: dict[int, tuple[str, str]]) -> ScoreNote | None:
    if score is None:
        return None
    note: ScoreNote = _new(ScoreNote, (score.level, score.fact, people.get(score.rater_id, _NOBODY)[1]))
    return note


def _monitored(form: FormRow, sums: dict[tuple[int, int, int], CallSum]) -> tuple[Decimal | None, int]:
    """The mean total of the calls monitored in the form's period, 2 decimals, and how many they are (A2).

    Nothing for a reader who is blind to one of its months: the mean of the others would not be the form's.
    """
    total, calls = ZERO, 0
    for month in range(form.starts_on.month, form.ends_on.month + 1):
        found = sums.get((form.employee_id, form.starts_on.year, month))
        if found:
            if found.blind_call is not None:
                return None, 0
            total, calls = total + found.total, calls + found.calls
    return (quotient(total, Decimal(calls)) if calls else None), calls
