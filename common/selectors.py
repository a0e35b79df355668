"""The working-day calendar as the policy core wants it: the table first, a computed year where it says nothing."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

from common.models import CalendarDay
from policy.workdays import Calendar, working_days_left

# Further than any term reaches: the longest holiday with its weekends is eleven days.
MARGIN = timedelta(days=45)
# The State Council announces the next year's holidays in the autumn; from this month on their absence is told.
ANNOUNCED_IN = 11


def calendar_between(first: date, last: date) -> Calendar:
    """The calendar of the years ``first`` … ``last`` and a margin around them, in one statement.

    A year that the table was not seeded with is computed (statutory days as far as they are known); every row of
    the table, whoever wrote it, overrides that.
    """
    years = range((first - MARGIN).year, (last + MARGIN).year + 1)
    rows = list(CalendarDay.objects.filter(date__year__gte=years[0], date__year__lte=years[-1]))
    known = {row.date.year for row in rows if row.source == CalendarDay.Source.SEED}
    return _laid_over((_computed(year) for year in years if year not in known), rows)


def is_arranged(year: int) -> bool:
    """Whether the holidays and make-up days of a year stand in the table; else they are only computed."""
    return CalendarDay.objects.filter(date__year=year).exists()


def missing_arrangement(today: date) -> int | None:
    """The year whose arrangement should have been entered by now: this one, or from November on the next."""
    years = [today.year] if today.month < ANNOUNCED_IN else [today.year, today.year + 1]
    known = set(CalendarDay.objects.filter(date__year__in=years).values_list("date__year", flat=True).distinct())
    return next((year for year in years if year not in known), None)


def working_days_until(last: date, today: date) -> int:
    """Working days left until ``last``, today included; negative when that is past, 0 on an idle last day."""
    return working_days_left(today, last, calendar_between(min(today, last), max(today, last)))


def _laid_over(computed: Iterable[Calendar], rows: Iterable[CalendarDay]) -> Calendar:
    off: set[date] = set()
    worked: set[date] = set()
    for calendar in computed:
        off |= calendar.holidays
        worked |= calendar.makeup_days
    for row in rows:
        (worked if row.is_workday else off).add(row.date)
        (off if row.is_workday else worked).discard(row.date)
    return Calendar(holidays=frozenset(off), makeup_days=frozenset(worked))


@lru_cache(maxsize=64)
def _computed(year: int) -> Calendar:
    known = holidays.country_holidays("CN", years=year)
    makeup = frozenset(day for day in known.weekend_workdays if day.year == year)
    return Calendar(holidays=frozenset(known), makeup_days=makeup)
