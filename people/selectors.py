"""Who answers for whom on a day, and what a person is to the company."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils.module_loading import import_string

from common.db import among
from common.models import CalendarDay
from people.facts import PayBasis, PersonHistory, Standing
from people.models import (
    DutyTurn,
    Employee,
    Grade,
    GroupMember,
    OwnerAssignment,
    PayStep,
    Position,
    Region,
    ReportingLine,
    RoleGrant,
)
from people.states import Duty, PayStepKind, Role


def holding_on(day: date) -> Q:
    """The filter for rows of a held period that hold on ``day``."""
    return Q(starts_on__lte=day) & (Q(ends_before__isnull=True) | Q(ends_before__gt=day))


def employees_working(first: date, last: date) -> QuerySet[Employee]:
    """Appraised people employed on some day of ``first`` … ``last`` (P2): those with a position and region."""
    return (
        Employee.objects.filter(position__isnull=False, region__isnull=False)
        .filter(Q(hired_on__isnull=True) | Q(hired_on__lte=last))
        .filter(Q(left_on__isnull=True) | Q(left_on__gte=first))
        .select_related("position", "region", "grade")
    )


def superiors_on(day: date, employee_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Employee id → direct superior's id on ``day``."""
    lines = ReportingLine.objects.filter(holding_on(day))
    if employee_ids is not None:
        lines = lines.filter(employee_id__in=list(employee_ids))
    return dict(lines.values_list("employee_id", "superior_id"))


def subordinates_on(day: date, superior_ids: Iterable[int]) -> dict[int, list[int]]:
    """Superior's id → ids of the direct subordinates on ``day``."""
    found: dict[int, list[int]] = {}
    lines = ReportingLine.objects.filter(holding_on(day), superior_id__in=list(superior_ids))
    for superior, employee in lines.order_by("employee_id").values_list("superior_id", "employee_id"):
        found.setdefault(superior, []).append(employee)
    return found


