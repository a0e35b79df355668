"""Saying that no improvement plan is needed, with the reason (P5.1)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from development.models import PlanWaiver
from development.permissions import can_waive_plan
from development.selectors.obligations import grounds_of
from development.selectors.superiors import above
from development.services.steps import refuse_unless, words_of
from notices.log import tell
from people.models import Employee
from people.selectors import owners_on, standing_of


@transaction.atomic(durable=True)
def waive_plan(employee_id: int, *, reason: str, by: Employee) -> PlanWaiver:
    """Say why no plan is needed for what asks for one now; what asks for one later is not answered by it."""
    now = timezone.now()
    today = timezone.localdate(now)
    employee = Employee.objects.select_for_update(of=("self",)).get(pk=employee_id)
    owner = owners_on(today, [employee.pk]).get(employee.pk)
    over = above([owner], today).get(owner) if owner is not None else None
    refuse_unless(can_waive_plan(by, employee.pk, owner=owner, above=over, standing=standing_of(by, today)))
    grounds = grounds_of(employee.pk, today)
    if not grounds:
        raise RuleError(_("没有要做的改进计划，刷新看看。"), code="nothing_owed")
    words = words_of(reason, 300, field="reason", missing=_("写下为什么不用计划。"))
    asked = [[ground.why, ground.period] for ground in grounds]
    waiver = PlanWaiver(employee=employee, reason=words, grounds=asked, by=by, at=now)
    waiver.full_clean()
    waiver.save()
    record("plan.waived", waiver, by=by, after={"employee": employee.number, "grounds": asked}, reason=words)
    if owner is not None:
        key = f"plan_waived:{waiver.pk}"
        tell({owner} - {by.pk}, "plan_waived", path="/plans/", key=key, detail={"who": employee.name})
    return waiver
