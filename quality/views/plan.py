"""The sampling plan of a month: who has how many calls, and the button that has them drawn (A2)."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from common.forms import month_of
from common.refusals import refused
from common.wording import listed
from people.requests import person_of, standing_in
from quality.permissions import Ear, can_draw, can_view_plan
from quality.selectors.coverage import AgentPlan, month_ends, plan_for
from quality.services.sampling import Draw, draw_calls

PAGE_SIZE = 60
NAMED = 5
SHOWS = ("", "short", "undrawn", "unscored", "new")


@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """Registered, drawn and scored calls against what the plan wants, by region and agent."""
    month = _month(request.GET.get("month", ""))
    ear, (first, last) = Ear(person_of(request), standing_in(request)), month_ends(month)
    if not can_view_plan(ear, first, last):
        raise PermissionDenied
    found = plan_for(ear, month)
    region, show = request.GET.get("region", ""), request.GET.get("show", "")
    agents = [one for one in found.agents if _fits(one, region, show)]
    page = Paginator(agents, PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "plan": found,
        "page": page,
        "region": region,
        "show": show,
        "key": f"{first:%Y-%m}",
        "query": urlencode({"month": f"{first:%Y-%m}", "region": region, "show": show}),
        "before": _shifted(first, -1),
        "after": _shifted(first, 1) if first < today.replace(day=1) else None,
        "may_draw": can_draw(ear, first, last) and bool(found.agents) and found.rubric is not None,
    }
    return render(request, "quality/plan.html", context)


@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Have the month's calls drawn."""
    month = _month(request.POST.get("month", ""))
    back = f"{reverse('quality:plan')}?month={month:%Y-%m}"
    ear, (first, last) = Ear(person_of(request), standing_in(request)), month_ends(month)
    if not can_draw(ear, first, last):
        raise PermissionDenied
    try:
        drawn = draw_calls(month, by=ear.person)
    except RuleError as error:
        return refused(request, error, back=back)
    messages.success(request, _said(drawn))
    if drawn.short:
        messages.info(request, _wanting(drawn))
    return redirect(back)


def _month(text: str) -> date:
    return month_of(text) or timezone.localdate().replace(day=1)


def _shifted(first: date, months: int) -> str:
    place = first.year * 12 + first.month - 1 + months
    return f"{place // 12:04}-{place % 12 + 1:02}"


def _fits(agent: AgentPlan, region: str, show: str) -> bool:
    if region and (agent.person.region is None or agent.person.region.code != region):
        return False
    wanted = {
        "short": agent.calls.missing > 0,
        "undrawn": agent.calls.to_draw > 0,
        "unscored": agent.calls.to_score > 0,
        "new": agent.is_new,
    }
    return wanted.get(show, True)


def _said(drawn: Draw) -> str:
    if not drawn.drawn:
        return _("没有要抽的了")
    words = ngettext("抽了 %(n)s 通，", "抽了 %(n)s 通，", drawn.drawn) % {"n": drawn.drawn}
    return words + ngettext("涉及 %(n)s 人", "涉及 %(n)s 人", drawn.agents) % {"n": drawn.agents}


def _wanting(drawn: Draw) -> str:
    """Who is short of registered calls: some by name, the others by their number."""
    named = [
        ngettext("%(name)s只登记了 %(n)s 通", "%(name)s只登记了 %(n)s 通", one.registered)
        % {"name": one.person.name, "n": one.registered}
        for one in drawn.short[:NAMED]
    ]
    more = len(drawn.short) - NAMED
    if more > 0:
        named.append(ngettext("另有 %(n)s 人也不够", "另有 %(n)s 人也不够", more) % {"n": more})
    return listed(named)
