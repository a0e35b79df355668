"""Owner and appraisee sign a published result (P6.3a). Whether the password was right is the view's to ask."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.permissions import hats_on
from appraisals.services.steps import checked_move, locked_form, make_move
from appraisals.workflow import Hat
from audit.log import record
from common.errors import ConflictError, RuleError
from people.models import Employee
from scoring.models import Result, Signature
from scoring.services.steps import current_result, locked_cycle_of
from scoring.states import Side


@transaction.atomic(durable=True)
def sign_result(
    form_id: int,
    *,
    digest: str,
    by: Employee,
    is_agreed: bool = True,
    objection: str = "",
    confirmed_by: str = "password",
) -> Signature:
    """Sign the result with that ``digest``, the one that was on the page; the second signature moves the form on.

    The appraisee may sign with an objection, which then says why; it is no appeal and stops nothing.
    """
    now = timezone.now()
    locked_cycle_of(form_id)
    form = locked_form(form_id)
    hats = hats_on(form, by)
    move = checked_move(form, "sign", hats)
    result = current_result(form)
    _check(result, digest, is_agreed=is_agreed, objection=objection.strip())
    side = Side.APPRAISEE if Hat.APPRAISEE in hats else Side.OWNER
    signed = {signature.side for signature in result.signatures.all()}
    if side in signed:
        raise RuleError(_("你已经签过了。"), code="signed_already")
    signature = Signature(
        result=result,
        side=side,
        signer=by,
        signed_at=now,
        digest=digest,
        is_agreed=is_agreed,
        objection="" if is_agreed else objection.strip(),
        confirmed_by=confirmed_by,
    )
    signature.full_clean()
    signature.save()
    after = {"side": side, "digest": digest, "agreed": is_agreed}
    record("result.signed", result, by=by, after=after, reason=signature.objection)
    if signed:  # the other side had signed before
        make_move(form, move, by=by, now=now)
    return signature


def _check(result: Result, digest: str, *, is_agreed: bool, objection: str) -> None:
    if digest != result.digest:
        words = _("结果换了新的一版，你看到的那一版不能再签。先看新的，再签。")
        raise ConflictError(words, theirs=result.check_code)
    if not is_agreed and not objection:
        raise RuleError(_("写一句你对哪里有异议。"), code="objection_missing", field="objection")
