"""The terms of appeals, extended when the calendar gets a new day off; never shortened (P6.3b)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from appeals.models import Appeal
from appeals.selectors.terms import running_from
from appeals.states import OPEN_APPEAL, AppealState
from appraisals.services.steps import Actor
from audit.log import record
from scoring.models import Result
from scoring.services.terms import restart_filing


@transaction.atomic(durable=True)
def extend_appeal_terms(*, by: Actor) -> int:
    """Recompute the running terms of appeals, from handing them in to filing; returns how many appeals got more time.

    A draft follows the term of its result, and filing runs anew from a ruling that left the result as it was: the
    results come first.
    """
    today = timezone.localdate()
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("result__form__cycle__scheme").order_by("pk")
    deciding = rows.filter(state__in=OPEN_APPEAL, decide_until__gte=today)
    ruled = rows.filter(state=AppealState.RULED, instance=1, further_until__gte=today, second=None)
    extended = sum(_extend(one, "decide_until", one.submitted_at, by) for one in deciding)
    extended += sum(_extend(one, "further_until", one.ruled_at, by) for one in ruled)
    return extended + _extend_drafts(rows, by) + _extend_filing(rows, today, by)


def _extend(appeal: Appeal, name: str, began: datetime | None, by: Actor) -> bool:
    if began is None:
        return False
    fields = running_from(appeal, name, timezone.localdate(began))
    before = getattr(appeal, name)
    if fields[name] <= before:
        return False
    _store(appeal, name, fields, by)
    return True


def _extend_drafts(rows: QuerySet[Appeal], by: Actor) -> int:
    """A draft keeps until when it may be handed in: the last day of its result's term, which has been extended."""
    behind = rows.filter(state=AppealState.DRAFT, result__appeal_until__gt=F("file_until"))
    drafts = list(behind.filter(result__superseded_at=None))
    for draft in drafts:
        _store(draft, "file_until", {"file_until": draft.result.appeal_until}, by)
    return len(drafts)


def _extend_filing(rows: QuerySet[Appeal], today: date, by: Actor) -> int:
    """Filing what a ruling left as it was: its term runs from the ruling, not from the publication."""
    left = rows.filter(state=AppealState.RULED, outcome=None)
    closed = list(left.filter(result__superseded_at=None, result__file_until__gte=today))
    results = Result.objects.select_for_update(of=("self",)).select_related("form__cycle__scheme")
    held = results.in_bulk({appeal.result_id for appeal in closed})
    extended = 0
    for appeal in closed:
        result = held[appeal.result_id]
        before = result.file_until
        if appeal.ruled_at is not None and restart_filing(result, timezone.localdate(appeal.ruled_at)):
            told = {"filing_until": str(result.file_until)}
            record("appeal.term_extended", appeal, by=by, before={"filing_until": str(before)}, after=told)
            extended += 1
    return extended


def _store(appeal: Appeal, name: str, fields: dict[str, Any], by: Actor) -> None:
    before = getattr(appeal, name)
    for field, value in fields.items():
        setattr(appeal, field, value)
    appeal.save(update_fields=list(fields))
    record("appeal.term_extended", appeal, by=by, before={name: str(before)}, after={name: str(fields[name])})
