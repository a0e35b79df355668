"""The working-day calendar, kept by hand where the portal's own does not know or is wrong (P6, decided).

Terms that were stored before stay as they are here; afterwards they are extended where a day off was added.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.log import record, record_many
from common.errors import RuleError
from common.models import CalendarDay
from common.selectors import calendar_between
from common.wording import day as day_name
from common.years import DayChange, SpecialDay, changes_of, is_special
from people.facts import Standing
from people.models import Employee
from people.permissions import can_edit_calendar
from people.selectors import calendar_seen

ADMINISTRATOR = CalendarDay.Source.ADMINISTRATOR


@transaction.atomic(durable=True)
def save_calendar_day(day: date, *, is_workday: bool, name: str, by: Employee, standing: Standing) -> CalendarDay:
    """Mark ``day`` as working or free. ``RuleError``: no row stands for it and it is so already (``as_usual``)."""
    _check(standing)
    known = CalendarDay.objects.select_for_update().filter(date=day).first()
    if known is None and _is_usual(day, is_workday):
        words = _("%(day)s本来就上班，没有要改的。") if is_workday else _("%(day)s本来就放假，没有要改的。")
        raise RuleError(words % {"day": day_name(day)}, code="as_usual", field="is_workday")
    row = known or CalendarDay(date=day)
    before = _told(known) if known else None
    row.is_workday, row.name, row.source = is_workday, name, ADMINISTRATOR
    row.full_clean()
    row.save()
    record("calendar.day_saved", row, by=by, before=before, after={"is_workday": is_workday, "name": name})
    return row


def _is_usual(day: date, is_workday: bool) -> bool:
    """Whether the plain week says the same, and nothing that is only computed of the year says otherwise."""
    is_plain = not is_special(SpecialDay(day, is_workday, ""))
    return is_plain and calendar_between(day, day).is_working(day) == is_workday


@transaction.atomic(durable=True)
def remove_calendar_day(day: date, *, by: Employee, standing: Standing) -> None:
    """Take a wrongly entered day out of the table; the plain week holds again, or what is computed of the year."""
    _check(standing)
    row = CalendarDay.objects.select_for_update().filter(date=day).first()
    if row is None:
        raise RuleError(_("这一天不在表里，可能刚被删了。"), code="no_such_day", field="date")
    record("calendar.day_removed", row, by=by, before=_dated(row))
    row.delete()


@transaction.atomic(durable=True)
def save_calendar_year(
    year: int, days: Sequence[SpecialDay], *, seen: str, by: Employee, standing: Standing
) -> list[DayChange]:
    """Put a whole year's arrangement into the table instead of what stands there; all of it or nothing.

    ``seen`` is ``calendar_seen`` of the preview: if somebody has changed the year since, nothing is written
    (``changed_meanwhile``). Returns what changed; days that stay as they were keep where they came from.
    """
    _check(standing)
    wrong = [one.day for one in days if one.day.year != year or not is_special(one)]
    if wrong or len({one.day for one in days}) < len(days):
        raise RuleError(_("有的日期不在这一年、和平常一样或写了两次。"), code="wrong_days", field="workbook")
    CalendarDay.objects.select_for_update().order_by("pk").first()  # stands for the table: a new year has no row yet
    rows = list(CalendarDay.objects.select_for_update().filter(date__year=year).order_by("date"))
    if calendar_seen(rows) != seen:
        raise RuleError(_("这一年的日历刚被别人改过，重新预览再保存。"), code="changed_meanwhile")
    changes = changes_of(year, days, rows)
    if changes:
        _write(changes, rows, by)
    return changes


def _write(changes: list[DayChange], rows: list[CalendarDay], by: Employee) -> None:
    stood = {row.date: row for row in rows}
    gone = [stood[one.day] for one in changes if one.after is None]
    record_many("calendar.day_removed", [(row, _dated(row), None) for row in gone], by=by)
    CalendarDay.objects.filter(pk__in=[row.pk for row in gone]).delete()
    CalendarDay.objects.bulk_create(
        [CalendarDay(date=d, is_workday=a.is_workday, name=a.name, source=ADMINISTRATOR) for d, _b, a in changes if a],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "source"],
    )
    now = CalendarDay.objects.filter(date__in=[one.day for one in changes if one.after]).order_by("date")
    told = [(row, _told(stood[row.date]) if row.date in stood else None, _told(row)) for row in now]
    record_many("calendar.day_saved", told, by=by)


def _check(standing: Standing) -> None:
    if not can_edit_calendar(standing):
        raise RuleError(_("工作日历由人力资源部或管理员维护。"), code="not_allowed")


def _told(row: CalendarDay) -> dict[str, Any]:
    return {"is_workday": row.is_workday, "name": row.name}


def _dated(row: CalendarDay) -> dict[str, Any]:
    return {"date": row.date.isoformat(), **_told(row)}
