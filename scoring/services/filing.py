"""HR files signed results, files what was not signed in time, and takes a filing back (P6.3a)."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Form
from appraisals.permissions import hats_on
from appraisals.services.steps import Actor, checked_move, locked_form, make_move
from appraisals.states import FormState
from common.db import among
from common.errors import RuleError
from scoring.selectors.pay import is_paid
from scoring.selectors.signatures import is_signed_by_both, sign_due_on
from scoring.services.steps import (
    MOST,
    advance,
    check_company,
    check_many,
    locked_cycle,
    locked_cycle_of,
    locked_ids,
    move_of,
    record_batch,
)

FILE = move_of("file", FormState.SIGNED)


@transaction.atomic(durable=True)
def file_forms(cycle_id: int, *, form_ids: Collection[int], by: Actor) -> tuple[int, ...]:
    """File those of the forms (at most ``MOST``) that both have signed and no open appeal contests; returns them."""
    if len(form_ids) > MOST:
        raise RuleError(_("一次最多备案%(n)s张，分几次办。") % {"n": MOST}, code="too_many")
    now = timezone.now()
    cycle = locked_cycle(cycle_id)
    check_many(FILE, cycle, by=by, now=now)
    signed = locked_ids(cycle, form_ids, FormState.SIGNED)
    ready = list(Form.objects.filter(pk__in=among(signed), is_contested=False).values_list("pk", flat=True))
    if ready:
        check_company(ready, by=by)
        advance([FILE], ready, filed_at=now)
        record_batch(FILE, cycle, {"forms": ready}, by=by)
    return tuple(ready)


@transaction.atomic(durable=True)
def file_unsigned(form_id: int, *, reason: str, by: Actor) -> Form:
    """File a result that was not signed by its term: as read, not as agreed."""
    now = timezone.now()
    locked_cycle_of(form_id)
    form = locked_form(form_id)
    move = checked_move(form, "file_unsigned", hats_on(form, by), reason)
    if form.is_contested:
        raise RuleError(_("这份结果有申诉还没有裁定，裁定后再备案。"), code="contested")
    due = sign_due_on(form)
    if due is not None and timezone.localdate(now) <= due:
        words = _("签认到%(month)s月%(day)s日为止，过了这一天才能按未签认备案。")
        raise RuleError(words % {"month": due.month, "day": due.day}, code="term_runs")
    return _moved(form, move.name, by=by, reason=reason)


@transaction.atomic(durable=True)
def unfile(form_id: int, *, reason: str, by: Actor) -> Form:
    """Take a filing back; the form stands where its signatures say. Not what a settled run has paid."""
    locked_cycle_of(form_id)
    form = locked_form(form_id)
    name = "unfile" if is_signed_by_both(form) else "unfile_unsigned"
    checked_move(form, name, hats_on(form, by), reason)
    if is_paid(form.pk):
        raise RuleError(_("绩效工资已经结算，备案不能再撤回；有错走申诉更正，差额随下个月发。"), code="paid")
    return _moved(form, name, by=by, reason=reason)


def _moved(form: Form, name: str, *, by: Actor, reason: str) -> Form:
    now = timezone.now()
    form.filed_at = now if name == "file_unsigned" else None
    form.save(update_fields=["filed_at"])
    make_move(form, checked_move(form, name, hats_on(form, by), reason), by=by, now=now, reason=reason)
    return form
