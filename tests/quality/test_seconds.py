"""The draw of blind second scorings: how many, which, to whom, and by whom."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from common.errors import RuleError
from people.models import Employee, GroupMember
from people.selectors import standing_of
from people.states import Duty, Role
from quality.models import Assessment, Dispute
from quality.permissions import Ear, can_view_assessment
from quality.services.seconds import draw_seconds
from quality.states import AssessmentKind, AssessmentState, DisputeState
from tests import world
from tests.quality.doubles import again, given, scored, share

OCTOBER = date(2026, 10, 1)


@dataclass(frozen=True)
class Floor:
    """Two listeners of one region, one of another, the group, and an agent."""

    leader: Employee
    member: Employee
    manager: Employee
    first: Employee
    neighbour: Employee
    distant: Employee
    agent: Employee


@pytest.fixture
def floor(db) -> Floor:
    first = world.person("周敏", "KFZG", account=True)
    distant = world.person("南方主管", "KFZG", account=True)
    distant.region = world.region("HN", "华南区域")
    distant.save()
    return Floor(
        leader=world.in_group(world.person("李娜", None, account=True), Duty.LEADER),
        member=world.in_group(world.person("沈玉兰", None, account=True)),
        manager=world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT),
        first=first,
        neighbour=world.person("孙主管", "KFZG", account=True),
        distant=distant,
        agent=world.person("吴倩", superior=first, account=True),
    )


def firsts(floor, count, **facts):
    return [scored(floor.agent, floor.first, f"LY-{n}", **facts) for n in range(count)]


def has_scored_lately(somebody, *, days=5):
    """Somebody who has submitted a scoring, of an agent in a month of no interest here."""
    one = scored(world.person("别的坐席"), somebody, f"旧-{somebody.pk}", day=date(2026, 1, 5))
    one.submitted_at = timezone.now() - timedelta(days=days)
    one.save()


def drawn():
    return Assessment.objects.filter(kind=AssessmentKind.SECOND)


def draw(by, seed=7):
    return draw_seconds(OCTOBER, by=by, dice=random.Random(seed))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("percent", "calls", "wanted"), [(0, 20, 0), (10, 20, 2), (10, 3, 1), (100, 6, 6)])
def test_the_share_of_the_standard_is_drawn_and_one_at_least(floor, percent, calls, wanted):
    share(percent)
    firsts(floor, calls)

    done = draw(floor.leader)

    assert done.calls == drawn().count() == wanted
    assert all(one.state == AssessmentState.DRAFT and one.total is None for one in drawn())


@pytest.mark.django_db(transaction=True)
def test_a_second_draw_only_adds_what_was_scored_since(floor):
    share(10)
    firsts(floor, 20)
    draw(floor.leader)
    before = set(drawn().values_list("call__number", flat=True))

    assert draw(floor.leader).calls == 0
    for n in range(20, 30):
        scored(floor.agent, floor.first, f"LY-{n}")

    assert draw(floor.leader).calls == 1
    assert before < set(drawn().values_list("call__number", flat=True))


@pytest.mark.django_db(transaction=True)
def test_drafts_other_months_and_bare_totals_are_not_drawn(floor):
    share(100)
    kept = scored(floor.agent, floor.first, "LY-1")
    scored(floor.agent, floor.first, "LY-2", day=date(2026, 9, 30))
    world.call(floor.agent, floor.first, number="LY-3")  # a total without levels
    draft = scored(floor.agent, floor.first, "LY-4")
    Assessment.objects.filter(pk=draft.pk).update(state=AssessmentState.DRAFT)

    draw(floor.leader)

    assert [one.call for one in drawn()] == [kept.call]


@pytest.mark.django_db(transaction=True)
def test_who_listens_lately_and_may_hear_the_agent_goes_before_the_group(floor):
    share(100)
    firsts(floor, 4)
    has_scored_lately(floor.neighbour)
    has_scored_lately(floor.distant)

    draw(floor.leader)

    assert {one.listener for one in drawn()} == {floor.neighbour}


@pytest.mark.django_db(transaction=True)
def test_without_such_a_listener_the_group_gets_them_spread_evenly(floor):
    share(100)
    firsts(floor, 7)
    has_scored_lately(floor.neighbour, days=200)

    draw(floor.leader)

    given_to = Counter(one.listener.name for one in drawn())
    assert set(given_to) == {"李娜", "沈玉兰"}
    assert max(given_to.values()) - min(given_to.values()) <= 1


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_his_own_scoring_or_his_own_call(floor):
    share(100)
    for n in range(5):
        scored(floor.agent, floor.member, f"LY-{n}")
        scored(floor.member, floor.leader, f"LZ-{n}")

    draw(floor.manager)

    for one in drawn():
        barred = {one.call.assessments.get(kind=AssessmentKind.FIRST).listener, one.call.employee}
        assert one.listener not in barred


@pytest.mark.django_db(transaction=True)
def test_who_has_ruled_on_the_call_knows_it_and_is_not_asked(floor):
    share(100)
    (first,) = firsts(floor, 1)
    item = first.rubric.items.first()
    ruled = {"state": DisputeState.DISMISSED, "ruled_by": floor.member, "ruled_at": timezone.now()}
    Dispute.objects.create(assessment=first, item=item, reason="不对", **ruled)

    draw(floor.leader)

    assert [one.listener for one in drawn()] == [floor.leader]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("why", ["left", "switched_off", "without_account"])
def test_who_cannot_work_any_more_gets_none(floor, why):
    share(100)
    firsts(floor, 2)
    if why == "left":
        Employee.objects.filter(pk=floor.member.pk).update(left_on=timezone.localdate() - timedelta(days=1))
    elif why == "switched_off":
        floor.member.account.is_active = False
        floor.member.account.save()
    else:
        Employee.objects.filter(pk=floor.member.pk).update(account=None)

    draw(floor.leader)

    assert {one.listener for one in drawn()} == {floor.leader}


@pytest.mark.django_db(transaction=True)
def test_what_nobody_else_may_hear_is_named_with_how_many(floor):
    share(100)
    for n in range(3):
        scored(floor.agent, floor.leader, f"LY-{n}")
    floor.member.memberships.update(ends_before=timezone.localdate())

    done = draw(floor.manager)

    assert done.calls == 0
    assert [(one.listener, one.missing) for one in done.short] == [("李娜", 3)]


@pytest.mark.django_db(transaction=True)
def test_the_same_dice_draw_the_same_and_others_draw_otherwise(floor):
    share(20)
    firsts(floor, 30)
    seen = []
    for seed in (1, 1, 2):
        draw(floor.leader, seed)
        seen.append(set(drawn().values_list("call__number", flat=True)))
        drawn().delete()

    assert seen[0] == seen[1] != seen[2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["leader", "member", "manager"])
def test_group_and_department_draw_and_it_is_recorded(floor, who):
    firsts(floor, 1)

    draw(getattr(floor, who))

    (event,) = Event.objects.filter(action="assessment.second_drawn")
    assert event.actor_number == getattr(floor, who).number
    assert event.after is not None
    assert event.after["call"] == "LY-0"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["first", "agent"])
def test_listeners_and_agents_do_not_draw(floor, who):
    firsts(floor, 1)

    with pytest.raises(RuleError) as refusal:
        draw(getattr(floor, who))

    assert refusal.value.code == "not_allowed"
    assert not drawn().exists()


@pytest.mark.django_db(transaction=True)
def test_a_month_without_scorings_says_so(floor):
    with pytest.raises(RuleError) as refusal:
        draw(floor.leader)

    assert refusal.value.code == "nothing_scored"


def test_the_agent_never_sees_the_second_scoring_and_the_first_listener_not_which_call(floor):
    first = scored(floor.agent, floor.first, "LY-1")
    open_one = given(first, floor.member)
    ears = [Ear(one, standing_of(one, timezone.localdate())) for one in (floor.agent, floor.first)]

    assert not any(can_view_assessment(ear, open_one) for ear in ears)
    open_one.delete()
    done = again(first, floor.member)
    assert not can_view_assessment(ears[0], done)


def test_the_agents_superior_is_the_second_ear_only_where_nobody_else_may_listen(floor):
    scored(floor.agent, floor.neighbour, "LY-0")
    has_scored_lately(floor.first)  # his superior: of those who listened lately the only other one

    draw_seconds(OCTOBER, by=floor.leader, dice=random.Random(1))

    assert drawn().get().listener in {floor.leader, floor.member}
    Assessment.objects.filter(kind=AssessmentKind.SECOND).delete()
    GroupMember.objects.all().delete()
    draw_seconds(OCTOBER, by=floor.manager, dice=random.Random(1))
    assert drawn().get().listener == floor.first
