"""Employment facts, reporting lines and appraisal owners (P5.1)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.log import record
from common.errors import RuleError
from people.facts import Standing
from people.models import Employee, Grade, OwnerAssignment, ReportingLine
from people.permissions import can_edit_people
from people.selectors import held_from_leaving, pay_basis, superiors_on
from people.services.pay_steps import end_running_steps

HELD = gettext_lazy("这个人有没办完的辞退：先办完核对单并批准，或写明理由不采纳，再填离职日期。")
HELD_GRADE = gettext_lazy("这个人有没办完的辞退或降级：先办完核对单并批准，或写明理由不采纳，再降等级。")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeFacts:
    """What HR knows of a person. Without region and position: head-office staff, not appraised."""

    number: str
    name: str
    region_id: int | None
    position_id: int | None
    grade_id: int | None
    base_salary: Decimal | None
    email: str
    hired_on: date | None
    left_on: date | None


@transaction.atomic(durable=True)
def save_employee(employee_id: int | None, *, facts: EmployeeFacts, by: Employee, standing: Standing) -> Employee:
    """Add a person (``employee_id`` None) or change the facts of one, never one's own: they decide one's pay."""
    _require_hr(standing)
    _refuse_own(employee_id, by)
    if employee_id is None:
        employee, before = Employee(), {}
    else:
        employee = Employee.objects.select_for_update().get(pk=employee_id)
        before = _facts_of(employee)
    _check_grade(facts)
    _refuse_held(employee, facts)
    if employee.pk and facts.grade_id != employee.grade_id:
        end_running_steps([employee.pk], day=timezone.localdate(), by=by)
    for field in EmployeeFacts.__dataclass_fields__:
        setattr(employee, field, getattr(facts, field))
    _full_clean(employee)
    employee.save()
    after = _facts_of(employee)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    if changed:
        record("people.employee_saved", employee, by=by, before={n: before.get(n) for n in changed}, after=changed)
    if before and changed.get("left_on"):
        tell: Callable[[Collection[int], Employee], None] = import_string(settings.LEAVING_TOLD)  # left of this room
        tell([employee.pk], by)
    return employee


@transaction.atomic(durable=True)
def set_superior(
    employee_id: int, *, superior_id: int, starts_on: date, by: Employee, standing: Standing
) -> ReportingLine:
    """From ``starts_on`` on the person reports to ``superior_id``; earlier months keep the line they had."""
    _require_hr(standing)
    _refuse_own(employee_id, by)
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    _refuse_circle(employee_id, superior_id, starts_on)
    if employee.lines_up.filter(starts_on__gt=starts_on).exists():
        raise RuleError(
            _("这一天之后已经有更新的上级记录，日期要填在它之后。"), code="line_in_the_past", field="starts_on"
        )
    current = employee.lines_up.filter(ends_before__isnull=True).first()
    if current and current.superior_id == superior_id:
        return current
    line = _open_line(current, ReportingLine(employee=employee, superior_id=superior_id, starts_on=starts_on))
    record(
        "people.superior_set",
        employee,
        by=by,
        before={"superior": current.superior_id if current else None},
        after={"superior": superior_id, "starts_on": starts_on.isoformat()},
    )
    return line


@transaction.atomic(durable=True)
def assign_owner(
    employee_id: int, *, owner_id: int | None, starts_on: date, reason: str, by: Employee, standing: Standing
) -> OwnerAssignment | None:
    """Set another appraisal owner than the direct superior, or (None) go back to the superior (P5.1)."""
    _require_hr(standing)
    _refuse_own(employee_id, by)
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    current = employee.owner_assignments.filter(ends_before__isnull=True).first()
    if current:
        _close(current, starts_on)
    assignment = None
    if owner_id is not None:
        assignment = OwnerAssignment(employee=employee, owner_id=owner_id, starts_on=starts_on, reason=reason)
        _full_clean(assignment)
        assignment.save()
    record(
        "people.owner_assigned",
        employee,
        by=by,
        before={"owner": current.owner_id if current else None},
        after={"owner": owner_id, "starts_on": starts_on.isoformat()},
        reason=reason,
    )
    return assignment


def _open_line(current: ReportingLine | None, line: ReportingLine) -> ReportingLine:
    if current and current.starts_on == line.starts_on:  # corrected on the day it began
        current.superior_id = line.superior_id
        _full_clean(current)
        current.save(update_fields=["superior"])
        return current
    if current:
        _close(current, line.starts_on)
    _full_clean(line)
    line.save()
    return line


def _close(row: ReportingLine | OwnerAssignment, day: date) -> None:
    if row.starts_on >= day:
        row.delete()  # it never came to hold
        return
    row.ends_before = day
    row.save(update_fields=["ends_before"])


def _refuse_circle(employee_id: int, superior_id: int, day: date) -> None:
    superiors, seen = superiors_on(day), {employee_id}
    above: int | None = superior_id
    while above is not None:
        if above in seen:
            raise RuleError(_("这样会绕成一圈：上级不能是本人，也不能是本人的下级。"), code="circle", field="superior")
        seen.add(above)
        above = superiors.get(above)


def _refuse_held(employee: Employee, facts: EmployeeFacts) -> None:
    """A grave case that is open goes through its checklist, not through a day or a grade typed beside it."""
    if not employee.pk:
        return
    leaves = facts.left_on is not None and facts.left_on != employee.left_on
    sinks = _sinks(employee, facts)
    if not (leaves or sinks) or not held_from_leaving([employee.pk]):
        return
    if leaves:
        raise RuleError(HELD, code="dismissal_open", field="left_on")
    raise RuleError(HELD_GRADE, code="dismissal_open", field="grade")


def _sinks(employee: Employee, facts: EmployeeFacts) -> bool:
    """Whether the grade goes, or pays less: another post that pays as much is a transfer, which is to be tried.

    What he is paid by now counts: a rung decided for him ends with another grade that is registered.
    """
    if employee.grade_id in (None, facts.grade_id):
        return False
    then = Grade.objects.filter(pk=facts.grade_id or 0).first()
    now = pay_basis([employee.pk], timezone.localdate())[employee.pk]
    if then is None or now.exceeds(then.post_wage, then.pay_cap):
        return True
    ladder = Grade.objects.filter(position=then.position_id, name=now.grade_name)
    return then.position_id == employee.position_id and ladder.filter(rank__gt=then.rank).exists()


def _check_grade(facts: EmployeeFacts) -> None:
    if facts.grade_id is None:
        return
    grade = Grade.objects.filter(pk=facts.grade_id).first()
    if grade is None or grade.position_id != facts.position_id:
        raise RuleError(_("这个等级不属于所选岗位，换一个等级。"), code="grade_of_another_post", field="grade")


def _require_hr(standing: Standing) -> None:
    if not can_edit_people(standing):
        raise RuleError(_("人员资料由人力资源部维护。"), code="not_allowed")


def _refuse_own(employee_id: int | None, by: Employee) -> None:
    """Nobody sets his own pay, superior or appraisal owner."""
    if employee_id == by.pk:
        raise RuleError(_("自己的资料、上级和考核负责人，请人力资源部的另一位来改。"), code="own_record")


def _full_clean(row: Employee | ReportingLine | OwnerAssignment) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise RuleError("; ".join(error.messages), code="invalid", problems=tuple(error.messages)) from error


def _facts_of(employee: Employee) -> dict[str, Any]:
    return {name: _plain(getattr(employee, name)) for name in EmployeeFacts.__dataclass_fields__}


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | str) else str(value)
