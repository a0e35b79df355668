"""Who owes an improvement plan by the scheme, and why (P5.1): counted and shown, never created by itself.

What asks for a plan is asked of the database with the limits of the scheme that the month or year was appraised by, so
that it may be one part of a larger question, whatever the number of people.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, Least, StrIndex, TruncDate
from django.db.models.lookups import Exact, GreaterThan

from appraisals.models import Cycle, Scheme
from appraisals.states import CycleKind, SchemeState
from common.db import among
from development.models import Plan, PlanWaiver
from development.states import OPEN_PLAN, PlanState
from people.models import Employee, OwnerAssignment, ReportingLine, RoleGrant
from people.selectors import holding_on, owned_by, working_on
from people.states import Role
from policy.schemes import SCHEME_1_0
from scoring.models import AnnualResult, Proposal, Result
from scoring.states import ProposalState, ReviewState

YEAR_TERM = timedelta(days=14)
"""What a year's grade asks for has no term of a month's result: two weeks from the day the year was told."""
COEFFICIENT, GRADE = "coefficient", "grade"
NO_ID = Cast(Value(None), IntegerField())


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why a plan is owed: ``why`` is ``coefficient``, a rule's code or ``grade``; ``period`` a month or a year.

    ``scheme_id``: by whose rules, of a month; None of a year.
    """

    employee_id: int
    why: str
    period: str
    scheme_id: int | None
    result_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A person without the plan that the scheme asks for; ``draft`` is one begun and not published."""

    employee: Employee
    owner: Employee | None
    grounds: list[Ground]
    draft: Plan | None


def owed_plans(today: date, *, owner_id: int | None = None) -> list[Owed]:
    """Those who owe a plan, one owner's or everybody's, by number; a constant number of statements.

    It is owed until a plan answers it or somebody entitled has said why none is needed, however long ago it was.
    """
    grounds = _grounds(today)
    if not grounds:
        return []
    people = Employee.objects.filter(working_on(today), pk__in=among(grounds)).annotate(plan_owner=_owner_key(today))
    people = people if owner_id is None else people.filter(plan_owner=owner_id)
    wanted = list(people.select_related("position", "region").order_by("number"))
    owners = Employee.objects.in_bulk({one.plan_owner for one in wanted if one.plan_owner is not None})
    drafts = Plan.objects.filter(employee__in=[one.pk for one in wanted], state=PlanState.DRAFT)
    begun = {plan.employee_id: plan for plan in drafts}
    return [
        Owed(
            employee=one,
            owner=owners.get(one.plan_owner or 0),
            grounds=grounds[one.pk],
            draft=begun.get(one.pk),
        )
        for one in wanted
    ]


def people_owing(owner: Employee, today: date) -> QuerySet[Any]:
    """Those whose plan ``owner`` is to write; the same people as in ``owed_plans``, to be part of one statement.

    ``plan_due_on``: the last day of the interview about the first month that asks for one; of a year's grade alone,
    ``YEAR_TERM`` from the day it was told.
    """
    return _owing(owned_by(owner, today), today)


def everybody_owing(today: date) -> QuerySet[Any]:
    """Everybody who owes a plan, as in ``people_owing``; ``plan_owner`` is who is to write it, if anybody."""
    return _owing(Employee.objects.annotate(plan_owner=_owner_key(today)), today)


def _owing(people: QuerySet[Any], today: date) -> QuerySet[Any]:
    asked, own = Q(pk__in=()), {"employee": OuterRef("pk")}
    for rows in _asking(today):
        asked |= Q(Exists(rows.filter(**own)))
    low, fired, graded = (
        Subquery(rows.filter(**own).order_by("of_term").values("of_term")[:1]) for rows in _asking(today)
    )
    first = Coalesce(Least(low, fired), low, fired, graded)  # least of one and nothing is nothing for some databases
    owing: QuerySet[Any] = people.filter(asked, working_on(today)).annotate(plan_due_on=first)
    return owing


def _owner_key(day: date) -> Case:
    """Twin of ``owners_on`` as a column: the owner set by hand, the direct superior, the department's manager."""
    own, held = {"employee": OuterRef("pk")}, holding_on(day)
    assigned = OwnerAssignment.objects.filter(held, **own).values("owner")[:1]
    led = ReportingLine.objects.filter(held, **own).values("superior")[:1]
    managers = RoleGrant.objects.filter(held, role=Role.DEPARTMENT).order_by("pk").values("employee")[:1]
    owner = Coalesce(Subquery(assigned), Subquery(led), Subquery(managers), output_field=IntegerField())
    return Case(When(~Exact(F("pk"), owner), then=owner), default=NO_ID)


def grounds_of(employee_id: int, today: date) -> list[Ground]:
    """Why this person owes a plan; empty when nothing asks for one, or one answers it."""
    return _grounds(today, employee_id).get(employee_id, [])


def _grounds(today: date, employee_id: int | None = None) -> dict[int, list[Ground]]:
    """Employee id → the grounds of the last months, newest first, then of the last year; one statement."""
    first, *rest = (_told(rows, employee_id) for rows in _asking(today))
    rows = sorted(first.union(*rest, all=True), key=_newest_first)
    found: dict[int, list[Ground]] = {}
    for who, why, kind, starts_on, year, scheme_id, result_id in rows:
        period = Cycle(kind=kind, starts_on=starts_on).key if starts_on else str(year)
        ground = Ground(employee_id=who, why=why, period=period, scheme_id=scheme_id, result_id=result_id)
        found.setdefault(who, []).append(ground)
    return found


def _newest_first(row: Sequence[Any]) -> tuple[bool, int, bool, str]:
    _who, why, _kind, starts_on, *_rest = row
    return starts_on is None, -starts_on.toordinal() if starts_on else 0, why != COEFFICIENT, why


def _told(rows: QuerySet[Any], employee_id: int | None) -> QuerySet[Any]:
    names = ("employee_id", "of_why", "of_kind", "of_starts_on", "of_year", "of_scheme", "of_result")
    rows = rows.order_by() if employee_id is None else rows.order_by().filter(employee=employee_id)
    return rows.values_list(*names)


def _asking(today: date) -> tuple[QuerySet[Any], ...]:
    """The results, fired rules and grades that ask for a plan and that none answers yet."""
    return _low(today), _fired(today), _graded(today)


def _low(today: date) -> QuerySet[Result]:
    """Published months with a coefficient below what their scheme asks for."""
    limit = _of_scheme("cycle__scheme__parameters", "improvement_below", str(SCHEME_1_0.improvement_below))
    rows = Result.objects.filter(_ended("cycle__", today), superseded_at__isnull=True, published_at__isnull=False)
    rows = rows.filter(coefficient__lt=Cast(limit, DecimalField(max_digits=7, decimal_places=2)))
    return _unanswered(_of_month(rows, Value(COEFFICIENT, CharField()), ""), "published_at")


def _fired(today: date) -> QuerySet[Proposal]:
    """Fired rules that their scheme names, once the month is published, whatever HR has decided on them."""
    named = _of_scheme("cycle__scheme__parameters", "improvement_rules", json.dumps(SCHEME_1_0.improvement_rules))
    rows = Proposal.objects.filter(
        _ended("cycle__", today),
        state__in=(ProposalState.PROPOSED, ProposalState.DECIDED),
        cycle__results__employee=F("employee"),
        cycle__results__superseded_at__isnull=True,
        cycle__results__published_at__isnull=False,
    )
    rows = rows.filter(_stands_in("rule", named))
    return _unanswered(_of_month(rows, F("rule"), "cycle__results__"), "created_at")


def _graded(today: date) -> QuerySet[AnnualResult]:
    """Grades of years that were told, by the scheme that graded each: the one in force at its start (P9)."""
    year = OuterRef("review__year")
    begun = Q(effective_on__year__lt=year) | Q(effective_on__year=year, effective_on__month=1, effective_on__day=1)
    schemes = Scheme.objects.filter(begun, state=SchemeState.APPROVED).order_by("-effective_on", "-pk")
    named = _of_scheme("parameters", "improvement_grades", json.dumps(SCHEME_1_0.improvement_grades))
    rows = AnnualResult.objects.filter(
        review__state=ReviewState.PUBLISHED, review__published_at__date__lte=today, is_undecided=False
    )
    rows = rows.exclude(grade="").annotate(asked_of=Subquery(schemes.annotate(named=named).values("named")[:1]))
    rows = rows.filter(_stands_in("grade", F("asked_of"))).annotate(
        of_why=Value(GRADE, CharField()),
        of_kind=Cast(Value(None), CharField()),
        of_starts_on=Cast(Value(None), DateField()),
        of_year=F("review__year"),
        of_scheme=NO_ID,
        of_result=NO_ID,
        of_term=TruncDate(ExpressionWrapper(F("review__published_at") + YEAR_TERM, DateTimeField())),
    )
    return _unanswered(rows, "review__published_at")


def _ended(cycle: str, today: date) -> Q:
    return Q(**{f"{cycle}kind": CycleKind.MONTH, f"{cycle}ends_on__lt": today})


def _of_month(rows: QuerySet[Any], why: Any, result: str) -> QuerySet[Any]:
    told: QuerySet[Any] = rows.annotate(
        of_why=why,
        of_kind=F("cycle__kind"),
        of_starts_on=F("cycle__starts_on"),
        of_year=NO_ID,
        of_scheme=F("cycle__scheme_id"),
        of_result=F(f"{result}pk"),
        of_term=F(f"{result}interview_until"),
    )
    return told


def _of_scheme(parameters: str, name: str, default: str) -> Case:
    """A number or list of a scheme as text, nothing for its null; one that does not name it keeps the default."""
    null = When(**{f"{parameters}__{name}": None}, then=Value(None))
    told = When(**{f"{parameters}__has_key": name}, then=KeyTextTransform(name, parameters))
    return Case(null, told, default=Value(default), output_field=CharField())


def _stands_in(code: str, named: Any) -> Any:
    """Whether the code of a row is in a list of codes, written as JSON."""
    quoted = Concat(Value('"'), F(code), Value('"'))
    return GreaterThan(StrIndex(named, quoted), Value(0))


def _unanswered(rows: QuerySet[Any], since: str) -> QuerySet[Any]:
    """Without those that a plan answers: one that runs now, or one begun since; a draft is none. Nor is one needed
    where somebody has said so since."""
    plans = Plan.objects.filter(employee=OuterRef("employee")).exclude(state=PlanState.DRAFT)
    waived = PlanWaiver.objects.filter(employee=OuterRef("employee"), at__gte=OuterRef(since))
    answered = plans.filter(Q(state__in=OPEN_PLAN) | Q(created_at__gte=OuterRef(since)))
    return rows.filter(~Exists(answered), ~Exists(waived))
