"""Publish results to the appraisees, and take a publication back (P6.3a, P6.3b)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Cycle, Form
from appraisals.permissions import hats_on
from appraisals.services.steps import Actor, checked_move, locked_form, make_move
from appraisals.states import FormState
from audit.log import record
from common.db import among
from common.errors import RuleError
from scoring.models import Result
from scoring.selectors.pay import is_paid
from scoring.selectors.terms import stored_result_terms
from scoring.services.consolidation import supersede
from scoring.services.proposals import renew_proposals
from scoring.services.steps import (
    MOST,
    PUBLISH,
    advance,
    check_company,
    check_many,
    locked_cycle,
    locked_cycle_of,
    locked_ids,
    record_batch,
    tell_published,
)


@transaction.atomic(durable=True)
def publish_results(cycle_id: int, *, form_ids: Collection[int], by: Actor) -> tuple[int, ...]:
    """Publish those of the forms (at most ``MOST``) that are consolidated; returns them.

    Each appraisee's terms for signing and appeal run from now on. What the months now call for is proposed to HR.
    """
    return publish_batch(locked_cycle(cycle_id), list(form_ids), by=by, now=timezone.now())


@transaction.atomic(durable=True)
def withdraw_publication(form_id: int, *, reason: str, by: Actor) -> Form:
    """Take a published result back, signed or not: it is superseded with the reason and stays readable to the audit.

    The form is open again; its next version is published and signed anew. Undecided proposals that rested on the
    month are withdrawn or renewed. Not while an appeal contests it: whoever appealed is owed a ruling; nor what
    has been paid: its pay line, and the differences since, stand on it.
    """
    now = timezone.now()
    cycle = locked_cycle_of(form_id)
    form = locked_form(form_id)
    move = checked_move(form, "withdraw_publication", hats_on(form, by), reason)
    if form.is_contested:
        raise RuleError(_("这份结果有申诉还没有裁定，裁定后再收回。"), code="contested")
    if is_paid(form.pk):
        raise RuleError(_("这份结果的绩效工资已经结算，不能再收回；有错走申诉更正，差额随下个月发。"), code="paid")
    result = supersede(form, cycle, reason=reason, now=now)
    make_move(form, move, by=by, now=now, reason=reason)
    record("result.superseded", result, by=by, before={"digest": result.digest}, reason=reason)
    renew_proposals([form.employee_id], cycle, by=by)
    return form


def publish_batch(
    cycle: Cycle, form_ids: Sequence[int], *, by: Actor, now: datetime, in_company: bool = False
) -> tuple[int, ...]:
    """The step behind ``publish_results`` and the job: a constant number of statements for the batch."""
    if len(form_ids) > MOST:
        raise ValueError(len(form_ids))
    check_many(PUBLISH, cycle, by=by, now=now)
    ready = locked_ids(cycle, form_ids, FormState.CONSOLIDATED)
    if not ready:
        return ()
    if not in_company:
        check_company(ready, by=by)
    current = Result.objects.filter(form_id__in=among(ready), superseded_at__isnull=True)
    current.update(published_at=now, **stored_result_terms(cycle, now))
    advance([PUBLISH], ready, published_at=now)
    published = list(current.values_list("form_id", "employee_id", "version"))
    renew_proposals([person for _form, person, _version in published], cycle, by=by)
    tell_published(cycle, published)
    record_batch(PUBLISH, cycle, {"forms": ready}, by=by)
    return tuple(ready)
