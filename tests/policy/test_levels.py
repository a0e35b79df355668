"""Levels of behaviour and management items: shares of the points, facts at the ends."""

from decimal import Decimal

import pytest

from policy.levels import level_named, level_of, level_points, needs_fact
from policy.schemes import SCHEME_1_0


@pytest.mark.parametrize(("code", "points", "worth"), [(5, "4", "4.00"), (4, "1.5", "1.20"), (1, "3", "0.60")])
def test_a_level_is_its_share_of_the_points(code, points, worth):
    level = level_named(SCHEME_1_0, code)

    assert level is not None
    assert level_points(level, Decimal(points)) == Decimal(worth)


def test_a_level_the_scheme_does_not_have_is_none():
    assert level_named(SCHEME_1_0, 6) is None


def test_points_that_equal_a_level_are_that_level():
    level = level_of(SCHEME_1_0, Decimal("3.20"), Decimal(4))

    assert level is not None
    assert level.code == 4
    assert level_of(SCHEME_1_0, Decimal("3.50"), Decimal(4)) is None


def test_the_ends_of_the_scale_ask_for_a_fact():
    assert [needs_fact(SCHEME_1_0, code) for code in (5, 4, 3, 2, 1)] == [True, False, False, True, True]
    assert not needs_fact(SCHEME_1_0, None)
    assert not needs_fact(SCHEME_1_0, 9)
