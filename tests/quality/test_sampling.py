"""The system draws what is listened to: spread over the month, fair to every call, once, and never by hand."""

import random
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from audit.models import Event
from common.errors import RuleError
from people.models import Employee
from people.selectors import standing_of
from people.states import Role
from quality.models import Assessment, Call, Rubric
from quality.permissions import Ear, can_view_plan
from quality.selectors.coverage import plan_for
from quality.services.sampling import Ticket, draw_calls, spread
from quality.states import DrawnWhy
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
TODAY = date(2026, 11, 20)


@pytest.fixture
def boss(db) -> Employee:
    return world.person("周敏", "KFZG")


@pytest.fixture
def agent(boss) -> Employee:
    return world.person("陈思雨", superior=boss)


def register(agent: Employee, count: int, *, complaints: int = 0, month: date = OCTOBER, name: str = "") -> list[Call]:
    """Calls of a month, from its first day on, the complaints last."""
    return Call.objects.bulk_create(
        Call(
            number=f"{name or agent.number}-{month:%m}-{n:05d}",
            called_on=month + timedelta(days=n % 28),
            employee=agent,
            is_complaint=n >= count - complaints,
        )
        for n in range(count)
    )


def why() -> Counter[str]:
    return Counter(Call.objects.values_list("drawn_why", flat=True))


def elsewhere(somebody: Employee) -> Employee:
    somebody.region = world.region("XN", "西南区域")
    somebody.save(update_fields=["region"])
    return somebody


def test_every_agent_gets_as_many_as_the_plan_says_and_new_ones_more(boss, agent):
    new = world.person("新人", superior=boss, hired_on=date(2026, 8, 1))
    for one in (agent, new):
        register(one, 20)

    drawn = draw_calls(OCTOBER, by=boss)

    assert (drawn.random, drawn.complaints, drawn.agents, drawn.short) == (15, 0, 2, [])
    assert Call.objects.filter(employee=agent, drawn_why=DrawnWhy.RANDOM).count() == 5
    assert Call.objects.filter(employee=new, drawn_why=DrawnWhy.RANDOM, drawn_at__isnull=False).count() == 10


@pytest.mark.parametrize(("hired_on", "is_new"), [(date(2026, 7, 3), False), (date(2026, 7, 4), True)])
def test_new_is_who_has_not_been_here_for_90_days_on_the_first_of_the_month(boss, hired_on, is_new):
    new = world.person("新人", superior=boss, hired_on=hired_on)
    register(new, 1)

    line = plan_for(Ear(boss, standing_of(boss, TODAY)), OCTOBER).agents[0]

    assert (line.person, line.is_new, line.calls.needed) == (new, is_new, 10 if is_new else 5)


def test_complaints_are_always_drawn_and_count_first(boss, agent):
    register(agent, 20, complaints=2)

    draw_calls(OCTOBER, by=boss)

    assert why() == {"complaint": 2, "random": 3, "": 15}


def test_complaints_beyond_the_number_are_drawn_all_the_same(boss, agent):
    register(agent, 20, complaints=7)

    draw_calls(OCTOBER, by=boss)

    assert why() == {"complaint": 7, "": 13}


def test_drawing_again_draws_nothing_and_tops_up_what_is_new(boss, agent):
    register(agent, 3)
    assert draw_calls(OCTOBER, by=boss).drawn == 3
    assert draw_calls(OCTOBER, by=boss).drawn == 0

    register(agent, 10, complaints=1, name="later")

    assert draw_calls(OCTOBER, by=boss).drawn == 2
    assert why() == {"random": 4, "complaint": 1, "": 8}


def test_who_is_short_of_calls_is_named(boss, agent):
    register(agent, 2)
    nothing = world.person("没登记", superior=boss)

    short = draw_calls(OCTOBER, by=boss).short

    assert {(one.person, one.registered, one.missing) for one in short} == {(agent, 2, 3), (nothing, 0, 5)}


def test_a_call_of_ones_own_choice_is_neither_drawn_nor_covers_anything(boss, agent):
    register(agent, 6)
    world.call(agent, boss, number="own", drawn_why=DrawnWhy.CHOSEN)

    draw_calls(OCTOBER, by=boss)

    assert Call.objects.get(number="own").drawn_why == DrawnWhy.CHOSEN
    assert why()["random"] == 5


