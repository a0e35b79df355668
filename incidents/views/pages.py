"""Incidents and bonuses: what waits for me, what I filed, what concerns me; a short form to file one."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import RuleError
from common.refusals import refused, safe_back
from incidents.forms.filing import EventForm
from incidents.permissions import (
    Judge,
    Superiors,
    can_check_first,
    can_check_second,
    can_reject_bonus,
    can_verify,
    visible_bonuses,
    visible_incidents,
)
from incidents.services.bonuses import first_check_bonus, raise_bonus, reject_bonus, second_check_bonus
from incidents.services.filing import file_incident, reject_involvement, verify_involvement
from incidents.states import EventState
from people.requests import person_of, standing_in

PAGE_SIZE = 40
UNDECIDED_FIRST = (Case(When(state=EventState.FILED, then=0), default=1), "-occurred_on", "-pk")
Act = Callable[[], object]


@require_http_methods(["GET", "HEAD", "POST"])
def incidents(request: HttpRequest) -> HttpResponse:
    """Incident records I may see, those to decide first; POST files one."""
    return _add_incident(request) if request.method == "POST" else _incidents(request)


def _add_incident(request: HttpRequest) -> HttpResponse:
    form = EventForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            filed = file_incident(
                typed["employee"].pk,
                occurred_on=typed["occurred_on"],
                description=typed["text"],
                points=typed["points"],
                by=person_of(request),
            )
        except RuleError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("已登记 %(number)s，等人核实") % {"number": filed.number})
            return redirect("incidents:incidents")
    return _incidents(request, form=form, status=422)


@require_POST
def decide_incident(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Verify or turn down."""
    get_object_or_404(visible_incidents(_judge(request)), pk=pk)
    person, reason = person_of(request), request.POST.get("reason", "")
    acts: dict[str, tuple[Act, str]] = {
        "verify": (lambda: verify_incident(pk, by=person), _("已核实，计入考核")),
        "reject": (lambda: reject_incident(pk, reason=reason, by=person), _("已记为不成立")),
    }
    return _act(request, acts, name, "incidents:incidents")


@require_http_methods(["GET", "HEAD", "POST"])
def bonuses(request: HttpRequest) -> HttpResponse:
    """Bonus claims I may see, those to decide first; POST applies for one, reports or proposes it."""
    return _add_bonus(request) if request.method == "POST" else _bonuses(request)


def _add_bonus(request: HttpRequest) -> HttpResponse:
    form = EventForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            raised = raise_bonus(
                typed["employee"].pk,
                occurred_on=typed["occurred_on"],
                grounds=typed["text"],
                points=typed["points"],
                by=person_of(request),
            )
        except RuleError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("已提交 %(number)s，等初核") % {"number": raised.number})
            return redirect("incidents:bonuses")
    return _bonuses(request, form=form, status=422)


@require_POST
def decide_bonus(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """First check, second check, or turn down."""
    get_object_or_404(visible_bonuses(_judge(request)), pk=pk)
    person, reason = person_of(request), request.POST.get("reason", "")
    acts: dict[str, tuple[Act, str]] = {
        "first": (lambda: first_check_bonus(pk, by=person), _("已初核，等直接上级确认")),
        "second": (lambda: second_check_bonus(pk, by=person), _("已确认，计入考核")),
        "reject": (lambda: reject_bonus(pk, reason=reason, by=person), _("已记为不成立")),
    }
    return _act(request, acts, name, "incidents:bonuses")


def _act(request: HttpRequest, acts: Mapping[str, tuple[Act, str]], name: str, back: str) -> HttpResponse:
    if name not in acts:
        raise Http404
    act, said = acts[name]
    try:
        act()
    except RuleError as error:
        return refused(request, error, back=request.POST.get("next", "/"))
    messages.success(request, said)
    return redirect(safe_back(request, request.POST.get("next") or reverse(back)))


def _judge(request: HttpRequest) -> Judge:
    return Judge(person_of(request), standing_in(request))


def _incidents(request: HttpRequest, *, form: EventForm | None = None, status: int = 200) -> HttpResponse:
    judge = _judge(request)
    page = Paginator(visible_incidents(judge).order_by(*UNDECIDED_FIRST), PAGE_SIZE).get_page(request.GET.get("page"))
    above = Superiors.of(page.object_list)
    rows = [{"event": one, "may_decide": can_verify(judge, one, above), "holder": above.name_of(one)} for one in page]
    return _render(request, "incidents/incidents.html", page, rows, form, status)


def _bonuses(request: HttpRequest, *, form: EventForm | None = None, status: int = 200) -> HttpResponse:
    judge = _judge(request)
    page = Paginator(visible_bonuses(judge).order_by(*UNDECIDED_FIRST), PAGE_SIZE).get_page(request.GET.get("page"))
    above = Superiors.of(page.object_list)
    rows = [
        {
            "event": one,
            "may_first": can_check_first(judge, one, above),
            "may_second": can_check_second(judge, one, above),
            "may_reject": can_reject_bonus(judge, one, above),
            "holder": above.name_of(one),
        }
        for one in page
    ]
    return _render(request, "incidents/bonuses.html", page, rows, form, status)


def _render(
    request: HttpRequest,
    template: str,
    page: Any,
    rows: list[dict[str, Any]],
    form: EventForm | None,
    status: int,
) -> HttpResponse:
    about, me = request.GET.get("about", ""), person_of(request)
    form = form or EventForm(initial={"employee": about, "occurred_on": timezone.localdate()})
    context = {
        "page": page,
        "form": form,
        "opened": bool(about) or form.is_bound,
        "todo": [row for row in rows if row.get("may_decide") or row.get("may_first") or row.get("may_second")],
        "rest": [row for row in rows if not (row.get("may_decide") or row.get("may_first") or row.get("may_second"))],
        "me": me,
    }
    return render(request, template, context, status=status)
