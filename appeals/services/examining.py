"""Appeals from the examiner's side: given to somebody, asked for more, looked into (P6.3b)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.models import Appeal, AppealNote
from appeals.permissions import can_assign, can_examine, eligible_handlers
from appeals.services.steps import (
    checked_words,
    locked_appeal,
    reader_of,
    refuse_unless,
    save_appeal_fields,
    tell_about,
)
from appeals.states import AppealState, NoteKind
from audit.log import record
from common.errors import RuleError
from people.models import Employee


@transaction.atomic(durable=True)
def assign_appeal(appeal_id: int, *, handler_id: int, by: Employee) -> Appeal:
    """Give it to one of those who may examine it; again, when the first can't. An open question stays open."""
    appeal, now = locked_appeal(appeal_id).appeal, timezone.now()
    today = timezone.localdate(now)
    refuse_unless(can_assign(reader_of(by), appeal, today))
    handler = eligible_handlers(appeal, today).filter(pk=handler_id).first()
    if handler is None:
        raise RuleError(_("这位不能调查这件申诉，换一位。"), code="not_eligible", field="handler")
    before = appeal.handler.number if appeal.handler else None
    if appeal.state == AppealState.SUBMITTED:
        appeal.state = AppealState.EXAMINED
    appeal.handler, appeal.assigned_at = handler, now
    save_appeal_fields(appeal, "handler", "assigned_at", "state")
    record("appeal.assigned", appeal, by=by, before={"handler": before}, after={"handler": handler.number})
    tell_about(appeal, [handler.pk], "appeal_assigned", what=f"{handler.pk}")
    return appeal


@transaction.atomic(durable=True)
def ask_supplement(appeal_id: int, *, text: str, by: Employee) -> AppealNote:
    """Ask the appellant for what is missing; the appeal waits for him, but may be ruled without."""
    return _note(appeal_id, NoteKind.QUESTION, text, by)


@transaction.atomic(durable=True)
def add_finding(appeal_id: int, *, text: str, by: Employee) -> AppealNote:
    """Write down what was found out; the appellant reads it with the ruling."""
    return _note(appeal_id, NoteKind.FINDING, text, by)


def _note(appeal_id: int, kind: NoteKind, text: str, by: Employee) -> AppealNote:
    appeal = locked_appeal(appeal_id).appeal
    refuse_unless(can_examine(reader_of(by), appeal))
    words = checked_words(text, 500, field="text", missing=_("写下内容。"))
    note = AppealNote.objects.create(appeal=appeal, kind=kind, text=words, by=by, at=timezone.now())
    if kind == NoteKind.QUESTION:
        appeal.state = AppealState.SUPPLEMENT
        save_appeal_fields(appeal, "state")
        tell_about(appeal, [appeal.employee_id], "appeal_question", what=f"{note.pk}")
    record(f"appeal.{kind}", appeal, by=by, after={"note": note.pk})
    return note
