"""Incidents and bonuses: filed, verified, checked twice, or turned down (P4.5, P4.6)."""

from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError, check_length
from incidents.models import Bonus, Incident
from incidents.permissions import Judge, Superiors, can_check_first, can_check_second, can_reject_bonus, can_verify
from incidents.states import EventState
from people.models import Employee
from people.selectors import standing_of

INCIDENT_PREFIX = "BL"
BONUS_PREFIX = "JF"
TRIES = 8
REASON_LIMIT = 200
MOST = Decimal(100)
CENT = Decimal("0.01")

Counted = TypeVar("Counted", Incident, Bonus)


@transaction.atomic(durable=True)
def file_incident(employee_id: int, *, occurred_on: date, description: str, points: Decimal, by: Employee) -> Incident:
    """Anybody who discovers an incident files it; it counts once somebody else has verified it."""
    _check_filing(occurred_on, points, description)
    employee = Employee.objects.get(pk=employee_id)
    incident = Incident(
        employee=employee, occurred_on=occurred_on, description=description.strip(), points=points, found_by=by
    )
    return _numbered(incident, INCIDENT_PREFIX, "incident.filed", by)


@transaction.atomic(durable=True)
def verify_incident(incident_id: int, *, by: Employee) -> Incident:
    """Confirm it: by one who neither found it nor is concerned."""
    incident = _locked(Incident, incident_id)
    if by.pk in {incident.found_by_id, incident.employee_id}:
        raise RuleError(_("自己发现的或和自己有关的，要由别人核实。"), code="not_neutral")
    _allow(can_verify(_judge(by), incident, Superiors.of([incident])))
    incident.verified_by = by
    return _decide(incident, EventState.CONFIRMED, "incident.verified", by, ["verified_by"])


@transaction.atomic(durable=True)
def reject_incident(incident_id: int, *, reason: str, by: Employee) -> Incident:
    """It did not happen so, or is nobody's fault: the reason stays on the record."""
    incident = _locked(Incident, incident_id)
    _allow(can_verify(_judge(by), incident, Superiors.of([incident])))
    incident.decision_reason = _reason(reason)
    return _decide(incident, EventState.REJECTED, "incident.rejected", by, ["decision_reason"])


@transaction.atomic(durable=True)
def raise_bonus(employee_id: int, *, occurred_on: date, grounds: str, points: Decimal, by: Employee) -> Bonus:
    """Applied for by the person, reported by a colleague or proposed by the superior (P4.6)."""
    _check_filing(occurred_on, points, grounds)
    employee = Employee.objects.get(pk=employee_id)
    bonus = Bonus(employee=employee, occurred_on=occurred_on, grounds=grounds.strip(), points=points, raised_by=by)
    return _numbered(bonus, BONUS_PREFIX, "bonus.raised", by)


@transaction.atomic(durable=True)
def first_check_bonus(bonus_id: int, *, by: Employee) -> Bonus:
    """The grounds meet the bonus standard: first check."""
    bonus = _locked(Bonus, bonus_id)
    if by.pk in {bonus.employee_id, bonus.raised_by_id}:
        raise RuleError(_("自己的或自己提的加分，要由别人初核。"), code="not_neutral")
    _allow(can_check_first(_judge(by), bonus, Superiors.of([bonus])))
    bonus.first_checker = by
    bonus.full_clean()
    bonus.save(update_fields=["first_checker"])
    record("bonus.first_checked", bonus, by=by, after={"state": bonus.state})
    return bonus


@transaction.atomic(durable=True)
def second_check_bonus(bonus_id: int, *, by: Employee) -> Bonus:
    """The direct superior confirms: now it counts."""
    bonus = _locked(Bonus, bonus_id)
    if bonus.state == EventState.FILED and bonus.first_checker_id is None:
        raise RuleError(_("还没有初核，初核后你再确认。"), code="not_checked_first")
    _allow(can_check_second(_judge(by), bonus, Superiors.of([bonus])))
    bonus.second_checker = by
    return _decide(bonus, EventState.CONFIRMED, "bonus.confirmed", by, ["second_checker"])


@transaction.atomic(durable=True)
def reject_bonus(bonus_id: int, *, reason: str, by: Employee) -> Bonus:
    """Turn it down with the reason."""
    bonus = _locked(Bonus, bonus_id)
    _allow(can_reject_bonus(_judge(by), bonus, Superiors.of([bonus])))
    bonus.decision_reason = _reason(reason)
    return _decide(bonus, EventState.REJECTED, "bonus.rejected", by, ["decision_reason"])


def _judge(by: Employee) -> Judge:
    return Judge(by, standing_of(by, timezone.localdate()))


def _allow(allowed: bool) -> None:
    if not allowed:
        raise RuleError(_("这一条已经办过，或者不归你办，刷新看看。"), code="not_allowed")


def _locked(model: type[Counted], pk: int) -> Counted:
    return model._default_manager.select_for_update(of=("self",)).select_related("employee").get(pk=pk)


def _decide(event: Counted, state: EventState, action: str, by: Employee, fields: list[str]) -> Counted:
    before = event.state
    event.state = state
    if state == EventState.CONFIRMED:
        event.confirmed_at = timezone.now()
    event.full_clean()
    event.save(update_fields=["state", "confirmed_at", *fields])
    told = {"state": state, "points": str(event.points)}
    record(action, event, by=by, before={"state": before}, after=told, reason=event.decision_reason)
    return event


def _reason(text: str) -> str:
    if not text.strip():
        raise RuleError(_("写一句为什么不成立，对方看得到。"), code="reason_missing", field="reason")
    check_length(text.strip(), REASON_LIMIT, field="reason")
    return text.strip()


def _check_filing(occurred_on: date, points: Decimal, text: str) -> None:
    if occurred_on > timezone.localdate():
        raise RuleError(_("发生日期不能晚于今天。"), code="in_the_future", field="occurred_on")
    if not points.is_finite() or not 0 < points <= MOST or points != points.quantize(CENT):
        raise RuleError(_("分数填 0.01 到 100，最多两位小数。"), code="out_of_range", field="points")
    if not text.strip():
        raise RuleError(_("写清楚发生了什么。"), code="text_missing", field="text")


def _numbered(event: Counted, prefix: str, action: str, by: Employee) -> Counted:
    """Give the next number of the year. Two who file at once meet at the unique number: the later takes the next."""
    head = f"{prefix}-{event.occurred_on.year}-"
    for _attempt in range(TRIES):
        event.number = f"{head}{_next_after(type(event), head):04d}"
        event.full_clean(validate_unique=False)
        try:
            with transaction.atomic():
                event.save(force_insert=True)
        except IntegrityError:
            continue
        record(action, event, by=by, after={"employee": event.employee_id, "points": str(event.points)})
        return event
    raise RuleError(_("同时登记的人太多，再提交一次。"), code="busy")


def _next_after(model: type[Counted], head: str) -> int:
    numbers = model._default_manager.filter(number__regex=rf"^{head}\d+$").annotate(width=Length("number"))
    last = numbers.order_by("-width", "-number").values_list("number", flat=True).first()
    return int(last.removeprefix(head)) + 1 if last else 1
