"""The duty rota: the leader sets it, a fair proposal, and trades of months to come (P5.2, P5.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from audit.models import Event
from common.errors import RuleError
from notices.models import Message
from people.models import DutySwap, DutyTurn, Employee, GroupMember
from people.selectors import standing_of
from people.states import Duty, Role, SwapState
from scoring.selectors.rota import rota_of
from scoring.services.rota import Choice, answer_swap, ask_swap, set_turns, undo_swap, withdraw_swap
from tests import world
from tests.counting import statements
from tests.scoring.test_races import at_once

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 20)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)


@dataclass(frozen=True)
class Group:
    """The leader and three members; 沈 has December, 韩 January."""

    leader: Employee
    shen: Employee
    han: Employee
    zheng: Employee


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with travel(datetime(2026, 11, 20, 9, tzinfo=SHANGHAI), tick=False):
        yield


def make_group() -> Group:
    leader = world.in_group(world.person("方志远", None, account=True), Duty.LEADER)
    shen, han, zheng = (world.in_group(world.person(name, None, account=True)) for name in ("沈玉兰", "韩冰", "郑洁"))
    world.on_duty(shen, DECEMBER)
    world.on_duty(han, JANUARY)
    return Group(leader, shen, han, zheng)


@pytest.fixture
def group(db) -> Group:
    return make_group()


@pytest.fixture
def committed_group(transactional_db) -> Group:
    return make_group()


def choice(month: date, officer: Employee, seen: Employee | None = None) -> Choice:
    return Choice(month=month, officer_id=officer.pk, seen_id=seen.pk if seen else None)


def officers() -> dict[date, str]:
    return {turn.month: turn.officer.name for turn in DutyTurn.objects.select_related("officer")}


def told(person: Employee) -> list[str]:
    return list(Message.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


# --- the leader sets it -----------------------------------------------------------------------


class TestSetting:
    """The leader's own page."""

    def test_the_old_officer_loses_the_month_at_once_and_both_are_told(self, group):
        shen, zheng = group.shen, group.zheng

        set_turns([choice(DECEMBER, zheng, shen)], by=group.leader)

        assert standing_of(zheng, TODAY).is_on_duty(DECEMBER)
        assert not standing_of(shen, TODAY).is_on_duty(DECEMBER)
        assert (told(shen), told(zheng)) == (["duty_taken"], ["duty_taken"])
        assert Event.objects.get(action="people.duty_set").before == {"officer": shen.pk}

    def test_nobody_but_the_leader_sets_it(self, group):
        hr = world.with_role(world.person("赵琳", None), Role.HR)

        for somebody in (group.shen, hr, world.with_role(world.person("何建国", None), Role.DEPARTMENT)):
            with pytest.raises(RuleError) as refusal:
                set_turns([choice(FEBRUARY, group.shen)], by=somebody)
            assert refusal.value.code == "not_allowed"
        assert FEBRUARY not in officers()

    def test_one_month_refused_refuses_all(self, group):
        outsider = world.person("吴倩", "SCZG")

        with pytest.raises(RuleError) as refusal:
            set_turns([choice(FEBRUARY, group.shen), choice(date(2027, 3, 1), outsider)], by=group.leader)

        assert refusal.value.code == "not_a_member"
        assert FEBRUARY not in officers()

    def test_a_month_changed_since_it_was_looked_at_is_refused(self, group):
        with pytest.raises(RuleError) as refusal:
            set_turns([choice(DECEMBER, group.zheng, group.han)], by=group.leader)

        assert refusal.value.code == "changed_meanwhile"

    @pytest.mark.parametrize(("month", "code"), [(NOVEMBER, "running"), (date(2026, 6, 1), "over")])
    def test_a_month_that_runs_or_is_over_is_not_set_here(self, group, month, code):
        world.on_duty(group.shen, month)

        with pytest.raises(RuleError) as refusal:
            set_turns([choice(month, group.zheng, group.shen)], by=group.leader)

        assert refusal.value.code == code

    def test_a_running_month_nobody_has_may_still_be_given(self, group):
        set_turns([choice(NOVEMBER, group.zheng)], by=group.leader)

        assert officers()[NOVEMBER] == "郑洁"


# --- the proposal -----------------------------------------------------------------------------


def test_open_months_are_proposed_fairly_with_the_reason_to_the_leader_alone(group):
    for month in (date(2026, 9, 1), date(2026, 10, 1)):
        world.on_duty(group.zheng, month)

    seen = rota_of(2027, group.leader, standing_of(group.leader, TODAY), TODAY)

    assert [one.month for one in seen.proposal][:2] == [FEBRUARY, date(2027, 3, 1)]
    assert seen.proposal[0].officer == group.shen
    assert "近12个月值班1次" in seen.proposal[0].why
    assert not rota_of(2027, group.shen, standing_of(group.shen, TODAY), TODAY).proposal


