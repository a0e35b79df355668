"""Score a call: open a sheet, save it as it is filled in, submit it (A2). Until then it is its listener's alone.

The first scoring of a call counts; the second is blind, counts for nothing and files nothing.
"""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.log import record
from common.errors import RuleError
from common.wording import day as day_words
from common.wording import listed
from incidents.services.opening import IncidentDraft, Share, open_incident
from people.models import Employee
from policy.monitoring import NOTHING
from quality.models import Assessment, Call, Rubric
from quality.permissions import Lines, can_listen
from quality.selectors.assessments import may_be_taken, score_of
from quality.selectors.rubrics import in_force, rubric_on
from quality.services.filling import Entries, Level, fill
from quality.services.marking import allow, check_month, ear_of, locked_assessment, locked_call, tell_agent, total_again
from quality.services.terms import dispute_term
from quality.states import AssessmentKind, AssessmentState, DrawnWhy


@transaction.atomic(durable=True)
def open_assessment(call_id: int, *, by: Employee) -> Assessment:
    """The listener's own draft of a call: the one he has, a blind second one first, or a new first scoring.

    Refused: who may not listen, a call that is scored or in another's hands, a month that has been consolidated.
    """
    call, ear = locked_call(call_id), ear_of(by)
    allow(can_listen(ear, call, Lines.of([call])))
    rows = list(call.assessments.select_related("listener").order_by("-kind"))
    own = [one for one in rows if one.listener_id == by.pk]
    if drafts := [one for one in own if one.state == AssessmentState.DRAFT]:
        return drafts[0]
    first = next((one for one in rows if one.kind == AssessmentKind.FIRST), None)
    if first is not None:
        _refuse_taken(first)
    check_month(call)
    rubric = _rubric_for(call)
    if rubric is None:
        words = _("%(day)s还没有生效的监听标准，先发布一版再评。") % {"day": day_words(call.called_on)}
        raise RuleError(words, code="no_rubric")
    made = Assessment(call=call, listener=by, rubric=rubric)
    made.full_clean()
    made.save()
    record("assessment.opened", made, by=by, after={"call": call.number, "rubric": rubric.version})
    return made


def _rubric_for(call: Call) -> Rubric | None:
    """The version in force on the call's day, locked: whoever publishes the next one waits, or has just done so."""
    in_force(Rubric.objects.select_for_update(no_key=True), call.called_on).first()
    return rubric_on(call.called_on)


@transaction.atomic(durable=True)
def take_over_assessment(assessment_id: int, *, by: Employee) -> Assessment:
    """Whoever hears all takes over a first scoring that has lain for a day, and begins anew: a level is who gave it.

    What the other had given stays in the record of the act.
    """
    draft, ear = locked_assessment(assessment_id), ear_of(by)
    allow(ear.hears_all and _is_open_first(draft) and draft.listener_id != by.pk)
    allow(can_listen(ear, draft.call, Lines.of([draft.call])))
    if not may_be_taken(draft, timezone.now()):
        _refuse_taken(draft)
    check_month(draft.call)
    before = {"listener": draft.listener.number, **_kept(draft)}
    draft.scores.all().delete()
    draft.notes.all().delete()
    draft.listener, draft.started_at = by, timezone.now()
    draft.fatal_fault, draft.fatal_note, draft.remark = None, "", ""
    draft.version += 1
    draft.full_clean()
    fields = ("listener", "started_at", "fatal_fault", "fatal_note", "remark", "version")
    draft.save(update_fields=fields)
    record("assessment.taken_over", draft, by=by, before=before, after={"listener": by.number})
    return draft


@transaction.atomic(durable=True)
def discard_assessment(assessment_id: int, *, by: Employee) -> None:
    """Put one's own first draft away, so that somebody else may score the call; the record keeps what was in it."""
    draft = locked_assessment(assessment_id)
    allow(_is_open_first(draft) and draft.listener_id == by.pk)
    record("assessment.discarded", draft, by=by, before=_kept(draft))
    draft.delete()


@transaction.atomic(durable=True)
def save_level(
    assessment_id: int,
    item_id: int,
    *,
    points: Decimal | None = None,
    is_not_applicable: bool = False,
    version: int | None = None,
    by: Employee,
) -> Assessment:
    """Give one item a level, or say that it does not apply to this call."""
    level = Level(points=points, is_not_applicable=is_not_applicable)
    return _saved(assessment_id, Entries(levels={item_id: level}, version=version), by)


@transaction.atomic(durable=True)
def save_sheet(assessment_id: int, *, entries: Entries, by: Employee) -> Assessment:
    """Whatever of a draft is told: levels, comments, the fatal fault, the remark; all or none of it.

    The very same again writes nothing, so a request whose answer was lost may be sent again.
    """
    return _saved(assessment_id, entries, by)


