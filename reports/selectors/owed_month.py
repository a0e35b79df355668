"""What the leader and the duty officer owe round a month: its exchange meeting, its archive, the rota (P5.2, P5.3).

The policy sets no terms for these, so they follow the terms of the month's own results, which are stored in working
days: the meeting is prepared by the end of the appeal term, its minutes are sent and the documents archived by the term
for filing. A month has its duty officer before it begins.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, DateField, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value

from appraisals.models import Cycle, Form
from appraisals.states import CycleKind
from development.models import Addendum, Meeting
from development.selectors.meetings import SEASON, months_to_meet
from development.states import MeetingState
from people.facts import Standing
from people.models import DutyTurn, Employee
from policy import reminders as who
from policy.rota import months_from
from reports.selectors import waiting as what
from reports.selectors.matters import Matter
from scoring.models import Document, Result
from scoring.selectors.board import UNPUBLISHED
from scoring.states import DocumentKind

ROTA_MONTHS = 3
"""This month and the next ones that are to have their duty officers."""
TERMS = {
    what.MEET: ("appeal_until", "meeting", who.LEADER),
    what.SEND_MINUTES: ("file_until", "minutes", who.DUTY),
    what.PACKAGE: ("file_until", "package", who.DUTY),
}
"""Sort → the term of the month's results it follows, its step, and what its debtor is."""


def month_matters(person_id: int, standing: Standing, today: date) -> Iterator[Matter]:
    """The leader's and the duty officer's; what a month without an officer needs waits for the leader."""
    if not (standing.is_leader or standing.duty_months):
        return
    holder, mine = Value(person_id, IntegerField()), _officers(standing)
    if standing.is_leader:
        months = months_to_meet(today - SEASON)
        yield _of_month(what.MEET, _published(months), holder)
    minutes = Meeting.objects.filter(mine, state=MeetingState.PREPARED)
    yield _of_month(what.SEND_MINUTES, minutes, holder, "cycle__")
    months = Cycle.objects.filter(_officers(standing, ""), _unkept(), kind=CycleKind.MONTH)
    yield _of_month(what.PACKAGE, _published(months.filter(starts_on__gte=today - SEASON, ends_on__lt=today)), holder)


def _officers(standing: Standing, cycle: str = "cycle__") -> Q:
    """The months the person is on duty for, and for the leader those that nobody is."""
    found = Q(**{f"{cycle}starts_on__in": sorted(standing.duty_months)})
    if standing.is_leader:
        found |= ~Q(Exists(DutyTurn.objects.filter(month=OuterRef(f"{cycle}starts_on"))))
    return found


def _unkept() -> Q:
    """No report in the archive, or not the minutes as they were sent or added to since."""
    made = Document.objects.filter(kind=DocumentKind.REPORT, cycle=OuterRef("pk"))
    sent = Meeting.objects.filter(cycle=OuterRef("pk"), state=MeetingState.SENT)
    added = Addendum.objects.filter(meeting__cycle=OuterRef("pk"))
    unkept_minutes = Exists(sent.filter(~_kept("cycle", "sent_at"))) | Exists(
        added.filter(~_kept("meeting__cycle", "at"))
    )
    return ~Q(Exists(made)) | unkept_minutes


def _kept(cycle: str, since: str) -> Exists:
    minutes = Document.objects.filter(kind=DocumentKind.MINUTES, cycle=OuterRef(cycle), made_at__gte=OuterRef(since))
    return Exists(minutes)


def _published(months: QuerySet[Cycle]) -> QuerySet[Cycle]:
    """Those whose results are all out."""
    forms = Form.objects.filter(cycle=OuterRef("pk"))
    return months.filter(Exists(forms), ~Exists(forms.filter(state__in=UNPUBLISHED)))


def _of_month(sort: str, rows: QuerySet[Any], holder: Value, cycle: str = "") -> Matter:
    term, step, by = TERMS[sort]
    results = Result.objects.filter(cycle=OuterRef(f"{cycle}pk"), superseded_at__isnull=True).order_by()
    last = results.values("cycle").annotate(last=Max(term)).values("last")
    rows = rows.annotate(
        month_kind=F(f"{cycle}kind"), month_starts_on=F(f"{cycle}starts_on"), month_due_on=Subquery(last)
    )
    return Matter(what=sort, rows=rows, debtor=holder, due="month_due_on", by=by, step=step, cycle="month_")


def rota_waiting(person_id: int, standing: Standing, today: date) -> Iterator[QuerySet[Any]]:
    """Rows of ``Waiting`` for the leader: months without a duty officer, due before they begin."""
    for month in months_from(today.replace(day=1), ROTA_MONTHS) if standing.is_leader else ():
        unset = Employee.objects.filter(~Exists(DutyTurn.objects.filter(month=month)), pk=person_id)
        unset = unset.annotate(
            month_kind=Value(CycleKind.MONTH.value, CharField()), month_starts_on=Value(month, DateField())
        )
        due, holder = Value(month - timedelta(days=1), DateField()), Value(person_id, IntegerField())
        matter = Matter(what=what.SET_ROTA, rows=unset, debtor=holder, due=due, by=who.LEADER, cycle="month_")
        yield matter.of(Employee(pk=person_id))
