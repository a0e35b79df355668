"""What people owe by a term, sort by sort: the one list behind a person's to-dos and everybody's reminders (P6)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from appeals.models import Appeal
from appeals.states import OPEN_APPEAL, AppealState
from appraisals.models import Cycle, Figure, Form, Item, UpwardTurn
from appraisals.selectors.figures import OPEN
from appraisals.states import CycleKind, DataSource, FormState, Part
from development.models import Checkpoint, Interview, Plan
from development.selectors.interviews import unheld_results
from development.states import InterviewState, PlanState
from incidents.models import Involvement
from incidents.states import EventState
from people.facts import Standing
from people.models import DutySwap, GroupMember, ReportingLine, RoleGrant
from people.selectors import holding_on
from people.states import Duty, Role, SwapState
from policy import reminders as who
from quality.models import Assessment, Call
from quality.states import AssessmentKind, AssessmentState
from reports.selectors import waiting as what
from reports.selectors.matters import Matter
from reports.selectors.waiting import NO_DAY
from scoring.models import Signature
from scoring.states import Side

SOON = timedelta(days=7)
"""How early a checkpoint is among the to-dos."""


def matters(today: date) -> Iterator[Matter]:
    """What people owe as who they are: appraisees, owners, providers, raters, agents, examiners."""
    yield from _of_forms(today)
    yield from _of_entries(today)
    yield from _of_records(today)
    yield from _of_appeals(today)
    yield from _of_talks(today)
    yield from _of_duty(today)


def office_matters(person_id: int, standing: Standing, day: date) -> Iterator[Matter]:
    """What waits for an office; its holder has nothing to do with his own form."""
    holder = Value(person_id, IntegerField())
    forms = Form.objects.exclude(employee=person_id)
    if standing.is_department:
        yield Matter(
            what=what.APPROVE,
            rows=forms.filter(state=FormState.APPROVAL),
            debtor=holder,
            due="cycle__targets_due_on",
            name="owner__name",
            by=who.DEPARTMENT,
            step="target",
        )
    if standing.duty_months:
        turns = Q(pk__in=())
        for month in standing.duty_months:
            turns |= Q(cycle__ends_on__year=month.year, cycle__ends_on__month=month.month)
        for sort, state in ((what.CONSOLIDATE, FormState.READY), (what.PUBLISH, FormState.CONSOLIDATED)):
            yield Matter(
                what=sort,
                rows=forms.filter(turns, state=state),
                debtor=holder,
                due="cycle__publish_due_on",
                name="employee__name",
                by=who.DUTY,
                step="publish",
            )
    unassigned = _to_assign(person_id, standing, day)
    if unassigned is not None:
        yield Matter(
            what=what.ASSIGN,
            rows=unassigned,
            debtor=holder,
            due="decide_until",
            name="number",
            by=who.EXAMINER,
            cycle="",
        )


def drawn_for_everybody() -> Matter:
    """Drawn calls that nobody has begun to score: its agent's superior of that day is asked; others may."""
    begun = Assessment.objects.filter(call=OuterRef("pk"), kind=AssessmentKind.FIRST)
    month = Cycle.objects.filter(
        kind=CycleKind.MONTH, starts_on__lte=OuterRef("called_on"), ends_on__gte=OuterRef("called_on")
    )
    lines = ReportingLine.objects.filter(employee=OuterRef("employee"), starts_on__lte=OuterRef("called_on"))
    lines = lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=OuterRef("called_on")))
    rows = Call.objects.filter(~Q(drawn_why=""), ~Exists(begun), counted_month__isnull=True)
    rows = rows.annotate(
        month_kind=Subquery(month.values("kind")[:1]),
        month_starts_on=Subquery(month.values("starts_on")[:1]),
        month_due_on=Subquery(month.values("data_due_on")[:1]),
        led_by=Subquery(lines.values("superior")[:1]),
    )
    return Matter(
        what=what.SCORE,
        rows=rows.exclude(led_by=F("employee")),
        debtor="led_by",
        due="month_due_on",
        name="employee__name",
        by=who.PROVIDER,
        step="data",
        cycle="month_",
    )