def test_who_leaves_is_not_proposed(group):
    GroupMember.objects.filter(employee=group.shen).update(ends_before=date(2027, 3, 15))
    Employee.objects.filter(pk=group.zheng.pk).update(left_on=date(2027, 4, 30))

    proposal = rota_of(2027, group.leader, standing_of(group.leader, TODAY), TODAY).proposal

    names = {one.month: one.officer.name for one in proposal if one.officer}
    assert names[FEBRUARY] == "郑洁"  # there through March, when February is closed
    assert set(names.values()) <= {"韩冰", "郑洁"}
    assert names[date(2027, 6, 1)] == "韩冰"


def test_the_whole_proposal_is_accepted_in_the_browser(group):
    client = Client()
    client.force_login(group.leader.account)
    page = client.get(reverse("scoring:rota"), {"year": 2027})
    turns = [f"{one.month:%Y-%m}:{one.officer.pk}" for one in page.context["rota"].proposal]

    client.post(reverse("scoring:set_turns"), {"turn": turns})

    year = [name for month, name in sorted(officers().items()) if month.year == 2027]
    assert len(year) == 12
    assert all(one != other for one, other in pairwise(year))


def test_the_page_takes_the_same_statements_however_many_turns_there_are(group):
    client = Client()
    client.force_login(group.leader.account)
    few = statements(lambda: client.get(reverse("scoring:rota")))
    for month in range(1, 11):
        world.on_duty(group.zheng, date(2026, month, 1))

    assert statements(lambda: client.get(reverse("scoring:rota"))) == few


# --- trades -----------------------------------------------------------------------------------


