"""Training requests (P5.2, P7.3): asked for, passed on by the superior, collected, arranged or declined by HR."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.db import require_transaction
from common.errors import RuleError
from development.models import Interview, Plan, TrainingRequest
from development.permissions import (
    can_arrange,
    can_collect,
    can_pass_on,
    can_view_interview,
    can_view_plan,
    is_owner_today,
)
from development.services.steps import refuse_unless, words_of
from development.states import TrainingState
from notices.log import tell
from people.models import Employee
from people.selectors import owners_on, standing_of

PATH = "/training/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request as typed; it may come out of an interview or a plan about the same person."""

    topic: str
    why: str
    wanted_by: date | None = None
    interview_id: int | None = None
    plan_id: int | None = None


@transaction.atomic(durable=True)
def request_training(employee_id: int, wanted: Wanted, *, by: Employee) -> TrainingRequest:
    """Ask for training: the superior for his people, which passes it on at once; anybody for himself."""
    today, now = timezone.localdate(), timezone.now()
    employee = Employee.objects.get(pk=employee_id)
    is_own = employee.pk == by.pk
    refuse_unless(by.works_on(today) and (is_own or is_owner_today(by, employee.pk, today)))
    owner = owners_on(today, [employee.pk]).get(employee.pk) if is_own else by.pk
    if owner is None:
        raise RuleError(_("你还没有考核负责人，找人力资源部登记。"), code="no_owner")
    request = TrainingRequest(
        employee=employee,
        requested_by=by,
        topic=words_of(wanted.topic, 80, field="topic", missing=_("写下要学什么。")),
        why=words_of(wanted.why, 200, field="why", missing=_("写下为什么需要。")),
        wanted_by=wanted.wanted_by,
        passed_by_id=owner,
        passed_at=None if is_own else now,
        interview=_interview(wanted.interview_id, employee, by),
        plan=_plan(wanted.plan_id, employee, by),
    )
    if wanted.wanted_by is not None and wanted.wanted_by < today:
        raise RuleError(_("希望的日期已经过了。"), code="date_passed", field="wanted_by")
    request.full_clean()
    request.save()
    record("training.requested", request, by=by, after={"employee": employee.number, "topic": request.topic})
    if is_own:
        _tell(request, [owner], "training_requested", who=employee.name)
    return request


@transaction.atomic(durable=True)
def pass_training_on(request_id: int, *, by: Employee) -> TrainingRequest:
    """The superior supports what his employee asked for: now it is in the list."""
    request = _locked(request_id)
    refuse_unless(can_pass_on(by, request, timezone.localdate()))
    request.passed_at = timezone.now()
    request.save(update_fields=["passed_at"])
    record("training.passed_on", request, by=by)
    return request


@transaction.atomic(durable=True)
def collect_training(request_ids: Iterable[int], *, by: Employee) -> list[TrainingRequest]:
    """Hand what was passed on to the training centre; what somebody else has collected meanwhile is left out."""
    standing = standing_of(by, timezone.localdate())
    rows = TrainingRequest.objects.select_for_update(of=("self",)).filter(pk__in=list(request_ids)).order_by("pk")
    found = [request for request in rows if can_collect(request, standing)]
    if not found:
        raise RuleError(_("先勾选要报的需求。"), code="nothing_to_do")
    for request in found:
        request.state = TrainingState.COLLECTED
        request.save(update_fields=["state"])
        record("training.collected", request, by=by)
    return found


@transaction.atomic(durable=True)
def arrange_training(request_id: int, *, day: date | None, answer: str, by: Employee) -> TrainingRequest:
    """HR arranges it, with the day."""
    request = _locked(request_id)
    refuse_unless(can_arrange(request, standing_of(by, timezone.localdate())))
    if day is None:
        raise RuleError(_("填上培训日期。"), code="day_missing", field="arranged_on")
    request.arranged_on = day
    return _answer(request, TrainingState.ARRANGED, words_of(answer, 200, field="answer"), by)


@transaction.atomic(durable=True)
def decline_training(request_id: int, *, answer: str, by: Employee) -> TrainingRequest:
    """Not arranged, with the reason: by HR, or by the superior of what he does not pass on."""
    today = timezone.localdate()
    request = _locked(request_id)
    refuse_unless(can_arrange(request, standing_of(by, today)) or can_pass_on(by, request, today))
    words = words_of(answer, 200, field="answer", missing=_("写明为什么不安排。"))
    return _answer(request, TrainingState.DECLINED, words, by)


def _answer(request: TrainingRequest, state: TrainingState, words: str, by: Employee) -> TrainingRequest:
    require_transaction()
    request.state, request.answer, request.decided_at = state, words, timezone.now()
    request.full_clean()
    request.save(update_fields=["state", "answer", "arranged_on", "decided_at"])
    day = request.arranged_on.isoformat() if request.arranged_on else None
    record("training.answered", request, by=by, after={"state": state.value, "answer": words, "day": day})
    _tell(request, {request.employee_id, request.requested_by_id} - {by.pk}, "training_answered")
    return request


def plan_career(employee: Employee, *, topic: str, why: str, by: Employee) -> TrainingRequest:
    """A step: who was excellent two years running gets a training plan of his own (P7.3); HR is to arrange it."""
    require_transaction()
    request = TrainingRequest(
        employee=employee,
        requested_by=by,
        topic=topic[:80],
        why=why[:200],
        state=TrainingState.COLLECTED,
        passed_by=by,
        passed_at=timezone.now(),
    )
    request.full_clean()
    request.save()
    record("training.requested", request, by=by, after={"employee": employee.number, "topic": request.topic})
    return request


def drop_career_plan(request_id: int, *, answer: str, by: Employee) -> None:
    """A step: what a decision asked for is not arranged, because it was taken back; what HR has arranged stays."""
    require_transaction()
    request = _locked(request_id)
    if request.state == TrainingState.COLLECTED:
        _answer(request, TrainingState.DECLINED, answer[:200], by)


def _locked(request_id: int) -> TrainingRequest:
    rows = TrainingRequest.objects.select_for_update(of=("self",)).select_related("employee")
    return rows.get(pk=request_id)


def _interview(pk: int | None, employee: Employee, by: Employee) -> Interview | None:
    """The interview it comes out of, if it is about the same person and the asker may see it."""
    found = Interview.objects.select_related("form").filter(pk=pk, employee=employee).first() if pk else None
    return found if found and can_view_interview(by, found, standing_of(by, timezone.localdate())) else None


def _plan(pk: int | None, employee: Employee, by: Employee) -> Plan | None:
    found = Plan.objects.filter(pk=pk, employee=employee).first() if pk else None
    return found if found and can_view_plan(by, found, standing_of(by, timezone.localdate())) else None


def _tell(request: TrainingRequest, recipients: Iterable[int], kind: str, **detail: str) -> None:
    key = f"training:{request.pk}:{kind}"
    tell(recipients, kind, path=f"{PATH}{request.pk}/", key=key, detail=detail)
