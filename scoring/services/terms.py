"""The terms that run from a publication, extended when the calendar gets a new day off; never shortened (P6.3b)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from appraisals.models import Cycle
from appraisals.services.steps import Actor
from audit.log import record
from common.selectors import missing_arrangement
from notices.log import tell
from people.permissions import hears_of_calendar
from people.selectors import offices_on
from scoring.models import Result
from scoring.selectors.terms import STORED, days_behind, filing_after, terms_from


@transaction.atomic(durable=True)
def extend_result_terms(*, by: Actor) -> int:
    """Recompute the running terms of published results and keep the later day; returns how many got more time."""
    today = timezone.localdate()
    rows = Result.objects.select_for_update(of=("self",)).filter(superseded_at__isnull=True, published_at__isnull=False)
    running = rows.filter(Q(appeal_until__gte=today) | Q(interview_until__gte=today) | Q(file_until__gte=today))
    cycles = Cycle.objects.select_related("scheme").in_bulk(set(running.values_list("cycle_id", flat=True)))
    known: dict[tuple[int, date], dict[str, date]] = {}
    extended: dict[int, int] = {}
    for result in running.order_by("pk"):
        if result.published_at is None:
            continue
        key = (result.cycle_id, timezone.localdate(result.published_at))
        if key not in known:
            known[key] = terms_from(cycles[result.cycle_id], result.published_at)
        later = {name: known[key][name] for name in STORED.values() if _runs_shorter(result, name, known[key][name])}
        if later:
            _store(result, later)
            extended[result.cycle_id] = extended.get(result.cycle_id, 0) + 1
    for pk, count in extended.items():
        record("results.terms_extended", cycles[pk], by=by, after={"results": count, "terms": sorted(STORED)})
    return sum(extended.values())


@transaction.atomic(durable=True)
def tell_missing_calendar() -> int | None:
    """Tell who keeps the calendar, and the duty officers, that a year's arrangement is missing; each once per year.

    Returns the year, None if nothing is missing. Run any number of times it tells nobody twice.
    """
    today = timezone.localdate()
    year = missing_arrangement(today)
    if year is not None:
        hearing = [pk for pk, standing in offices_on(today).items() if hears_of_calendar(standing)]
        path = f"{reverse('people:calendar')}?year={year}"
        tell(hearing, "calendar_missing", path=path, key=f"calendar_missing:{year}", detail={"year": str(year)})
    return year


def restart_filing(result: Result, closed_on: date) -> bool:
    """Filing waits for the ruling: its term runs from the day of it, if that ends later (``month_timeline``, file).

    Asked again later it gives the days off that were added since; returns whether there is more time.
    """
    until = filing_after(result.form.cycle, closed_on)
    is_later = _runs_shorter(result, "file_until", until)
    if is_later:
        _store(result, {"file_until": until})
    return is_later


def _store(result: Result, terms: dict[str, Any]) -> None:
    for name, day in terms.items():
        setattr(result, name, day)
    result.terms_calendar = days_behind(result)
    result.save(update_fields=["terms_calendar", *terms])


def _runs_shorter(result: Result, name: str, day: date) -> bool:
    stands: date | None = getattr(result, name)
    return stands is None or stands < day