def test_only_the_month_is_drawn_and_never_one_to_come(boss, agent):
    register(agent, 10)
    register(agent, 10, month=date(2026, 9, 1))

    draw_calls(OCTOBER, by=boss)

    assert not Call.objects.filter(called_on__month=9).exclude(drawn_why="").exists()
    with pytest.raises(RuleError) as caught:
        draw_calls(date(2999, 1, 1), by=boss)
    assert caught.value.code == "in_the_future"


def test_a_month_that_was_consolidated_is_left_alone(boss, agent):
    register(agent, 10)
    world.call(agent, boss, number="counted", counted_month=OCTOBER)

    drawn = draw_calls(OCTOBER, by=boss)

    assert (drawn.drawn, drawn.short) == (0, [])


def test_one_draws_for_whom_he_may_listen_to_and_for_nobody_else(boss, agent):
    foreign_boss = elsewhere(world.person("外区主管", "KFZG"))
    foreign = elsewhere(world.person("外区客服", superior=foreign_boss))
    register(agent, 10)
    register(foreign, 10)

    draw_calls(OCTOBER, by=foreign_boss)
    assert not Call.objects.filter(employee=agent).exclude(drawn_why="").exists()
    draw_calls(OCTOBER, by=world.in_group(world.person("沈玉兰", None)))
    assert Call.objects.filter(employee=agent, drawn_why="random").count() == 5


@pytest.mark.parametrize("who", ["agent", "hr", "auditor", "administrator"])
def test_who_listens_to_nobody_draws_nothing(boss, agent, who):
    register(agent, 10)
    roles = {"hr": Role.HR, "auditor": Role.AUDITOR, "administrator": Role.ADMINISTRATOR}
    person = world.with_role(world.person("别人", None), roles[who]) if who in roles else agent

    with pytest.raises(RuleError) as caught:
        draw_calls(OCTOBER, by=person)

    assert caught.value.code == "not_allowed"
    assert why() == {"": 10}


def test_nobody_draws_his_own_calls(boss):
    register(boss, 10)
    world.person("陈思雨", superior=boss)

    draw_calls(OCTOBER, by=boss)

    assert why() == {"": 10}


def test_the_audit_tells_which_calls_were_drawn_of_whom(boss, agent):
    register(agent, 10, complaints=1)

    draw_calls(OCTOBER, by=boss)

    event = Event.objects.get(action="calls.drawn")
    assert (event.object_type, event.object_id, event.actor_number) == ("employee", str(agent.pk), boss.number)
    after = event.after or {}
    assert after["month"] == "2026-10"
    assert set(after["calls"]) == set(Call.objects.exclude(drawn_why="").values_list("number", flat=True))


def test_the_draw_spreads_over_the_month(boss, agent):
    register(agent, 28)

    draw_calls(OCTOBER, by=boss, chance=random.Random(5))

    days = list(Call.objects.exclude(drawn_why="").order_by("called_on").values_list("called_on__day", flat=True))
    gaps = [second - first for first, second in pairwise(days)]
    assert len(days) == 5
    assert all(1 <= gap <= 11 for gap in gaps)  # neighbouring stretches of 5 or 6 days each


@pytest.mark.parametrize(("calls", "count"), [(7, 2), (23, 5), (6, 5), (40, 10)])
def test_every_call_has_the_same_chance_however_unequal_the_stretches(calls: int, count: int):
    chance, runs = random.Random(20261001), 6000
    tickets = [Ticket(pk, f"{pk}", is_complaint=False) for pk in range(calls)]
    times: Counter[int] = Counter()

    for _run in range(runs):
        drawn = spread(tickets, count, chance)
        assert len({ticket.pk for ticket in drawn}) == count
        times.update(ticket.pk for ticket in drawn)

    expected = runs * count / calls
    share = count / calls
    chi_square = sum((times[pk] - expected) ** 2 for pk in range(calls)) / (expected * (1 - share))
    assert chi_square < calls + 4 * (2 * calls) ** 0.5  # its mean and four deviations


