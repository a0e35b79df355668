"""Reads for the comparison of first and second scorings (A2), counted by the database, reckoned by ``policy.drift``.

A first scoring is taken as it was given: what a ruling changed afterwards says nothing about the listener's scale.
Only calls whose second scoring is submitted are read, so nobody who still has to score one blind learns of the first.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from people.models import Employee
from policy.drift import FLAG_ABOVE, Pair, Spread, drift_of, spread_of
from policy.rounding import HUNDRED, ZERO
from quality.models import Assessment, AssessmentScore, Dispute, RubricItem
from quality.states import AssessmentKind, AssessmentState, DisputeState


class Span(NamedTuple):
    """The days of the calls compared, both included."""

    first: date
    last: date


class Choice(NamedTuple):
    """What a line of the page opens: the calls of one listener, one item by its name, or both."""

    item: str = ""
    listener_id: int | None = None


EVERYTHING = Choice()


class Coverage(NamedTuple):
    """Of a listener's submitted first scorings: how many were given to somebody else, and how many he has submitted."""

    scored: int
    drawn: int
    done: int


_NOTHING = Coverage(0, 0, 0)


class Line(NamedTuple):
    """A row of the page: an item or a listener with what the pairs say of it."""

    key: int
    item: RubricItem | None
    listener: Employee | None
    is_own: bool
    spread: Spread
    coverage: Coverage | None = None


class Overview(NamedTuple):
    """The comparison of a span; ``scale`` is where its bars end, in percent of full marks."""

    overall: Spread
    coverage: Coverage
    items: list[Line]
    listeners: list[Line]
    scale: Decimal