@transaction.atomic(durable=True)
def submit_assessment(assessment_id: int, *, by: Employee) -> Assessment:
    """The total stands: a first one becomes the call's, a fatal fault is filed as an incident to be verified (P4.5).

    Refused while an item is open, where nothing applies, without the fact of a fatal fault, in a counted month.
    """
    draft = own_draft(assessment_id, by)
    _check_filled(draft)
    score = total_again(draft)
    if score.code == NOTHING:
        raise RuleError(_("没有一项适用，算不出分，至少评一项。"), code="nothing_applies")
    now = timezone.now()
    draft.state, draft.submitted_at = AssessmentState.SUBMITTED, now
    told: dict[str, object] = {"total": str(draft.total), "kind": draft.kind}
    if draft.kind == AssessmentKind.FIRST:
        check_month(draft.call)
        term = dispute_term(draft.rubric, timezone.localdate(now))
        draft.dispute_until, draft.terms_calendar = term["dispute_until"], term["terms_calendar"]
        _count(draft.call)
    draft.full_clean()
    draft.save(update_fields=["state", "submitted_at", "dispute_until", "terms_calendar", "total", "version"])
    if draft.kind == AssessmentKind.FIRST and draft.fatal_fault is not None:
        told["incident"] = _file_fault(draft, by)
    record("assessment.submitted", draft, by=by, before={"state": AssessmentState.DRAFT}, after=told)
    if draft.kind == AssessmentKind.FIRST:
        tell_agent(draft.call, "call_scored", key=f"{draft.pk}")
    return draft


def own_draft(assessment_id: int, by: Employee) -> Assessment:
    """The draft, locked, if it is his and he may still listen to that agent."""
    draft = locked_assessment(assessment_id)
    allow(draft.listener_id == by.pk and draft.state == AssessmentState.DRAFT)
    allow(can_listen(ear_of(by), draft.call, Lines.of([draft.call])))
    return draft


def _saved(assessment_id: int, entries: Entries, by: Employee) -> Assessment:
    draft = own_draft(assessment_id, by)
    before, after = fill(draft, entries)
    if after:
        record("assessment.saved", draft, by=by, before=before, after=after)
    return draft


def _check_filled(draft: Assessment) -> None:
    open_keys = set(score_of(draft).open)
    if open_keys:
        names = [item.display_name for item in draft.rubric.items.all() if item.pk in open_keys]
        words = ngettext("还有 %(n)s 项没评：%(names)s。", "还有 %(n)s 项没评：%(names)s。", len(names))
        told = {"n": len(names), "names": listed(names)}
        raise RuleError(words % told, code="open_items", field="levels")
    if draft.fatal_fault_id is not None and not draft.fatal_note.strip():
        raise RuleError(_("写下一票否决的事实，几分几秒说了什么。"), code="fatal_note_missing", field="fatal_note")


def _count(call: Call) -> None:
    """The total is the call's; a call that nobody drew was the listener's own choice, and shown as such."""
    call.drawn_why = call.drawn_why or DrawnWhy.CHOSEN
    call.full_clean(exclude=["audio"])
    call.save(update_fields=["total", "drawn_why"])


def _file_fault(draft: Assessment, by: Employee) -> str | None:
    """The fatal fault as an incident for its verifier; its number, None where the fault names no kind.

    The words are those of the standard, whatever language the listener reads in: the record is everybody's.
    """
    fault, call = draft.fatal_fault, draft.call
    if fault is None or fault.incident_kind_id is None:
        return None
    filed = IncidentDraft(
        kind_id=fault.incident_kind_id,
        occurred_on=call.called_on,
        occurred_time=call.called_at,
        description=f"录音 {call.number} 一票否决 {fault.code} {fault.name}：{draft.fatal_note}",
        people=(Share(call.employee_id),),
        found_by_id=draft.listener_id,
        origin=call.number,
    )
    return open_incident(filed, by=by).number


def _refuse_taken(first: Assessment) -> None:
    if first.state == AssessmentState.SUBMITTED:
        raise RuleError(_("这一通已经评过了。"), code="already_scored")
    values = {"name": first.listener.name, "since": day_words(first.started_at, "time")}
    raise RuleError(_("%(name)s从 %(since)s 起在评这一通。") % values, code="taken")


def _is_open_first(draft: Assessment) -> bool:
    return draft.kind == AssessmentKind.FIRST and draft.state == AssessmentState.DRAFT


def _kept(draft: Assessment) -> dict[str, object]:
    """What a draft holds, for the record of an act that takes it away."""
    levels = {str(one.item_id): "" if one.points is None else str(one.points) for one in draft.scores.all()}
    notes = [[one.item_id, one.at_second, one.text] for one in draft.notes.all()]
    fatal = [draft.fatal_fault.code, draft.fatal_note] if draft.fatal_fault else None
    return {"levels": levels, "notes": notes, "fatal": fatal, "remark": draft.remark}