def test_a_draw_of_all_or_nothing_is_just_that():
    tickets = [Ticket(pk, f"{pk}", is_complaint=False) for pk in range(3)]

    assert spread(tickets, 0, random.Random(1)) == []
    assert spread([], 3, random.Random(1)) == []
    assert spread(tickets, 5, random.Random(1)) == tickets


def test_without_a_seed_two_draws_are_not_the_same(boss):
    tickets = [Ticket(pk, f"{pk}", is_complaint=False) for pk in range(200)]

    assert len({tuple(spread(tickets, 10, random.SystemRandom())) for _try in range(5)}) > 1


def test_the_plan_counts_registered_drawn_scored_and_what_is_wanting(boss, agent):
    calls = register(agent, 8, complaints=1)
    draw_calls(OCTOBER, by=boss)
    drawn = Call.objects.exclude(drawn_why="").earliest("pk")
    Call.objects.filter(pk=drawn.pk).update(total=90)
    left = Call.objects.filter(drawn_why="").earliest("pk")
    Call.objects.filter(pk=left.pk).update(total=80, drawn_why=DrawnWhy.CHOSEN)

    plan = plan_for(Ear(boss, standing_of(boss, TODAY)), OCTOBER)

    line = plan.agents[0].calls
    assert (line.registered, line.drawn, line.scored, line.chosen, line.missing) == (len(calls), 5, 1, 1, 0)
    assert (line.to_draw, line.to_score, line.covered) == (0, 4, 0)
    assert [(row.name, row.calls) for row in plan.regions] == [("华东区域", line)]


def test_the_plan_is_of_monitored_posts_and_of_whoever_has_calls(boss, agent):
    clerk = world.person("客服行政", "KFXZ", superior=boss)
    trained = world.person("培训", "JSZY", superior=boss)
    register(trained, 1)
    world.person("离职", superior=boss, left_on=date(2026, 9, 30))

    people = {line.person for line in plan_for(Ear(boss, standing_of(boss, TODAY)), OCTOBER).agents}

    assert people == {agent, trained}
    assert clerk not in people


def test_an_item_of_a_form_makes_its_agent_one_to_be_listened_to(boss):
    clerk = world.person("客服行政", "KFXZ", superior=boss)
    made = world.form(clerk, boss)
    made.items.create(part="kpi", order=1, name="录音", points=10, method="direct", data_source="monitoring")

    assert [line.person for line in plan_for(Ear(boss, standing_of(boss, TODAY)), OCTOBER).agents] == [clerk]


def test_who_sees_the_plan(boss, agent):
    foreign = elsewhere(world.person("外区主管", "KFZG"))
    auditor = world.with_role(world.person("孙悦", None), Role.AUDITOR)
    register(agent, 1)
    ears = {one: Ear(one, standing_of(one, TODAY)) for one in (boss, agent, foreign, auditor)}

    seen = {one.name: [line.person for line in plan_for(ear, OCTOBER).agents] for one, ear in ears.items()}

    assert seen["周敏"] == [agent]
    assert agent in seen["孙悦"]
    assert seen["外区主管"] == []
    assert not can_view_plan(ears[agent], OCTOBER, OCTOBER)


def test_a_thousand_agents_and_their_calls_are_drawn_in_a_handful_of_statements(boss):
    few = statements(lambda: draw_calls(OCTOBER, by=boss))
    people = Employee.objects.bulk_create(
        Employee(number=f"M{n:05d}", name=f"客服{n}", region=boss.region, position=world.person("样").position)
        for n in range(1000)
    )
    Call.objects.bulk_create(
        [
            Call(number=f"{one.number}-{n}", called_on=OCTOBER + timedelta(days=n), employee=one)
            for one in people
            for n in range(20)
        ],
        batch_size=2000,
    )

    many = statements(lambda: draw_calls(OCTOBER, by=boss))

    assert why()["random"] == 5000
    assert many <= few + 60  # the rows of the audit go in batches
    assert Assessment.objects.count() == 0


def test_without_a_standard_there_is_nothing_to_draw_by(boss, agent):
    Rubric.objects.all().delete()
    register(agent, 3)

    with pytest.raises(RuleError) as caught:
        draw_calls(OCTOBER, by=boss)

    assert caught.value.code == "no_rubric"
