"""The duty of a running month passes to another: by consent, from an absent officer, by the leader's word."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from time_machine import travel

from audit.models import Event
from common.errors import ConflictError, RuleError
from notices.facts import sentence
from notices.models import Message
from people.models import DutySwap, DutyTurn
from people.selectors import standing_of
from people.services.standing import put_on_duty
from people.states import SwapState
from scoring.permissions import can_run_board
from scoring.selectors.handover import runs_on
from scoring.services.handover import answer_offer, offer_duty, reassign_duty, take_over_duty, withdraw_offer
from tests import world
from tests.scoring.board import signed_in

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


NOW = date(2026, 11, 4)


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    """The month's figures are being collected."""
    with travel(datetime(2026, 11, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        yield


@pytest.fixture
def member(month):
    return world.in_group(world.person("韩冰", None))


def officer() -> str:
    return DutyTurn.objects.get(month=OCTOBER).officer.name


def runs(month, person) -> bool:
    return can_run_board(standing_of(person, NOW), month.cycle)


def test_the_duty_passes_when_the_other_agrees_and_rights_move_at_once(month, member):
    offer_duty(OCTOBER, to_id=member.pk, reason="出差", by=month.officer)
    assert officer() == "沈玉兰"
    assert runs(month, month.officer)
    assert not runs(month, member)
    asked = Message.objects.get(recipient=member)
    assert sentence(asked.kind, asked.detail) == "沈玉兰请你接手10月的值班"

    answer_offer(OCTOBER, agrees=True, by=member)

    assert officer() == "韩冰"
    assert runs(month, member)
    assert not runs(month, month.officer)
    told = Message.objects.filter(kind="duty_taken").values_list("recipient__name", flat=True)
    assert sorted(told) == ["李娜", "沈玉兰"]
    assert Event.objects.get(action="duty.handed_over").reason == "出差"


def test_refused_or_withdrawn_nothing_moves(month, member):
    offer_duty(OCTOBER, to_id=member.pk, reason="出差", by=month.officer)
    answer_offer(OCTOBER, agrees=False, by=member)
    offer_duty(OCTOBER, to_id=member.pk, reason="还是要出差", by=month.officer)
    withdraw_offer(OCTOBER, by=month.officer)

    assert officer() == "沈玉兰"
    assert Message.objects.filter(recipient=month.officer, kind="duty_answered").count() == 1
    with pytest.raises(RuleError):
        answer_offer(OCTOBER, agrees=True, by=member)


def test_only_the_officer_offers_only_to_a_member_and_one_at_a_time(month, member):
    other = world.in_group(world.person("罗文静", None))
    for by, to in ((member, other), (month.officer, month.agent), (month.officer, month.officer)):
        with pytest.raises(RuleError):
            offer_duty(OCTOBER, to_id=to.pk, reason="出差", by=by)
    with pytest.raises(RuleError):
        offer_duty(OCTOBER, to_id=member.pk, reason=" ", by=month.officer)
    offer_duty(OCTOBER, to_id=member.pk, reason="出差", by=month.officer)
    with pytest.raises(RuleError):
        offer_duty(OCTOBER, to_id=other.pk, reason="出差", by=month.officer)
    with pytest.raises(RuleError):
        answer_offer(OCTOBER, agrees=True, by=other)
    assert officer() == "沈玉兰"


def test_a_member_takes_over_from_an_absent_officer_and_the_leader_is_told(month, member):
    take_over_duty(OCTOBER, seen_id=month.officer.pk, reason="沈玉兰住院", by=member)

    assert officer() == "韩冰"
    assert runs(month, member)
    told = Message.objects.filter(kind="duty_taken").values_list("recipient__name", flat=True)
    assert sorted(told) == ["李娜", "沈玉兰"]


def test_taking_over_needs_a_seat_a_reason_and_the_officer_one_saw(month, member):
    for by, reason in ((month.supervisor, "想看看"), (month.hr, "想看看"), (member, "  ")):
        with pytest.raises(RuleError):
            take_over_duty(OCTOBER, seen_id=month.officer.pk, reason=reason, by=by)
    other = world.in_group(world.person("罗文静", None))
    take_over_duty(OCTOBER, seen_id=month.officer.pk, reason="住院", by=member)
    with pytest.raises(ConflictError):
        take_over_duty(OCTOBER, seen_id=month.officer.pk, reason="住院", by=other)
    assert officer() == "韩冰"


def test_the_leader_reassigns_at_once_and_an_open_question_is_void(month, member):
    other = world.in_group(world.person("罗文静", None))
    offer_duty(OCTOBER, to_id=member.pk, reason="出差", by=month.officer)
    reassign_duty(OCTOBER, to_id=other.pk, seen_id=month.officer.pk, reason="另有任务", by=month.leader)

    assert officer() == "罗文静"
    assert DutySwap.objects.get(asked=member).state == SwapState.WITHDRAWN
    assert DutySwap.objects.get(asked_by=month.officer, state=SwapState.AGREED).month == OCTOBER
    with pytest.raises(RuleError):
        answer_offer(OCTOBER, agrees=True, by=member)
    with pytest.raises(RuleError):
        reassign_duty(OCTOBER, to_id=member.pk, seen_id=other.pk, reason="另有任务", by=member)


def test_the_rota_too_makes_an_open_question_void(month, member):
    offer_duty(OCTOBER, to_id=member.pk, reason="出差", by=month.officer)
    put_on_duty(OCTOBER, month.leader, action="people.duty_set", by=month.leader)
    assert DutySwap.objects.get(asked=member).state == SwapState.WITHDRAWN
    assert DutySwap.objects.get(asked_by=month.officer, state=SwapState.AGREED).month == OCTOBER


@pytest.mark.parametrize(
    ("month_day", "runs"),
    [(date(2026, 12, 1), False), (date(2026, 11, 1), True), (date(2026, 9, 1), True), (date(2026, 8, 1), False)],
)
def test_only_a_month_under_way_is_handed_over(month_day, runs):
    assert runs_on(month_day, NOW) is runs


def test_a_month_long_over_is_nobodys_to_take(month, member):
    world.on_duty(month.officer, date(2026, 7, 1))
    with pytest.raises(RuleError):
        take_over_duty(date(2026, 7, 1), seen_id=month.officer.pk, reason="想看看", by=member)


def test_it_goes_through_the_pages(month, member, client):
    address = "/duty/2026-10/handover/"
    signed_in(client, month.officer)
    assert "交给别人" in client.get(address).text
    assert client.post(address, {"act": "offer", "to": member.pk, "reason": "出差"}, follow=True).status_code == 200
    assert "等 韩冰答复接手" in client.get("/duty/2026-10/").text

    signed_in(client, member)
    assert client.get("/duty/2026-10/").status_code == 403  # not his yet
    page = client.get(address).text
    assert "同意接手" in page
    assert "已接手" in client.post(address, {"act": "agree"}, follow=True).text
    board = client.get("/duty/2026-10/").text
    assert "换的班" in board
    assert "沈玉兰 → 韩冰" in client.get(address).text

    signed_in(client, month.officer)
    assert client.get("/duty/2026-10/").status_code == 403
    assert "我来接手" in client.get(address).text


@pytest.mark.parametrize("name", ["agent", "supervisor", "hr"])
def test_others_do_not_find_the_page(month, client, name):
    signed_in(client, getattr(month, name))
    assert client.get("/duty/2026-10/handover/").status_code == 404
    assert client.post("/duty/2026-10/handover/", {"act": "take", "reason": "x"}).status_code == 404
