"""A term as it is shown: the date, and the working days that are left; late only when its day is over (P6)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from time_machine import travel

from common.models import CalendarDay
from common.selectors import countdown
from common.templatetags.kp import due_by
from common.years import days_in_words

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
UTC = ZoneInfo("UTC")
MONDAY = date(2026, 11, 16)


def shown(moment: datetime, on: date) -> str:
    with travel(moment, tick=False):
        today = moment.astimezone(SHANGHAI).date()
        return str(due_by(countdown(today, [on]), on))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (12, "还剩 3 个工作日"),
        (14, "还剩 1 个工作日"),  # a Saturday: the term ends on Monday, not today
        (15, "还剩 1 个工作日"),
        (16, "今天 24:00 截止"),
        (17, "逾期 1 个工作日"),
    ],
)
def test_a_term_is_a_date_and_the_working_days_left(day, words):
    told = shown(datetime(2026, 11, day, 9, tzinfo=SHANGHAI), MONDAY)

    assert words in told
    assert "11月16日 周一" in told


def test_a_term_of_another_year_says_which():
    told = shown(datetime(2027, 3, 1, 9, tzinfo=SHANGHAI), MONDAY)

    assert "2026年11月16日" in told


def test_a_last_day_that_has_become_free_is_not_late_before_it_is_over():
    CalendarDay.objects.create(date=MONDAY, is_workday=False)

    assert "今天 24:00 截止" in shown(datetime(2026, 11, 16, 9, tzinfo=SHANGHAI), MONDAY)
    assert "逾期" in shown(datetime(2026, 11, 17, 9, tzinfo=SHANGHAI), MONDAY)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 16, 23, 59, 59, tzinfo=SHANGHAI), "今天 24:00 截止"),
        (datetime(2026, 11, 17, 0, 0, 0, tzinfo=SHANGHAI), "逾期 1 个工作日"),
        (datetime(2026, 11, 16, 15, 59, 59, tzinfo=UTC), "今天 24:00 截止"),
        (datetime(2026, 11, 16, 16, 0, 0, tzinfo=UTC), "逾期 1 个工作日"),
    ],
)
def test_the_day_ends_at_midnight_in_shanghai_wherever_the_server_stands(moment, words):
    assert words in shown(moment, MONDAY)


def test_without_a_calendar_the_date_alone_is_shown_and_without_a_date_nothing():
    assert "11月16日" in str(due_by("", MONDAY))
    assert str(due_by("", None)) == ""


@pytest.mark.parametrize(
    ("special", "words"),
    [
        (
            {"off": ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"], "worked": ["2026-10-10"]},
            "10月1日至10月7日放假、10月10日上班",
        ),
        ({"off": ["2026-09-25"], "worked": ["2026-09-20"]}, "9月20日上班、9月25日放假"),
        ({"off": [], "worked": []}, ""),
        ({}, ""),
    ],
)
def test_the_days_behind_a_term_are_told_as_people_say_them(special, words):
    assert days_in_words(special) == words
