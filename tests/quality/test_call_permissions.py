"""Who sees which call: the rule for a row and the rule for a list agree, for everybody and every stage of a call."""

from datetime import date

import pytest
from django.utils import timezone

from people.models import Employee, OwnerAssignment
from people.selectors import standing_of
from quality.models import Call
from quality.permissions import Ear, Lines, can_view_call, visible_calls
from quality.states import AssessmentState
from tests import world
from tests.quality.team import make_call, make_team, rubric

pytestmark = pytest.mark.django_db


def ear_of(person: Employee) -> Ear:
    return Ear(person, standing_of(person, timezone.localdate()))


def seen_by(person: Employee) -> set[str]:
    return set(visible_calls(ear_of(person)).values_list("number", flat=True))


def far_owner() -> Employee:
    """A manager of another region, who would see nothing by his post."""
    owner = world.person("被指定的负责人", "KFZG", account=True)
    owner.region = world.region("HN", "华南区域")
    owner.save(update_fields=["region"])
    return owner


def test_the_rule_for_a_row_and_the_rule_for_a_list_agree():
    team = make_team()
    owner = far_owner()
    OwnerAssignment.objects.create(employee=team.agent, owner=owner, reason="跨区带教", starts_on=world.LONG_AGO)
    make_call(team.agent, "LY-1")
    scored = make_call(team.agent, "LY-2", total=90)
    scored.assessments.create(listener=team.foreign, rubric=rubric(), state=AssessmentState.SUBMITTED, total=90)
    make_call(team.other_agent, "LY-3", total=80)

    calls = list(Call.objects.select_related("employee__position").prefetch_related("assessments"))
    lines = Lines.of(calls)
    for person in Employee.objects.select_related("position"):
        allowed = {call.number for call in calls if can_view_call(ear_of(person), call, lines)}
        assert seen_by(person) == allowed, person.name


def test_an_owner_by_assignment_sees_the_calls_behind_the_figure_from_the_day_it_began_to_the_day_it_ended():
    team = make_team()
    owner = far_owner()
    make_call(team.agent, "LY-1", called_on=date(2026, 11, 4), total=90)
    make_call(team.agent, "LY-2", called_on=date(2026, 11, 5), total=90)
    make_call(team.agent, "LY-3", called_on=date(2026, 11, 9), total=90)

    assert seen_by(owner) == set()
    OwnerAssignment.objects.create(
        employee=team.agent,
        owner=owner,
        reason="跨区带教",
        starts_on=date(2026, 11, 5),
        ends_before=date(2026, 11, 9),
    )
    assert seen_by(owner) == {"LY-2"}
