"""What the portal already knows of the incidents, bonuses and calls a workbook speaks of, and of their standard."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from incidents.models import Bonus, Involvement
from incidents.states import EventState
from quality.models import Assessment, AssessmentScore, Call, Dispute, RubricLevel
from quality.states import AssessmentKind, AssessmentState, RubricState

MANY = 500


class KnownShare(NamedTuple):
    """One person's share in an incident; ``filer`` is who filed the record here, None if a workbook brought it."""

    pk: int
    record: str
    occurred_on: date
    number: str
    text: str
    finder: str
    verifier: str | None
    filer: str | None
    points: Decimal
    filed_points: Decimal
    state: str
    counted_month: date | None
    confirmed_at: datetime | None


class KnownBonus(NamedTuple):
    """A bonus claim; ``raiser`` is who raised it here, None if a workbook brought it."""

    pk: int
    record: str
    occurred_on: date
    number: str
    text: str
    first: str | None
    second: str | None
    raiser: str | None
    points: Decimal
    event: str
    state: str
    counted_month: date | None
    confirmed_at: datetime | None
    first_checked_at: datetime | None


class KnownCall(NamedTuple):
    """A call with its first scoring, whose fields are None while nobody has begun it.

    ``is_registered``: a person registered it here. ``is_own``: it was scored here, so there is more to it than a
    workbook says: a term to dispute it, an item that does not apply, a fatal fault.
    """

    pk: int
    record: str
    called_on: date
    number: str
    drawn_why: str
    drawn_at: datetime | None
    counted_month: date | None
    is_registered: bool
    listener: str | None
    state: str | None
    total: Decimal | None
    version: int | None
    is_own: bool
    is_disputed: bool
    is_scored_twice: bool


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


def known_shares(records: Iterable[str]) -> dict[str, list[KnownShare]]:
    """Record → the shares of everybody concerned, the first named first."""
    names = ("pk", "incident__number", "incident__occurred_on", "employee__number", "incident__description")
    people = ("incident__found_by__number", "verified_by__number", "incident__filed_by__number")
    rest = ("points", "filed_points", "state", "counted_month", "confirmed_at")
    found: dict[str, list[KnownShare]] = {}
    for batch in in_batches(records):
        rows = Involvement.objects.filter(incident__number__in=batch).order_by("pk")
        for share in map(KnownShare._make, rows.values_list(*names, *people, *rest)):
            found.setdefault(share.record, []).append(share)
    return found


def known_bonuses(records: Iterable[str]) -> dict[str, KnownBonus]:
    """Number → the claim."""
    names = ("pk", "number", "occurred_on", "employee__number", "grounds")
    people = ("first_checker__number", "second_checker__number", "raised_by__number")
    rest = ("points", "event", "state", "counted_month", "confirmed_at", "first_checked_at")
    found: dict[str, KnownBonus] = {}
    for batch in in_batches(records):
        rows = Bonus.objects.filter(number__in=batch).order_by().values_list(*names, *people, *rest)
        found |= {bonus.record: bonus for bonus in map(KnownBonus._make, rows)}
    return found


def counted_events(bonuses: Iterable[KnownBonus]) -> dict[tuple[str, str], str]:
    """(person, event) → the number of the claim confirmed for it, of the events these claims are about (P4.6)."""
    found: dict[tuple[str, str], str] = {}
    for batch in in_batches({bonus.event for bonus in bonuses if bonus.event}):
        rows = Bonus.objects.filter(event__in=batch, state=EventState.CONFIRMED).order_by()
        for person, event, number in rows.values_list("employee__number", "event", "number"):
            found[person, event] = number
    return found


def known_calls(records: Iterable[str]) -> dict[str, Any]:
    """The calls by number, and of each the levels its first scoring gave."""
    calls: dict[str, KnownCall] = {}
    scores: dict[int, dict[str, Decimal]] = {}
    for batch in in_batches(records):
        calls |= {call.record: call for call in map(KnownCall._make, _calls(batch))}
        given = AssessmentScore.objects.filter(
            assessment__call__number__in=batch, assessment__kind=AssessmentKind.FIRST
        )
        for call, item, points in given.values_list("assessment__call_id", "item__name", "points"):
            if points is not None:
                scores.setdefault(call, {})[item] = points
    return {"calls": calls, "call_scores": scores}


def _calls(records: list[str]) -> QuerySet[Any]:
    disputes = Dispute.objects.filter(assessment=OuterRef("first"))
    left_out = AssessmentScore.objects.filter(assessment=OuterRef("first"), is_not_applicable=True)
    seconds = Assessment.objects.filter(call=OuterRef("pk"), kind=AssessmentKind.SECOND)
    is_more = Q(first__dispute_until__isnull=False) | Q(first__acknowledged_at__isnull=False)
    is_more |= Q(first__fatal_fault__isnull=False) | Q(Exists(left_out))
    rows = Call.objects.filter(number__in=records).order_by()
    rows = rows.annotate(
        first=FilteredRelation("assessments", condition=Q(assessments__kind=AssessmentKind.FIRST)),
        by=F("first__listener__number"),
        is_registered=Q(registered_by__isnull=False),
        is_own=Q(first__state=AssessmentState.SUBMITTED) & is_more,
        is_disputed=Exists(disputes),
        is_scored_twice=Exists(seconds),
    )
    names = ("pk", "number", "called_on", "employee__number", "drawn_why", "drawn_at", "counted_month", "is_registered")
    more = ("by", "first__state", "first__total", "first__version", "is_own", "is_disputed", "is_scored_twice")
    return rows.values_list(*names, *more)


def known_levels() -> list[KnownLevel]:
    """The levels of every published version of the monitoring standard, in order of effect."""
    published = RubricLevel.objects.filter(item__rubric__state=RubricState.PUBLISHED)
    rows = published.order_by("item__rubric__starts_on", "item__rubric_id", "item__order", "-points")
    item = ("item__rubric_id", "item__rubric__starts_on", "item_id", "item__category", "item__name", "item__points")
    return list(map(KnownLevel._make, rows.values_list(*item, "item__order", "points", "description")))


def in_batches(values: Iterable[str]) -> Iterator[list[str]]:
    """The values, sorted, a few hundred at a time."""
    ordered = sorted(values)
    for start in range(0, len(ordered), MANY):
        yield ordered[start : start + MANY]
