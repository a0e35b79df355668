"""Seats in the appraisal group, which the page of the rota shows."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import RuleError
from people.forms import MembershipForm
from people.requests import person_of, standing_in
from people.selectors import employee_numbered
from people.services.standing import set_membership
from people.states import Duty


@require_POST
def membership(request: HttpRequest) -> HttpResponse:
    """Take somebody into the group, change his duty, or let him go."""
    form = MembershipForm(request.POST)
    person = employee_numbered(request.POST.get("number", ""))
    if not form.is_valid() or person is None:
        messages.error(request, _("没有这个工号，核对后再填。"))
        return redirect("scoring:rota")
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
    return redirect("scoring:rota")