def month_span(day: date, months: int = 1) -> Span:
    """The month ``day`` lies in, or that many months of which it is the last."""
    place = day.year * 12 + day.month - months
    first = date(place // 12, place % 12 + 1, 1)
    return Span(first, date(day.year, day.month, monthrange(day.year, day.month)[1]))


def overview_of(span: Span, person: Employee, *, only_own: bool) -> Overview:
    """Every item, and every listener or only ``person``: four statements. Listeners who lean most come first."""
    covered = compared_calls(span)
    found = drift_of(pairs_of(span), {pk: one.done for pk, one in covered.items()})
    shown = {person.pk: covered.get(person.pk, _NOTHING)} if only_own else covered
    names = listeners_with(shown)
    nothing = spread_of((), calls=0)
    items = [
        Line(item.pk, item, None, is_own=False, spread=found.by_item[name])
        for name, item in items_named(str(name) for name in found.by_item).items()
    ]
    listeners = [
        Line(pk, None, names[pk], pk == person.pk, found.by_listener.get(pk, nothing), coverage)
        for pk, coverage in shown.items()
    ]
    listeners.sort(
        key=lambda line: (not line.spread.is_flagged, -_size(line), line.listener.number if line.listener else "")
    )
    return Overview(
        overall=found.overall,
        coverage=Coverage(*(sum(column) for column in zip(*covered.values(), strict=True))) if covered else _NOTHING,
        items=items,
        listeners=listeners,
        scale=_scale([*items, *listeners]),
    )


def pairs_of(span: Span, chosen: Choice = EVERYTHING) -> list[Pair]:
    """Every item scored twice, equal ones counted together: first listener's key, item's name; one statement.

    Items are compared by name, so that a new version of the standard does not begin from nothing.
    """
    call, second = "assessment__call", "assessment__call__assessments"
    # In one filter(): all three conditions are about the same second scoring, and its points are read from it.
    scores = AssessmentScore.objects.filter(
        **{
            "assessment__kind": AssessmentKind.FIRST,
            "assessment__state": AssessmentState.SUBMITTED,
            f"{call}__called_on__range": span,
            f"{second}__kind": AssessmentKind.SECOND,
            f"{second}__state": AssessmentState.SUBMITTED,
            f"{second}__scores__item": F("item"),
        }
    ).annotate(given=_as_given(), again=F(f"{second}__scores__points"))
    if chosen.item:
        scores = scores.filter(item__name=chosen.item)
    if chosen.listener_id is not None:
        scores = scores.filter(assessment__listener=chosen.listener_id)
    rows = scores.order_by().values_list("assessment__listener", "item__name", "given", "again", "item__points")
    return [Pair(*row) for row in rows.annotate(times=Count("pk"))]


def compared_calls(span: Span) -> dict[int, Coverage]:
    """First listener → what was scored, drawn and compared of his calls; one statement."""
    seconds = Assessment.objects.filter(call=OuterRef("call"), kind=AssessmentKind.SECOND)
    firsts = Assessment.objects.filter(
        kind=AssessmentKind.FIRST, state=AssessmentState.SUBMITTED, call__called_on__range=span
    ).annotate(drawn=Exists(seconds), done=Exists(seconds.filter(state=AssessmentState.SUBMITTED)))
    counted = (
        firsts.order_by()
        .values_list("listener_id")
        .annotate(Count("pk"), given_on=Count("pk", filter=Q(drawn=True)), compared=Count("pk", filter=Q(done=True)))
    )
    return {listener: Coverage(*counts) for listener, *counts in counted}


def items_named(names: Iterable[str]) -> dict[str, RubricItem]:
    """Name → the item of the latest version that has it, in the order of the standard."""
    items = RubricItem.objects.filter(name__in=list(names)).select_related("rubric")
    latest = {item.name: item for item in items.order_by("rubric__starts_on", "rubric_id")}
    return dict(sorted(latest.items(), key=lambda pair: (pair[1].order, pair[1].pk)))


def item_with(pk: int | None) -> RubricItem | None:
    """One item of some version."""
    return RubricItem.objects.filter(pk=pk).first() if pk is not None else None


def listeners_with(ids: Iterable[int]) -> dict[int, Employee]:
    """The listeners with these keys, by number."""
    return {person.pk: person for person in Employee.objects.filter(pk__in=list(ids)).order_by("number")}


def has_listened(person: Employee) -> bool:
    """Whether somebody has ever submitted a scoring."""
    return Assessment.objects.filter(listener=person, state=AssessmentState.SUBMITTED).exists()


def narrowed(firsts: QuerySet[Assessment], span: Span, chosen: Choice) -> QuerySet[Assessment]:
    """First scorings of calls in ``span``, newest call first, of one listener or with one item scored."""
    firsts = firsts.filter(call__called_on__range=span)
    if chosen.item:
        scores = AssessmentScore.objects.filter(assessment=OuterRef("pk"), item__name=chosen.item)
        firsts = firsts.filter(Exists(scores))
    if chosen.listener_id is not None:
        firsts = firsts.filter(listener=chosen.listener_id)
    return firsts.select_related("call__employee", "listener", "fatal_fault").order_by("-call__called_on", "-pk")


def points_given(score: AssessmentScore, ruled: dict[tuple[int, int | None], Dispute]) -> Decimal | None:
    """The points before a ruling changed them; ``ruled`` holds upheld disputes by (scoring, item)."""
    dispute = ruled.get((score.assessment_id, score.item_id))
    return score.points if dispute is None else dispute.old_points


def _size(line: Line) -> Decimal:
    """How far a line leans, either way; nothing compared is less than not at all."""
    lean = line.spread.lean_percent
    return Decimal(-1) if lean is None else abs(lean)


def _scale(lines: Iterable[Line]) -> Decimal:
    """The next full ten above every lean, twice the flag's threshold at least."""
    most = max((_size(line) for line in lines), default=ZERO)
    tens = [Decimal(ten) for ten in range(10, 101, 10) if ten >= most]
    return max(2 * FLAG_ABOVE, tens[0] if tens else HUNDRED)


def _as_given() -> Case:
    upheld = Dispute.objects.filter(assessment=OuterRef("assessment"), item=OuterRef("item"), state=DisputeState.UPHELD)
    return Case(When(Exists(upheld), then=Subquery(upheld.values("old_points")[:1])), default=F("points"))
