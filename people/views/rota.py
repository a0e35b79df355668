"""The duty rota with the group."""

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
from people.forms import DutyTurnForm, MembershipForm
from people.permissions import can_set_rota
from people.requests import person_of, standing_in
from people.selectors import duty_turns_of, employee_numbered, group_members_on
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


def _year(request: HttpRequest, today: date) -> int:
    asked = whole_number(request.GET.get("year", ""))
    return asked if asked is not None and 2000 <= asked <= 2100 else today.year
