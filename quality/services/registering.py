"""Register calls to be listened to, one or many, and put a recording to one (A2)."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record, record_many
from common.db import require_transaction
from common.errors import RuleError
from common.uploads import SOUNDS, Checked, keep
from people.models import Employee
from quality.facts.drafts import CallDraft, DraftProblem, draft_problems
from quality.models import Call
from quality.permissions import Lines, can_listen
from quality.services.marking import allow, check_month, ear_of, locked_call

__all__ = ["CallDraft", "attach_audio", "register_calls"]

MOST_AT_ONCE = 500


@transaction.atomic(durable=True)
def register_calls(drafts: Sequence[CallDraft], *, by: Employee) -> list[Call]:
    """Put these calls on the register: all of them or none, every fault named.

    Whoever may listen to the agent on the day of the call may register it. Which calls are scored is drawn by the
    system, so registering chooses nothing.
    """
    if not drafts:
        raise RuleError(_("没有要登记的录音。"), code="nothing_to_do")
    if len(drafts) > MOST_AT_ONCE:
        words = _("一次最多登记 %(n)s 通，分几次来。") % {"n": MOST_AT_ONCE}
        raise RuleError(words, code="too_many")
    _refuse(draft_problems(drafts, ear_of(by), timezone.localdate()), drafts)
    calls = [_call_of(draft, by) for draft in drafts]
    try:
        with transaction.atomic():
            stored = Call.objects.bulk_create(calls)
    except IntegrityError as error:
        raise RuleError(_("刚有人登记了同样的编号，核对后再提交。"), code="changed_meanwhile") from error
    record_many("call.registered", ((call, None, _told(call)) for call in stored), by=by)
    return stored


@transaction.atomic(durable=True)
def attach_audio(call_id: int, *, audio: Checked, by: Employee) -> Call:
    """Put a recording to a call, or another in its place, until the call has been scored by it."""
    call = locked_call(call_id)
    allow(can_listen(ear_of(by), call, Lines.of([call])))
    if call.total is not None:
        raise RuleError(_("这一通已经评过，录音不能再换。"), code="already_scored", field="audio")
    check_month(call)
    if audio.kind not in SOUNDS:
        raise RuleError(_("录音只收 mp3、wav、m4a、ogg。"), code="wrong_type", field="audio")
    before = {"audio": call.audio_name, "sha256": call.audio_sha256} if call.audio else None
    _keep(call, audio)
    call.full_clean()
    call.save(update_fields=["audio", "audio_name", "audio_kind", "audio_size", "audio_sha256"])
    record("call.audio", call, by=by, before=before, after={"audio": call.audio_name, "sha256": call.audio_sha256})
    return call


def _refuse(problems: list[DraftProblem], drafts: Sequence[CallDraft]) -> None:
    if not problems:
        return
    first = problems[0]
    if len(drafts) == 1:
        others = tuple(one.words for one in problems[1:])
        raise RuleError(first.words, code="not_registered", field=first.field, problems=others)
    lines = tuple(_("第 %(n)s 通：%(words)s") % {"n": one.place + 1, "words": one.words} for one in problems)
    raise RuleError(_("一通也没有登记，先改下面几处。"), code="not_registered", problems=lines)


def _call_of(draft: CallDraft, by: Employee) -> Call:
    call = Call(
        number=draft.number,
        called_on=draft.called_on,
        called_at=draft.called_at,
        employee_id=draft.employee_id,
        seconds=draft.seconds,
        link=draft.link,
        is_complaint=draft.is_complaint,
        registered_by=by,
    )
    if draft.audio is not None:
        _keep(call, draft.audio)
    call.clean_fields(exclude=["employee", "registered_by", "drawn_why"])
    return call


def _keep(call: Call, audio: Checked) -> None:
    """Keep the file under a name of our own, outside the web root; one that is replaced stays where it is."""
    require_transaction()
    call.audio.name = keep(audio, "calls")
    call.audio_name, call.audio_kind = audio.name, audio.kind
    call.audio_size, call.audio_sha256 = audio.size, audio.sha256


def _told(call: Call) -> dict[str, object]:
    told = {"number": call.number, "called_on": call.called_on.isoformat(), "employee": call.employee_id}
    return {**told, "is_complaint": call.is_complaint, "audio": call.audio_name, "link": call.link}
