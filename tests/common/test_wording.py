"""Figures and dates as people read them."""

import datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from common import wording


@pytest.mark.parametrize(
    ("value", "text"), [("11.035", "11.04"), (Decimal(-2), "−2.00"), (None, "—"), ("", "—"), (0, "0.00")]
)
def test_points_have_two_decimals_and_a_true_minus(value, text):
    assert wording.points(value) == text


def test_signs_and_money():
    assert [wording.signed("1.5"), wording.signed(0), wording.lessened(2)] == ["+1.50", "0.00", "−2.00"]
    assert wording.money("1062") == "1,062.00"
    assert wording.percent2("88.5") == "88.50%"


def test_dates_follow_the_language_of_the_page():
    day = datetime.date(2026, 11, 6)

    with override("zh-hans"):
        assert [wording.day(day), wording.day(day, "week"), wording.month(day, "year")] == [
            "11月6日",
            "11月6日 周五",
            "2026年11月",
        ]
    with override("zh-hans"):
        assert [wording.month("2026-Q4"), wording.month("2026")] == ["2026年第4季度", "2026年"]
    with override("en"):
        assert wording.month("2026-Q4") == "Q4 2026"
        assert [wording.day(day), wording.day(day, "year"), wording.month("2026-10")] == [
            "6 Nov",
            "6 Nov 2026",
            "October",
        ]


@pytest.mark.parametrize(("left", "colour"), [(3, "dim"), (1, "t-warn"), (0, "t-late"), (-2, "t-late")])
def test_a_deadline_says_how_urgent_it_is(left, colour):
    assert wording.due_words(left)[1] == colour


def test_text_from_people_is_escaped_in_tags():
    page = Template('{% load kp %}{% tag "ok" word %}').render(Context({"word": "<b>x</b>"}))

    assert "<b>" not in page
