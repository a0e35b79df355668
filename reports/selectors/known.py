"""What the portal already knows about the things a workbook speaks of, by their own names, in few statements."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from appraisals.models import Figure, Form, Item, Scheme, Score, UpwardTurn
from appraisals.states import CycleKind
from incidents.models import Bonus, Involvement
from people.models import (
    DutyTurn,
    Employee,
    Grade,
    GroupMember,
    OwnerAssignment,
    Position,
    Region,
    ReportingLine,
    RoleGrant,
)
from people.states import Role
from quality.models import AssessmentScore, Call, RubricLevel
from quality.states import AssessmentKind
from scoring.models import PastGrade

MANY = 500
FormKey = tuple[date, str]
Row = TypeVar("Row", bound=tuple[Any, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to look up: the months of forms, the records, the years."""

    months: frozenset[date]
    incidents: frozenset[str]
    bonuses: frozenset[str]
    calls: frozenset[str]
    years: frozenset[int]


class KnownPost(NamedTuple):
    pk: int
    code: str
    name: str
    position_class: str


class KnownGrade(NamedTuple):
    pk: int
    position: str
    name: str
    post_wage: Decimal
    pay_cap: Decimal
    rank: int


class KnownPerson(NamedTuple):
    pk: int | None
    number: str
    name: str
    region: str | None
    position: str | None
    grade: str | None
    hired_on: date | None
    left_on: date | None
    base_salary: Decimal | None
    email: str


class Held(NamedTuple):
    """Who (``number``) has stood in what relation to whom, from when until before when."""

    pk: int | None
    number: str
    other: str
    starts_on: date
    ends_before: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)


class KnownForm(NamedTuple):
    pk: int
    month: date
    number: str
    state: str
    owner: str
    position_class: str


class KnownItem(NamedTuple):
    pk: int
    form_id: int
    part: str
    name: str
    standard: str
    points: Decimal
    method: str
    parameters: str
    data_source: str
    provider: str | None
    not_applicable: str


class KnownFigure(NamedTuple):
    item_id: int
    pk: int
    value: Decimal | None
    collected_on: date
    basis: str


class KnownScore(NamedTuple):
    item_id: int
    kind: str
    pk: int
    points: Decimal
    rater: str
    version: int


class KnownEvent(NamedTuple):
    """An incident or a bonus: its two people are finder and verifier, or first and second checker."""

    pk: int
    record: str
    occurred_on: date
    number: str
    text: str
    first: str | None
    second: str | None
    points: Decimal
    state: str
    counted_month: date | None


class KnownCall(NamedTuple):
    """``listener`` and ``rubric_id`` are None while nobody has begun to score it."""

    pk: int
    record: str
    called_on: date
    number: str
    listener: str | None
    rubric_id: int | None


