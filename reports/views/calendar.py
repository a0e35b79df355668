"""Keeping the working-day calendar: a day, a year from a spreadsheet, and what that does to terms already stored.

HR's and the administrators' area, so a refusal is a 403.
"""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import RuleError
from common.refusals import refused
from common.wording import listed
from common.wording import month as month_name
from common.years import changes_of, year_view
from people.forms import CalendarDayForm, DayForm
from people.models import Employee
from people.permissions import can_edit_calendar
from people.requests import person_of, standing_in
from people.selectors import calendar_seen
from people.services.calendar import remove_calendar_day, save_calendar_day, save_calendar_year
from reports.facts.calendars import CalendarSheet, calendar_workbook, read_calendar
from reports.forms import CalendarImportForm, CalendarYearForm, told_days
from reports.services.terms import extend_all_terms
from reports.workbooks.writing import MIME_TYPE


@require_POST
def save_day(request: HttpRequest) -> HttpResponse:
    """Mark a day as working or free, and give the terms it touches more time."""
    person = _keeper(request)
    form = CalendarDayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("日期要写成2027-01-01这样。"))
        return redirect("people:calendar")
    data = form.cleaned_data
    back = _page(data["date"].year)
    try:
        save_calendar_day(
            data["date"], is_workday=data["is_workday"], name=data["name"], by=person, standing=standing_in(request)
        )
    except RuleError as refusal:
        return refused(request, refusal, back=back)
    _say(request, person)
    return redirect(back)


@require_POST
def remove_day(request: HttpRequest) -> HttpResponse:
    """Take a wrongly entered day back."""
    person = _keeper(request)
    form = DayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("日期要写成2027-01-01这样。"))
        return redirect("people:calendar")
    day: date = form.cleaned_data["date"]
    try:
        remove_calendar_day(day, by=person, standing=standing_in(request))
    except RuleError as refusal:
        return refused(request, refusal, back=_page(day.year))
    _say(request, person)
    return redirect(_page(day.year))


@require_http_methods(["GET", "POST"])
def import_year(request: HttpRequest) -> HttpResponse:
    """Choose a year and a spreadsheet; what is posted is judged and previewed, nothing is saved yet."""
    _keeper(request)
    this_year = timezone.localdate().year
    form = CalendarImportForm(request.POST or None, request.FILES or None, initial={"year": _asked(request, this_year)})
    if request.method == "POST" and form.is_valid():
        try:
            sheet = read_calendar(form.cleaned_data["workbook"].read(), form.cleaned_data["year"])
            return _preview(request, sheet)
        except RuleError as refusal:
            form.add_error("workbook", str(refusal))
    context = {"form": form, "year": _asked(request, this_year)}
    return render(request, "reports/calendar_import.html", context, status=422 if form.errors else 200)


@require_POST
def save_year(request: HttpRequest) -> HttpResponse:
    """Save the very days that were previewed, unless the year has changed meanwhile."""
    person = _keeper(request)
    form = CalendarYearForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("预览的内容不完整，再选一次文件。"))
        return redirect("reports:import_calendar")
    data = form.cleaned_data
    try:
        changes = save_calendar_year(
            data["year"], data["days"], seen=data["seen"], by=person, standing=standing_in(request)
        )
    except RuleError as refusal:
        return refused(
            request, refusal, back=f"{reverse('reports:import_calendar')}?{urlencode({'year': data['year']})}"
        )
    words = ngettext("%(year)s年的日历已保存，改了%(n)s天", "%(year)s年的日历已保存，改了%(n)s天", len(changes))
    messages.success(request, words % {"year": data["year"], "n": len(changes)})
    _say(request, person)
    return redirect(_page(data["year"]))


@require_GET
def template(request: HttpRequest, year: int) -> HttpResponse:
    """The spreadsheet to be filled in, with what is known of the year."""
    _keeper(request)
    year = min(max(year, 2000), 2100)
    name = _("%(year)s年工作日历.xlsx") % {"year": year}
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    content = calendar_workbook(year_view(year, timezone.localdate()))
    return HttpResponse(content, content_type=MIME_TYPE, headers={"Content-Disposition": disposition})


def _preview(request: HttpRequest, sheet: CalendarSheet) -> HttpResponse:
    view = year_view(sheet.year, timezone.localdate())
    context = {
        "sheet": sheet,
        "changes": changes_of(sheet.year, sheet.days, view.rows),
        "seen": calendar_seen(view.rows),
        "days": told_days(sheet.days),
    }
    return render(request, "reports/calendar_preview.html", context, status=422 if sheet.faults else 200)


def _say(request: HttpRequest, person: Employee) -> None:
    """Give running terms the days off that were added, and say which got more time; none ever gets less."""
    extended = extend_all_terms(by=person)
    keys, results, appeals, others = extended
    if keys:
        words = _("%(months)s的期限顺延了，有关的人收到了消息")
        messages.info(request, words % {"months": listed(month_name(key) for key in keys)})
    if results:
        words = ngettext("%(n)s份结果的签认、申诉期限顺延了", "%(n)s份结果的签认、申诉期限顺延了", results)
        messages.info(request, words % {"n": results})
    if appeals:
        words = ngettext("%(n)s件申诉的期限顺延了", "%(n)s件申诉的期限顺延了", appeals)
        messages.info(request, words % {"n": appeals})
    if others:
        words = ngettext("%(n)s个陈述、异议期限顺延了", "%(n)s个陈述、异议期限顺延了", others)
        messages.info(request, words % {"n": others})
    if not any(extended):
        messages.success(request, _("已保存，没有期限要顺延；已经算好的期限不会提前"))


def _keeper(request: HttpRequest) -> Employee:
    person = person_of(request)
    if not can_edit_calendar(standing_in(request)):
        raise PermissionDenied
    return person


def _asked(request: HttpRequest, this_year: int) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) == len("2027") else this_year


def _page(year: int) -> str:
    return f"{reverse('people:calendar')}?{urlencode({'year': year})}"
