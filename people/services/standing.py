"""The appraisal group, its duty rota, and company-wide roles (P5.2, P5.3)."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.db import require_transaction
from common.errors import RuleError
from people.facts import SYSTEM, Standing, SystemActor
from people.models import DutySwap, DutyTurn, Employee, GroupMember, RoleGrant
from people.permissions import can_set_rota, grantable_roles
from people.states import Duty, SwapState


def put_on_duty(month: date, officer: Employee, *, action: str, by: Employee, reason: str = "") -> DutyTurn:
    """A step: give the month to the officer. The one before loses it at once, and what was asked about it is void.

    Whoever held a month that has begun stays a party to it, asked or not: he examines no appeal against it (P6.3b).
    """
    require_transaction()
    turn = locked_turn(month) or DutyTurn(month=month)
    before = turn.officer_id
    turn.officer = officer
    turn.full_clean()
    turn.save()
    asked = DutySwap.objects.filter(Q(month=month) | Q(other_month=month), state=SwapState.ASKED)
    asked.update(state=SwapState.WITHDRAWN, decided_at=timezone.now())
    if before not in {None, officer.pk} and month <= timezone.localdate():
        _keep_who_held(month, before, officer)
    record(action, turn, by=by, before={"officer": before}, after={"officer": officer.pk}, reason=reason)
    return turn


def _keep_who_held(month: date, held: int, officer: Employee) -> None:
    kept = DutySwap.objects.filter(month=month, other_month=None, state=SwapState.AGREED, asked_by=held)
    if not kept.exists():
        now = timezone.now()
        DutySwap.objects.create(month=month, asked_by_id=held, asked=officer, state=SwapState.AGREED, decided_at=now)


def locked_turn(month: date) -> DutyTurn | None:
    """The month's turn, locked first by whatever moves the duty."""
    require_transaction()
    return DutyTurn.objects.select_for_update(of=("self",)).select_related("officer").filter(month=month).first()


@transaction.atomic(durable=True)
def set_membership(
    employee_id: int, *, duty: Duty | None, starts_on: date, by: Employee | SystemActor, standing: Standing
) -> None:
    """Take somebody into the group, make him leader, or (None) let him go."""
    if not (isinstance(by, SystemActor) or can_set_rota(standing) or standing.is_department):
        raise RuleError(_("考核小组由组长或客服管理部经理安排。"), code="not_allowed")
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    if isinstance(by, Employee) and by.pk == employee.pk and duty is not None:
        raise RuleError(_("自己进小组、当组长，要由别人来定。"), code="not_allowed", field="duty")
    current = employee.memberships.filter(ends_before__isnull=True).first()
    before = current.duty if current else None
    if before == duty:
        return
    if duty == Duty.LEADER and _other_leader(employee):
        raise RuleError(_("已经有组长，先把现在的组长改为组员。"), code="one_leader", field="duty")
    _end(current, starts_on)
    if duty is not None:
        GroupMember.objects.create(employee=employee, duty=duty, starts_on=starts_on)
    record("people.membership_set", employee, by=by, before={"duty": before}, after={"duty": duty})


@transaction.atomic(durable=True)
def grant_role(
    employee_id: int, *, role: str, starts_on: date, by: Employee | SystemActor, standing: Standing
) -> RoleGrant:
    """Grant a company-wide role; nobody grants one to himself, nor one that checks his own work."""
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    _check_granting(employee, role, by, standing)
    grant = RoleGrant.objects.filter(employee=employee, role=role, ends_before__isnull=True).first()
    if grant:
        return grant
    grant = RoleGrant(employee=employee, role=role, starts_on=starts_on)
    grant.full_clean()
    grant.save()
    record("people.role_granted", employee, by=by, after={"role": role})
    return grant


@transaction.atomic(durable=True)
def revoke_role(
    employee_id: int, *, role: str, ends_before: date, by: Employee | SystemActor, standing: Standing
) -> None:
    """End a role from ``ends_before`` on; by whom it may be granted."""
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    _check_granting(employee, role, by, standing)
    _end(RoleGrant.objects.filter(employee=employee, role=role, ends_before__isnull=True).first(), ends_before)
    record("people.role_revoked", employee, by=by, before={"role": role})


def _check_granting(employee: Employee, role: str, by: Employee | SystemActor, standing: Standing) -> None:
    if by is SYSTEM or (isinstance(by, Employee) and role in grantable_roles(by, employee, standing)):
        return
    words = _("这个角色不由你授予或收回：人力资源由客服管理部经理定，经理和总经理在服务器上登记，谁都不能给自己授权。")
    raise RuleError(words, code="not_allowed")


def _other_leader(employee: Employee) -> bool:
    leaders = GroupMember.objects.filter(duty=Duty.LEADER, ends_before__isnull=True)
    return leaders.exclude(employee=employee).exists()


def _end(row: GroupMember | RoleGrant | None, day: date) -> None:
    if row is None:
        return
    if row.starts_on >= day:
        row.delete()  # it never came to hold
    else:
        row.ends_before = day
        row.save(update_fields=["ends_before"])
