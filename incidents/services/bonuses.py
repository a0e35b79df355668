"""Bonus claims: raised, checked twice, or turned down (P4.6)."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from incidents.models import Bonus
from incidents.permissions import Superiors, can_check_first, can_check_second, can_reject_bonus
from incidents.services.steps import (
    BONUS_PREFIX,
    allow,
    check_points,
    check_what,
    checked_reason,
    decide,
    judge_of,
    save_numbered,
)
from incidents.states import EventState
from people.models import Employee


@transaction.atomic(durable=True)
def raise_bonus(employee_id: int, *, occurred_on: date, grounds: str, points: Decimal, by: Employee) -> Bonus:
    """Applied for by the person, reported by a colleague or proposed by the superior (P4.6)."""
    check_what(occurred_on, grounds)
    check_points(points)
    employee = Employee.objects.get(pk=employee_id)
    bonus = Bonus(employee=employee, occurred_on=occurred_on, grounds=grounds.strip(), points=points, raised_by=by)
    save_numbered(bonus, BONUS_PREFIX)
    record("bonus.raised", bonus, by=by, after={"employee": employee.pk, "points": str(points)})
    return bonus


@transaction.atomic(durable=True)
def first_check_bonus(bonus_id: int, *, by: Employee) -> Bonus:
    """The grounds meet the bonus standard: first check."""
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
    """The direct superior confirms: now it counts."""
    bonus = _locked(bonus_id)
    if bonus.state == EventState.FILED and bonus.first_checker_id is None:
        raise RuleError(_("还没有初核，初核后你再确认。"), code="not_checked_first")
    allow(can_check_second(judge_of(by), bonus, Superiors.of([bonus])))
    bonus.second_checker = by
    return decide(bonus, EventState.CONFIRMED, "bonus.confirmed", by, ["second_checker"])


@transaction.atomic(durable=True)
def reject_bonus(bonus_id: int, *, reason: str, by: Employee) -> Bonus:
    """Turn it down with the reason."""
    bonus = _locked(bonus_id)
    allow(can_reject_bonus(judge_of(by), bonus, Superiors.of([bonus])))
    bonus.decision_reason = checked_reason(reason)
    return decide(bonus, EventState.REJECTED, "bonus.rejected", by, ["decision_reason"])


def _locked(pk: int) -> Bonus:
    return Bonus.objects.select_for_update(of=("self",)).select_related("employee").get(pk=pk)
