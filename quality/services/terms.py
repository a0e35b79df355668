"""The term for disputing a call's score in working days: stored when it begins to run, and only ever extended (A2)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.log import record
from common.selectors import calendar_between
from people.facts import SystemActor
from people.models import Employee
from policy.workdays import working_day_after
from quality.models import Assessment, Rubric
from quality.states import AssessmentKind, AssessmentState


def dispute_term(rubric: Rubric, day: date) -> dict[str, Any]:
    """The term that begins on ``day``, with the special days it was computed on; without days it ends that day."""
    calendar, days = calendar_between(day, day), rubric.dispute_days
    until = working_day_after(day, days, calendar) if days else day
    return {"dispute_until": until, "terms_calendar": calendar.special_days(day, until)}


@transaction.atomic(durable=True)
def extend_dispute_terms(*, by: Employee | SystemActor) -> int:
    """Recompute the running terms of scores that may still be disputed; returns how many got more time."""
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("rubric").order_by("pk")
    rows = rows.filter(kind=AssessmentKind.FIRST, state=AssessmentState.SUBMITTED)
    extended = 0
    for one in rows.filter(dispute_until__gte=timezone.localdate(), submitted_at__isnull=False):
        before = one.dispute_until
        term = dispute_term(one.rubric, timezone.localdate(one.submitted_at))
        if before is None or term["dispute_until"] <= before:
            continue
        one.dispute_until, one.terms_calendar = term["dispute_until"], term["terms_calendar"]
        one.save(update_fields=["dispute_until", "terms_calendar"])
        told = {"dispute_until": str(one.dispute_until)}
        record("assessment.term_extended", one, by=by, before={"dispute_until": str(before)}, after=told)
        extended += 1
    return extended
