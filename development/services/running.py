"""A published plan: signed for, looked at, paused, extended, ended, handed over (P5.1)."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from development.models import Checkpoint, Plan, Remark
from development.permissions import can_acknowledge_plan, can_comment_plan, can_hand_over_plan, can_run_plan
from development.services.steps import add_remark, locked_plan, refuse_unless, save_fields, words_of
from development.states import PlanState
from notices.log import tell
from people.models import Employee
from people.selectors import owners_on, standing_of

EXTENSIONS = (15, 30, 60)
MOST_EXTENDED = 90


@transaction.atomic(durable=True)
def acknowledge_plan(plan_id: int, *, text: str = "", by: Employee) -> Plan:
    """The employee signs for the plan, with a word of his own if he likes; from then it runs."""
    plan = locked_plan(plan_id)
    refuse_unless(can_acknowledge_plan(by, plan))
    if text.strip():
        add_remark(text, by=by, plan=plan)
    plan.state, plan.acknowledged_at = PlanState.RUNNING, timezone.now()
    save_fields(plan, "state", "acknowledged_at")
    record("plan.acknowledged", plan, by=by)
    _tell(plan, plan.owner_id, "plan_acknowledged", who=by.name)
    return plan


@transaction.atomic(durable=True)
def recall_plan(plan_id: int, *, by: Employee) -> Plan:
    """Take a published plan back to correct it, before the employee has signed."""
    plan = _run(plan_id, by, PlanState.PUBLISHED)
    plan.state = PlanState.DRAFT
    save_fields(plan, "state")
    record("plan.recalled", plan, by=by)
    return plan


@transaction.atomic(durable=True)
def hold_checkpoint(
    plan_id: int, checkpoint_id: int, *, seen: str, is_on_track: bool | None, by: Employee
) -> Checkpoint:
    """Write down what was seen on a checkpoint; not before its day has come, and once."""
    plan = _run(plan_id, by, PlanState.RUNNING)
    checkpoint = plan.checkpoints.select_for_update().filter(pk=checkpoint_id).first()
    if checkpoint is None or checkpoint.held_at is not None:
        raise RuleError(_("这个检查点已经记过了。"), code="held_already")
    if checkpoint.due_on > timezone.localdate():
        raise RuleError(_("检查点的日期还没到。"), code="too_early")
    if is_on_track is None:
        raise RuleError(_("选按计划还是落后。"), code="choice_missing", field="is_on_track")
    checkpoint.seen = words_of(seen, 300, field="seen", missing=_("写下看到的情况。"))
    checkpoint.is_on_track, checkpoint.held_at = is_on_track, timezone.now()
    checkpoint.save(update_fields=["seen", "is_on_track", "held_at"])
    day = checkpoint.due_on.isoformat()
    record("plan.checkpoint", plan, by=by, after={"day": day, "seen": checkpoint.seen, "on_track": is_on_track})
    return checkpoint


@transaction.atomic(durable=True)
def pause_plan(plan_id: int, *, reason: str, by: Employee) -> Plan:
    """Let it rest, with the reason; the days are given back when it goes on."""
    plan = _run(plan_id, by, PlanState.RUNNING)
    words = words_of(reason, 300, field="reason", missing=_("写明为什么暂停。"))
    plan.state, plan.paused_on = PlanState.PAUSED, timezone.localdate()
    save_fields(plan, "state", "paused_on")
    record("plan.paused", plan, by=by, reason=words)
    _add(plan, _("暂停：%(reason)s") % {"reason": words}, by)
    return plan


@transaction.atomic(durable=True)
def resume_plan(plan_id: int, *, by: Employee) -> Plan:
    """Go on: the end, and the checkpoints not yet held, move by the days it rested."""
    plan = _run(plan_id, by, PlanState.PAUSED)
    today = timezone.localdate()
    rested = (today - (plan.paused_on or today)).days
    _move(plan, rested)
    if rested:
        late = list(plan.checkpoints.filter(held_at__isnull=True).order_by("-due_on"))
        for checkpoint in late:  # from the last, so that no day is taken twice on the way
            checkpoint.due_on += timedelta(days=rested)
            checkpoint.save(update_fields=["due_on"])
    plan.state, plan.paused_on = PlanState.RUNNING, None
    save_fields(plan, "state", "paused_on", "ends_on", "extended_days")
    record("plan.resumed", plan, by=by, after={"days": rested, "ends_on": str(plan.ends_on)})
    return plan


@transaction.atomic(durable=True)
def extend_plan(plan_id: int, *, days: int, reason: str, by: Employee) -> Plan:
    """Give it more days, with the reason and a checkpoint on the new last day."""
    plan = _run(plan_id, by, PlanState.RUNNING)
    words = words_of(reason, 300, field="reason", missing=_("写明为什么延长。"))
    if days not in EXTENSIONS or plan.extended_days + days > MOST_EXTENDED:
        raise RuleError(
            _("一次延15、30或60天，合计最多%(n)s天。") % {"n": MOST_EXTENDED}, code="too_long", field="days"
        )
    _move(plan, days)
    save_fields(plan, "ends_on", "extended_days")
    if plan.ends_on is not None:
        Checkpoint.objects.get_or_create(plan=plan, due_on=plan.ends_on)
    record("plan.extended", plan, by=by, after={"days": days, "ends_on": str(plan.ends_on)}, reason=words)
    _add(plan, _("延长%(n)s天：%(reason)s") % {"n": days, "reason": words}, by)
    return plan


@transaction.atomic(durable=True)
def end_plan(plan_id: int, *, is_achieved: bool | None, conclusion: str, by: Employee) -> Plan:
    """Achieved or missed, with a conclusion; missed is not said before the last day, nor with a day not looked at."""
    plan = _run(plan_id, by, PlanState.RUNNING)
    today = timezone.localdate()
    if is_achieved is None:
        raise RuleError(_("选达成还是未达成。"), code="choice_missing", field="is_achieved")
    words = words_of(conclusion, 300, field="conclusion", missing=_("写下结论。"))
    if not is_achieved:
        _check_over(plan, today)
    plan.state = PlanState.ACHIEVED if is_achieved else PlanState.MISSED
    plan.conclusion, plan.closed_at = words, timezone.now()
    save_fields(plan, "state", "conclusion", "closed_at")
    record("plan.ended", plan, by=by, after={"state": plan.state, "conclusion": words})
    _tell(plan, plan.employee_id, "plan_ended")
    return plan


@transaction.atomic(durable=True)
def comment_plan(plan_id: int, *, text: str, by: Employee) -> Remark:
    """Either side adds a word, also when it has ended; the other is told that there is one, not what it says."""
    plan = locked_plan(plan_id)
    refuse_unless(can_comment_plan(by, plan))
    remark = _add(plan, text, by)
    record("plan.remarked", plan, by=by, after={"text": remark.text})
    return remark


@transaction.atomic(durable=True)
def hand_over_plan(plan_id: int, *, by: Employee) -> Plan:
    """HR gives the plan to the employee's owner of today, when the old one no longer is."""
    today = timezone.localdate()
    plan = locked_plan(plan_id)
    refuse_unless(can_hand_over_plan(plan, standing_of(by, today)) and plan.employee_id != by.pk)
    owner_id = owners_on(today, [plan.employee_id]).get(plan.employee_id)
    if owner_id is None or owner_id == plan.owner_id:
        raise RuleError(_("现在的考核负责人就是他，不用转。"), code="same_owner")
    before, plan.owner = plan.owner.number, Employee.objects.get(pk=owner_id)
    save_fields(plan, "owner")
    record("plan.handed_over", plan, by=by, before={"owner": before}, after={"owner": plan.owner.number})
    return plan


