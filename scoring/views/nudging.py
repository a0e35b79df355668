"""Remind those who owe something of the month, from its board."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from common.errors import RuleError
from common.forms import whole_number
from common.refusals import refused
from people.requests import person_of, standing_in
from scoring.permissions import visible_boards
from scoring.services.nudging import Debt, Nudged, nudge_people
from scoring.views.duty import cycle_or_404


@require_POST
def nudge(request: HttpRequest, key: str) -> HttpResponse:
    """One row's button, the ticked ones, or everybody of the list as it is narrowed."""
    cycle = cycle_or_404(visible_boards(standing_in(request)), key)
    asked = {name: request.POST.get(name, "") for name in ("step", "region")}
    query = urlencode({name: value for name, value in asked.items() if value})
    back = f"{reverse('scoring:duty_month', args=[key])}?{query}#list"
    everybody = "all" in request.POST
    one = request.POST.get("one")
    picked = [_debt(text) for text in ([one] if one else request.POST.getlist("debt"))]
    if not picked and not everybody:
        messages.error(request, _("先勾选要催的人。"))
        return redirect(back)
    try:
        done = nudge_people(cycle.pk, by=person_of(request), picked=None if everybody else picked, **asked)
    except RuleError as error:
        return refused(request, error, back=back)
    _say(request, done)
    return redirect(back)


def _debt(text: str) -> Debt:
    what, _colon, person = text.partition(":")
    return what, whole_number(person)


def _say(request: HttpRequest, done: Nudged) -> None:
    if done.told:
        messages.success(request, ngettext("已催办%(n)s人", "已催办%(n)s人", done.told) % {"n": done.told})
    if done.lately:
        words = ngettext("%(n)s人4小时内催过，没有再催", "%(n)s人4小时内催过，没有再催", done.lately)
        messages.info(request, words % {"n": done.lately})
    if done.own:
        messages.info(request, _("你自己也欠，没有给自己发催办"))
    if not any(done[:3]):
        messages.info(request, _("没有人欠了，刷新这一页看看"))
