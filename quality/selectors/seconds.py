"""Who could score a call a second time, and what is still to be scored (A2)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from common.db import among
from people.facts import Standing
from people.models import Employee, GroupMember, RoleGrant
from people.selectors import holding_on, owners_on
from people.states import Role
from quality.models import Assessment, AssessmentScore, Call
from quality.permissions import Ear, Lines, can_listen
from quality.states import AssessmentKind, AssessmentState, DisputeState

RECENTLY = timedelta(days=92)
"""Who has submitted a scoring in the last quarter still has the levels in his ear."""


@dataclass(frozen=True, slots=True)
class Seconders:
    """Who may be given a call: listeners of the last quarter first, the group where none of them may.

    ``owners``: agent → who owns his appraisal.
    """

    active: tuple[Ear, ...]
    members: tuple[Ear, ...]
    owners: Mapping[int, int]

    def for_call(self, first: Assessment, lines: Lines) -> list[Ear]:
        """Neither the first listener nor the agent, nor whoever has ruled on the first scoring and so knows it.

        The agent's superior and whoever owns his appraisal only where nobody else may: until one has scored a call a
        second time, the form shows one no mean.
        """
        knowing = {row.ruled_by_id for row in first.disputes.all() if row.state != DisputeState.OPEN}
        barred = knowing | {first.listener_id, first.call.employee_id}
        near = {self.owners.get(first.call.employee_id), lines.above(first.call)}
        for unwanted in (near, set()):
            for ears in (self.active, self.members):
                fit = [ear for ear in ears if ear.person.pk not in barred | unwanted]
                if found := [ear for ear in fit if can_listen(ear, first.call, lines)]:
                    return found
        return []


def seconders_on(day: date) -> Seconders:
    """Everybody who works here on ``day`` and can sign in, with what he is; six statements."""
    seats = set(GroupMember.objects.filter(holding_on(day)).values_list("employee_id", flat=True))
    heads = set(RoleGrant.objects.filter(holding_on(day), role=Role.DEPARTMENT).values_list("employee_id", flat=True))
    recent = Assessment.objects.filter(state=AssessmentState.SUBMITTED, submitted_at__date__gt=day - RECENTLY)
    active = set(recent.order_by().values_list("listener_id", flat=True).distinct())
    people = Employee.objects.filter(pk__in=active | seats, account__is_active=True).select_related("position")
    ears = [
        Ear(person, Standing(is_member=person.pk in seats, is_department=person.pk in heads))
        for person in people.order_by("pk")
        if person.works_on(day)
    ]
    return Seconders(
        active=tuple(ear for ear in ears if ear.person.pk in active),
        members=tuple(ear for ear in ears if ear.person.pk in seats),
        owners=owners_on(day),
    )


def scored_calls(first: date, last: date) -> QuerySet[Call]:
    """The calls of ``first`` … ``last`` whose first scoring is submitted, by key."""
    return Call.objects.filter(Exists(_firsts(call=OuterRef("pk"))), called_on__range=(first, last)).order_by("pk")


def firsts_by_listener(calls: Iterable[Call]) -> dict[int, list[Assessment]]:
    """Listener → his submitted first scorings of these calls, with their rubric, agent, rulings and second ones."""
    firsts = _firsts(call_id__in=among(call.pk for call in calls))
    firsts = firsts.select_related("call__employee", "rubric", "listener")
    found: dict[int, list[Assessment]] = {}
    for one in firsts.prefetch_related("disputes", "call__assessments").order_by("listener_id", "pk"):
        found.setdefault(one.listener_id, []).append(one)
    return found


def has_second(first: Assessment) -> bool:
    """Whether its call has been given to a second listener, whatever has become of it."""
    return any(one.kind == AssessmentKind.SECOND for one in first.call.assessments.all())


def _firsts(**of: object) -> QuerySet[Assessment]:
    """Submitted first scorings with levels: what a workbook brought as a bare total can't be compared."""
    levels = AssessmentScore.objects.filter(assessment=OuterRef("pk"))
    return Assessment.objects.filter(Exists(levels), kind=AssessmentKind.FIRST, state=AssessmentState.SUBMITTED, **of)


def load_of(first: date, last: date) -> Counter[int]:
    """Listener → second scorings he has open, or has of calls of ``first`` … ``last``: whom to give the next one to."""
    seconds = Assessment.objects.filter(kind=AssessmentKind.SECOND).filter(
        Q(state=AssessmentState.DRAFT) | Q(call__called_on__range=(first, last))
    )
    return Counter(dict(seconds.order_by().values_list("listener_id").annotate(Count("pk"))))


def open_seconds(person: Employee) -> int:
    """How many calls somebody still has to score a second time."""
    mine = Assessment.objects.filter(listener=person, kind=AssessmentKind.SECOND, state=AssessmentState.DRAFT)
    return mine.count()


def owed_seconds(first: date, last: date) -> Mapping[str, int]:
    """Name → second scorings of calls of ``first`` … ``last`` that are still open, most first."""
    seconds = Assessment.objects.filter(
        kind=AssessmentKind.SECOND, state=AssessmentState.DRAFT, call__called_on__range=(first, last)
    )
    rows = seconds.order_by().values_list("listener__name", "listener_id").annotate(n=Count("pk"))
    return {name: n for name, _pk, n in rows.order_by("-n", "listener__number")}