def owners_on(day: date, employee_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Employee id → appraisal owner's id on ``day`` (P5.1).

    An assignment set by hand comes first, then the direct superior, then, for whoever has none, the
    manager of the CS management department. Nobody is his own owner; who has no owner is left out.
    """
    ids = list(employee_ids) if employee_ids is not None else list(Employee.objects.values_list("pk", flat=True))
    manager = department_manager_on(day)
    owners = dict.fromkeys(ids, manager.pk) if manager else {}
    owners |= superiors_on(day, ids)
    assigned = OwnerAssignment.objects.filter(holding_on(day), employee_id__in=ids)
    owners |= dict(assigned.values_list("employee_id", "owner_id"))
    return {employee: owner for employee, owner in owners.items() if owner != employee}


def owned_by(person: Employee, day: date) -> QuerySet[Employee]:
    """Those whose appraisal owner the person is on ``day``: ``owners_on`` as a part of a larger statement."""
    assigned, lines = OwnerAssignment.objects.filter(holding_on(day)), ReportingLine.objects.filter(holding_on(day))
    managers = RoleGrant.objects.filter(holding_on(day), role=Role.DEPARTMENT).order_by("pk").values("employee")[:1]
    given = assigned.filter(owner=person).values("employee")
    led = lines.filter(superior=person).exclude(_of_same_person(assigned)).values("employee")
    alone = Employee.objects.order_by().filter(Exact(Subquery(managers), Value(person.pk))).values("pk")
    for rows in (assigned, lines):
        alone = alone.exclude(Exists(rows.filter(employee=OuterRef("pk"))))
    return Employee.objects.filter(pk__in=given.union(led, alone, all=True)).exclude(pk=person.pk)


def _of_same_person(rows: QuerySet[Any]) -> Exists:
    return Exists(rows.filter(employee=OuterRef("employee")))


def department_manager_on(day: date) -> Employee | None:
    """The manager of the CS management department."""
    grant = RoleGrant.objects.filter(holding_on(day), role=Role.DEPARTMENT).select_related("employee").first()
    return grant.employee if grant else None


def group_leader_on(day: date) -> Employee | None:
    """The leader of the appraisal group (P5.2)."""
    seat = GroupMember.objects.filter(holding_on(day), duty=Duty.LEADER).select_related("employee").first()
    return seat.employee if seat else None


def duty_officer_of(month: date) -> Employee | None:
    """The duty officer of a month (P5.3)."""
    turn = DutyTurn.objects.filter(month=month.replace(day=1)).select_related("officer").first()
    return turn.officer if turn else None


def standing_of(employee: Employee, day: date) -> Standing:
    """The company-wide roles of a person on ``day``, in one statement; whoever has left, or not begun, has none."""
    if not employee.works_on(day):
        return Standing()
    held = RoleGrant.objects.filter(holding_on(day), employee=employee).values_list(Value("role"), "role")
    seat = GroupMember.objects.filter(holding_on(day), employee=employee).values_list(Value("seat"), "duty")
    turns = DutyTurn.objects.filter(officer=employee).order_by()
    months = turns.values_list(Value("month"), Cast("month", CharField()))
    found: dict[str, set[str]] = {"role": set(), "seat": set(), "month": set()}
    for kind, value in held.union(seat, months, all=True):
        found[kind].add(value)
    return _standing(found)


def _standing(found: dict[str, set[str]]) -> Standing:
    roles = found["role"]
    return Standing(
        is_hr=Role.HR in roles,
        is_department=Role.DEPARTMENT in roles,
        is_administrator=Role.ADMINISTRATOR in roles,
        is_general_manager=Role.GENERAL_MANAGER in roles,
        is_auditor=Role.AUDITOR in roles,
        is_leader=Duty.LEADER in found["seat"],
        is_member=bool(found["seat"]),
        duty_months=frozenset(date.fromisoformat(month) for month in found["month"]),
    )


def offices_on(day: date) -> dict[int, Standing]:
    """Employee id → standing, for everybody who is something to the company on ``day``: roles, group, duty months.

    One statement. Whoever has left is still in it: what he held passes to nobody by itself.
    """
    held = RoleGrant.objects.filter(holding_on(day)).values_list("employee_id", Value("role"), "role")
    seats = GroupMember.objects.filter(holding_on(day)).values_list("employee_id", Value("seat"), "duty")
    turns = DutyTurn.objects.order_by().values_list("officer_id", Value("month"), Cast("month", CharField()))
    found: dict[int, dict[str, set[str]]] = {}
    for pk, kind, value in held.union(seats, turns, all=True):
        found.setdefault(pk, {"role": set(), "seat": set(), "month": set()})[kind].add(value)
    return {pk: _standing(one) for pk, one in found.items()}


def all_regions() -> QuerySet[Region]:
    """Every regional company, by code."""
    return Region.objects.all()


def all_positions() -> QuerySet[Position]:
    """Every post, in the policy's order."""
    return Position.objects.all()


def all_grades() -> QuerySet[Grade]:
    """Every grade with its post."""
    return Grade.objects.select_related("position").order_by("position__order", "rank")


def employee_numbered(number: str) -> Employee | None:
    """The person with that number, whatever the case and blanks around it."""
    return Employee.objects.filter(number__iexact=number.strip()).first()


def employee_meant(text: str, day: date) -> Employee | None:
    """The person a field of the picker means: a number alone or beside the name, else the only one of that name.

    The name alone does for those who work here on ``day``; a number also finds who has left.
    """
    words = text.split()
    named = list(Employee.objects.filter(number__in=_spellings(words)))
    if len(named) == 1:
        return named[0]
    found = [] if named else list(Employee.objects.filter(working_on(day), name=" ".join(words))[:2])
    return found[0] if len(found) == 1 else None


def employees_found(text: str, day: date, most: int) -> list[Employee]:
    """The first ``most`` people working here on ``day`` whose name or number holds ``text``, by number."""
    if not text.strip():
        return []
    people = search_employees(Employee.objects.filter(working_on(day)), text=text.strip(), region="", only_working=None)
    return list(people.select_related("position", "region")[:most])


def working_on(day: date) -> Q:
    """The filter for people employed on ``day``; twin of ``Employee.works_on``."""
    hired = Q(hired_on__isnull=True) | Q(hired_on__lte=day)
    return hired & (Q(left_on__isnull=True) | Q(left_on__gte=day))


def _spellings(words: Iterable[str]) -> set[str]:
    """A number as typed and in capitals, as numbers are given."""
    return {form for word in words for form in (word, word.upper())}


def employees_numbered(numbers: Iterable[str]) -> dict[str, Employee]:
    """Number → person, for the numbers that exist."""
    return {person.number: person for person in Employee.objects.filter(number__in=set(numbers))}


def holders_of(role: Role, day: date) -> set[int]:
    """The ids of who holds an office on ``day`` and works here."""
    grants = RoleGrant.objects.filter(holding_on(day), role=role)
    working = Q(employee__left_on__isnull=True) | Q(employee__left_on__gte=day)
    return set(grants.filter(working).values_list("employee_id", flat=True))


def group_members_on(day: date) -> QuerySet[GroupMember]:
    """The appraisal group, the leader first."""
    members = GroupMember.objects.filter(holding_on(day)).select_related("employee__position", "employee__region")
    return members.order_by("duty", "employee__number")


def may_take_turn(employee_id: int, month: date) -> Employee | None:
    """The person, if he is in the group towards the end of the month and has not left by then."""
    day = month.replace(day=28)
    seat = GroupMember.objects.filter(holding_on(day), employee=employee_id).select_related("employee").first()
    return seat.employee if seat and seat.employee.works_on(day) else None


def search_employees(
    people: QuerySet[Employee], *, text: str, region: str, only_working: date | None
) -> QuerySet[Employee]:
    """Narrow a list of people by name or number, region code, and who still works here."""
    if text:
        people = people.filter(Q(name__icontains=text) | Q(number__icontains=text))
    if region:
        people = people.filter(region__code=region)
    if only_working:
        people = people.filter(Q(left_on__isnull=True) | Q(left_on__gte=only_working))
    return people


def calendar_seen(rows: Iterable[CalendarDay]) -> str:
    """A mark of what somebody saw of the calendar: another when any of the days is another."""
    told = [(row.date.isoformat(), row.is_workday, row.name) for row in rows]
    return hashlib.sha256(repr(sorted(told)).encode()).hexdigest()


def history_of(employee: Employee, day: date) -> PersonHistory:
    """Lines, owner assignments and roles of a person, newest first, and who stands for him on ``day``."""
    owner_id = owners_on(day, [employee.pk]).get(employee.pk)
    return PersonHistory(
        owner=Employee.objects.filter(pk=owner_id).first() if owner_id else None,
        lines=list(employee.lines_up.select_related("superior").order_by("-starts_on")),
        assignments=list(employee.owner_assignments.select_related("owner").order_by("-starts_on")),
        roles=list(employee.roles.filter(holding_on(day))),
        seat=employee.memberships.filter(holding_on(day)).first(),
    )


def held_from_leaving(employee_ids: Iterable[int] | None = None) -> set[str]:
    """Numbers of those whose last day or lower grade is not set by hand: a grave case is open (P7.1, decided)."""
    held: Callable[[Iterable[int] | None], set[str]] = import_string(settings.LEAVING_GUARD)
    return held(employee_ids)


def pay_basis(employee_ids: Iterable[int], day: date) -> dict[int, PayBasis]:
    """Employee id → by what he is paid on ``day``: decided steps before the registered grade (P7.1). Two statements."""
    chosen = among(employee_ids)
    rungs = ("grade__name", "grade__post_wage", "grade__pay_cap")
    people = Employee.objects.filter(pk__in=chosen).order_by().values_list("pk", *rungs)
    found = {pk: PayBasis(name or "", wage, cap) for pk, name, wage, cap in people}
    steps = PayStep.objects.filter(holding_on(day), employee_id__in=chosen)
    over: dict[int, dict[str, PayBasis]] = {}
    for pk, kind, *rung in steps.order_by("starts_on", "pk").values_list("employee_id", "kind", *rungs):
        over.setdefault(pk, {})[kind] = PayBasis(*rung)
    for pk, kinds in over.items():
        base = kinds.get(PayStepKind.GRADE, found[pk])
        wage, cap = kinds.get(PayStepKind.WAGE, base), kinds.get(PayStepKind.CAP, base)
        found[pk] = PayBasis(base.grade_name, wage.post_wage, cap.pay_cap)
    return found


def pay_steps_of(employee_id: int) -> QuerySet[PayStep]:
    """Every rung decided for a person, the newest first; those that never came to hold end on the day they begin."""
    steps = PayStep.objects.filter(employee=employee_id).select_related("grade", "ended_by")
    return steps.order_by("-starts_on", "-pk")
