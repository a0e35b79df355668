"""The improvement plan (P5.1): written by the owner, published, signed for by the employee, looked at, ended."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.selectors.schemes import rules_of, scheme_in_force
from audit.log import record
from common.errors import RuleError
from common.wording import points
from development.models import Checkpoint, Plan, PlanItem
from development.permissions import can_run_plan, is_owner_today
from development.selectors.agenda import AgendaLine, weak_lines
from development.selectors.obligations import grounds_of
from development.services.steps import check_version, locked_plan, refuse_unless, save_fields, words_of
from development.states import OPEN_PLAN, PlanState
from notices.log import tell
from people.models import Employee
from scoring.models import Result

LENGTHS = (30, 60, 90)
"""Days a plan may run; which of them is usual, the scheme says."""
MOST_ITEMS = 8
MOST_CHECKPOINTS = 8
FIRST_CHECKPOINTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Improving:
    """One thing to improve, as typed."""

    what: str = ""
    baseline: str = ""
    target: str = ""
    action: str = ""
    support: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """What a plan says: from when, how many days, what is to improve, when it is looked at."""

    starts_on: date | None = None
    days: int = 60
    items: Sequence[Improving] = ()
    checkpoints: Sequence[date] = ()


LIMITS = {"what": 120, "baseline": 120, "target": 120, "action": 300, "support": 120}


@transaction.atomic(durable=True)
def draft_plan(employee_id: int, *, by: Employee) -> Plan:
    """Begin a plan, or go on with the draft there is; it starts from the weakest items of the last result."""
    today = timezone.localdate()
    employee = Employee.objects.select_for_update(of=("self",)).get(pk=employee_id)
    refuse_unless(is_owner_today(by, employee.pk, today) and employee.pk != by.pk)
    existing = Plan.objects.filter(employee=employee, state__in=OPEN_PLAN).first()
    if existing is not None and existing.state == PlanState.DRAFT and existing.owner_id == by.pk:
        return existing
    if existing is not None and existing.state != PlanState.DRAFT:
        raise RuleError(_("已经有一份没结束的改进计划，先把它结束。"), code="already_planned")
    grounds = grounds_of(employee.pk, today)
    result = _result_for(employee, grounds[0].result_id if grounds else None)
    if existing is not None and existing.remarks.exists():  # recalled after the employee had written something to it
        existing.owner = by
        save_fields(existing, "owner")
        record("plan.handed_over", existing, by=by)
        return existing
    if existing is not None:  # the former owner's draft was never shown to anybody
        existing.delete()
    days = _usual_days(today)
    plan = Plan(
        employee=employee,
        owner=by,
        result=result if result is None or not result.plans.exists() else None,
        why=grounds[0].why if grounds else "",
        starts_on=today,
        ends_on=today + timedelta(days=days),
    )
    plan.full_clean()
    plan.save()
    PlanItem.objects.bulk_create(_first_items(plan, weak_lines(result) if result else ()))
    Checkpoint.objects.bulk_create(
        Checkpoint(plan=plan, due_on=today + timedelta(days=days * n // FIRST_CHECKPOINTS))
        for n in range(1, FIRST_CHECKPOINTS + 1)
    )
    record("plan.drafted", plan, by=by, after={"why": plan.why, "employee": employee.number})
    return plan


@transaction.atomic(durable=True)
def save_plan(plan_id: int, draft: PlanDraft, *, version: int | None, by: Employee) -> Plan:
    """Write the draft anew: items and days are what is given now."""
    plan = _own_draft(plan_id, by)
    check_version(plan, version)
    if draft.days not in LENGTHS:
        raise RuleError(_("改进期选30、60或90天。"), code="length_unknown", field="days")
    if len(draft.items) > MOST_ITEMS or len(draft.checkpoints) > MOST_CHECKPOINTS:
        raise RuleError(_("改进项和检查点最多各%(n)s个。") % {"n": MOST_ITEMS}, code="too_many")
    if len(set(draft.checkpoints)) != len(draft.checkpoints):
        raise RuleError(_("同一天只设一个检查点。"), code="twice", field="checkpoints")
    rows = [_item(plan, one) for one in draft.items]
    plan.items.all().delete()
    PlanItem.objects.bulk_create(rows)
    plan.checkpoints.all().delete()
    Checkpoint.objects.bulk_create(Checkpoint(plan=plan, due_on=day) for day in sorted(draft.checkpoints))
    plan.starts_on = draft.starts_on
    plan.ends_on = draft.starts_on + timedelta(days=draft.days) if draft.starts_on else None
    save_fields(plan, "starts_on", "ends_on")
    return plan


@transaction.atomic(durable=True)
def publish_plan(plan_id: int, *, by: Employee) -> Plan:
    """Show the plan to the employee, who signs for it; it must say what, to where, by what, and when it is seen."""
    plan = _own_draft(plan_id, by)
    _check_complete(plan)
    plan.state = PlanState.PUBLISHED
    save_fields(plan, "state")
    record("plan.published", plan, by=by, after=_told(plan))
    key = f"plan:{plan.pk}:published:{plan.version}"
    tell([plan.employee_id], "plan_published", path=f"/plans/{plan.pk}/", key=key)
    return plan


@transaction.atomic(durable=True)
def discard_plan(plan_id: int, *, by: Employee) -> None:
    """Throw a draft away that nobody else has written to."""
    plan = _own_draft(plan_id, by)
    if plan.remarks.exists():
        words = _("本人在这份计划上写过话，不能丢掉；改好重新发给他，或发出后写明结论结束。")
        raise RuleError(words, code="remarked")
    record("plan.discarded", plan, by=by, before=_told(plan))
    plan.delete()


def _own_draft(plan_id: int, by: Employee) -> Plan:
    plan = locked_plan(plan_id)
    refuse_unless(plan.state == PlanState.DRAFT and can_run_plan(by, plan, timezone.localdate()))
    return plan


def _result_for(employee: Employee, result_id: int | None) -> Result | None:
    found = Result.objects.filter(employee=employee, superseded_at__isnull=True, published_at__isnull=False)
    if result_id is not None:
        return found.filter(pk=result_id).first()
    return found.order_by("-cycle__ends_on").first()


def _usual_days(today: date) -> int:
    scheme = scheme_in_force(today)
    usual = rules_of(scheme).improvement_days if scheme else LENGTHS[1]
    return min(LENGTHS, key=lambda days: abs(days - usual))


def _first_items(plan: Plan, lines: Sequence[AgendaLine]) -> list[PlanItem]:
    """The weakest items; a figure as it was reported, else the score out of its points."""
    return [
        PlanItem(
            plan=plan,
            what=line.name[:120],
            baseline=(line.sources.figure or f"{points(line.score)} / {points(line.points)}")[:120],
            target=line.sources.target[:120],
        )
        for line in lines
    ]


def _item(plan: Plan, one: Improving) -> PlanItem:
    values = {
        field.name: words_of(getattr(one, field.name), LIMITS[field.name], field=field.name) for field in fields(one)
    }
    if not values["what"]:
        raise RuleError(_("写下要改进什么。"), code="what_missing", field="what")
    return PlanItem(plan=plan, **values)


def _check_complete(plan: Plan) -> None:
    if plan.starts_on is None or plan.ends_on is None:
        raise RuleError(_("填上从哪天开始。"), code="day_missing", field="starts_on")
    items = list(plan.items.all())
    if not items:
        raise RuleError(_("至少写一个改进项。"), code="items_missing", field="what")
    open_ends = [item.what for item in items if not (item.target and item.action)]
    if open_ends:
        words = _("每一项都要写目标值和行动：")
        raise RuleError(words, code="item_incomplete", field="what", problems=tuple(open_ends))
    days = list(plan.checkpoints.values_list("due_on", flat=True))
    if not days:
        raise RuleError(_("至少设一个检查点。"), code="checkpoint_missing", field="checkpoints")
    if not all(plan.starts_on <= day <= plan.ends_on for day in days):
        raise RuleError(_("检查点要在改进期内。"), code="checkpoint_outside", field="checkpoints")


def _told(plan: Plan) -> dict[str, object]:
    items = [[item.what, item.baseline, item.target, item.action, item.support] for item in plan.items.all()]
    days = [day.isoformat() for day in plan.checkpoints.values_list("due_on", flat=True)]
    return {"starts_on": str(plan.starts_on), "ends_on": str(plan.ends_on), "items": items, "checkpoints": days}
