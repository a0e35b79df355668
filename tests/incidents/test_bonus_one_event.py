"""One event counts once: claims said to be the same, the higher one counts, nothing is lost; also two at once."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import RuleError
from incidents.models import Bonus
from incidents.permissions import Judge
from incidents.selectors.claims import alike, near_claims, relatives
from incidents.services.bonuses import (
    first_check_bonus,
    join_event,
    overturn_bonus,
    raise_bonus,
    second_check_bonus,
    withdraw_bonus,
)
from incidents.states import EventState
from people.selectors import standing_of
from tests.incidents.claims import DAY, Cast, checked, confirmed, draft, last_event, make_cast, raised, refusal

pytestmark = pytest.mark.django_db
CONFIRMED, FILED, OVERTURNED = EventState.CONFIRMED, EventState.FILED, EventState.OVERTURNED


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def state(bonus: Bonus) -> str:
    return Bonus.objects.get(pk=bonus.pk).state


def test_the_database_lets_one_claim_of_an_event_count(cast):
    first, second = confirmed(cast), confirmed(cast, "B02")

    with pytest.raises(IntegrityError), transaction.atomic():
        Bonus.objects.filter(pk=second.pk).update(event=first.event)


def test_a_claim_is_raised_as_the_same_event_and_a_lower_one_does_not_count_too(cast):
    letter = confirmed(cast, "B02")
    praise = checked(cast, "B01", same_event_as=letter.pk)

    assert praise.event == letter.event
    assert refusal(second_check_bonus, praise.pk, by=cast["boss"]) == "event_counted"
    assert (state(letter), state(praise)) == (CONFIRMED, FILED)


def test_of_two_with_equal_points_the_first_counts(cast):
    first = confirmed(cast, "B02")
    second = checked(cast, "B05", same_event_as=first.pk)

    assert refusal(second_check_bonus, second.pk, by=cast["boss"]) == "event_counted"


def test_a_higher_one_sets_the_lower_aside_with_a_reason(cast):
    praise = confirmed(cast, "B01")
    letter = checked(cast, "B02", same_event_as=praise.pk)
    second_check_bonus(letter.pk, by=cast["boss"])

    aside = Bonus.objects.get(pk=praise.pk)
    assert (aside.state, state(letter)) == (OVERTURNED, CONFIRMED)
    assert aside.decision_reason == f"同一件事改由{letter.number}计+3.00分"
    assert last_event(praise).action == "bonus.set_aside"


def test_what_already_counts_in_a_month_is_not_set_aside(cast):
    praise = confirmed(cast, "B01")
    Bonus.objects.filter(pk=praise.pk).update(counted_month=date(2026, 10, 1))
    letter = checked(cast, "B02", same_event_as=praise.pk)

    with pytest.raises(RuleError, match=praise.number):
        second_check_bonus(letter.pk, by=cast["boss"])
    assert (state(praise), state(letter)) == (CONFIRMED, FILED)


def test_after_the_one_that_counted_is_overturned_another_of_the_event_counts(cast):
    letter = confirmed(cast, "B02")
    praise = checked(cast, "B01", same_event_as=letter.pk)
    overturn_bonus(letter.pk, reason="信是别人的", by=cast["boss"])

    assert second_check_bonus(praise.pk, by=cast["boss"]).state == CONFIRMED


@pytest.mark.parametrize(("step", "who"), [("raised", "agent"), ("raised", "member"), ("checked", "boss")])
def test_the_raiser_and_both_checkers_say_that_two_are_the_same(cast, step, who):
    one = raised(cast, "B01")
    other = {"raised": raised, "checked": checked}[step](cast, "B02")

    assert join_event(other.pk, one.pk, by=cast[who]).event == one.event
    assert last_event(other).before == {"event": other.event}


@pytest.mark.parametrize("who", ["colleague", "stranger", "hr", "auditor", "boss"])
def test_nobody_else_says_so(cast, who):
    one, other = raised(cast, "B01"), raised(cast, "B02")

    assert refusal(join_event, other.pk, one.pk, by=cast[who]) == "not_allowed"


def test_only_another_standing_claim_of_the_person_near_that_day_is_the_same_event(cast):
    bonus = raised(cast)
    far = raised(cast, "B02", occurred_on=date(2026, 9, 1))
    taken_back = withdraw_bonus(raised(cast, "B03").pk, reason="写错", by=cast["agent"])
    foreign = raise_bonus(draft(cast["colleague"]), by=cast["agent"])

    for other in (far.pk, taken_back.pk, foreign.pk, bonus.pk, 0):
        assert refusal(join_event, bonus.pk, other, by=cast["agent"]) == "not_the_same"


def test_a_claim_its_raiser_may_not_see_is_not_to_be_found_by_joining(cast):
    hidden = raised(cast, by="agent")

    assert refusal(raised, cast, "B02", by="colleague", same_event_as=hidden.pk) == "not_the_same"
    assert refusal(join_event, raised(cast, "B02", by="colleague").pk, hidden.pk, by=cast["colleague"]) == (
        "not_the_same"
    )


def test_joining_is_taken_back_by_the_one_that_joined(cast):
    one = raised(cast, "B01")
    other = raised(cast, "B02", same_event_as=one.pk)

    assert refusal(join_event, one.pk, None, by=cast["agent"]) == "others_joined"
    assert refusal(join_event, other.pk, one.pk, by=cast["agent"]) == "nothing_to_do"
    assert join_event(other.pk, None, by=cast["agent"]).event == other.number
    assert refusal(join_event, one.pk, None, by=cast["agent"]) == "nothing_to_do"


def test_those_that_joined_come_along_unless_two_would_count(cast):
    one, goal = raised(cast, "B01"), raised(cast, "B02")
    follower = confirmed(cast, "B05", same_event_as=one.pk)

    join_event(one.pk, goal.pk, by=cast["agent"])
    assert {row.event for row in Bonus.objects.all()} == {goal.event}
    rival = confirmed(cast, "B06")
    assert refusal(join_event, goal.pk, rival.pk, by=cast["agent"]) == "both_counted"
    assert state(follower) == CONFIRMED


def test_a_claim_from_a_workbook_gets_an_event_when_another_joins_it(cast):
    old = Bonus.objects.create(number="JF202610-7", employee=cast["agent"], occurred_on=DAY, points=1, grounds="表扬")

    assert raised(cast, "B02", same_event_as=old.pk).event == "JF202610-7"
    assert Bonus.objects.get(pk=old.pk).event == "JF202610-7"


def test_who_may_see_the_persons_claims_gets_them_by_number_and_others_only_how_many(cast):
    raised(cast, by="agent")
    raised(cast, "B02", by="colleague", occurred_on=date(2026, 10, 16))
    raised(cast, "B03", occurred_on=date(2026, 10, 17))

    for who, seen, hidden in (("agent", 2, 0), ("boss", 2, 0), ("colleague", 1, 1), ("stranger", 0, 2)):
        judge = Judge(cast[who], standing_of(cast[who], DAY))
        found = alike(judge, cast["agent"].pk, DAY)
        assert (len(found.shown), found.hidden) == (seen, hidden), who
    assert len(near_claims(Judge(cast["agent"], standing_of(cast["agent"], DAY)), cast["agent"].pk, DAY)) == 3


def test_the_others_of_a_claim_are_told_apart(cast):
    mate = confirmed(cast, "B02")
    bonus = raised(cast, "B01", same_event_as=mate.pk)
    near = raised(cast, "B03", occurred_on=date(2026, 10, 16))
    farther = raised(cast, "B04", occurred_on=date(2026, 11, 2))
    raised(cast, "B05", occurred_on=date(2026, 8, 1))

    family = relatives(Judge(cast["boss"], standing_of(cast["boss"], DAY)), bonus)

    assert (family.mates, family.alike, family.near) == ([mate], [near], [farther, near])
    assert family.counted == mate


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_claims_of_an_event_confirmed_at_once_and_one_counts():
    cast = make_cast()
    for _round in range(5):
        one = checked(cast, "B02", grounds=f"第{_round}次")
        other = checked(cast, "B05", grounds=f"第{_round}次", same_event_as=one.pk)

        outcomes = at_once(
            lambda: second_check_bonus(one.pk, by=cast["boss"]),  # noqa: B023  # called in this round
            lambda: second_check_bonus(other.pk, by=cast["boss"]),  # noqa: B023
        )

        assert sorted(outcomes) == ["done", "event_counted"]
        assert sorted([state(one), state(other)]) == [CONFIRMED, FILED]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_claim_checked_and_withdrawn_at_once_ends_one_way():
    cast = make_cast()
    for _round in range(5):
        bonus = checked(cast, grounds=f"第{_round}次")

        outcomes = at_once(
            lambda: second_check_bonus(bonus.pk, by=cast["boss"]),  # noqa: B023
            lambda: withdraw_bonus(bonus.pk, reason="算了", by=cast["agent"]),  # noqa: B023
        )

        assert sorted(outcomes) == ["done", "not_allowed"]
        assert state(bonus) in {CONFIRMED, EventState.WITHDRAWN}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_double_tap_raises_one_claim_and_two_people_two_numbers():
    cast = make_cast()

    def raise_it(who: str) -> None:
        raise_bonus(draft(cast["agent"]), by=cast[who])

    outcomes = at_once(lambda: raise_it("agent"), lambda: raise_it("agent"), lambda: raise_it("colleague"))

    assert sorted(outcomes) == ["done", "done", "raised_already"]
    assert set(Bonus.objects.values_list("number", flat=True)) == {"JF-2026-0001", "JF-2026-0002"}
    assert first_check_bonus(Bonus.objects.earliest("pk").pk, by=cast["member"]).first_checker == cast["member"]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads that start together; what each came to: "done" or the code of its refusal."""
    start, outcomes = Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
            outcomes[place] = "done"
        except RuleError as refused:
            outcomes[place] = refused.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes
