"""What a repeated incident comes to (P4.5): how far back one looks, the next severity, the points it may cost."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

LEAST = Decimal("0.01")
MOST = Decimal(100)


@dataclass(frozen=True, slots=True)
class Rung:
    """A severity: its code and the points it may cost, both ends included."""

    code: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Judged:
    """What an incident may cost a person: from ``low`` to ``high``, ``suggested`` unless there is a reason.

    ``code`` is the severity it is judged by, empty for a record without an entry of the standard; ``has_moved`` says
    that repetition made it the next one.
    """

    code: str
    low: Decimal
    high: Decimal
    suggested: Decimal
    has_moved: bool


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier, or the last of that month where it is shorter.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def judge(rungs: Sequence[Rung], own: str, filed: Decimal, *, repeats: int, moves_up: bool) -> Judged:
    """The severity and points of an incident of severity ``own``, filed with ``filed`` points.

    ``rungs`` go from slight to grave. Repeated at all and ``moves_up``: the next rung, suggested at its lowest
    points; the gravest stays what it is. ``own`` empty: any points from 0.01 to 100, as filed.
    """
    place = next((n for n, rung in enumerate(rungs) if rung.code == own), None)
    if place is None:
        return Judged("", LEAST, MOST, filed, has_moved=False)
    if repeats and moves_up and place + 1 < len(rungs):
        up = rungs[place + 1]
        return Judged(up.code, up.low, up.high, up.low, has_moved=True)
    rung = rungs[place]
    return Judged(own, rung.low, rung.high, min(max(filed, rung.low), rung.high), has_moved=False)
