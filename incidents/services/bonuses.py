"""Bonus claims: raised, checked twice, turned down, withdrawn or overturned (P4.6)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError, check_length
from common.uploads import Checked
from common.wording import signed
from incidents.models import Bonus, BonusStep
from incidents.permissions import (
    Superiors,
    can_add_bonus_files,
    can_check_first,
    can_check_second,
    can_join_event,
    can_overturn_bonus,
    can_reject_bonus,
    can_withdraw_bonus,
)
from incidents.selectors.rules import is_appraised
from incidents.services.one_event import join, leave, step_aside, to_join
from incidents.services.steps import (
    BONUS_PREFIX,
    allow,
    attach,
    check_what,
    checked_reason,
    decide,
    judge_of,
    save_numbered,
)
from incidents.states import EventState
from people.models import Employee

TEXT_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BonusDraft:
    """A claim as somebody raises it: the points come from the step of the bonus standard, never from the keyboard.

    ``step_id`` may be left out where the kind has one step only. ``same_event_as`` is another claim of the person.
    """

    employee_id: int
    kind_id: int | None
    step_id: int | None = None
    occurred_on: date
    grounds: str
    same_event_as: int | None = None
    files: tuple[Checked, ...] = ()


@transaction.atomic(durable=True)
def raise_bonus(draft: BonusDraft, *, by: Employee) -> Bonus:
    """Applied for by the person, reported by a colleague or proposed by the superior (P4.6).

    Refused without an entry of the standard in use, for who has no appraised post or did not work here on that day,
    and when the same claim by the same person is waiting already.
    """
    check_what(draft.occurred_on, draft.grounds)
    check_length(draft.grounds.strip(), TEXT_LIMIT, field="text")
    step = _step(draft)
    employee = _appraised(draft)
    bonus = Bonus(
        employee=employee,
        kind=step.kind,
        cap=step.kind.cap,
        points=step.points,
        occurred_on=draft.occurred_on,
        grounds=draft.grounds.strip(),
        raised_by=by,
    )
    _check_new(bonus)
    if draft.same_event_as is not None:
        bonus.event = to_join(bonus, draft.same_event_as, by).event
    save_numbered(bonus, BONUS_PREFIX)
    files = attach(bonus, draft.files, by)
    told = {"employee": employee.pk, "kind": step.kind.code, "points": str(bonus.points), "event": bonus.event}
    record("bonus.raised", bonus, by=by, after=told | ({"files": files} if files else {}))
    return bonus


@transaction.atomic(durable=True)
def first_check_bonus(bonus_id: int, *, by: Employee) -> Bonus:
    """The grounds meet the bonus standard: first check, by one who is neither the person nor who raised it."""
    bonus = _locked(bonus_id)
    if by.pk in {bonus.employee_id, bonus.raised_by_id}:
        raise RuleError(_("自己的或自己提的加分，要由别人初核。"), code="not_neutral")
    allow(can_check_first(judge_of(by), bonus, Superiors.of([bonus])))
    bonus.first_checker, bonus.first_checked_at = by, timezone.now()
    bonus.full_clean()
    bonus.save(update_fields=["first_checker", "first_checked_at"])
    record("bonus.first_checked", bonus, by=by, after={"state": bonus.state})
    return bonus


@transaction.atomic(durable=True)
def second_check_bonus(bonus_id: int, *, by: Employee) -> Bonus:
    """The direct superior of the day confirms, or who stands above him what he raised himself: now it counts.

    Alone of its event: a lower one that is in no month yet is set aside; any other that counts makes this one refused.
    """
    bonus = _locked(bonus_id)
    if bonus.state == EventState.FILED and bonus.first_checker_id is None:
        raise RuleError(_("还没有初核，初核后再确认。"), code="not_checked_first")
    if by.pk == bonus.raised_by_id:
        raise RuleError(_("你自己提的加分，要由别人确认。"), code="not_neutral")
    allow(can_check_second(judge_of(by), bonus, Superiors.of([bonus])))
    step_aside(bonus, by)
    bonus.second_checker = by
    return decide(bonus, EventState.CONFIRMED, "bonus.confirmed", by, ["second_checker"])


@transaction.atomic(durable=True)
def reject_bonus(bonus_id: int, *, reason: str, by: Employee) -> Bonus:
    """Turn it down with the reason: whoever checks it next, or the direct superior."""
    bonus = _locked(bonus_id)
    allow(can_reject_bonus(judge_of(by), bonus, Superiors.of([bonus])))
    bonus.decision_reason = checked_reason(reason)
    return decide(bonus, EventState.REJECTED, "bonus.rejected", by, ["decision_reason"])


@transaction.atomic(durable=True)
def withdraw_bonus(bonus_id: int, *, reason: str, by: Employee) -> Bonus:
    """Taken back by who raised it or by the person, before it is decided; it stays in the ledger."""
    bonus = _locked(bonus_id)
    allow(can_withdraw_bonus(judge_of(by), bonus))
    bonus.decision_reason = checked_reason(reason, _("写一句为什么撤回。"))
    return decide(bonus, EventState.WITHDRAWN, "bonus.withdrawn", by, ["decision_reason"])


@transaction.atomic(durable=True)
def overturn_bonus(bonus_id: int, *, reason: str, by: Employee) -> Bonus:
    """A confirmed one that should not count, before it is in a month; afterwards that month's own ways are left."""
    bonus = _locked(bonus_id)
    allow(can_overturn_bonus(judge_of(by), bonus))
    if bonus.counted_month:
        words = _("%(number)s已计入%(month)s月的考核：出结果前请值班主任先撤回汇总，出结果后走申诉。")
        raise RuleError(words % {"number": bonus.number, "month": bonus.counted_month.month}, code="counted")
    bonus.decision_reason = checked_reason(reason, _("写一句为什么撤销，对方看得到。"))
    return decide(bonus, EventState.OVERTURNED, "bonus.overturned", by, ["decision_reason"])


