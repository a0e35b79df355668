"""The page that compares first and second scorings: what it says, to whom, and what it never tells."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.db import count_rows_anew
from people.models import Employee
from people.states import Role
from policy.drift import spread_of
from quality.models import Assessment, AssessmentScore, Call, CallNote, Dispute, RubricItem
from quality.selectors.drift import Choice, Span, month_span, overview_of, pairs_of
from quality.states import AssessmentKind, AssessmentState, DisputeState
from tests import world
from tests.counting import statements
from tests.quality.doubles import DAY, again, given, scored

SPAN = Span(date(2026, 10, 1), date(2026, 10, 31))
MONTHS: dict[str, str | int] = {"from": "2026-10", "to": "2026-10"}
GREETING, ASKING = "首语及连接语", "恰当发问"


@dataclass(frozen=True)
class Floor:
    member: Employee
    auditor: Employee
    hr: Employee
    first: Employee
    second: Employee
    agent: Employee


@pytest.fixture
def floor(db) -> Floor:
    first = world.person("周敏", "KFZG", account=True)
    return Floor(
        member=world.in_group(world.person("沈玉兰", None, account=True)),
        auditor=world.with_role(world.person("孙悦", None, account=True), Role.AUDITOR),
        hr=world.with_role(world.person("赵琳", None, account=True), Role.HR),
        first=first,
        second=world.person("孙主管", "KFZG", account=True),
        agent=world.person("吴倩", superior=first, account=True),
    )


def client_of(somebody: Employee) -> Client:
    client = Client()
    assert somebody.account is not None
    client.force_login(somebody.account)
    return client


def page(somebody: Employee, **asked: str | int):
    return client_of(somebody).get(reverse("quality:drift"), {**MONTHS, **asked})


def text_of(somebody: Employee, **asked: str | int) -> str:
    text: str = page(somebody, **asked).content.decode()
    return text


def item(name: str) -> RubricItem:
    return RubricItem.objects.get(name=name)


def test_items_and_listeners_are_compared_with_the_second_scoring(floor):
    for n in range(5):
        again(scored(floor.agent, floor.first, f"LY-{n}"), floor.second, 首语及连接语="2")

    told = overview_of(SPAN, floor.member, only_own=False)

    greeting = next(line for line in told.items if line.item == item(GREETING))
    assert (greeting.spread.n, greeting.spread.lean, greeting.spread.is_flagged) == (5, Decimal("3.00"), True)
    (line,) = told.listeners
    assert line.listener == floor.first
    assert line.coverage == (5, 5, 5)
    assert (line.spread.n, line.spread.lean_percent, line.spread.is_flagged) == (65, Decimal("3.00"), False)


def test_only_what_both_have_submitted_is_compared(floor):
    given(scored(floor.agent, floor.first, "LY-1"), floor.second)
    scored(floor.agent, floor.first, "LY-2")
    again(scored(floor.agent, floor.first, "LY-3", day=date(2026, 9, 30)), floor.second)

    assert pairs_of(SPAN) == []


def test_one_side_without_the_item_is_shown_apart(floor):
    again(scored(floor.agent, floor.first, "LY-1", 恰当发问=None), floor.second)
    again(scored(floor.agent, floor.first, "LY-2", 恰当发问=None), floor.second, 恰当发问=None)

    spread = spread_of(pairs_of(SPAN, Choice(ASKING)), calls=2)

    assert (spread.n, spread.applies) == (0, 1)


@pytest.mark.parametrize(("state", "compared"), [(DisputeState.UPHELD, "2"), (DisputeState.DISMISSED, "5")])
def test_a_ruling_does_not_change_what_the_listener_had_given(floor, state, compared):
    first = scored(floor.agent, floor.first, "LY-1")  # 5, as it is now
    again(first, floor.second)
    ruled = {"state": state, "ruled_by": floor.member, "ruled_at": timezone.now()}
    points = {"old_points": Decimal(2), "new_points": Decimal(5), "old_total": Decimal(85)}
    Dispute.objects.create(assessment=first, item=item(GREETING), reason="有首语", **ruled, **points)

    (pair,) = pairs_of(SPAN, Choice(GREETING))

    assert pair.first == Decimal(compared)
    text = text_of(floor.member, item=item(GREETING).pk)
    assert ("85.00" in text) is (state == DisputeState.UPHELD)


@pytest.mark.parametrize("who", ["member", "auditor"])
def test_group_and_auditor_see_every_listener_by_name(floor, who):
    again(scored(floor.agent, floor.first, "LY-1"), floor.second)

    assert "周敏" in text_of(getattr(floor, who))
    assert "孙主管" in text_of(getattr(floor, who), listener=floor.first.pk)


@pytest.mark.parametrize("who", ["agent", "hr"])
def test_who_neither_listens_nor_oversees_is_turned_away(floor, who):
    assert page(getattr(floor, who)).status_code == 403
    assert page(getattr(floor, who), listener=floor.first.pk).status_code == 403


def test_a_listener_sees_his_own_line_and_no_other_name(floor):
    other = world.person("郑主管", "KFZG", account=True)
    again(scored(floor.agent, floor.first, "LY-1"), floor.second)
    again(scored(floor.agent, other, "LY-2"), floor.second, 首语及连接语="0")

    overview, pairs = text_of(floor.first), text_of(floor.first, listener=floor.first.pk)

    assert GREETING in overview
    assert "LY-1" in pairs
    for name in ("郑主管", "孙主管", "LY-2"):
        assert name not in overview + pairs
    assert page(floor.first, listener=other.pk).status_code == 404


def test_of_an_item_a_listener_opens_only_his_own_calls(floor):
    other = world.person("郑主管", "KFZG", account=True)
    again(scored(floor.agent, floor.first, "LY-1"), floor.second)
    again(scored(floor.agent, other, "LY-2"), floor.member)

    text = text_of(floor.first, item=item(GREETING).pk)

    assert "LY-1" in text
    assert "LY-2" not in text


def test_who_still_has_to_score_blind_learns_nothing_of_the_first(floor):
    first = scored(floor.agent, floor.first, "LY-秘", 首语及连接语="0")
    CallNote.objects.create(assessment=first, text="没有报工号")
    again(scored(floor.agent, floor.first, "LY-1"), floor.second)
    given(first, floor.member)
    views = [{}, {"listener": floor.first.pk}, {"item": item(GREETING).pk}]

    for somebody in (floor.member, floor.auditor, floor.first):
        seen = "".join(text_of(somebody, **asked) for asked in views)
        assert "LY-秘" not in seen
        assert "没有报工号" not in seen
    assert "−5.00" not in text_of(floor.member)

    Assessment.objects.filter(kind=AssessmentKind.SECOND, listener=floor.member).update(
        state=AssessmentState.SUBMITTED, total=90
    )
    assert "LY-秘" in text_of(floor.member, listener=floor.first.pk)


def test_the_agent_of_a_call_never_meets_its_second_scoring_whatever_his_office(floor):
    again(scored(floor.member, floor.first, "LY-本人"), floor.second)

    assert "LY-本人" not in text_of(floor.member, listener=floor.first.pk)
    assert "LY-本人" in text_of(floor.auditor, listener=floor.first.pk)


def test_pairs_stand_side_by_side_with_their_comments(floor):
    first = scored(floor.agent, floor.first, "LY-1")
    second = again(first, floor.second, 首语及连接语="2", 恰当发问=None)
    CallNote.objects.create(assessment=first, item=item(GREETING), at_second=75, text="首语完整")
    CallNote.objects.create(assessment=second, item=item(GREETING), text="少了连接语")

    text = text_of(floor.member, listener=floor.first.pk)

    for words in ("首语完整", "1:15", "少了连接语", "+3.00", "适用不同", "+18.00"):
        assert words in text


@pytest.mark.parametrize("asked", [{"from": "x", "to": "2026-13"}, {"from": "0001-01"}, {"page": "99"}])
def test_nonsense_in_the_address_gets_the_last_months(floor, asked):
    answer = client_of(floor.member).get(reverse("quality:drift"), asked)

    assert answer.status_code == 200
    assert answer.context["span"].last >= timezone.localdate()


@pytest.mark.parametrize("asked", [{"item": "x"}, {"item": "999999"}, {"listener": "x"}, {"listener": "999999"}])
def test_what_is_not_there_is_not_there(floor, asked):
    assert page(floor.member, **asked).status_code == 404


def test_the_months_may_come_in_either_order(floor):
    answer = client_of(floor.member).get(reverse("quality:drift"), {"from": "2026-10", "to": "2026-08"})

    assert answer.context["span"] == (date(2026, 8, 1), date(2026, 10, 31))
    assert month_span(date(2026, 1, 15), 3) == (date(2025, 11, 1), date(2026, 1, 31))


@pytest.mark.django_db(transaction=True)
def test_the_draw_answers_with_whom_the_calls_went_to(floor):
    scored(floor.agent, floor.first, "LY-1")
    client = client_of(floor.member)

    told = client.post(reverse("quality:draw_seconds"), {"month": "2026-10", **MONTHS}, follow=True).content.decode()
    more = client.post(reverse("quality:draw_seconds"), {"month": "2026-10", **MONTHS}, follow=True).content.decode()

    assert "抽了 1 通复听" in told
    assert "沈玉兰" in told
    assert "已经抽够" in more
    assert "LY-1" not in told


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("month", ["2026-02", "昨天"])
def test_a_refused_draw_says_why_and_writes_nothing(floor, month):
    scored(floor.agent, floor.first, "LY-1")

    answer = client_of(floor.member).post(reverse("quality:draw_seconds"), {"month": month}, follow=True)

    assert not Assessment.objects.filter(kind=AssessmentKind.SECOND).exists()
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["first", "agent", "auditor", "hr"])
def test_who_may_not_draw_is_turned_away(floor, who):
    scored(floor.agent, floor.first, "LY-1")

    answer = client_of(getattr(floor, who)).post(reverse("quality:draw_seconds"), {"month": "2026-10"})

    assert answer.status_code == 403
    assert not Assessment.objects.filter(kind=AssessmentKind.SECOND).exists()


def _fill_from(floor, count: int) -> None:
    """``count`` calls scored twice, by the thousand."""
    rubric_items = list(RubricItem.objects.all())
    calls = Call.objects.bulk_create(
        Call(number=f"M-{count}-{n}", called_on=DAY, employee=floor.agent, total=90) for n in range(count)
    )
    done = {"state": AssessmentState.SUBMITTED, "total": 90, "rubric": rubric_items[0].rubric}
    both = Assessment.objects.bulk_create(
        Assessment(call=call, kind=kind, listener=listener, **done)
        for call in calls
        for kind, listener in ((AssessmentKind.FIRST, floor.first), (AssessmentKind.SECOND, floor.second))
    )
    AssessmentScore.objects.bulk_create(
        (AssessmentScore(assessment=one, item=item, points=item.points) for one in both for item in rubric_items[:2]),
        batch_size=5000,
    )
    count_rows_anew(Call, Assessment, AssessmentScore)  # of all tables it would outlive the rows of this test


def test_ten_and_ten_thousand_pairs_cost_the_same_few_statements(floor):
    client, address = client_of(floor.member), reverse("quality:drift")
    views: tuple[dict[str, str | int], ...] = ({}, {"item": item(GREETING).pk}, {"listener": floor.first.pk})
    counts = []
    for more in (10, 9_990):
        _fill_from(floor, more)
        client.get(address, MONTHS)
        counts.append([statements(partial(client.get, address, {**MONTHS, **asked})) for asked in views])

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15, counts
