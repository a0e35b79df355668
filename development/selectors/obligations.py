"""Who owes an improvement plan by the scheme, and why (P5.1): counted and shown, never created by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, Subquery
from django.utils import timezone

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of, scheme_in_force
from appraisals.states import CycleKind
from development.models import Plan
from development.states import OPEN_PLAN, PlanState
from people.models import Employee
from people.selectors import owners_on
from scoring.models import AnnualResult, AnnualReview, Proposal, Result
from scoring.states import ProposalState

SEASON = timedelta(days=100)
"""Months that ended longer ago ask for nothing any more: a plan now would not be about them."""
YEAR_SEASON = timedelta(days=180)
COEFFICIENT, GRADE = "coefficient", "grade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why a plan is owed: ``why`` is ``coefficient``, a rule's code or ``grade``; ``period`` a month or a year."""

    employee_id: int
    why: str
    period: str
    result_id: int | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A person without the plan that the scheme asks for; ``draft`` is one begun and not published."""

    employee: Employee
    owner: Employee | None
    grounds: list[Ground]
    draft: Plan | None


def owed_plans(today: date, *, owner_id: int | None = None) -> list[Owed]:
    """Those who owe a plan, one owner's or everybody's, by number; a constant number of statements."""
    grounds = _grounds(today)
    plans = _plans_of(grounds)
    open_grounds = _uncovered(grounds, plans)
    if not open_grounds:
        return []
    owners = owners_on(today, open_grounds)
    wanted = [pk for pk in open_grounds if owner_id is None or owners.get(pk) == owner_id]
    ids = {*wanted, *(owners[pk] for pk in wanted if pk in owners)}
    people = Employee.objects.select_related("position", "region").in_bulk(ids)
    drafts = {pk: plan for pk, own in plans.items() for plan in own if plan.state == PlanState.DRAFT}
    found = [
        Owed(
            employee=people[pk],
            owner=people.get(owners.get(pk, 0)),
            grounds=open_grounds[pk],
            draft=drafts.get(pk),
        )
        for pk in wanted
        if people[pk].works_on(today)
    ]
    return sorted(found, key=lambda one: one.employee.number)


def grounds_of(employee_id: int, today: date) -> list[Ground]:
    """Why this person owes a plan; empty when nothing asks for one, or one answers it."""
    grounds = _grounds(today, employee_id)
    return _uncovered(grounds, _plans_of(grounds)).get(employee_id, [])


def _grounds(today: date, employee_id: int | None = None) -> dict[int, list[Ground]]:
    """Employee id → the grounds of the last months and of the last closed year."""
    found: dict[int, list[Ground]] = {}
    for ground in (*_of_months(today, employee_id), *_of_year(today, employee_id)):
        found.setdefault(ground.employee_id, []).append(ground)
    return found


def _of_months(today: date, employee_id: int | None) -> list[Ground]:
    cycles = Cycle.objects.filter(kind=CycleKind.MONTH, ends_on__gte=today - SEASON, ends_on__lt=today)
    low, fired = Q(pk__in=()), Q(pk__in=())
    keys = {}
    for cycle in cycles.select_related("scheme"):
        rules = rules_of(cycle.scheme)
        keys[cycle.pk] = cycle.key
        if rules.improvement_below is not None:
            low |= Q(cycle=cycle.pk, coefficient__lt=rules.improvement_below)
        fired |= Q(cycle=cycle.pk, rule__in=rules.improvement_rules)
    results = Result.objects.filter(low, superseded_at__isnull=True, published_at__isnull=False)
    proposals = Proposal.objects.filter(fired, state=ProposalState.PROPOSED)
    proposals = proposals.filter(
        cycle__results__employee=F("employee"),
        cycle__results__superseded_at__isnull=True,
        cycle__results__published_at__isnull=False,
    )
    if employee_id is not None:
        results, proposals = results.filter(employee=employee_id), proposals.filter(employee=employee_id)
    rows = results.order_by("-cycle__starts_on").values_list("employee_id", "cycle_id", "pk", "published_at")
    found = [
        Ground(employee_id=who, why=COEFFICIENT, period=keys[cycle], result_id=pk, since=at)
        for who, cycle, pk, at in rows
        if at is not None
    ]
    names = ("employee_id", "rule", "cycle_id", "cycle__results__pk", "created_at")
    fired_rows = proposals.order_by("-cycle__starts_on", "rule").values_list(*names)
    return found + [
        Ground(employee_id=who, why=rule, period=keys[cycle], result_id=pk, since=at)
        for who, rule, cycle, pk, at in fired_rows
    ]


def _of_year(today: date, employee_id: int | None) -> list[Ground]:
    """By the scheme that graded the year: the one in force at its start, as for every period (P9)."""
    last = AnnualReview.objects.order_by("-year").values("pk")[:1]
    rows = AnnualResult.objects.filter(review__in=Subquery(last), is_undecided=False).exclude(grade="")
    rows = rows.filter(employee=employee_id) if employee_id is not None else rows
    graded = list(rows.values_list("employee_id", "grade", "review__year", "review__closed_at"))
    if not graded or timezone.localdate(graded[0][3]) < today - YEAR_SEASON:
        return []
    scheme = scheme_in_force(date(graded[0][2], 1, 1))
    grades = rules_of(scheme).improvement_grades if scheme else ()
    return [
        Ground(employee_id=pk, why=GRADE, period=str(year), result_id=None, since=closed_at)
        for pk, grade, year, closed_at in graded
        if grade in grades
    ]


def _plans_of(employee_ids: Iterable[int]) -> dict[int, list[Plan]]:
    """Employee id → his plans, drafts too."""
    found: dict[int, list[Plan]] = {}
    ids = list(employee_ids)
    for plan in Plan.objects.filter(employee__in=ids) if ids else ():
        found.setdefault(plan.employee_id, []).append(plan)
    return found


def _uncovered(grounds: dict[int, list[Ground]], plans: dict[int, list[Plan]]) -> dict[int, list[Ground]]:
    """Without those that a plan answers: one that runs now, or one begun since."""
    left = {
        pk: [ground for ground in own if not _is_answered(ground, plans.get(pk, ()))] for pk, own in grounds.items()
    }
    return {pk: own for pk, own in left.items() if own}


def _is_answered(ground: Ground, plans: Iterable[Plan]) -> bool:
    known = (plan for plan in plans if plan.state != PlanState.DRAFT)
    return any(plan.state in OPEN_PLAN or plan.created_at >= ground.since for plan in known)
