"""Bars and charts say what the figures say."""

from decimal import Decimal

import pytest

from common import drawing


def marks(**heaps):
    return drawing.Marks(**{name: Decimal(value) for name, value in heaps.items()})


def ends(pieces, *kinds):
    return sum(Decimal(piece.width) for piece in pieces if piece.css in kinds)


def test_the_solid_and_green_end_of_a_stepped_bar_is_the_coefficient():
    pieces = drawing.stepped(marks(got="89.00", plus="1.50", minus="2.00", lost="11.00"))

    assert ends(pieces, "b-got", "b-ok") == Decimal("88.50")
    assert sum(Decimal(piece.width) for piece in pieces) == 100


def test_what_is_open_is_dashed_and_takes_its_own_room():
    pieces = drawing.stepped(marks(got="70", lost="10", open="20"))

    assert ends(pieces, "b-open") == 20


def test_a_score_above_full_marks_fills_the_bar():
    pieces = drawing.stepped(marks(got="100", plus="5"))

    assert sum(Decimal(piece.width) for piece in pieces) == pytest.approx(100)


def test_incidents_beyond_the_score_leave_no_solid_piece():
    assert ends(drawing.stepped(marks(got="3", minus="8", lost="97")), "b-got") == 0


@pytest.mark.parametrize(("part", "whole", "text"), [("15", "10", "100.00"), ("-1", "10", "0.00"), ("1", "0", "0")])
def test_a_share_stays_inside_its_bar(part, whole, text):
    assert Decimal(drawing.share(part, whole)) == Decimal(text)


def test_a_trend_breaks_where_a_month_has_no_result():
    chart = drawing.trend([("1月", "82.1", None), ("2月", None, None), ("3月", "91.2", None)])

    assert chart.own.count("M") == 2
    assert [label for _y, label in chart.grid] == ["100", "90", "80"]


def test_a_trend_of_nothing_draws_nothing():
    assert drawing.trend([("1月", None, None)]).points == []
