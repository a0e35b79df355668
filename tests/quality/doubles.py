"""Calls scored once and twice, for the tests of the comparison."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from people.models import Employee
from quality.models import Assessment, AssessmentScore, Rubric
from quality.states import AssessmentKind, AssessmentState
from tests import world

DAY = date(2026, 10, 8)


def scored(agent: Employee, listener: Employee, number: str, *, day: date = DAY, **points: str | None) -> Assessment:
    """A call with its submitted first scoring: full marks, but for the items in ``points`` (None: not applicable)."""
    call = world.call(agent, listener, number=number, called_on=day)
    first = call.assessments.get()
    _levels(first, points)
    return first


def given(first: Assessment, listener: Employee) -> Assessment:
    """The first's call in the hands of a second listener, who has not begun."""
    return Assessment.objects.create(
        call=first.call, kind=AssessmentKind.SECOND, listener=listener, rubric=first.rubric
    )


def again(first: Assessment, listener: Employee, *, total: str = "70", **points: str | None) -> Assessment:
    """A submitted second scoring: full marks, but for the items named in ``points``."""
    second = given(first, listener)
    second.state, second.total, second.submitted_at = AssessmentState.SUBMITTED, Decimal(total), timezone.now()
    second.save()
    _levels(second, points)
    return second


def share(percent: int) -> None:
    """What the monitoring standard wants to be scored a second time."""
    Rubric.objects.update(second_share=percent)


def _levels(one: Assessment, points: dict[str, str | None]) -> None:
    AssessmentScore.objects.bulk_create(
        AssessmentScore(
            assessment=one,
            item=item,
            points=None if points.get(item.name, "") is None else Decimal(points.get(item.name) or item.points),
            is_not_applicable=points.get(item.name, "") is None,
        )
        for item in one.rubric.items.all()
    )
