"""Who may see, score and rule on calls (A2): each rule for a row, visibility for a list too.

Who stands directly above an agent is judged by the day of the call. A listener's draft is his alone, and who is to
score a call a second time sees nothing of the first scoring before he has submitted his own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from people.facts import Standing
from people.models import Employee, OwnerAssignment, ReportingLine
from quality.models import Assessment, Call, Dispute
from quality.states import AssessmentKind, AssessmentState, DisputeState


@dataclass(frozen=True, slots=True)
class Ear:
    """The person who may listen, with his standing."""

    person: Employee
    standing: Standing

    @property
    def hears_all(self) -> bool:
        """Those who listen to every region's calls: the department's manager, leader and members of the group."""
        return self.standing.is_department or self.standing.is_leader or self.standing.is_member

    @property
    def sees_all(self) -> bool:
        """Those and the auditor, who only reads."""
        return self.hears_all or self.standing.is_auditor

    @property
    def region_id(self) -> int | None:
        """The region whose agents he may listen to as one of its managers; None for everybody else."""
        person = self.person
        return person.region_id if person.position is not None and person.position.is_managerial else None


@dataclass(frozen=True, slots=True)
class Lines:
    """Who stood above whom, read for many calls at once: one statement."""

    rows: dict[int, list[tuple[date, date | None, int]]]

    @classmethod
    def of(cls, calls: Iterable[Call]) -> Self:
        """Everything needed for these calls."""
        rows: dict[int, list[tuple[date, date | None, int]]] = {}
        lines = ReportingLine.objects.filter(employee_id__in={call.employee_id for call in calls})
        for person, starts_on, ends_before, superior in lines.values_list(
            "employee_id", "starts_on", "ends_before", "superior_id"
        ):
            rows.setdefault(person, []).append((starts_on, ends_before, superior))
        return cls(rows)

    def above(self, call: Call) -> int | None:
        """The agent's direct superior on the day of the call."""
        for starts_on, ends_before, superior in self.rows.get(call.employee_id, []):
            if starts_on <= call.called_on and (ends_before is None or ends_before > call.called_on):
                return superior
        return None


def can_listen(ear: Ear, call: Call, lines: Lines) -> bool:
    """Never the agent: his direct superior of the day, a manager of his region, the group, the department's manager."""
    if ear.person.pk == call.employee_id:
        return False
    leads = ear.region_id is not None and ear.region_id == call.employee.region_id
    return ear.hears_all or leads or lines.above(call) == ear.person.pk


def listens_at_all(ear: Ear) -> bool:
    """Whether the pages of listeners are for him: managers of a region, the group, the department's manager."""
    return ear.hears_all or ear.region_id is not None


def heard_people(ear: Ear, first: date, last: date) -> QuerySet[Employee]:
    """The agents he may listen to on some day from ``first`` to ``last``: list twin of ``can_listen``, for people."""
    others = Employee.objects.exclude(pk=ear.person.pk)
    if ear.hears_all:
        return others
    led = Q(Exists(_lines_between(ear.person, first, last).filter(employee=OuterRef("pk"))))
    return others.filter(led | Q(region_id=ear.region_id) if ear.region_id is not None else led)


def planned_people(ear: Ear, first: date, last: date) -> QuerySet[Employee]:
    """Whose sampling he sees: those he may listen to, and everybody's for the auditor, who only reads."""
    return Employee.objects.exclude(pk=ear.person.pk) if ear.sees_all else heard_people(ear, first, last)


def can_register(ear: Ear, day: date) -> bool:
    """Registering and drawing is for whoever may listen to somebody on that day; whose calls is asked for each."""
    return listens_at_all(ear) or _lines_between(ear.person, day, day).exists()


def can_view_plan(ear: Ear, first: date, last: date) -> bool:
    """The plan of a month: who may listen to somebody in it, and the auditor."""
    return ear.sees_all or listens_at_all(ear) or _lines_between(ear.person, first, last).exists()


def can_draw(ear: Ear, first: date, last: date) -> bool:
    """Having the month's calls drawn: who may listen to somebody in it."""
    return listens_at_all(ear) or _lines_between(ear.person, first, last).exists()


