"""The terms of appeals, extended when the calendar gets a new day off; never shortened (P6.3b)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from appeals.models import Appeal
from appeals.selectors.terms import running_from
from appeals.states import OPEN_APPEAL, AppealState
from appraisals.services.steps import Actor
from audit.log import record


@transaction.atomic(durable=True)
def extend_appeal_terms(*, by: Actor) -> int:
    """Recompute the running terms for a ruling and for the second instance; returns how many appeals got more time."""
    today, extended = timezone.localdate(), 0
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("result__form__cycle__scheme").order_by("pk")
    deciding = rows.filter(state__in=OPEN_APPEAL, decide_until__gte=today)
    ruled = rows.filter(state=AppealState.RULED, instance=1, further_until__gte=today, second=None)
    extended += sum(_extend(one, "decide_until", one.submitted_at, by) for one in deciding)
    return extended + sum(_extend(one, "further_until", one.ruled_at, by) for one in ruled)


def _extend(appeal: Appeal, name: str, began: datetime | None, by: Actor) -> bool:
    if began is None:
        return False
    fields = running_from(appeal, name, timezone.localdate(began))
    before = getattr(appeal, name)
    if fields[name] <= before:
        return False
    for field, value in fields.items():
        setattr(appeal, field, value)
    appeal.save(update_fields=list(fields))
    record("appeal.term_extended", appeal, by=by, before={name: str(before)}, after={name: str(fields[name])})
    return True
