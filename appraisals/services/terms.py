"""Terms follow the working-day calendar in one direction: a new day off extends them, nothing ever shortens them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from appraisals.models import Cycle, Form
from appraisals.selectors.schemes import rules_of
from appraisals.selectors.terms import Terms, days_behind, terms_of
from appraisals.services.steps import Actor
from appraisals.states import OPEN_STATES
from audit.log import record
from common.selectors import calendar_between
from notices.log import tell


@transaction.atomic(durable=True)
def extend_cycle_terms(*, by: Actor) -> list[str]:
    """Recompute the terms of cycles with open forms on today's calendar and keep the later day of each.

    Returns the keys of the cycles that got more time; those concerned are told once per calendar.
    """
    now = timezone.now()
    open_forms = Form.objects.filter(state__in=OPEN_STATES).values("cycle_id")
    cycles = Cycle.objects.select_for_update(of=("self",)).select_related("scheme").filter(pk__in=open_forms)
    return [cycle.key for cycle in cycles.order_by("pk") if _extend(cycle, by=by, now=now)]


def _extend(cycle: Cycle, *, by: Actor, now: datetime) -> bool:
    calendar = calendar_between(cycle.starts_on, cycle.publish_due_on)
    stands = Terms(**{name: getattr(cycle, name) for name in Terms.__slots__})
    if days_behind(cycle.starts_on, stands, calendar) == cycle.calendar:
        return False
    fresh = terms_of(cycle.starts_on, cycle.ends_on, rules_of(cycle.scheme), calendar).as_fields()
    before = stands.as_fields()
    later = {name: max(day, fresh[name]) for name, day in before.items()}
    changed = {name: day for name, day in later.items() if day != before[name]}
    cycle.calendar = days_behind(cycle.starts_on, Terms(**later), calendar)  # its margin reaches every later day
    for name, day in changed.items():
        setattr(cycle, name, day)
    cycle.full_clean(exclude=("calendar",))  # a month without special days is an empty arrangement
    cycle.save(update_fields=["calendar", *changed])
    if changed:
        record("cycle.terms_extended", cycle, by=by, before=_words(before, changed), after=_words(later, changed))
        people = Form.objects.filter(cycle=cycle, state__in=OPEN_STATES).values_list("employee_id", "owner_id")
        recipients = {pk for pair in people for pk in pair}
        key = f"terms:{cycle.key}:{max(changed.values()):%Y%m%d}:{now:%Y%m%d%H%M}"
        tell(recipients, "terms_extended", path="/", key=key, detail={"month": cycle.key})
    return bool(changed)


def _words(terms: dict[str, Any], names: dict[str, Any]) -> dict[str, str]:
    return {name: terms[name].isoformat() for name in names}
