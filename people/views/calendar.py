"""The working-day calendar to be read by everybody; it is kept on the pages of reports, which extend the terms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from common.forms import whole_number
from common.selectors import missing_arrangement
from common.years import year_view
from people.forms import CalendarDayForm
from people.permissions import can_edit_calendar
from people.requests import standing_in


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Twelve small months and the days that differ from the plain week, with what counts while a year is unknown."""
    today = timezone.localdate()
    asked = whole_number(request.GET.get("year", ""))
    year = asked if asked is not None and 2000 <= asked <= 2100 else today.year
    context = {
        "view": year_view(year, today),
        "missing_year": missing_arrangement(today),
        "can_edit": can_edit_calendar(standing_in(request)),
        "form": CalendarDayForm(),
    }
    return render(request, "people/calendar.html", context)