class KnownLevel(NamedTuple):
    rubric_id: int
    starts_on: date
    item_id: int
    category: str
    item: str
    full: Decimal
    order: int
    points: Decimal
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything a workbook is compared with."""

    regions: Mapping[str, tuple[int, str]]
    positions: Mapping[str, KnownPost]
    grades: Mapping[tuple[str, str], KnownGrade]
    people: Mapping[str, KnownPerson]
    lines: list[Held]
    assignments: list[Held]
    managers: list[Held]
    members: Mapping[str, Held]
    rota: Mapping[date, tuple[int, str]]
    schemes: list[Scheme]
    levels: list[KnownLevel]
    forms: Mapping[FormKey, KnownForm]
    items: Mapping[int, list[KnownItem]]
    figures: Mapping[int, KnownFigure]
    scores: Mapping[tuple[int, str], KnownScore]
    turns: Mapping[tuple[int, str], bool]
    incidents: Mapping[tuple[str, str], KnownEvent]
    bonuses: Mapping[str, KnownEvent]
    calls: Mapping[str, KnownCall]
    call_scores: Mapping[int, dict[str, Decimal]]
    past_grades: Mapping[tuple[int, str], tuple[int, str]]


def known_for(wanted: Wanted) -> Known:
    """Read all of it; the number of statements grows only with the batches of record numbers."""
    grades = _rows(KnownGrade, Grade.objects.all(), "pk", "position__code", "name", "post_wage", "pay_cap", "rank")
    schemes = Scheme.objects.order_by("effective_on", "pk")
    turns = DutyTurn.objects.values_list("month", "pk", "officer__number")
    past = PastGrade.objects.filter(year__in=wanted.years).values_list("year", "employee__number", "pk", "grade")
    posts = _rows(KnownPost, Position.objects.all(), "pk", "code", "name", "position_class")
    members = _held(GroupMember.objects.filter(ends_before__isnull=True), "employee__number", "duty")
    return Known(
        regions={code: (pk, name) for pk, code, name in Region.objects.values_list("pk", "code", "name")},
        positions={post.code: post for post in posts},
        grades={(grade.position, grade.name): grade for grade in grades},
        people={person.number: person for person in _people()},
        lines=list(_held(ReportingLine.objects.order_by("starts_on"), "employee__number", "superior__number")),
        assignments=list(_held(OwnerAssignment.objects.all(), "employee__number", "owner__number")),
        managers=list(_held(RoleGrant.objects.filter(role=Role.DEPARTMENT), "employee__number", "role")),
        members={seat.number: seat for seat in members},
        rota={month: (pk, number) for month, pk, number in turns},
        schemes=list(schemes),
        levels=list(_levels()),
        incidents={
            (event.record, event.number): event
            for event in _events(
                Involvement,
                wanted.incidents,
                "incident__",
                "incident__description",
                "incident__found_by",
                "verified_by",
            )
        },
        bonuses={
            event.record: event
            for event in _events(Bonus, wanted.bonuses, "", "grounds", "first_checker", "second_checker")
        },
        past_grades={(year, number): (pk, grade) for year, number, pk, grade in past},
        **_calls(wanted.calls),
        **_forms(wanted.months),
    )


def _rows(kind: type[Row], rows: QuerySet[Any], *names: str) -> list[Row]:
    return [kind(*values) for values in rows.values_list(*names)]


def _people() -> list[KnownPerson]:
    names = ("pk", "number", "name", "region__code", "position__code", "grade__name")
    return _rows(KnownPerson, Employee.objects.order_by(), *names, "hired_on", "left_on", "base_salary", "email")


def _held(rows: QuerySet[Any], number: str, other: str) -> list[Held]:
    return _rows(Held, rows, "pk", number, other, "starts_on", "ends_before")


def _levels() -> list[KnownLevel]:
    rows = RubricLevel.objects.order_by("item__rubric__starts_on", "item__rubric_id", "item__order", "-points")
    item = ("item__rubric_id", "item__rubric__starts_on", "item_id", "item__category", "item__name", "item__points")
    return _rows(KnownLevel, rows, *item, "item__order", "points", "description")


def _forms(months: Collection[date]) -> dict[str, Any]:
    """Forms of the months with their items, current figures, scores and upward turns."""
    within = {"cycle__kind": CycleKind.MONTH, "cycle__starts_on__in": list(months)}
    of_item = {f"form__{name}": value for name, value in within.items()}
    deep = {f"item__{name}": value for name, value in of_item.items()}
    names = ("pk", "cycle__starts_on", "employee__number", "state", "owner__number", "position_class")
    forms = _rows(KnownForm, Form.objects.filter(**within).order_by(), *names)
    items: dict[int, list[KnownItem]] = {}
    fields = ("pk", "form_id", "part", "name", "standard", "points", "method", "parameters", "data_source")
    rows = Item.objects.filter(**of_item).order_by("form_id", "part", "order", "pk")
    for item in _rows(KnownItem, rows, *fields, "provider__number", "not_applicable_reason"):
        items.setdefault(item.form_id, []).append(item)
    current = Figure.objects.filter(superseded_at__isnull=True, **deep).order_by()
    figures = _rows(KnownFigure, current, "item_id", "pk", "value", "collected_on", "basis")
    given = Score.objects.filter(**deep).order_by()
    scores = _rows(KnownScore, given, "item_id", "kind", "pk", "points", "rater__number", "version")
    turns = UpwardTurn.objects.filter(**of_item).values_list("form_id", "rater__number", "is_done")
    return {
        "forms": {(form.month, form.number): form for form in forms},
        "items": items,
        "figures": {figure.item_id: figure for figure in figures},
        "scores": {(score.item_id, score.kind): score for score in scores},
        "turns": {(form, rater): is_done for form, rater, is_done in turns},
    }


def _events(model: type[Involvement] | type[Bonus], records: Iterable[str], to: str, *names: str) -> list[KnownEvent]:
    """``to`` leads from the row to the record that has the number and the day."""
    words, first, second = names
    head = ("pk", f"{to}number", f"{to}occurred_on", "employee__number", words, f"{first}__number", f"{second}__number")
    found: list[KnownEvent] = []
    for batch in in_batches(records):
        rows: QuerySet[Any] = model._default_manager.filter(**{f"{to}number__in": batch}).order_by()
        found += _rows(KnownEvent, rows, *head, "points", "state", "counted_month")
    return found


def _calls(records: Iterable[str]) -> dict[str, Any]:
    calls: dict[str, KnownCall] = {}
    scores: dict[int, dict[str, Decimal]] = {}
    names = ("pk", "number", "called_on", "employee__number", "assessments__listener__number", "assessments__rubric_id")
    first = Q(assessments__isnull=True) | Q(assessments__kind=AssessmentKind.FIRST)
    for batch in in_batches(records):
        rows = Call.objects.filter(first, number__in=batch).order_by()
        calls |= {call.record: call for call in _rows(KnownCall, rows, *names)}
        given = AssessmentScore.objects.filter(
            assessment__call__number__in=batch, assessment__kind=AssessmentKind.FIRST, points__isnull=False
        )
        for call, item, points in given.values_list("assessment__call_id", "item__name", "points"):
            scores.setdefault(call, {})[item] = points
    return {"calls": calls, "call_scores": scores}


def in_batches(values: Iterable[str]) -> Iterator[list[str]]:
    """The values, sorted, a few hundred at a time."""
    ordered = sorted(values)
    for start in range(0, len(ordered), MANY):
        yield ordered[start : start + MANY]
