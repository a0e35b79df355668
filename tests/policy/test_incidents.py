"""Repetition: how far back, the next severity, the points."""

from datetime import date
from decimal import Decimal

import pytest

from policy.incidents import Judged, Rung, judge, months_before

RUNGS = [
    Rung("L1", Decimal(1), Decimal(2)),
    Rung("L2", Decimal(3), Decimal(5)),
    Rung("L3", Decimal(8), Decimal(10)),
]


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 10, 13), 12, date(2025, 10, 13)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 2, date(2025, 11, 15)),
        (date(2026, 10, 13), 0, date(2026, 10, 13)),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_last_of_a_shorter_month(day, months, first):
    assert months_before(day, months) == first


@pytest.mark.parametrize(
    ("own", "filed", "repeats", "moves_up", "wanted"),
    [
        ("L1", "2", 0, True, ("L1", 1, 2, 2, False)),
        ("L1", "2", 1, True, ("L2", 3, 5, 3, True)),
        ("L1", "2", 7, True, ("L2", 3, 5, 3, True)),
        ("L1", "2", 1, False, ("L1", 1, 2, 2, False)),
        ("L2", "5", 1, True, ("L3", 8, 10, 8, True)),
        ("L3", "9", 1, True, ("L3", 8, 10, 9, False)),
        ("L1", "9", 0, True, ("L1", 1, 2, 2, False)),
        ("L2", "1", 0, True, ("L2", 3, 5, 3, False)),
        ("", "37.5", 3, True, ("", "0.01", 100, "37.5", False)),
    ],
)
def test_what_is_repeated_moves_to_the_next_severity_and_the_gravest_stays(own, filed, repeats, moves_up, wanted):
    code, low, high, suggested, moved = wanted

    assert judge(RUNGS, own, Decimal(filed), repeats=repeats, moves_up=moves_up) == Judged(
        code, Decimal(low), Decimal(high), Decimal(suggested), moved
    )
