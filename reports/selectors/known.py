"""What the portal already knows about the things a workbook speaks of, by their own names, in few statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from appraisals.models import Figure, Form, Item, Scheme, Score, UpwardTurn
from appraisals.states import CycleKind
from people.facts import PayBasis
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
from people.selectors import held_from_leaving, pay_basis
from people.states import Role
from reports.selectors.known_records import (
    KnownBonus,
    KnownCall,
    KnownLevel,
    KnownShare,
    counted_events,
    known_bonuses,
    known_calls,
    known_levels,
    known_shares,
)
from scoring.models import AnnualResult, PastGrade
from scoring.states import ReviewState

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything a workbook is compared with."""

    regions: Mapping[str, tuple[int, str]]
    positions: Mapping[str, KnownPost]
    grades: Mapping[tuple[str, str], KnownGrade]
    people: Mapping[str, KnownPerson]
    held: Mapping[str, PayBasis]
    """By what those are paid whose case of dismissal or demotion is open."""
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
    shares: Mapping[str, list[KnownShare]]
    bonuses: Mapping[str, KnownBonus]
    counted_events: Mapping[tuple[str, str], str]
    calls: Mapping[str, KnownCall]
    call_scores: Mapping[int, dict[str, Decimal]]
    past_grades: Mapping[tuple[int, str], tuple[int, str]]
    published_grades: Mapping[tuple[int, str], str]


def known_for(wanted: Wanted) -> Known:
    """Read all of it; the number of statements grows only with the batches of record numbers."""
    grades = _rows(KnownGrade, Grade.objects.all(), "pk", "position__code", "name", "post_wage", "pay_cap", "rank")
    schemes = Scheme.objects.order_by("effective_on", "pk")
    turns = DutyTurn.objects.values_list("month", "pk", "officer__number")
    past = PastGrade.objects.filter(year__in=wanted.years).values_list("year", "employee__number", "pk", "grade")
    posts = _rows(KnownPost, Position.objects.all(), "pk", "code", "name", "position_class")
    members = _held(GroupMember.objects.filter(ends_before__isnull=True), "employee__number", "duty")
    bonuses = known_bonuses(wanted.bonuses)
    people = {person.number: person for person in _people()}
    return Known(
        regions={code: (pk, name) for pk, code, name in Region.objects.values_list("pk", "code", "name")},
        positions={post.code: post for post in posts},
        grades={(grade.position, grade.name): grade for grade in grades},
        people=people,
        held=_held_basis(people),
        lines=list(_held(ReportingLine.objects.order_by("starts_on"), "employee__number", "superior__number")),
        assignments=list(_held(OwnerAssignment.objects.all(), "employee__number", "owner__number")),
        managers=list(_held(RoleGrant.objects.filter(role=Role.DEPARTMENT), "employee__number", "role")),
        members={seat.number: seat for seat in members},
        rota={month: (pk, number) for month, pk, number in turns},
        schemes=list(schemes),
        levels=known_levels(),
        shares=known_shares(wanted.incidents),
        bonuses=bonuses,
        counted_events=counted_events(bonuses.values()),
        published_grades=_published_grades({*wanted.years, *(year + 1 for year in wanted.years)}),
        past_grades={(year, number): (pk, grade) for year, number, pk, grade in past},
        **known_calls(wanted.calls),
        **_forms(wanted.months),
    )


def _published_grades(years: Collection[int]) -> dict[tuple[int, str], str]:
    """Year and number → the grade this portal has published; no workbook says otherwise, nor of the year before it."""
    rows = AnnualResult.objects.filter(review__year__in=years, review__state=ReviewState.PUBLISHED).order_by()
    found = rows.values_list("review__year", "employee__number", "grade")
    return {(year, number): grade for year, number, grade in found}


def _rows(kind: type[Row], rows: QuerySet[Any], *names: str) -> list[Row]:
    return [kind(*values) for values in rows.values_list(*names)]


def _held_basis(people: Mapping[str, KnownPerson]) -> dict[str, PayBasis]:
    ids = {number: pk for number in held_from_leaving() if (pk := people[number].pk) is not None}
    basis = pay_basis(ids.values(), timezone.localdate())
    return {number: basis[pk] for number, pk in ids.items()}


def _people() -> list[KnownPerson]:
    names = ("pk", "number", "name", "region__code", "position__code", "grade__name")
    return _rows(KnownPerson, Employee.objects.order_by(), *names, "hired_on", "left_on", "base_salary", "email")


def _held(rows: QuerySet[Any], number: str, other: str) -> list[Held]:
    return _rows(Held, rows, "pk", number, other, "starts_on", "ends_before")


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
