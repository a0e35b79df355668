"""The terms that run from a publication, extended when the calendar gets a new day off; never shortened (P6.3b)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from appraisals.models import Cycle
from appraisals.services.steps import Actor
from audit.log import record
from scoring.models import Result
from scoring.selectors.terms import STORED, terms_from


@transaction.atomic(durable=True)
def extend_result_terms(*, by: Actor) -> int:
    """Recompute the running terms of published results and keep the later day; returns how many got more time."""
    today = timezone.localdate()
    rows = Result.objects.select_for_update(of=("self",)).filter(superseded_at__isnull=True, published_at__isnull=False)
    running = rows.filter(appeal_until__gte=today) | rows.filter(interview_until__gte=today)
    cycles = Cycle.objects.select_related("scheme").in_bulk(set(running.values_list("cycle_id", flat=True)))
    known: dict[tuple[int, date], dict[str, date]] = {}
    extended: dict[int, int] = {}
    for result in running.order_by("pk"):
        if result.published_at is None:
            continue
        key = (result.cycle_id, timezone.localdate(result.published_at))
        if key not in known:
            known[key] = terms_from(cycles[result.cycle_id], result.published_at)
        later = {name: day for name, day in known[key].items() if _runs_shorter(result, name, day)}
        if later:
            for name, day in later.items():
                setattr(result, name, day)
            result.save(update_fields=list(later))
            extended[result.cycle_id] = extended.get(result.cycle_id, 0) + 1
    for pk, count in extended.items():
        record("results.terms_extended", cycles[pk], by=by, after={"results": count, "terms": sorted(STORED)})
    return sum(extended.values())


def _runs_shorter(result: Result, name: str, day: date) -> bool:
    stands: date | None = getattr(result, name)
    return stands is None or stands < day
