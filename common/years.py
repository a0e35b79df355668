"""A year of the working-day calendar as a page shows it: twelve months, and where its days come from."""

from calendar import Calendar as Weeks
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from common.models import CalendarDay
from common.selectors import SATURDAY, computed, is_whole, laid_over, names_of_days, statutory_left_out
from common.wording import day as day_words
from common.wording import in_language, listed
from policy.workdays import Calendar

OFF, WORKED, REST, PLAIN = "off", "worked", "rest", "plain"
_WEEKS = Weeks()


class SpecialDay(NamedTuple):
    """A day that differs from the plain week, as it is typed or stands in the table."""

    day: date
    is_workday: bool
    name: str


class DayChange(NamedTuple):
    """A special day before and after; None where the table says, or will say, nothing."""

    day: date
    before: SpecialDay | None
    after: SpecialDay | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCell:
    """A day of a small month: ``off`` (weekday free), ``worked`` (weekend worked), ``rest`` (weekend), ``plain``."""

    day: date
    kind: str
    name: str
    is_today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """A small month: weeks from Monday, None outside it; ``working`` counts its working days."""

    first: date
    weeks: list[list[DayCell | None]]
    working: int
    notes: list[DayCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """``guessed``: days off that are only computed. ``left_out``: statutory days the table says nothing about."""

    year: int
    months: list[MonthView]
    rows: list[CalendarDay]
    guessed: list[SpecialDay]
    left_out: list[date]
    is_arranged: bool

    @property
    def by_hand(self) -> int:
        """How many days an administrator entered."""
        return sum(row.source == CalendarDay.Source.ADMINISTRATOR for row in self.rows)

    @property
    def came_along(self) -> int:
        """How many days came with the portal."""
        return len(self.rows) - self.by_hand


def year_view(year: int, today: date) -> YearView:
    """The year, in one statement."""
    rows = list(CalendarDay.objects.filter(date__year=year).order_by("date"))
    whole = is_whole(year, rows)
    calendar = laid_over(() if whole else (computed(year),), rows)
    known = names_of_days(year, in_language("zh_CN", "en_US"))
    named = (known if not whole else {}) | {row.date: row.name for row in rows}
    stands = {row.date for row in rows}
    guessed = [] if whole else [SpecialDay(day, False, name) for day, name in known.items() if day not in stands]
    return YearView(
        year=year,
        months=[_month(date(year, month, 1), calendar, named, today) for month in range(1, 13)],
        rows=rows,
        guessed=guessed,
        left_out=statutory_left_out(year, stands),
        is_arranged=whole,
    )


def changes_of(year: int, days: Sequence[SpecialDay], rows: Sequence[CalendarDay]) -> list[DayChange]:
    """What putting ``days`` into the table instead of ``rows`` would change, by day."""
    before = {row.date: SpecialDay(row.date, row.is_workday, row.name) for row in rows if row.date.year == year}
    after = {one.day: one for one in days}
    every = sorted(before.keys() | after.keys())
    return [DayChange(day, before.get(day), after.get(day)) for day in every if before.get(day) != after.get(day)]


def is_special(one: SpecialDay) -> bool:
    """Whether the table needs it: a weekend that is free and a weekday that is worked are the plain week."""
    return one.is_workday == (one.day.weekday() >= SATURDAY)


def _month(first: date, calendar: Calendar, named: dict[date, str], today: date) -> MonthView:
    weeks = [
        [_cell(day, calendar, named, today) if day.month == first.month else None for day in week]
        for week in _WEEKS.monthdatescalendar(first.year, first.month)
    ]
    cells = [cell for week in weeks for cell in week if cell]
    return MonthView(
        first=first,
        weeks=weeks,
        working=sum(cell.kind in (PLAIN, WORKED) for cell in cells),
        notes=[cell for cell in cells if cell.kind in (OFF, WORKED)],
    )


def _cell(day: date, calendar: Calendar, named: dict[date, str], today: date) -> DayCell:
    works = calendar.is_working(day)
    kind = (WORKED if works else REST) if day.weekday() >= SATURDAY else (PLAIN if works else OFF)
    return DayCell(day=day, kind=kind, name=named.get(day, ""), is_today=day == today)


def days_in_words(special: Mapping[str, Sequence[str]]) -> str:
    """The special days kept with a term, as people say them: 10月1日至7日放假、10月10日上班; empty without any."""
    off = [date.fromisoformat(text) for text in special.get("off", ())]
    worked = [date.fromisoformat(text) for text in special.get("worked", ())]
    told = [(run[0], _off_words(run)) for run in _runs(off)]
    told += [(day, _("%(day)s上班") % {"day": day_words(day)}) for day in worked]
    return listed(words for _first, words in sorted(told))


def arranged_years(years: Iterable[int]) -> set[int]:
    """Those of the years whose arrangement stands in the table; one statement."""
    wanted = set(years)
    rows = list(CalendarDay.objects.filter(date__year__in=wanted))
    return {year for year in wanted if is_whole(year, rows)}


def _runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days off next to each other, weekends between them included, as first and last."""
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and all(between.weekday() >= SATURDAY for between in _between(runs[-1][1], day)):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range(1, (last - first).days)]


def _off_words(run: tuple[date, date]) -> str:
    first, last = run
    if first == last:
        return _("%(day)s放假") % {"day": day_words(first)}
    return _("%(first)s至%(last)s放假") % {"first": day_words(first), "last": day_words(last)}
