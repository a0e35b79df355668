"""The comparison of two scorings: worked examples and laws."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.drift import FLAG_ABOVE, FLAG_FROM, Pair, drift_of, seconds_wanted, spread_of
from tests.policy.test_cases import each, load

CASES = load("drift")


def _points(value):
    return None if value == "na" else Decimal(str(value))


def _mean(value: Decimal | None) -> Decimal:
    """A mean that has to be there."""
    assert value is not None
    return value


def _pair(row):
    listener, item, first, second, full = row
    return Pair(listener, item, _points(first), _points(second), Decimal(str(full)))


@pytest.mark.parametrize("case", each(CASES["spreads"]))
def test_two_scorings_differ_as_the_example_says(case):
    found = drift_of([_pair(row) for row in case["pairs"]], case["calls"])

    expect = dict(case["overall"])
    assert found.overall.is_flagged is expect.pop("flagged")
    for name, value in expect.items():
        told = getattr(found.overall, name)
        assert (told if isinstance(told, int) or told is None else str(told)) == value, name
    assert {item: found.by_item[item].is_flagged for item in case.get("items", {})} == case.get("items", {})
    listeners = case.get("listeners", {})
    assert {person: found.by_listener[person].is_flagged for person in listeners} == listeners


@pytest.mark.parametrize("case", each(CASES["wanted"]))
def test_so_many_calls_are_scored_again_as_the_example_says(case):
    shares = [share for share, times in case["shares"].items() for _one in range(times)]

    assert seconds_wanted(shares) == case["expect"]


@st.composite
def pairs(draw):
    full = draw(st.sampled_from((Decimal(5), Decimal(10), Decimal(15))))
    levels = st.none() | st.sampled_from((Decimal(0), full / 5, full / 2, full))
    return Pair(
        draw(st.sampled_from("abc")),
        draw(st.sampled_from("xyz")),
        draw(levels),
        draw(levels),
        full,
        draw(st.integers(1, 4)),
    )


some = st.lists(pairs(), max_size=20)


@given(some, st.integers(0, 9))
def test_exchanging_the_two_scorings_turns_the_sign_and_nothing_else(given_pairs, calls):
    turned = [pair._replace(first=pair.second, second=pair.first) for pair in given_pairs]

    one, other = spread_of(given_pairs, calls=calls), spread_of(turned, calls=calls)

    assert one._replace(lean=None, lean_percent=None) == other._replace(lean=None, lean_percent=None)
    if one.lean is not None:
        assert one.lean == -_mean(other.lean)
        assert one.lean_percent == -_mean(other.lean_percent)


@given(some, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(given_pairs, random):
    shuffled = list(given_pairs)
    random.shuffle(shuffled)

    assert drift_of(given_pairs, {}) == drift_of(shuffled, {})


@given(some)
def test_pairs_counted_together_are_as_good_as_one_by_one(given_pairs):
    singly = [pair._replace(times=1) for pair in given_pairs for _one in range(pair.times)]

    assert drift_of(given_pairs, {"a": 7}) == drift_of(singly, {"a": 7})


@given(some)
def test_items_and_listeners_add_up_to_the_whole(given_pairs):
    found = drift_of(given_pairs, {})

    for parts in (found.by_item, found.by_listener):
        assert sum(part.n for part in parts.values()) == found.overall.n
        assert sum(part.applies for part in parts.values()) == found.overall.applies


@given(some)
def test_nobody_leans_further_than_the_two_are_apart(given_pairs):
    found = spread_of(given_pairs, calls=9)

    if found.n:
        assert abs(_mean(found.lean_percent)) <= _mean(found.apart_percent)
        assert 0 <= _mean(found.agreed) <= 100
        assert (found.agreed == 100) == (found.apart_percent == 0)


@given(some, st.integers(0, 9))
def test_only_a_lean_above_the_threshold_over_enough_calls_is_flagged(given_pairs, calls):
    found = spread_of(given_pairs, calls=calls)

    if found.is_flagged:
        assert calls >= FLAG_FROM
        assert abs(_mean(found.lean_percent)) >= FLAG_ABOVE


@given(st.lists(st.integers(0, 100), max_size=60))
def test_never_more_calls_are_scored_again_than_there_are_and_one_at_least(shares):
    wanted = seconds_wanted(shares)

    assert wanted <= len(shares)
    assert (wanted > 0) == any(shares)
