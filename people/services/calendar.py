"""The working-day calendar, kept by hand where the library's seed does not know or is wrong."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from common.models import CalendarDay
from people.facts import Standing
from people.models import Employee
from people.permissions import can_edit_calendar


@transaction.atomic(durable=True)
def save_calendar_day(day: date, *, is_workday: bool, name: str, by: Employee, standing: Standing) -> CalendarDay:
    """Mark ``day`` as working or free. Terms that were stored before stay as they are."""
    if not can_edit_calendar(standing):
        raise RuleError(_("工作日历由人力资源部维护。"), code="not_allowed")
    row = CalendarDay.objects.select_for_update().filter(date=day).first() or CalendarDay(date=day)
    before = {"is_workday": row.is_workday, "name": row.name} if row.pk else None
    row.is_workday, row.name, row.source = is_workday, name, CalendarDay.Source.ADMINISTRATOR
    row.full_clean()
    row.save()
    record("calendar.day_saved", row, by=by, before=before, after={"is_workday": is_workday, "name": name})
    return row