def _of_forms(today: date) -> Iterator[Matter]:
    forms = Form.objects.all()
    published = forms.filter(results__superseded_at__isnull=True)
    own = {"debtor": "employee_id", "name": "owner__name", "by": who.APPRAISEE, "owner": "owner_id"}
    team = {"debtor": "owner_id", "name": "employee__name", "by": who.OWNER}
    signing = {"due": "results__sign_until", "step": "sign", "at": "published_at"}
    agreeing = {"due": "cycle__targets_due_on", "step": "target"}
    begun = forms.filter(state=FormState.ACTIVE, cycle__starts_on__lte=today)
    yield Matter(what=what.CONFIRM, rows=forms.filter(state=FormState.CONFIRMATION), **own, **agreeing)
    yield Matter(what=what.SELF, rows=begun, due="cycle__self_due_on", step="self", **own)
    yield Matter(what=what.SIGN, rows=published.filter(unsigned(Side.APPRAISEE)), **own, **signing)
    yield Matter(what=what.TARGETS, rows=forms.filter(state=FormState.TARGETS), **team, **agreeing)
    reviewed = forms.filter(state=FormState.REVIEW)
    yield Matter(what=what.REVIEW, rows=reviewed, due="cycle__review_due_on", step="review", **team)
    yield Matter(what=what.SIGN_TEAM, rows=published.filter(unsigned(Side.OWNER)), **team, **signing)


def _of_entries(today: date) -> Iterator[Matter]:
    stands = Exists(Figure.objects.filter(item=OuterRef("pk"), superseded_at__isnull=True))
    items = Item.objects.filter(part=Part.KPI, data_source=DataSource.MANUAL, not_applicable_reason="")
    owed = items.filter(~stands, form__state__in=OPEN, form__cycle__starts_on__lte=today)
    yield Matter(
        what=what.FIGURES,
        rows=owed.exclude(form__employee=F("provider")),
        debtor="provider_id",
        due="form__cycle__data_due_on",
        name="name",
        by=who.PROVIDER,
        step="data",
        cycle="form__cycle__",
        ident="form_id",
    )
    turns = UpwardTurn.objects.filter(is_done=False, form__state__in=OPEN, form__cycle__starts_on__lte=today)
    yield Matter(
        what=what.RATE,
        rows=turns,
        debtor="rater_id",
        due="form__cycle__review_due_on",
        name="form__employee__name",
        by=who.RATER,
        step="review",
        cycle="form__cycle__",
        ident="form_id",
    )


def _of_records(today: date) -> Iterator[Matter]:
    """A view on an incident, and a call's score: rights that end with their term."""
    shares = Involvement.objects.filter(state=EventState.FILED, stated_at__isnull=True, statement_due_on__gte=today)
    yield Matter(
        what=what.STATE,
        rows=shares,
        debtor="employee_id",
        due="statement_due_on",
        name="incident__number",
        by=who.APPRAISEE,
        cycle="",
        ident="incident_id",
    )
    scored = Assessment.objects.filter(kind=AssessmentKind.FIRST, state=AssessmentState.SUBMITTED)
    fresh = scored.filter(acknowledged_at__isnull=True, disputes__isnull=True, dispute_until__gte=today)
    yield Matter(
        what=what.HEAR,
        rows=fresh.filter(call__counted_month__isnull=True),
        debtor="call__employee_id",
        due="dispute_until",
        name="call__number",
        by=who.APPRAISEE,
        cycle="",
        ident="call_id",
    )


def _of_appeals(today: date) -> Iterator[Matter]:
    appeals = Appeal.objects.all()
    drafts = appeals.filter(state=AppealState.DRAFT, file_until__gte=today)
    mine = {"debtor": "employee_id", "name": "number", "by": who.APPRAISEE, "cycle": ""}
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
        cycle="",
    )


def _of_talks(today: date) -> Iterator[Matter]:
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
        cycle="form__cycle__",
    )
    yield Matter(
        what=what.SIGN_PLAN,
        rows=Plan.objects.filter(state=PlanState.PUBLISHED),
        debtor="employee_id",
        due="starts_on",
        name="owner__name",
        by=who.APPRAISEE,
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
        cycle="",
        ident="plan_id",
    )


def _of_duty(today: date) -> Iterator[Matter]:
    """Months of duty somebody is asked to take over or to trade: without a term, so never reminded of.

    A trade waits for whoever is asked, as long as neither month has begun; the leader is told of it afterwards.
    """
    asked = DutySwap.objects.filter(state=SwapState.ASKED)
    asked = asked.annotate(month_kind=Value(CycleKind.MONTH.value, CharField()), month_starts_on=F("month"))
    asking: dict[str, Any] = {"debtor": "asked_id", "name": "asked_by__name", "by": who.DUTY, "cycle": "month_"}
    yield Matter(what=what.TAKE_DUTY, rows=asked.filter(other_month__isnull=True), due=NO_DAY, **asking)
    trades = asked.filter(month__gt=today, other_month__gt=today)
    yield Matter(what=what.ANSWER_SWAP, rows=trades, due=NO_DAY, **asking)


def _to_assign(person_id: int, standing: Standing, day: date) -> QuerySet[Appeal] | None:
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


def unsigned(side: Side) -> Q:
    """Published forms whose current version that side has not signed."""
    signed = Signature.objects.filter(result__form=OuterRef("pk"), result__superseded_at__isnull=True, side=side)
    return Q(state=FormState.PUBLISHED) & ~Q(Exists(signed))
