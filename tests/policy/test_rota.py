"""The fair rota: fewest turns first, nobody twice in a row, leavers and the leader out (P5.2)."""

import itertools
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from policy.rota import (
    AGAIN,
    FEWEST,
    FIRST,
    LEADER,
    LONGEST,
    NOBODY,
    ONLY,
    RotaMember,
    months_from,
    propose_turns,
)

LONG_AGO = date(2020, 1, 1)
DECEMBER = date(2026, 12, 1)
SHEN, HAN, ZHENG, FANG = 1, 2, 3, 4


def member(key: int, *, since: date = LONG_AGO, until: date | None = None, is_leader: bool = False) -> RotaMember:
    return RotaMember(key=key, order=f"E{key}", since=since, until=until, is_leader=is_leader)


TEAM = [member(SHEN), member(HAN), member(ZHENG), member(FANG, is_leader=True)]


def test_who_had_the_fewest_turns_in_twelve_months_goes_first():
    turns = {date(2026, 9, 1): SHEN, date(2026, 10, 1): HAN, date(2026, 11, 1): SHEN}

    one = propose_turns([DECEMBER], TEAM, turns)[0]

    assert (one.key, one.reason, one.turns, one.last) == (ZHENG, FEWEST, 0, None)


def test_turns_more_than_a_year_ago_do_not_count():
    turns = {date(2025, 11, 1): ZHENG, date(2026, 9, 1): SHEN, date(2026, 10, 1): HAN}

    assert propose_turns([DECEMBER], TEAM, turns)[0].key == ZHENG


def test_of_as_few_turns_the_one_whose_last_is_longest_ago():
    turns = {date(2026, 8, 1): HAN, date(2026, 9, 1): SHEN, date(2026, 10, 1): ZHENG}

    one = propose_turns([DECEMBER], TEAM, turns)[0]

    assert (one.key, one.reason, one.last) == (HAN, LONGEST, date(2026, 8, 1))


def test_where_everything_is_equal_the_number_decides_and_a_second_look_is_the_same():
    assert propose_turns([DECEMBER], TEAM, {})[0].reason == FIRST
    assert propose_turns([DECEMBER], TEAM, {}) == propose_turns([DECEMBER], reversed(TEAM), {})


def test_nobody_is_on_duty_twice_in_a_row_neither_before_nor_after():
    pair = [member(SHEN), member(HAN)]
    turns = {date(2026, 9, 1): HAN, date(2026, 10, 1): HAN, date(2026, 11, 1): SHEN}

    assert propose_turns([DECEMBER], pair, turns)[0].key == HAN
    assert propose_turns([DECEMBER], TEAM, {date(2027, 1, 1): SHEN})[0].key != SHEN


def test_somebody_alone_takes_every_turn_and_it_is_said():
    first, second = propose_turns(months_from(DECEMBER, 2), [member(SHEN)], {})

    assert [(first.key, first.reason), (second.key, second.reason)] == [(SHEN, ONLY), (SHEN, AGAIN)]


def test_the_leader_takes_a_turn_only_if_nobody_else_is_there():
    alone = [member(FANG, is_leader=True)]

    assert propose_turns([DECEMBER], alone, {})[0].reason == LEADER
    assert all(one.key != FANG for one in propose_turns(months_from(DECEMBER, 12), TEAM, {}))


def test_leavers_and_those_who_have_not_begun_are_out():
    team = [member(SHEN, until=DECEMBER), member(HAN, since=date(2026, 12, 2))]

    one = propose_turns([DECEMBER], team, {})[0]

    assert (one.key, one.reason) == (None, NOBODY)


def test_months_run_on_over_the_year_and_back():
    assert months_from(DECEMBER, 2) == [DECEMBER, date(2027, 1, 1)]
    assert months_from(date(2027, 1, 1), -2) == [date(2026, 11, 1), DECEMBER]


@given(people=st.integers(2, 6), months=st.integers(1, 24))
def test_over_any_time_the_turns_of_a_standing_group_differ_by_one_at_most(people, months):
    team = [member(key) for key in range(people)]

    keys = [one.key for one in propose_turns(months_from(DECEMBER, months), team, {})]

    counts = [keys[:12].count(key) for key in range(people)]
    assert max(counts) - min(counts) <= 1
    assert all(one != other for one, other in itertools.pairwise(keys))
