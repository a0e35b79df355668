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
    DecimalField,
    Exists,
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
from django.db.models.functions import Cast, Concat, StrIndex
from django.db.models.lookups import GreaterThan

from appraisals.models import Cycle, Scheme
from appraisals.states import CycleKind, SchemeState
from development.models import Plan
from development.states import OPEN_PLAN, PlanState
from people.models import Employee
from people.selectors import owned_by, owners_on, working_on
from policy.schemes import SCHEME_1_0
from scoring.models import AnnualResult, AnnualReview, Proposal, Result
from scoring.states import ProposalState, ReviewState

SEASON = timedelta(days=100)
"""Months that ended longer ago ask for nothing any more: a plan now would not be about them."""
YEAR_SEASON = timedelta(days=180)
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
    """Those who owe a plan, one owner's or everybody's, by number; a constant number of statements."""
    grounds = _grounds(today)
    if not grounds:
        return []
    owners = owners_on(today, grounds)
    wanted = [pk for pk in grounds if owner_id is None or owners.get(pk) == owner_id]
    ids = {*wanted, *(owners[pk] for pk in wanted if pk in owners)}
    people = Employee.objects.select_related("position", "region").in_bulk(ids)
    drafts = {plan.employee_id: plan for plan in Plan.objects.filter(employee__in=wanted, state=PlanState.DRAFT)}
    found = [
        Owed(
            employee=people[pk],
            owner=people.get(owners.get(pk, 0)),
            grounds=grounds[pk],
            draft=drafts.get(pk),
        )
        for pk in wanted
        if people[pk].works_on(today)
    ]
    return sorted(found, key=lambda one: one.employee.number)


def people_owing(owner: Employee, today: date) -> QuerySet[Employee]:
    """Those whose plan ``owner`` is to write; the same people as in ``owed_plans``, to be part of one statement.

    ``plan_due_on``: the last day of the interview about the first month with too low a coefficient, none for the rest.
    """
    asked, own = Q(pk__in=()), {"employee": OuterRef("pk")}
    for rows in _asking(today):
        asked |= Q(Exists(rows.filter(**own)))
    first = _low(today).filter(**own).order_by("interview_until").values("interview_until")[:1]
    return owned_by(owner, today).filter(asked, working_on(today)).annotate(plan_due_on=Subquery(first))


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
    rows = Result.objects.filter(_season("cycle__", today), superseded_at__isnull=True, published_at__isnull=False)
    rows = rows.filter(coefficient__lt=Cast(limit, DecimalField(max_digits=7, decimal_places=2)))
    return _unanswered(_of_month(rows, Value(COEFFICIENT, CharField()), "pk"), "published_at")


def _fired(today: date) -> QuerySet[Proposal]:
    """Fired rules that their scheme names, once the month is published."""
    named = _of_scheme("cycle__scheme__parameters", "improvement_rules", json.dumps(SCHEME_1_0.improvement_rules))
    rows = Proposal.objects.filter(
        _season("cycle__", today),
        state=ProposalState.PROPOSED,
        cycle__results__employee=F("employee"),
        cycle__results__superseded_at__isnull=True,
        cycle__results__published_at__isnull=False,
    )
    rows = rows.filter(_stands_in("rule", named))
    return _unanswered(_of_month(rows, F("rule"), "cycle__results__pk"), "created_at")


def _graded(today: date) -> QuerySet[AnnualResult]:
    """Grades of the last year that was told, by the scheme that graded it: the one in force at its start (P9)."""
    last = AnnualReview.objects.filter(state=ReviewState.PUBLISHED).order_by("-year").values("pk")[:1]
    year = OuterRef("review__year")
    begun = Q(effective_on__year__lt=year) | Q(effective_on__year=year, effective_on__month=1, effective_on__day=1)
    schemes = Scheme.objects.filter(begun, state=SchemeState.APPROVED).order_by("-effective_on", "-pk")
    named = _of_scheme("parameters", "improvement_grades", json.dumps(SCHEME_1_0.improvement_grades))
    rows = AnnualResult.objects.filter(
        review__in=Subquery(last), review__published_at__date__gte=today - YEAR_SEASON, is_undecided=False
    )
    rows = rows.exclude(grade="").annotate(asked_of=Subquery(schemes.annotate(named=named).values("named")[:1]))
    rows = rows.filter(_stands_in("grade", F("asked_of"))).annotate(
        of_why=Value(GRADE, CharField()),
        of_kind=Cast(Value(None), CharField()),
        of_starts_on=Cast(Value(None), DateField()),
        of_year=F("review__year"),
        of_scheme=NO_ID,
        of_result=NO_ID,
    )
    return _unanswered(rows, "review__published_at")


def _season(cycle: str, today: date) -> Q:
    names = {"kind": CycleKind.MONTH, "ends_on__gte": today - SEASON, "ends_on__lt": today}
    return Q(**{f"{cycle}{name}": value for name, value in names.items()})


def _of_month(rows: QuerySet[Any], why: Any, result: str) -> QuerySet[Any]:
    told: QuerySet[Any] = rows.annotate(
        of_why=why,
        of_kind=F("cycle__kind"),
        of_starts_on=F("cycle__starts_on"),
        of_year=NO_ID,
        of_scheme=F("cycle__scheme_id"),
        of_result=F(result),
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
    """Without those that a plan answers: one that runs now, or one begun since; a draft is none."""
    plans = Plan.objects.filter(employee=OuterRef("employee")).exclude(state=PlanState.DRAFT)
    return rows.filter(~Exists(plans.filter(Q(state__in=OPEN_PLAN) | Q(created_at__gte=OuterRef(since)))))
