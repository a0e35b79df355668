"""Which value stands out from those before it: the median and the median distance, three times 1.4826 of it."""

from decimal import Decimal

import pytest

from policy.outliers import Usual, is_far, least_of, usual_of


def decimals(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(("80", "82", "81", "79", "95"), ("81", "1", 5), id="one wild value moves nothing"),
        pytest.param(("1", "2", "3", "4", "5", "6"), ("3.5", "1.5", 6), id="an even number has the mean of two"),
        pytest.param(("7", "7", "7", "7", "7"), ("7", "0", 5), id="all alike"),
        pytest.param(("80", "82", "81", "79"), None, id="four say nothing"),
        pytest.param((), None, id="nothing says nothing"),
    ],
)
def test_what_is_usual(values, expected):
    usual = usual_of(decimals(*values))

    assert usual == (expected and Usual(Decimal(expected[0]), Decimal(expected[1]), expected[2]))


@pytest.mark.parametrize(
    ("value", "far"),
    [
        ("85.4478", False),  # 81 + 3 × 1.4826 × 1: not more than
        ("85.4479", True),
        ("76.5522", False),
        ("76.5521", True),
        ("81", False),
    ],
)
def test_far_is_more_than_three_spreads_to_either_side(value, far):
    assert is_far(Decimal(value), usual_of(decimals("80", "82", "81", "79", "95"))) is far


@pytest.mark.parametrize(("value", "least", "far"), [("4", "0", False), ("5", "0", True), ("5", "1", False),
                                                     ("5.01", "1", True)])  # fmt: skip
def test_where_all_were_alike_the_least_distance_decides(value, least, far):
    assert is_far(Decimal(value), usual_of(decimals("4", "4", "4", "4", "4")), Decimal(least)) is far


def test_without_a_past_nothing_is_far():
    assert not is_far(Decimal(100), usual_of(decimals("1", "1", "1", "1")))


@pytest.mark.parametrize(
    ("unit", "median", "least"),
    [
        pytest.param("次", "0", "1", id="a single complaint where none is usual is not worth a look"),
        pytest.param("件", "30", "3.0", id="of many a tenth is more than one"),
        pytest.param("%", "5", "10", id="ten points of a percentage"),
        pytest.param("%", "120", "12.0", id="or a tenth, where that is more"),
        pytest.param("秒", "300", "30.0", id="anything else a tenth"),
        pytest.param("", "0", "1", id="where nothing is usual, one of whatever it is"),
    ],
)
def test_how_far_a_figure_may_be_from_the_usual_without_being_worth_a_look(unit, median, least):
    assert least_of(unit, Usual(Decimal(median), Decimal(0), 6)) == Decimal(least)
