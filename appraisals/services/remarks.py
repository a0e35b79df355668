"""Questions and answers about a form (P6.2): written once, never changed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Remark
from appraisals.permissions import hats_on
from appraisals.services.steps import check_edit, locked_form
from appraisals.states import RemarkKind
from appraisals.workflow import Hat, Piece
from audit.log import record
from common.errors import RuleError, check_length
from people.models import Employee

TEXT_LIMIT = 1000


@transaction.atomic(durable=True)
def add_remark(form_id: int, *, text: str, by: Employee) -> Remark:
    """Ask (the appraisee), answer (the owner or the department, when a question is open), or comment."""
    form = locked_form(form_id)
    check_edit(form, Piece.REMARKS, by)
    if not text.strip():
        raise RuleError(_("写下要问的或要说的。"), code="empty", field="text")
    check_length(text.strip(), TEXT_LIMIT, field="text")
    last = form.remarks.order_by("-at", "-pk").first()
    is_open = last is not None and last.kind == RemarkKind.QUESTION
    asks = Hat.APPRAISEE in hats_on(form, by)
    kind = RemarkKind.QUESTION if asks else RemarkKind.ANSWER if is_open else RemarkKind.COMMENT
    remark = Remark(form=form, author=by, kind=kind, text=text.strip(), at=timezone.now())
    remark.full_clean()
    remark.save()
    record("form.remarked", form, by=by, after={"kind": remark.kind})
    return remark
