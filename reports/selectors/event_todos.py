"""What waits for a person of incidents, bonuses and calls, beside what ``owed`` lists (P4.5, P4.6, A2)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from appraisals.models import Cycle
from appraisals.states import CycleKind
from incidents.permissions import INCIDENT_DAY, Judge
from incidents.selectors.asked import claims_asked, shares_asked
from people.facts import Standing
from people.models import Employee, ReportingLine
from quality.models import Assessment, Call, Dispute
from quality.permissions import Ear
from quality.selectors.assessments import drafts_of, drawn_calls
from quality.states import AssessmentKind, AssessmentState, DisputeState
from reports.selectors.waiting import (
    BLIND,
    CALLED,
    CHECK_BONUS,
    RESUME,
    RULE,
    SCORE,
    VERIFY,
    by_month,
    together,
)


def events_waiting(person: Employee, standing: Standing, today: date) -> Iterator[QuerySet[Any]]:
    """Incidents to verify, bonuses to check, where they are asked of him: data of their month, due like its figures."""
    judge = Judge(person, standing)
    mine = shares_asked(judge, today)
    due = _months(INCIDENT_DAY).values("data_due_on")[:1]
    yield by_month(VERIFY, mine, "employee__name", day=INCIDENT_DAY, due=due, ident="incident_id")
    due = _months("occurred_on").values("data_due_on")[:1]
    yield by_month(CHECK_BONUS, claims_asked(judge), "employee__name", day="occurred_on", due=due)


def calls_waiting(person: Employee, standing: Standing) -> Iterator[QuerySet[Any]]:
    """Calls to score, to score a second time, to rule on; and the mark ``CALLED``.

    A drawn call waits for those who lead the agent; who may listen to everybody's finds it on the page of calls.
    """
    drawn = drawn_calls(Ear(person, Standing())).filter(total__isnull=True)
    due = _months("called_on").values("data_due_on")[:1]
    yield by_month(SCORE, drawn, "employee__name", day="called_on", due=due)
    for what, kind in ((RESUME, AssessmentKind.FIRST), (BLIND, AssessmentKind.SECOND)):
        yield together(what, drafts_of(person, kind), "call__number", ident="call_id")
    yield together(
        RULE,
        _disputes(Ear(person, standing)),
        "assessment__call__number",
        ident="assessment__call_id",
        at="raised_at",
    )
    yield together(CALLED, Call.objects.filter(employee=person))


def _months(day: str) -> QuerySet[Cycle]:
    """The month's cycle that a day of the outer row lies in."""
    return Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__lte=OuterRef(day), ends_on__gte=OuterRef(day))


def _disputes(ear: Ear) -> QuerySet[Dispute]:
    """Twin of ``can_rule``, without the calls that the person still has to score blind."""
    person = ear.person
    blind = Assessment.objects.filter(
        call=OuterRef("assessment__call"), kind=AssessmentKind.SECOND, state=AssessmentState.DRAFT, listener=person
    )
    rows = Dispute.objects.filter(~Exists(blind), state=DisputeState.OPEN)
    rows = rows.exclude(assessment__listener=person).exclude(assessment__call__employee=person)
    if ear.hears_all:
        return rows
    lines = _lines("assessment__call__employee", "assessment__call__called_on")
    return rows.filter(Exists(lines.filter(superior=person)))


def _lines(employee: str, day: str) -> QuerySet[ReportingLine]:
    on = OuterRef(day)
    lines = ReportingLine.objects.filter(employee=OuterRef(employee), starts_on__lte=on)
    return lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=on))
