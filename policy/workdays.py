"""Terms in working days on a given calendar (P6.3): statutory holidays and make-up days.

Days are counted from the day after; a term ends at 24:00 of its last day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Self

from policy.scheme_parts import Step
from policy.schemes import Scheme

_DAY = timedelta(days=1)
# A calendar without a working day in this many days is a mistake, not a long holiday.
_LONGEST_BREAK = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days off beyond weekends, and weekend days that are worked to make up for them."""

    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()

    @classmethod
    def of(cls, holidays: Iterable[tuple[date, date]], makeup_days: Iterable[date] = ()) -> Self:
        """A calendar from holiday periods, both ends included."""
        days = {first + _DAY * step for first, last in holidays for step in range((last - first).days + 1)}
        return cls(holidays=frozenset(days), makeup_days=frozenset(makeup_days))

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is worked: a make-up day always, a holiday or weekend never."""
        if day in self.makeup_days:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def special_days(self, first: date, last: date) -> dict[str, list[str]]:
        """The days from ``first`` to ``last`` that differ from the plain week, as JSON data, to be kept with a term."""
        span = list(_days(first, last))
        return {
            "off": [day.isoformat() for day in span if day.weekday() < 5 and not self.is_working(day)],
            "worked": [day.isoformat() for day in span if day.weekday() >= 5 and self.is_working(day)],
        }


def working_day_after(day: date, count: int, calendar: Calendar) -> date:
    """The ``count``-th working day after ``day``, which itself is not counted."""
    return _walk(day, count, _DAY, calendar)


def working_day_before(day: date, count: int, calendar: Calendar) -> date:
    """The ``count``-th working day before ``day``, which itself is not counted."""
    return _walk(day, count, -_DAY, calendar)


def nth_working_day(year: int, month: int, count: int, calendar: Calendar) -> date:
    """The ``count``-th working day of a month."""
    return working_day_after(date(year, month, 1) - _DAY, count, calendar)


def working_days_left(today: date, last: date, calendar: Calendar) -> int:
    """Working days from ``today`` to ``last``, both included; negative when that is past."""
    if today > last:
        return -sum(1 for day in _days(last + _DAY, today) if calendar.is_working(day))
    return sum(1 for day in _days(today, last) if calendar.is_working(day))


class Anchors(NamedTuple):
    """The dates a round's terms run from; None while the event has not happened.

    ``period_end`` is the period's last day, ``received_on`` the day the result was published to
    the appraisee, ``appeal_closed_on`` the end of the appeal term or the day of the ruling.
    """

    period_start: date
    period_end: date
    received_on: date | None = None
    appeal_closed_on: date | None = None


def due_on(step: str, anchors: Anchors, scheme: Scheme, calendar: Calendar) -> date | None:
    """The last day of a step of the round; None while the event it runs from is to come."""
    rule = scheme.step(step)
    if rule.anchor == "before_period":
        return working_day_before(anchors.period_start, rule.days, calendar)
    if rule.anchor == "after_period":
        return working_day_after(anchors.period_end, rule.days, calendar)
    start = anchors.received_on if rule.anchor == "received" else anchors.appeal_closed_on
    return None if start is None else working_day_after(start, rule.days, calendar)


def remind_on(step: str, due: date, scheme: Scheme, calendar: Calendar) -> tuple[date, ...]:
    """The days on which a step's owners are reminded, earliest first."""
    return reminder_days(scheme.step(step), due, calendar)


def reminder_days(step: Step, due: date, calendar: Calendar) -> tuple[date, ...]:
    """As ``remind_on``, of a step that need not be the scheme's."""
    days = []
    for offset in sorted(step.remind):
        if offset < 0:
            days.append(working_day_before(due, -offset, calendar))
        else:
            days.append(due if offset == 0 else working_day_after(due, offset, calendar))
    return tuple(days)


def _walk(day: date, count: int, step: timedelta, calendar: Calendar) -> date:
    if count < 1:
        raise ValueError(count)
    idle = 0
    while count:
        day += step
        if calendar.is_working(day):
            count -= 1
            idle = 0
        else:
            idle += 1
            if idle > _LONGEST_BREAK:
                raise ValueError(day)
    return day


def _days(first: date, last: date) -> Iterable[date]:
    return (first + _DAY * step for step in range((last - first).days + 1))
