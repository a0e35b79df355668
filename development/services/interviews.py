"""The appraisal interview (P5.1, P6.4a): prepared from the result, held, shared, confirmed; then nothing changes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.services.steps import locked_form
from audit.log import record
from common.errors import RuleError
from development.models import Agreement, Interview, Remark
from development.permissions import (
    can_acknowledge_interview,
    can_add_to_interview,
    can_edit_interview,
    can_interview,
    can_recall_interview,
)
from development.selectors.agenda import agenda_of
from development.services.steps import (
    add_remark,
    check_version,
    locked_interview,
    refuse_unless,
    save_fields,
    words_of,
)
from development.states import InterviewState
from notices.log import tell
from people.models import Employee
from scoring.models import Result
from scoring.selectors.results import current_version
from scoring.selectors.terms import terms_from

MOST_AGREEMENTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """An agreed action as typed; ``due_on`` None: no date, or none that can be read."""

    text: str
    due_on: date | None
    by_owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What the owner writes down, in the fields of the form."""

    achievements: str = ""
    shortcomings: str = ""
    causes: str = ""
    support: str = ""
    next_targets: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The day of the interview, the notes, what was agreed."""

    held_on: date | None = None
    notes: Notes = Notes()
    agreed: Sequence[Agreed] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What the appraisee says: his own words, his opinion, and whether he agrees with the record."""

    own_words: str = ""
    opinion: str = ""
    is_agreed: bool | None = None


NOTE_FIELDS = tuple(field.name for field in fields(Notes))


@transaction.atomic(durable=True)
def prepare_interview(form_id: int, *, by: Employee) -> Interview:
    """Make the agenda from the version of the result that holds now; a draft's is made anew, its notes stay."""
    form = locked_form(form_id)
    refuse_unless(can_interview(by, form, timezone.localdate()))
    result = current_version(form.pk)
    if result is None or result.published_at is None:
        raise RuleError(_("结果送达后才能准备面谈。"), code="not_published")
    found = Interview.objects.select_for_update().filter(form=form).first()
    if found is not None and found.state != InterviewState.DRAFT:
        return found
    interview = found or Interview(form=form, employee=form.employee, due_on=timezone.localdate())
    interview.form, interview.owner, interview.result = form, by, result
    interview.due_on = _due(result)
    interview.agenda = agenda_of(result)
    if found is None:
        interview.full_clean(exclude=("agenda",))
        interview.save()
    else:
        save_fields(interview, "owner", "result", "due_on", "agenda")
    record("interview.prepared", interview, by=by, after={"result": result.pk, "version": result.version})
    return interview


@transaction.atomic(durable=True)
def save_interview(interview_id: int, talk: Talk, *, version: int | None, by: Employee) -> Interview:
    """Write the notes as they stand; what was agreed is replaced by what is given now."""
    interview = locked_interview(interview_id)
    refuse_unless(can_edit_interview(by, interview, timezone.localdate()))
    check_version(interview, version)
    for name in NOTE_FIELDS:
        setattr(interview, name, words_of(getattr(talk.notes, name), 500, field=name))
    interview.held_on = talk.held_on
    rows = [_agreement(interview, one) for one in talk.agreed]
    if len(rows) > MOST_AGREEMENTS:
        raise RuleError(_("最多约定 %(n)s 项。") % {"n": MOST_AGREEMENTS}, code="too_many", field="agreed")
    interview.agreements.all().delete()
    Agreement.objects.bulk_create(rows)
    save_fields(interview, "held_on", *NOTE_FIELDS)
    return interview


@transaction.atomic(durable=True)
def share_interview(interview_id: int, *, by: Employee) -> Interview:
    """Show the record to the appraisee, who confirms it; not before it has been held."""
    now = timezone.now()
    interview = locked_interview(interview_id)
    refuse_unless(can_edit_interview(by, interview, timezone.localdate(now)))
    _check_complete(interview, timezone.localdate(now))
    interview.state, interview.shared_at, interview.owner = InterviewState.SHARED, now, by
    save_fields(interview, "state", "shared_at", "owner")
    record("interview.shared", interview, by=by, after=_told(interview))
    _tell(interview, interview.employee_id, "interview_shared", by)
    return interview


@transaction.atomic(durable=True)
def recall_interview(interview_id: int, *, by: Employee) -> Interview:
    """Take the record back to correct it, as long as the appraisee has not confirmed."""
    interview = locked_interview(interview_id)
    refuse_unless(can_recall_interview(by, interview, timezone.localdate()))
    interview.state, interview.shared_at = InterviewState.DRAFT, None
    save_fields(interview, "state", "shared_at")
    record("interview.recalled", interview, by=by)
    return interview


