"""What people owe after a result by a term: appeals, interviews, plans and their checkpoints (P5.1, P6.3b, P6.4a)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from appeals.models import Appeal, AppealItem
from appeals.states import OPEN_APPEAL, AppealState, Ruling
from development.models import Agreement, Checkpoint, Interview, Plan
from development.selectors.interviews import unheld_results
from development.selectors.obligations import everybody_owing
from development.states import InterviewState, PlanState
from people.facts import Standing
from people.models import Employee, GroupMember, RoleGrant
from people.selectors import holding_on
from people.states import Duty, Role
from policy import reminders as who
from reports.selectors import waiting as what
from reports.selectors.matters import Matter
from reports.selectors.waiting import NO_DAY
from scoring.models import Result, Signature
from scoring.states import Side

SOON = timedelta(days=7)
"""How early a checkpoint, or what was agreed in an interview, is among the to-dos."""


def appeal_matters(today: date) -> Iterator[Matter]:
    appeals = Appeal.objects.all()
    drafts = appeals.filter(state=AppealState.DRAFT, file_until__gte=today)
    mine: dict[str, Any] = {"debtor": "employee_id", "name": "number", "by": who.APPRAISEE, "cycle": ""}
    yield Matter(what=what.SUBMIT_APPEAL, rows=drafts, due="file_until", step="", **mine)
    yield Matter(
        what=what.SUPPLEMENT, rows=appeals.filter(state=AppealState.SUPPLEMENT), due="decide_until", step="", **mine
    )
    yield Matter(
        what=what.EXAMINE,
        rows=appeals.filter(state__in=OPEN_APPEAL),
        debtor="handler_id",
        due="decide_until",
        name="number",
        by=who.EXAMINER,
        step="ruling",
        cycle="",
    )
    lost = AppealItem.objects.filter(appeal=OuterRef("pk")).exclude(ruling=Ruling.UPHELD)
    ruled = appeals.filter(Exists(lost), state=AppealState.RULED, instance=1, second=None, further_until__gte=today)
    yield Matter(what=what.TAKE_FURTHER, rows=ruled, due="further_until", step="", **mine)


def talk_matters(today: date) -> Iterator[Matter]:
    """Interviews to hold and records to confirm; plans to sign for, and their checkpoints."""
    yield Matter(
        what=what.INTERVIEW,
        rows=unheld_results(today).exclude(employee=F("form__owner")),
        debtor="form__owner_id",
        due="interview_until",
        name="employee__name",
        by=who.OWNER,
        step="interview",
        ident="form_id",
    )
    yield Matter(
        what=what.AGREE_INTERVIEW,
        rows=Interview.objects.filter(state=InterviewState.SHARED),
        debtor="employee_id",
        due=Case(When(shared_at__date__lte=F("due_on"), then=F("due_on")), default=NO_DAY),  # shared late: no term
        name="owner__name",
        by=who.APPRAISEE,
        step="agree",
        owner="owner_id",
        cycle="form__cycle__",
    )
    yield Matter(
        what=what.SIGN_PLAN,
        rows=Plan.objects.filter(state=PlanState.PUBLISHED),
        debtor="employee_id",
        due="starts_on",
        name="owner__name",
        by=who.APPRAISEE,
        step="plan_sign",
        owner="owner_id",
        cycle="",
    )
    seen = Checkpoint.objects.filter(plan__state=PlanState.RUNNING, held_at__isnull=True, due_on__lte=today + SOON)
    yield Matter(
        what=what.CHECK_PLAN,
        rows=seen,
        debtor="plan__owner_id",
        due="due_on",
        name="plan__employee__name",
        by=who.OWNER,
        step="checkpoint",
        cycle="",
        ident="plan_id",
    )


def agreed_matters(today: date) -> Iterator[Matter]:
    """What an interview agreed on and is not done: by the appraisee, and by who held it."""
    rows = Agreement.objects.filter(
        interview__state=InterviewState.ACKNOWLEDGED, done_on__isnull=True, due_on__lte=today + SOON
    )
    shared: dict[str, Any] = {
        "due": "due_on",
        "name": "text",
        "step": "agreement",
        "cycle": "interview__form__cycle__",
        "ident": "interview_id",
    }
    yield Matter(
        what=what.DO_AGREED,
        rows=rows.filter(by_owner=False),
        debtor="interview__employee_id",
        by=who.APPRAISEE,
        owner="interview__owner_id",
        **shared,
    )
    yield Matter(
        what=what.DO_PROMISED,
        rows=rows.filter(by_owner=True),
        debtor="interview__owner_id",
        by=who.OWNER,
        **shared,
    )


def late_agreements(owner: Employee, today: date) -> QuerySet[Agreement]:
    """What the owner's people agreed to do and have let pass."""
    rows = Agreement.objects.filter(interview__owner=owner, interview__state=InterviewState.ACKNOWLEDGED)
    return rows.filter(by_owner=False, done_on__isnull=True, due_on__lt=today)


def plans_to_write(today: date) -> Matter:
    """Plans that the scheme asks for, of their owners; the to-dos count them by ``people_owing``."""
    return Matter(
        what=what.WRITE_PLAN,
        rows=everybody_owing(today),
        debtor="plan_owner",
        due="plan_due_on",
        name="name",
        by=who.OWNER,
        step="plan_write",
        cycle="",
    )


def appeal_window(today: date) -> Matter:
    """A result that may still be contested, for whoever has not agreed to it (``month_timeline``, appeal)."""
    agreed = Signature.objects.filter(result=OuterRef("pk"), side=Side.APPRAISEE, is_agreed=True)
    contested = Appeal.objects.filter(result=OuterRef("pk")).exclude(state=AppealState.WITHDRAWN)
    rows = Result.objects.filter(superseded_at__isnull=True, appeal_until__gte=today)
    return Matter(
        what=what.MAY_APPEAL,
        rows=rows.filter(~Exists(agreed), ~Exists(contested)),
        debtor="employee_id",
        due="appeal_until",
        name="employee__name",
        by=who.APPRAISEE,
        step="appeal",
        ident="form_id",
    )


def appeals_to_assign(person_id: int, standing: Standing, day: date) -> QuerySet[Appeal] | None:
    """Open appeals that nobody examines and the person is told of; list twin of ``appeals.permissions.assigners``."""
    if not (standing.is_leader or standing.is_department or standing.is_hr):
        return None
    waiting = Appeal.objects.filter(state__in=OPEN_APPEAL, handler__isnull=True)
    waiting = waiting.exclude(employee=person_id).exclude(result__form__owner=person_id)
    seats = GroupMember.objects.filter(holding_on(day), duty=Duty.LEADER)
    managers = RoleGrant.objects.filter(holding_on(day), role=Role.DEPARTMENT)
    led, managed = (Q(Exists(_strangers(rows))) for rows in (seats, managers))
    mine = Q(pk__in=())
    if standing.is_leader:
        mine |= Q(instance=1)
    if standing.is_department:
        mine |= Q(instance=1) & ~led
    if standing.is_hr:
        mine |= Q(instance=2) | (~led & ~managed)
    return waiting.filter(mine)


def _strangers(holders: QuerySet[Any]) -> QuerySet[Any]:
    parties = (OuterRef("employee"), OuterRef("result__form__owner"))
    return holders.exclude(employee=parties[0]).exclude(employee=parties[1])
