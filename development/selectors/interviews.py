"""Interviews in their lists, one interview with what belongs to it, and the form its next targets go to."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from appraisals.models import Form
from appraisals.states import FormState
from common.selectors import calendar_between
from development.models import Interview
from development.permissions import reads_development, visible_interviews
from development.states import InterviewState
from people.facts import Standing
from people.models import Employee
from policy.workdays import Calendar, working_days_left
from scoring.models import Result

SEASON = timedelta(days=70)
"""Interviews of months that ended longer ago are no longer asked for."""
READ = ("form__cycle__scheme", "form__owner", "form__position", "form__region", "employee", "owner", "result")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToHold:
    """A result whose interview is not yet shared; ``interview`` is the draft, ``left`` working days."""

    result: Result
    interview: Interview | None
    left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An interview in a list; ``left`` working days, of those not confirmed.

    ``came_late``: shared after the term and not confirmed; then nobody is late any more and nothing is left.
    """

    interview: Interview
    left: int | None
    came_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The reader's interviews: to hold, his own, those he held."""

    to_hold: list[ToHold]
    own: list[Held]
    held: list[Held]
    reads_all: bool


def unheld_results(today: date) -> QuerySet[Result]:
    """Published results that hold now and wait for their interview: none yet, or not shared."""
    found = Result.objects.filter(
        superseded_at__isnull=True, published_at__isnull=False, cycle__ends_on__gte=today - SEASON
    )
    waits = Q(form__interview__isnull=True) | Q(form__interview__state=InterviewState.DRAFT)
    return found.filter(waits)


def lists_for(person: Employee, standing: Standing, today: date, month: date | None = None) -> Lists:
    """Everything of the reader's, in a constant number of statements; of what was held one ``month`` alone if asked."""
    results = list(
        unheld_results(today)
        .filter(form__owner=person)
        .exclude(employee=person)
        .select_related("form__cycle", "form__interview", "employee")
        .defer("snapshot")
        .order_by("interview_until", "employee__number")
    )
    rows = visible_interviews(person, standing).exclude(state=InterviewState.DRAFT).select_related(*READ)
    mine = rows.filter(Q(employee=person) | Q(owner=person) | Q(form__owner=person))
    mine = mine.filter(_about(month))
    shown = list(mine.defer("result__snapshot").order_by("-form__cycle__starts_on", "employee__number")[:60])
    days = [today, *(one.interview_until for one in results if one.interview_until), *(one.due_on for one in shown)]
    calendar = calendar_between(min(days), max(days))
    return Lists(
        to_hold=[
            ToHold(
                result=one,
                interview=getattr(one.form, "interview", None),
                left=_left(one.interview_until, today, calendar),
            )
            for one in results
        ],
        own=[_held(one, today, calendar) for one in shown if one.employee_id == person.pk],
        held=[_held(one, today, calendar) for one in shown if one.employee_id != person.pk],
        reads_all=reads_development(standing),
    )


def all_interviews(person: Employee, standing: Standing, month: date | None = None) -> QuerySet[Interview]:
    """What HR and the auditor read, newest month first, or about one; to be paged."""
    rows = visible_interviews(person, standing).exclude(state=InterviewState.DRAFT).select_related(*READ)
    return rows.filter(_about(month)).defer("result__snapshot").order_by("-form__cycle__starts_on", "employee__number")


def interview_for(person: Employee, standing: Standing, pk: int) -> Interview | None:
    """The interview, if the person may see it."""
    return visible_interviews(person, standing).select_related(*READ).filter(pk=pk).first()


def interview_of_form(person: Employee, standing: Standing, form_id: int) -> Interview | None:
    """The form's interview, if the person may see it."""
    return visible_interviews(person, standing).select_related(*READ).filter(form=form_id).first()


def came_late(interview: Interview) -> bool:
    """Whether the record was shared after the interview's term: the appraisee then confirms without one."""
    return interview.shared_at is not None and timezone.localdate(interview.shared_at) > interview.due_on


def has_newer_result(interview: Interview) -> bool:
    """Whether the result was replaced since the agenda was made."""
    return interview.result.superseded_at is not None


def next_form_of(interview: Interview) -> Form | None:
    """The employee's form of the following period of the same kind, if its round is open."""
    cycle = interview.form.cycle
    found = Form.objects.filter(
        employee=interview.employee_id, cycle__kind=cycle.kind, cycle__starts_on__gt=cycle.ends_on
    )
    return found.select_related("cycle").order_by("cycle__starts_on").filter(state=FormState.TARGETS).first()


def notes_for_targets(form: Form) -> Interview | None:
    """The last interview before the form's period, for who sets its targets."""
    found = Interview.objects.filter(
        employee=form.employee_id, form__cycle__kind=form.cycle.kind, form__cycle__ends_on__lt=form.cycle.starts_on
    ).exclude(next_targets="")
    return found.select_related("form__cycle").order_by("-form__cycle__starts_on").first()


def _about(month: date | None) -> Q:
    """Interviews about a period that the month lies in."""
    return Q(form__cycle__starts_on__lte=month, form__cycle__ends_on__gte=month) if month else Q()


def _held(interview: Interview, today: date, calendar: Calendar) -> Held:
    waits, late = interview.state == InterviewState.SHARED, came_late(interview)
    left = _left(interview.due_on, today, calendar) if waits and not late else None
    return Held(interview=interview, left=left, came_late=waits and late)


def _left(due_on: date | None, today: date, calendar: Calendar) -> int | None:
    if due_on is None:
        return None
    left = working_days_left(today, due_on, calendar)
    return max(1, left) if due_on >= today else left  # the last day may be idle, it is not late before it is over
