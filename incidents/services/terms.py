"""The term of a view on an incident, extended when the calendar gets a new day off; never shortened (P4.5)."""

from django.db import transaction
from django.utils import timezone

from audit.log import record
from incidents.models import Involvement
from incidents.selectors.rules import statement_term
from incidents.states import EventState
from people.facts import SystemActor
from people.models import Employee


@transaction.atomic(durable=True)
def extend_statement_terms(*, by: Employee | SystemActor) -> int:
    """Recompute the running terms of views still awaited; returns how many got more time."""
    rows = Involvement.objects.select_for_update(of=("self",)).select_related("incident").order_by("pk")
    waiting = rows.filter(state=EventState.FILED, stated_at=None, statement_due_on__gte=timezone.localdate())
    extended = 0
    for share in waiting:
        before, (due, behind) = share.statement_due_on, statement_term(timezone.localdate(share.incident.filed_at))
        if before is None or due <= before:
            continue
        share.statement_due_on, share.terms_calendar = due, behind
        share.save(update_fields=["statement_due_on", "terms_calendar"])
        told = {"statement_due_on": str(due)}
        record("incident.term_extended", share, by=by, before={"statement_due_on": str(before)}, after=told)
        extended += 1
    return extended