@transaction.atomic(durable=True)
def acknowledge_interview(interview_id: int, said: Confirmation, *, version: int | None, by: Employee) -> Interview:
    """The appraisee adds his words and confirms, in agreement or not; from now on the record stays as it is."""
    interview = locked_interview(interview_id)
    refuse_unless(can_acknowledge_interview(by, interview))
    check_version(interview, version)
    if said.is_agreed is None:
        raise RuleError(_("选同意或不同意。"), code="choice_missing", field="is_agreed")
    missing = "" if said.is_agreed else _("不同意的话，写明是哪一点。")
    interview.own_words = words_of(said.own_words, 500, field="own_words")
    interview.opinion = words_of(said.opinion, 500, field="opinion", missing=missing)
    interview.is_agreed, interview.acknowledged_at = said.is_agreed, timezone.now()
    interview.state = InterviewState.ACKNOWLEDGED
    save_fields(interview, "own_words", "opinion", "is_agreed", "acknowledged_at", "state")
    words = {"is_agreed": said.is_agreed, "own_words": interview.own_words, "opinion": interview.opinion}
    record("interview.acknowledged", interview, by=by, after=words)
    _tell(interview, interview.owner_id, "interview_acknowledged", by)
    return interview


@transaction.atomic(durable=True)
def add_to_interview(interview_id: int, *, text: str, by: Employee) -> Remark:
    """Add a remark to a confirmed record; the other side is told that there is one, not what it says."""
    interview = locked_interview(interview_id)
    refuse_unless(can_add_to_interview(by, interview))
    remark = add_remark(text, by=by, interview=interview)
    record("interview.remarked", interview, by=by, after={"text": remark.text})
    for pk in {interview.employee_id, interview.owner_id, interview.form.owner_id} - {by.pk}:
        _tell(interview, pk, "interview_remarked", by, about=str(remark.pk))
    return remark


@transaction.atomic(durable=True)
def finish_agreement(interview_id: int, agreement_id: int, *, by: Employee) -> Agreement:
    """Say that an agreed action is done: whoever was to do it, or the owner."""
    interview = locked_interview(interview_id)
    refuse_unless(can_add_to_interview(by, interview))
    agreement = interview.agreements.select_for_update().filter(pk=agreement_id, done_on=None).first()
    if agreement is None or (agreement.by_owner and by.pk == interview.employee_id):
        raise RuleError(_("这一项已经完成，或者不是你来做。"), code="not_allowed")
    agreement.done_on = timezone.localdate()
    agreement.save(update_fields=["done_on"])
    record("interview.agreement_done", interview, by=by, after={"agreement": agreement.text})
    return agreement


def _due(result: Result) -> date:
    if result.interview_until is not None:
        return result.interview_until
    if result.published_at is None:
        raise ValueError(result.pk)
    return terms_from(result.form.cycle, result.published_at)["interview_until"]


def _agreement(interview: Interview, one: Agreed) -> Agreement:
    text = words_of(one.text, 200, field="agreed", missing=_("写下约定的事项。"))
    if one.due_on is None:
        raise RuleError(_("“%(text)s”还没有日期。") % {"text": text[:20]}, code="date_missing", field="agreed")
    return Agreement(interview=interview, text=text, due_on=one.due_on, by_owner=one.by_owner)


def _check_complete(interview: Interview, today: date) -> None:
    if interview.held_on is None:
        raise RuleError(_("填上面谈日期。"), code="day_missing", field="held_on")
    if interview.held_on > today:
        raise RuleError(_("面谈日期还没到，谈过再发。"), code="not_held", field="held_on")
    if not any(getattr(interview, name) for name in ("achievements", "shortcomings")):
        raise RuleError(_("主要成绩和不足至少写一样。"), code="notes_missing", field="achievements")
    early = [one.text for one in interview.agreements.all() if one.due_on < interview.held_on]
    if early:
        words = _("这几项的日期在面谈之前：")
        raise RuleError(words, code="date_passed", field="agreed", problems=tuple(early))


def _told(interview: Interview) -> dict[str, object]:
    agreed = [[one.text, one.due_on.isoformat(), one.by_owner] for one in interview.agreements.all()]
    notes = {name: getattr(interview, name) for name in NOTE_FIELDS}
    return {"held_on": str(interview.held_on), "agreed": agreed, **notes}


def _tell(interview: Interview, recipient: int, kind: str, by: Employee, *, about: str = "") -> None:
    key = f"interview:{interview.pk}:{kind}:{about or interview.version}"
    detail = {"who": by.name, "month": interview.form.cycle.key}
    tell([recipient], kind, path=f"/interviews/{interview.pk}/", key=key, detail=detail)
