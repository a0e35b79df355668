"""How far listeners are apart (A2): second scorings drawn, compared, and opened pair by pair."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
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
from common.wording import listed
from people.models import Employee
from people.requests import person_of, standing_in
from policy.drift import FLAG_ABOVE, FLAG_FROM, spread_of
from quality.models import RubricItem
from quality.permissions import Ear, can_draw_seconds, can_view_drift, visible_pairs
from quality.selectors.drift import (
    Choice,
    Span,
    has_listened,
    item_with,
    listeners_with,
    month_span,
    narrowed,
    overview_of,
    pairs_of,
)
from quality.selectors.pairs import told_pairs
from quality.selectors.seconds import open_seconds, owed_seconds
from quality.services.seconds import SecondDraw, draw_seconds

PAIRS_A_PAGE = 8
LISTENERS_A_PAGE = 50
MONTHS_SHOWN = 3
YEARS = (2000, 2100)


@require_GET
def drift(request: HttpRequest) -> HttpResponse:
    """The comparison of some months; ``item`` or ``listener`` opens the pairs behind a line."""
    ear, span = _ear(request), _span(request)
    keys = ("item", "listener")
    context = {
        "span": span,
        "query": _query(span),
        "draws": can_draw_seconds(ear.standing),
        "sees_all": ear.sees_all,
        "above": FLAG_ABOVE,
        "least": FLAG_FROM,
    }
    if any(request.GET.get(key) for key in keys):
        return render(request, "quality/drift_pairs.html", context | _pairs(request, ear, span))
    told = overview_of(span, ear.person, only_own=not ear.sees_all)
    context |= {
        "told": told,
        "page": Paginator(told.listeners, LISTENERS_A_PAGE).get_page(request.GET.get("page")),
        "mine": open_seconds(ear.person),
        "owed": owed_seconds(*span) if ear.sees_all else {},
    }
    return render(request, "quality/drift.html", context)


@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Have the system draw a month's second scorings."""
    if not can_draw_seconds(standing_in(request)):
        raise PermissionDenied
    back = f"{reverse('quality:drift')}?{_query(_span(request))}"
    month = _month(request.POST.get("month", ""))
    if month is None:
        return refused(request, RuleError(_("选一个月份，写成2026-10 这样。"), code="month_missing"), back=back)
    try:
        _say(request, draw_seconds(month, by=person_of(request)))
    except RuleError as error:
        return refused(request, error, back=back)
    return redirect(back)


def _ear(request: HttpRequest) -> Ear:
    ear = Ear(person_of(request), standing_in(request))
    if not can_view_drift(ear, has_listened=ear.sees_all or has_listened(ear.person)):
        raise PermissionDenied
    return ear


def _pairs(request: HttpRequest, ear: Ear, span: Span) -> dict[str, Any]:
    """The pairs of one item, of one listener, or of both; another listener's are not there for a listener."""
    item, listener = _asked(request, ear)
    chosen = Choice(item.name if item else "", listener.pk if listener else None)
    page = Paginator(narrowed(visible_pairs(ear), span, chosen), PAIRS_A_PAGE).get_page(request.GET.get("page"))
    pairs = told_pairs(page.object_list, ear, item=chosen.item)
    more = {"item": item.pk if item else "", "listener": listener.pk if listener else ""}
    return {
        "item": item,
        "listener": listener,
        "is_own": listener == ear.person,
        "spread": spread_of(pairs_of(span, chosen), calls=page.paginator.count),
        "page": page,
        "pairs": pairs,
        "page_query": f"{_query(span)}&{urlencode({key: value for key, value in more.items() if value})}",
    }


def _asked(request: HttpRequest, ear: Ear) -> tuple[RubricItem | None, Employee | None]:
    item = listener = None
    if text := request.GET.get("item"):
        item = item_with(whole_number(text))
        if item is None:
            raise Http404
    if text := request.GET.get("listener"):
        pk = whole_number(text)
        listener = ear.person if pk == ear.person.pk else None
        if listener is None and ear.sees_all and pk is not None:
            listener = listeners_with([pk]).get(pk)
        if listener is None:
            raise Http404
    return item, listener


def _span(request: HttpRequest) -> Span:
    """The months asked for, the earlier one first; else the last three."""
    told = request.GET if request.method == "GET" else request.POST
    last = _month(told.get("to", "")) or timezone.localdate()
    first = _month(told.get("from", "")) or month_span(last, MONTHS_SHOWN).first
    return Span(month_span(min(first, last)).first, month_span(max(first, last)).last)


def _month(text: str) -> date | None:
    try:
        month = date.fromisoformat(f"{text.strip()}-01")
    except ValueError:
        return None
    return month if YEARS[0] <= month.year <= YEARS[1] else None


def _query(span: Span) -> str:
    return urlencode({"from": f"{span.first:%Y-%m}", "to": f"{span.last:%Y-%m}"})


def _say(request: HttpRequest, done: SecondDraw) -> None:
    """Whom the calls went to, what is complete already, and whose calls nobody else may listen to."""
    if done.given:
        names = listed(f"{name} {n}" for name, n in done.given.items())
        words = ngettext("抽了 %(n)s 通复听，已分给：%(names)s", "抽了 %(n)s 通复听，已分给：%(names)s", done.calls)
        messages.success(request, words % {"n": done.calls, "names": names})
    elif not done.short:
        messages.success(request, _("这个月的复听已经抽够，没有新的要抽。"))
    for one in done.short:
        words = ngettext(
            "%(name)s评的录音还差 %(n)s 通没抽成：没有别人能听这些坐席的录音，也没有其他能登录的组员。",
            "%(name)s评的录音还差 %(n)s 通没抽成：没有别人能听这些坐席的录音，也没有其他能登录的组员。",
            one.missing,
        )
        messages.warning(request, words % {"name": one.listener, "n": one.missing})
