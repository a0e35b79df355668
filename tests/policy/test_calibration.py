"""The laws of the board: places, what must still move, and the order of scores."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from policy.calibration import Lane, Seat, exact_share, lane_of, lanes_of, overturned, places, shifts
from policy.distribution import Candidate, distribute
from policy.schemes import SCHEME_1_0

GRADES = "ABCDE"


def test_places_sum_to_the_pool_and_no_grade_shrinks_when_somebody_joins():
    before = places(0, 0, SCHEME_1_0)
    for count in range(1, 2001):
        now = places(count, 0, SCHEME_1_0)

        assert sum(now) == count
        assert all(one >= then for one, then in zip(now, before, strict=True)), count
        before = now


@given(st.integers(0, 300), st.integers(0, 300))
def test_places_sum_to_the_pool_however_many_are_barred(count, barred):
    now = places(count, min(count, barred), SCHEME_1_0)

    assert sum(now) == count
    assert now[0] <= count - min(count, barred)


def test_exact_shares_are_told_with_two_decimals():
    assert exact_share(57, Decimal(5)) == Decimal("2.85")
    assert str(exact_share(26, Decimal(50))) == "13.00"


def test_who_is_tied_lies_in_the_lower_lane_until_decided():
    assert lane_of("", ("C", "D")) == "D"
    assert lane_of("C", ("C", "D")) == "C"


@given(st.lists(st.sampled_from(GRADES), min_size=1, max_size=80))
def test_following_what_must_still_move_fills_every_lane(grades):
    lanes = lanes_of([Seat(key, key, grade) for key, grade in enumerate(grades, start=1)], SCHEME_1_0)
    counts = {lane.grade: lane.count for lane in lanes}

    for shift in shifts(lanes):
        counts[shift.source] -= shift.people
        counts[shift.target] += shift.people

        assert abs(GRADES.index(shift.source) - GRADES.index(shift.target)) == 1
        assert shift.people > 0

    assert [counts[lane.grade] for lane in lanes] == [lane.places for lane in lanes]


def test_nothing_must_move_where_every_lane_is_full():
    assert shifts([Lane("A", 1, 1, Decimal(1)), Lane("B", 2, 2, Decimal(2))]) == ()


@given(st.lists(st.integers(40, 110), min_size=1, max_size=40))
def test_the_distribution_itself_is_never_against_the_order(values):
    candidates = [Candidate(key, Decimal(value), 12) for key, value in enumerate(values)]
    seats = [
        Seat(one.key, one.rank or 0, lane_of(one.grade or "", one.choices))
        for one in distribute(candidates, SCHEME_1_0).values()
    ]

    assert all(overturned(seats, seat, seat.grade, SCHEME_1_0) == () for seat in seats)


def test_passing_a_better_one_is_against_the_order_and_following_it_is_not():
    seats = [Seat("a", 1, "A"), Seat("b", 2, "B"), Seat("c", 3, "B"), Seat("d", 4, "C")]

    assert [one.key for one in overturned(seats, seats[2], "A", SCHEME_1_0)] == ["b"]
    assert [one.key for one in overturned(seats, seats[0], "C", SCHEME_1_0)] == ["b", "c"]
    assert overturned(seats, seats[1], "A", SCHEME_1_0) == ()
    assert overturned(seats, seats[2], "C", SCHEME_1_0) == ()


def test_fully_tied_people_may_be_told_apart_either_way():
    seats = [Seat("a", 1, "C"), Seat("b", 1, "D"), Seat("c", 3, "D")]

    assert overturned(seats, seats[0], "D", SCHEME_1_0) == ()
    assert overturned(seats, seats[1], "C", SCHEME_1_0) == ()


def test_whoever_is_barred_from_the_best_grade_is_wronged_only_below_the_next():
    seats = [Seat("barred", 1, "B", barred=True), Seat("b", 2, "B")]
    lower = [Seat("barred", 1, "C", barred=True), Seat("b", 2, "B")]

    assert overturned(seats, seats[1], "A", SCHEME_1_0) == ()
    assert [one.key for one in overturned(lower, lower[1], "A", SCHEME_1_0)] == ["barred"]
