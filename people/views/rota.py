"""The duty rota with the group, and the working-day calendar."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from common.forms import whole_number
from people.forms import CalendarDayForm, DutyTurnForm, MembershipForm
from people.permissions import can_edit_calendar, can_set_rota
from people.requests import person_of, standing_in
from people.selectors import calendar_days_of, duty_turns_of, employee_numbered, group_members_on
from people.services.calendar import save_calendar_day
from people.services.standing import set_duty_turn, set_membership
from people.states import Duty


@require_GET
def rota(request: HttpRequest) -> HttpResponse:
    """Twelve months with their duty officers, and the group."""
    today, standing = timezone.localdate(), standing_in(request)
    year = _year(request, today)
    turns = duty_turns_of(year)
    context = {
        "year": year,
        "months": [(date(year, month, 1), turns.get(month)) for month in range(1, 13)],
        "members": group_members_on(today),
        "can_set": can_set_rota(standing),
        "duties": Duty.choices,
        "this_month": today.replace(day=1),
    }
    return render(request, "people/rota.html", context)


@require_POST
def set_turn(request: HttpRequest) -> HttpResponse:
    """Put a member on duty for a month."""
    form = DutyTurnForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("选一个月份和一位组员。"))
        return redirect("people:rota")
    month = form.cleaned_data["month"]
    try:
        turn = set_duty_turn(
            month, officer_id=form.cleaned_data["officer"], by=person_of(request), standing=standing_in(request)
        )
        messages.success(
            request, _("%(month)s 由 %(name)s 值班") % {"month": f"{month:%Y-%m}", "name": turn.officer.name}
        )
    except RuleError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('people:rota')}?year={month.year}")


@require_POST
def membership(request: HttpRequest) -> HttpResponse:
    """Take somebody into the group, change his duty, or let him go."""
    form = MembershipForm(request.POST)
    person = employee_numbered(request.POST.get("number", ""))
    if not form.is_valid() or person is None:
        messages.error(request, _("没有这个工号，核对后再填。"))
        return redirect("people:rota")
    typed = form.cleaned_data["duty"]
    try:
        set_membership(
            person.pk,
            duty=Duty(typed) if typed else None,
            starts_on=timezone.localdate(),
            by=person_of(request),
            standing=standing_in(request),
        )
        messages.success(request, _("考核小组已更新"))
    except RuleError as refusal:
        messages.error(request, str(refusal))
    return redirect("people:rota")


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The days of a year that differ from the plain week, with a warning when a year is not known."""
    year = _year(request, timezone.localdate())
    context = {
        "year": year,
        "days": calendar_days_of(year),
        "can_edit": can_edit_calendar(standing_in(request)),
        "form": CalendarDayForm(),
    }
    return render(request, "people/calendar.html", context)


@require_POST
def save_day(request: HttpRequest) -> HttpResponse:
    """Mark a day as working or free."""
    form = CalendarDayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("日期要写成2027-01-01 这样。"))
        return redirect("people:calendar")
    try:
        save_calendar_day(
            form.cleaned_data["date"],
            is_workday=form.cleaned_data["is_workday"],
            name=form.cleaned_data["name"],
            by=person_of(request),
            standing=standing_in(request),
        )
        messages.success(request, _("已保存；已经算好的期限不变，只会延后"))
    except RuleError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('people:calendar')}?year={form.cleaned_data['date'].year}")


def _year(request: HttpRequest, today: date) -> int:
    asked = whole_number(request.GET.get("year", ""))
    return asked if asked is not None and 2000 <= asked <= 2100 else today.year