@transaction.atomic(durable=True)
def join_event(bonus_id: int, other_id: int | None, *, by: Employee) -> Bonus:
    """Say that two claims of a person are about one event, or (None) that this one stands for itself."""
    bonus = _locked(bonus_id)
    allow(can_join_event(judge_of(by), bonus, Superiors.of([bonus])))
    before = bonus.event
    moved = leave(bonus) if other_id is None else join(bonus, to_join(bonus, other_id, by))
    told = {"event": bonus.event} | ({"with": moved} if moved else {})
    record("bonus.joined", bonus, by=by, before={"event": before}, after=told)
    return bonus


@transaction.atomic(durable=True)
def add_bonus_files(bonus_id: int, *, files: tuple[Checked, ...], by: Employee) -> Bonus:
    """More evidence for a claim that is not decided yet."""
    bonus = _locked(bonus_id)
    allow(can_add_bonus_files(judge_of(by), bonus, Superiors.of([bonus])))
    if not files:
        raise RuleError(_("先选要传的文件。"), code="files_missing", field="files")
    record("bonus.files_added", bonus, by=by, after={"files": attach(bonus, files, by)})
    return bonus


def _step(draft: BonusDraft) -> BonusStep:
    """The step of the standard that gives the points."""
    steps = list(BonusStep.objects.select_related("kind").filter(kind_id=draft.kind_id, kind__is_active=True))
    if not steps:
        raise RuleError(_("选一条加分标准，分数由标准定。"), code="kind_missing", field="step")
    chosen = [step for step in steps if step.pk == draft.step_id] if draft.step_id or len(steps) > 1 else steps
    if not chosen:
        words = _("选第几名。") if draft.step_id is None else _("加分标准刚改过，重新选一次。")
        raise RuleError(words, code="step_missing", field="step")
    return chosen[0]


def _appraised(draft: BonusDraft) -> Employee:
    """The person, locked against others who raise or decide his claims meanwhile."""
    employee = _lock_person(draft.employee_id)
    if employee is None or not employee.works_on(draft.occurred_on):
        raise RuleError(_("那一天没有这位员工，核对姓名和日期。"), code="not_employed", field="employee")
    if not is_appraised(employee):
        words = _("%(name)s没有考核岗位，加分不会计入任何考核表。") % {"name": employee.name}
        raise RuleError(words, code="not_appraised", field="employee")
    return employee


def _check_new(bonus: Bonus) -> None:
    """A second tap on the button is not a second claim."""
    same = Bonus.objects.filter(
        employee=bonus.employee,
        kind=bonus.kind,
        points=bonus.points,
        occurred_on=bonus.occurred_on,
        grounds=bonus.grounds,
        raised_by=bonus.raised_by,
        state=EventState.FILED,
    ).first()
    if same is not None:
        words = _("一样的已经提过了：%(number)s，%(points)s分。")
        raise RuleError(words % {"number": same.number, "points": signed(same.points)}, code="raised_already")


def _locked(pk: int) -> Bonus:
    """The claim, after everybody else who decides claims of the same person: of one event only one may count."""
    _lock_person(Bonus.objects.values_list("employee_id", flat=True).get(pk=pk))
    return Bonus.objects.select_for_update(of=("self",)).select_related("employee").get(pk=pk)


def _lock_person(pk: int) -> Employee | None:
    return Employee.objects.select_for_update(no_key=True).filter(pk=pk).first()