class TestSwaps:
    """A duty officer and another member trade months to come."""

    def test_both_months_change_hands_when_the_other_agrees_and_the_leader_is_told(self, group):
        swap = ask_swap(DECEMBER, JANUARY, reason="休假", by=group.shen)
        assert (told(group.han), officers()[DECEMBER]) == (["swap_asked"], "沈玉兰")

        answer_swap(swap.pk, agrees=True, by=group.han)

        assert officers() == {DECEMBER: "韩冰", JANUARY: "沈玉兰"}
        assert told(group.shen) == ["swap_answered"]
        assert told(group.leader) == ["duty_taken", "duty_taken"]
        assert Event.objects.filter(action="people.duty_swapped").count() == 2

    def test_nothing_moves_when_he_refuses(self, group):
        swap = ask_swap(DECEMBER, JANUARY, reason="", by=group.shen)

        answer_swap(swap.pk, agrees=False, by=group.han)

        assert officers() == {DECEMBER: "沈玉兰", JANUARY: "韩冰"}
        assert told(group.leader) == []

    @pytest.mark.parametrize("who", ["leader", "shen", "zheng"])
    def test_only_who_was_asked_answers(self, group, who):
        swap = ask_swap(DECEMBER, JANUARY, reason="", by=group.shen)

        with pytest.raises(RuleError) as refusal:
            answer_swap(swap.pk, agrees=True, by=getattr(group, who))

        assert refusal.value.code == "not_allowed"

    def test_only_the_officer_of_a_month_offers_it(self, group):
        with pytest.raises(RuleError) as refusal:
            ask_swap(DECEMBER, JANUARY, reason="", by=group.zheng)

        assert refusal.value.code == "not_allowed"

    def test_a_month_that_has_begun_is_not_traded_neither_asked_nor_agreed(self, group):
        world.on_duty(group.shen, NOVEMBER)
        with pytest.raises(RuleError) as refusal:
            ask_swap(NOVEMBER, JANUARY, reason="", by=group.shen)
        assert refusal.value.code == "running"

        swap = ask_swap(DECEMBER, JANUARY, reason="", by=group.shen)
        with travel(datetime(2026, 12, 1, 0, 0, 0, tzinfo=SHANGHAI), tick=False), pytest.raises(RuleError) as refusal:
            answer_swap(swap.pk, agrees=True, by=group.han)
        assert refusal.value.code == "running"

    def test_a_month_waits_for_one_answer_at_a_time(self, group):
        world.on_duty(group.zheng, FEBRUARY)
        ask_swap(DECEMBER, JANUARY, reason="", by=group.shen)

        with pytest.raises(RuleError) as refusal:
            ask_swap(FEBRUARY, JANUARY, reason="", by=group.zheng)

        assert refusal.value.code == "asked_already"

    def test_the_question_is_void_once_the_leader_sets_the_month(self, group):
        swap = ask_swap(DECEMBER, JANUARY, reason="", by=group.shen)
        set_turns([choice(JANUARY, group.zheng, group.han)], by=group.leader)

        with pytest.raises(RuleError) as refusal:
            answer_swap(swap.pk, agrees=True, by=group.han)

        assert refusal.value.code == "not_open"
        assert officers() == {DECEMBER: "沈玉兰", JANUARY: "郑洁"}

    def test_who_asked_takes_it_back_and_nobody_else(self, group):
        swap = ask_swap(DECEMBER, JANUARY, reason="", by=group.shen)
        with pytest.raises(RuleError):
            withdraw_swap(swap.pk, by=group.han)

        withdraw_swap(swap.pk, by=group.shen)

        assert DutySwap.objects.get().state == SwapState.WITHDRAWN

    def test_the_leader_undoes_a_trade_and_nobody_else(self, group):
        swap = ask_swap(DECEMBER, JANUARY, reason="", by=group.shen)
        answer_swap(swap.pk, agrees=True, by=group.han)
        with pytest.raises(RuleError):
            undo_swap(swap.pk, by=group.han)

        undo_swap(swap.pk, by=group.leader)

        assert officers() == {DECEMBER: "沈玉兰", JANUARY: "韩冰"}
        assert DutySwap.objects.get().state == SwapState.UNDONE
        with pytest.raises(RuleError) as refusal:
            undo_swap(swap.pk, by=group.leader)
        assert refusal.value.code == "not_agreed"

    def test_a_trade_whose_month_has_moved_on_is_not_undone(self, group):
        swap = ask_swap(DECEMBER, JANUARY, reason="", by=group.shen)
        answer_swap(swap.pk, agrees=True, by=group.han)
        set_turns([choice(DECEMBER, group.zheng, group.han)], by=group.leader)

        with pytest.raises(RuleError) as refusal:
            undo_swap(swap.pk, by=group.leader)

        assert refusal.value.code == "changed_meanwhile"

    def test_in_the_browser_from_the_question_to_the_answer(self, group):
        asking, asked = Client(), Client()
        asking.force_login(group.shen.account)
        asked.force_login(group.han.account)
        asking.post(reverse("scoring:ask_swap"), {"month": "2026-12", "other_month": "2027-01", "reason": "休假"})
        swap = DutySwap.objects.get()
        page = asked.get(reverse("scoring:rota")).content.decode()

        asked.post(reverse("scoring:decide_swap", args=[swap.pk, "agree"]))

        assert "休假" in page
        assert "同意换" in page
        assert officers() == {DECEMBER: "韩冰", JANUARY: "沈玉兰"}

    def test_a_trade_is_nobodys_business_outside_the_group(self, group):
        swap = ask_swap(DECEMBER, JANUARY, reason="", by=group.shen)
        outsider = world.person("陈思雨", account=True)
        assert outsider.account is not None
        client = Client()
        client.force_login(outsider.account)

        assert client.post(reverse("scoring:decide_swap", args=[swap.pk, "agree"])).status_code == 404
        assert "换班" not in client.get(reverse("scoring:rota")).content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(5))
def test_two_answers_at_once_trade_the_months_once(committed_group, _round):
    swap = ask_swap(DECEMBER, JANUARY, reason="", by=committed_group.shen)

    outcomes = at_once(
        partial(answer_swap, swap.pk, agrees=True, by=committed_group.han),
        partial(answer_swap, swap.pk, agrees=True, by=committed_group.han),
    )

    assert sorted(outcomes) == ["done", "not_open"]
    assert officers() == {DECEMBER: "韩冰", JANUARY: "沈玉兰"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(5))
def test_the_answer_and_the_leader_at_once_leave_one_outcome(committed_group, _round):
    swap = ask_swap(DECEMBER, JANUARY, reason="", by=committed_group.shen)

    outcomes = at_once(
        partial(answer_swap, swap.pk, agrees=True, by=committed_group.han),
        partial(set_turns, [choice(JANUARY, committed_group.zheng, committed_group.han)], by=committed_group.leader),
    )

    assert outcomes in (["done", "changed_meanwhile"], ["not_open", "done"])
    expected = {DECEMBER: "韩冰", JANUARY: "沈玉兰"} if outcomes[0] == "done" else {DECEMBER: "沈玉兰", JANUARY: "郑洁"}
    assert officers() == expected
