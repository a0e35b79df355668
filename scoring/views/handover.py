"""The page on which a month's duty is handed over, taken over or reassigned (P5.3)."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import RuleError
from common.forms import whole_number
from common.refusals import refused
from people.models import Employee
from people.requests import person_of, standing_in
from scoring.permissions import can_view_handover
from scoring.selectors.handover import handover_of
from scoring.services.handover import answer_offer, offer_duty, reassign_duty, take_over_duty, withdraw_offer


@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest, key: str) -> HttpResponse:
    """Who has the month and who had it; the buttons are those of the reader."""
    month, person, standing = _month(key), person_of(request), standing_in(request)
    if not can_view_handover(standing, month):
        raise Http404
    if request.method == "POST":
        return _act(request, month, person)
    context = {"month": month, "key": key, "duty": handover_of(month, person, standing)}
    return render(request, "scoring/handover.html", context | {"may_open": standing.is_on_duty(month)})


def _act(request: HttpRequest, month: date, person: Employee) -> HttpResponse:
    said = request.POST
    to, seen, reason = whole_number(said.get("to", "")), whole_number(said.get("seen", "")), said.get("reason", "")
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "offer": (lambda: offer_duty(month, to_id=to or 0, reason=reason, by=person), _("已发出，等对方答复")),
        "agree": (lambda: answer_offer(month, agrees=True, by=person), _("已接手，这个月由你值班")),
        "refuse": (lambda: answer_offer(month, agrees=False, by=person), _("已答复：不接手")),
        "withdraw": (lambda: withdraw_offer(month, by=person), _("已撤回")),
        "take": (
            lambda: take_over_duty(month, seen_id=seen, reason=reason, by=person),
            _("已接手，组长和原值班主任会收到消息"),
        ),
        "reassign": (
            lambda: reassign_duty(month, to_id=to or 0, seen_id=seen, reason=reason, by=person),
            _("已改派，有关的人会收到消息"),
        ),
    }
    name = said.get("act", "")
    if name not in acts:
        raise Http404
    act, done = acts[name]
    try:
        act()
    except RuleError as error:
        return refused(request, error, back=request.path)
    messages.success(request, done)
    return redirect(request.path)


def _month(key: str) -> date:
    try:
        return date.fromisoformat(f"{key}-01")
    except ValueError as error:
        raise Http404 from error
