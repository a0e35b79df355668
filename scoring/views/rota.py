"""The duty rota: the year, a fair proposal for the leader, and trades of months among the duty officers (P5.2)."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from common.forms import whole_number
from common.refusals import refused
from people.requests import person_of, standing_in
from people.states import Duty
from scoring.forms import SwapForm, TurnForm
from scoring.selectors.rota import rota_of, swap_visible
from scoring.services.rota import Choice, answer_swap, ask_swap, set_turns, undo_swap, withdraw_swap


@require_GET
def rota(request: HttpRequest) -> HttpResponse:
    """Twelve months with their duty officers, the group, the proposal and the trades."""
    today = timezone.localdate()
    asked = whole_number(request.GET.get("year", ""))
    year = asked if asked is not None and 2000 <= asked <= 2100 else today.year
    context = {
        "year": year,
        "rota": rota_of(year, person_of(request), standing_in(request), today),
        "duties": Duty.choices,
        "this_month": today.replace(day=1),
    }
    return render(request, "scoring/rota.html", context)


@require_POST
def set_months(request: HttpRequest) -> HttpResponse:
    """Put members on duty for a month, or for every month of the proposal."""
    choices = [_choice(text) for text in request.POST.getlist("turn")]
    if not choices:
        month = TurnForm(request.POST)
        choices = [month.choice()] if month.is_valid() else [None]
    if None in choices:
        messages.error(request, _("选一个月份和一位组员。"))
        return redirect("scoring:rota")
    chosen = [one for one in choices if one is not None]
    back = _page(chosen[0].month)
    try:
        done = set_turns(chosen, by=person_of(request))
    except RuleError as refusal:
        return refused(request, refusal, back=back)
    words = ngettext("排好了%(n)s个月，有关的人会收到消息", "排好了%(n)s个月，有关的人会收到消息", len(done))
    messages.success(request, words % {"n": len(done)} if done else _("没有改动"))
    return redirect(back)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the officer of another month to trade."""
    form = SwapForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("选要换的月份。"))
        return redirect("scoring:rota")
    data = form.cleaned_data
    back = _page(data["month"])
    try:
        swap = ask_swap(data["month"], data["other_month"], reason=data["reason"], by=person_of(request))
    except RuleError as refusal:
        return refused(request, refusal, back=back)
    messages.success(request, _("已问%(name)s，同意后才换") % {"name": swap.asked.name})
    return redirect(f"{back}#swaps")


@require_POST
def decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Agree to a trade, refuse it, take it back, or as the leader undo it."""
    person = person_of(request)
    swap = swap_visible(pk, person, standing_in(request))
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "agree": (lambda: answer_swap(pk, agrees=True, by=person), _("换好了，组长会收到消息")),
        "refuse": (lambda: answer_swap(pk, agrees=False, by=person), _("已答复：不换")),
        "withdraw": (lambda: withdraw_swap(pk, by=person), _("已撤回")),
        "undo": (lambda: undo_swap(pk, by=person), _("已撤销，两个月各归原来的人")),
    }
    if swap is None or name not in acts:
        raise Http404
    act, done = acts[name]
    back = f"{_page(swap.month)}#swaps"
    try:
        act()
    except RuleError as refusal:
        return refused(request, refusal, back=back)
    messages.success(request, done)
    return redirect(back)


def _choice(text: str) -> Choice | None:
    """``2027-01:12``, a month of the proposal with its officer; nobody had it when it was proposed."""
    month, _colon, officer = text.partition(":")
    form = TurnForm({"month": month, "officer": officer})
    return form.choice() if form.is_valid() else None


def _page(month: date) -> str:
    return f"{reverse('scoring:rota')}?year={month.year}"
