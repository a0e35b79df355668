"""The working-day calendar as the policy core wants it: the table first, a computed year where it says nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays
from django.utils import timezone

from common.models import CalendarDay
from policy.workdays import Calendar, working_days_left

# Further than any term reaches: the longest holiday with its weekends is eleven days.
MARGIN = timedelta(days=45)
# The State Council announces the next year's holidays in the autumn; from this month on their absence is told.
ANNOUNCED_IN = 11
SATURDAY = 5


def calendar_between(first: date, last: date) -> Calendar:
    """The calendar of the years ``first`` … ``last`` and a margin around them, in one statement.

    A year whose arrangement does not stand in the table is computed (statutory days as far as they are known); every
    row of the table, whoever wrote it, overrides that.
    """
    years = range((first - MARGIN).year, (last + MARGIN).year + 1)
    rows = list(CalendarDay.objects.filter(date__year__gte=years[0], date__year__lte=years[-1]))
    return laid_over((computed(year) for year in years if not is_whole(year, rows)), rows)


def is_whole(year: int, rows: Iterable[CalendarDay]) -> bool:
    """Whether the rows hold the arrangement of a year: it came with the portal, or no statutory day is left out.

    A single day entered by hand is no arrangement: make-up days would go unnoticed.
    """
    stands = {row.date: row.source for row in rows if row.date.year == year}
    return CalendarDay.Source.SEED in stands.values() or not statutory_left_out(year, stands)


def statutory_left_out(year: int, stands: Collection[date]) -> list[date]:
    """Statutory days of a year on weekdays about which the table says nothing."""
    return [day for day in statutory_days(year) if day.weekday() < SATURDAY and day not in stands]


def is_arranged(year: int) -> bool:
    """Whether the holidays and make-up days of a year stand in the table; else they are only computed."""
    return is_whole(year, CalendarDay.objects.filter(date__year=year))


def missing_arrangement(today: date) -> int | None:
    """The year whose arrangement should have been entered by now: this one, or from November on the next."""
    years = [today.year] if today.month < ANNOUNCED_IN else [today.year, today.year + 1]
    rows = list(CalendarDay.objects.filter(date__year__in=years))
    return next((year for year in years if not is_whole(year, rows)), None)


def working_days_until(last: date, today: date) -> int:
    """Working days left until ``last``, today included; negative when that is past, 0 on an idle last day."""
    return working_days_left(today, last, calendar_between(min(today, last), max(today, last)))


@dataclass(frozen=True, slots=True)
class Countdown:
    """Today and a calendar, for a page that shows several terms with what is left of each."""

    today: date
    calendar: Calendar

    def left(self, last: date) -> int:
        """As ``working_days_until``, without a statement."""
        return working_days_left(self.today, last, self.calendar)

    def behind(self, last: date, at: datetime) -> int:
        """How many working days after ``last`` something came that came at ``at``, until today; in time it is 0.

        One second after 24:00 is late, and at least by one day, though that day may be a Saturday.
        """
        day = timezone.localdate(at)
        return 0 if day <= last else max(1, -working_days_left(day, last, self.calendar))


def countdown(today: date, days: Iterable[date | None]) -> Countdown:
    """What counts down to any of ``days``, in one statement; None among them is passed over."""
    known = [today, *(day for day in days if day is not None)]
    return Countdown(today, calendar_between(min(known), max(known)))


def laid_over(below: Iterable[Calendar], rows: Iterable[CalendarDay]) -> Calendar:
    """The table's rows over what is computed."""
    off: set[date] = set()
    worked: set[date] = set()
    for calendar in below:
        off |= calendar.holidays
        worked |= calendar.makeup_days
    for row in rows:
        (worked if row.is_workday else off).add(row.date)
        (off if row.is_workday else worked).discard(row.date)
    return Calendar(holidays=frozenset(off), makeup_days=frozenset(worked))


@lru_cache(maxsize=64)
def computed(year: int) -> Calendar:
    """What is known of a year without its arrangement: statutory days, and the moved ones of years gone by."""
    known = holidays.country_holidays("CN", years=year)
    makeup = frozenset(day for day in known.weekend_workdays if day.year == year)
    return Calendar(holidays=frozenset(known), makeup_days=makeup)


@lru_cache(maxsize=64)
def statutory_days(year: int) -> tuple[date, ...]:
    """The statutory days of a year; days moved, or given for one that falls on a weekend, are not among them."""
    named = holidays.country_holidays("CN", years=year, language="zh_CN")
    return tuple(day for day, name in sorted(named.items()) if "（" not in name)


@lru_cache(maxsize=64)
def names_of_days(year: int, language: str) -> dict[date, str]:
    """What the days off of a computed year are called, in the language of the page ("zh_CN", "en_US")."""
    return dict(sorted(holidays.country_holidays("CN", years=year, language=language).items()))