def can_view_call(ear: Ear, call: Call, lines: Lines) -> bool:
    """Row rule; twin of ``visible_calls``. The agent sees a call once it has been scored, an appraisal owner by
    assignment what lies behind the figure he answers for."""
    if ear.person.pk == call.employee_id:
        return call.total is not None
    if ear.sees_all or can_listen(ear, call, lines):
        return True
    if any(one.listener_id == ear.person.pk for one in call.assessments.all()):
        return True
    return _assigned(ear.person, call.called_on).filter(employee=call.employee_id).exists()


def visible_calls(ear: Ear) -> QuerySet[Call]:
    """List rule; twin of ``can_view_call``."""
    rows = Call.objects.select_related("employee__position")
    person = ear.person
    own = Q(employee=person)
    if ear.sees_all:
        return rows.exclude(own & Q(total__isnull=True))
    day = OuterRef("called_on")
    lines = ReportingLine.objects.filter(employee=OuterRef("employee"), superior=person, starts_on__lte=day)
    led = Exists(lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=day)))
    heard = Exists(Assessment.objects.filter(call=OuterRef("pk"), listener=person))
    owned = Exists(_assigned(person, day).filter(employee=OuterRef("employee")))
    others = Q(led) | Q(heard) | Q(owned)
    if ear.region_id is not None:
        others |= Q(employee__region_id=ear.region_id)
    return rows.filter((own & Q(total__isnull=False)) | (others & ~own))


def _assigned(person: Employee, day: date | OuterRef) -> QuerySet[OwnerAssignment]:
    """Whose appraisal owner he is on that day by assignment."""
    rows = OwnerAssignment.objects.filter(owner=person, starts_on__lte=day)
    return rows.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=day))


def can_view_assessment(ear: Ear, assessment: Assessment) -> bool:
    """Of a call one may see: drafts only by their listener; the second never by the agent; the first not by whoever
    still has to score it blind (``assessment.call.assessments`` is read for that)."""
    person = ear.person
    if assessment.listener_id == person.pk:
        return True
    if assessment.state == AssessmentState.DRAFT:
        return False
    if assessment.kind == AssessmentKind.SECOND:
        return assessment.call.employee_id != person.pk and ear.sees_all
    return not _is_blind(person, assessment.call)


def can_see_total(ear: Ear, call: Call) -> bool:
    """Whether the call's points may be shown: not to whoever still has to score it blind."""
    return not _is_blind(ear.person, call)


def can_rule(ear: Ear, dispute: Dispute, lines: Lines) -> bool:
    """Neither listener nor agent: the direct superior of the day, the group, the department's manager."""
    assessment = dispute.assessment
    call, person = assessment.call, ear.person
    if dispute.state != DisputeState.OPEN or person.pk in {assessment.listener_id, call.employee_id}:
        return False
    return ear.hears_all or lines.above(call) == person.pk


def can_edit_rubric(standing: Standing) -> bool:
    """The monitoring standard, like the libraries, is the leader's, the department's and HR's."""
    return standing.is_leader or standing.is_department or standing.is_hr


def _lines_between(superior: Employee, first: date, last: date) -> QuerySet[ReportingLine]:
    lines = ReportingLine.objects.filter(superior=superior, starts_on__lte=last)
    return lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=first))


def _is_blind(person: Employee, call: Call) -> bool:
    return any(
        one.kind == AssessmentKind.SECOND and one.state == AssessmentState.DRAFT and one.listener_id == person.pk
        for one in call.assessments.all()
    )


def can_draw_seconds(standing: Standing) -> bool:
    """Having calls scored a second time is for the leader, the department and the group; whom it meets is chance."""
    return standing.is_leader or standing.is_department or standing.is_member


def can_view_drift(ear: Ear, *, has_listened: bool) -> bool:
    """The comparison of scorings: whoever sees all, and listeners, each with his own line."""
    return ear.sees_all or listens_at_all(ear) or has_listened


def visible_pairs(ear: Ear) -> QuerySet[Assessment]:
    """First scorings whose blind second one is submitted, so that nobody who still has to score sees either.

    Whoever sees all, but never the agent; a listener those in which one of the two scorings is his.
    """
    second = Assessment.objects.filter(
        call=OuterRef("call"), kind=AssessmentKind.SECOND, state=AssessmentState.SUBMITTED
    )
    firsts = Assessment.objects.filter(Exists(second), kind=AssessmentKind.FIRST, state=AssessmentState.SUBMITTED)
    firsts = firsts.exclude(call__employee=ear.person)
    if ear.sees_all:
        return firsts
    return firsts.filter(Q(listener=ear.person) | Exists(second.filter(listener=ear.person)))