def _run(plan_id: int, by: Employee, state: PlanState) -> Plan:
    plan = locked_plan(plan_id)
    refuse_unless(plan.state == state and can_run_plan(by, plan, timezone.localdate()))
    return plan


def _add(plan: Plan, text: str, by: Employee) -> Remark:
    """Append a remark and tell the other side that there is one."""
    remark = add_remark(text, by=by, plan=plan)
    other = plan.owner_id if by.pk == plan.employee_id else plan.employee_id
    _tell(plan, other, "plan_remarked", about=str(remark.pk), who=by.name)
    return remark


def _check_over(plan: Plan, today: date) -> None:
    if plan.ends_on is not None and today < plan.ends_on:
        words = _("改进期到%(month)s月%(day)s日，没到期不能定未达成。")
        told = {"month": plan.ends_on.month, "day": plan.ends_on.day}
        raise RuleError(words % told, code="not_over", field="is_achieved")
    if plan.checkpoints.filter(held_at__isnull=True, due_on__lte=today).exists():
        raise RuleError(_("还有检查点没有记，记完再定未达成。"), code="unheld", field="is_achieved")


def _move(plan: Plan, days: int) -> None:
    if plan.ends_on is not None:
        plan.ends_on += timedelta(days=days)
    plan.extended_days += days


def _tell(plan: Plan, recipient: int, kind: str, *, about: str = "", **detail: str) -> None:
    key = f"plan:{plan.pk}:{kind}:{about or plan.version}"
    tell([recipient], kind, path=f"/plans/{plan.pk}/", key=key, detail=detail)
