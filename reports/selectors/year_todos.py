"""What the year asks of HR: close the last one, publish a locked one, correct what was overtaken since."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from appraisals.models import Cycle
from appraisals.states import CycleKind
from calibration.permissions import keeps_year
from incidents.models import Involvement
from incidents.states import EventState
from people.facts import Standing
from policy.schemes import SCHEME_1_0
from reports.selectors.waiting import BARRED_YEAR, CLOSE_YEAR, CORRECT_YEAR, PUBLISH_YEAR, together
from scoring.models import AnnualCorrection, AnnualResult, AnnualReview, PastGrade, Result
from scoring.states import ReviewState


def years_waiting(person_id: int, standing: Standing, today: date) -> Iterator[QuerySet[Any]]:
    """Rows for HR, and for the group's leader who alone changes a grade. Nobody is told to correct his own year."""
    if standing.is_leader:
        yield together(BARRED_YEAR, _barred().exclude(employee=person_id), "employee__name", ident="review__year")
    if not keeps_year(standing):
        return
    yield together(CLOSE_YEAR, _to_close(today), ident="starts_on__year")
    yield together(
        PUBLISH_YEAR, AnnualReview.objects.filter(state=ReviewState.LOCKED, year__lt=today.year), ident="year"
    )
    overtaken = _to_correct().exclude(employee=person_id)
    yield together(CORRECT_YEAR, overtaken, "employee__name", ident="review__year")


def _to_close(today: date) -> QuerySet[Cycle]:
    """The last month of the last year with a published result, while the year was reckoned neither here nor before."""
    year = today.year - 1
    published = Result.objects.filter(cycle=OuterRef("pk"), published_at__isnull=False, superseded_at__isnull=True)
    months = Cycle.objects.filter(Exists(published), kind=CycleKind.MONTH, starts_on__year=year)
    last = Cycle.objects.filter(pk__in=months.order_by("-starts_on").values("pk")[:1])
    known = (AnnualReview.objects.filter(year=year), PastGrade.objects.filter(year=year))
    return last.exclude(Exists(known[0])).exclude(Exists(known[1]))


def _barred() -> QuerySet[AnnualResult]:
    """Published best grades that an incident confirmed since keeps from their holders (P4.5)."""
    year = OuterRef("review__year")
    counted = Q(counted_month__year=year) | Q(counted_month__isnull=True, incident__occurred_on__year=year)
    barring = Involvement.objects.filter(
        counted, employee=OuterRef("employee"), state=EventState.CONFIRMED, severity__bars_top_grade=True
    )
    best = SCHEME_1_0.grades[0].code  # the codes of the grades are the same in every version
    return AnnualResult.objects.filter(Exists(barring), review__state=ReviewState.PUBLISHED, grade=best)


def _to_correct() -> QuerySet[AnnualResult]:
    """Published years with a month that was published anew, with another coefficient, and not taken over since."""
    same = Result.objects.filter(
        form=OuterRef("form"), version=OuterRef("version") - 1, coefficient=OuterRef("coefficient")
    )
    seen = AnnualCorrection.objects.filter(
        result__employee=OuterRef("employee"),
        result__review__year=OuterRef("cycle__starts_on__year"),
        at__gte=OuterRef("published_at"),
    )
    fresh = Result.objects.filter(
        ~Exists(same),
        ~Exists(seen),
        employee=OuterRef("employee"),
        cycle__kind__in=(CycleKind.MONTH, CycleKind.YEAR),
        cycle__starts_on__year=OuterRef("review__year"),
        superseded_at__isnull=True,
        published_at__gt=OuterRef("review__published_at"),
    )
    published = AnnualResult.objects.filter(review__state=ReviewState.PUBLISHED)
    return published.filter(Exists(fresh))
