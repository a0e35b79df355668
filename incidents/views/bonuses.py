"""Bonus claims: the ledger, raising one, its record with both checks (P4.6)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import RuleError
from common.forms import whole_number
from common.refusals import UNPROCESSABLE, refused, safe_back
from common.uploads import ACCEPT
from incidents.forms.bonuses import BonusForm, LedgerForm
from incidents.permissions import Judge, Superiors
from incidents.selectors.claim_flow import holder_of
from incidents.selectors.claims import (
    LedgerFilter,
    all_bonus_kinds,
    claim,
    claim_file,
    kinds_to_raise,
    ledger,
    raised_as,
    waiting_claims,
)
from incidents.services.bonuses import (
    add_bonus_files,
    first_check_bonus,
    join_event,
    overturn_bonus,
    raise_bonus,
    reject_bonus,
    second_check_bonus,
    withdraw_bonus,
)
from incidents.states import EventState
from incidents.views.claim_parts import claim_page, hints_of
from incidents.views.incidents import files_of, to_record
from people.models import Employee
from people.requests import person_of, standing_in
from people.selectors import employee_numbered

PAGE_SIZE = 40
WAITING_SHOWN = 10
Act = Callable[[], object]


@require_GET
def bonuses(request: HttpRequest) -> HttpResponse:
    """The claims I may see: what waits for me first, then the ledger with its filters."""
    judge, form = _judge(request), LedgerForm(request.GET)
    wanted = form.wanted()
    waiting = list(waiting_claims(judge)[: WAITING_SHOWN + 1]) if wanted == LedgerFilter() else []
    rows = ledger(judge, wanted).exclude(pk__in=[one.pk for one in waiting[:WAITING_SHOWN]])
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    above = Superiors.of([*waiting, *page.object_list])
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "rows": [_row(one, above) for one in page],
        "waiting": [_row(one, above) for one in waiting[:WAITING_SHOWN]],
        "more_waits": len(waiting) > WAITING_SHOWN,
        "asked": wanted,
        "is_filtered": wanted != LedgerFilter(),
        "kinds": all_bonus_kinds(),
        "states": EventState.choices,
        "query": query.urlencode(),
    }
    return render(request, "incidents/bonuses.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_bonus(request: HttpRequest) -> HttpResponse:
    """Apply for a bonus, report a colleague's, propose one's own people's; for oneself unless ``?about=`` says whom."""
    kinds = kinds_to_raise()
    if request.method != "POST":
        about = employee_numbered(request.GET.get("about", "")) or person_of(request)
        initial = {"employee": _named(about), "occurred_on": f"{timezone.localdate():%Y-%m-%d}", "step": ""}
        return _new(request, BonusForm(initial=initial, kinds=kinds), BonusForm(initial, kinds=kinds))
    form = BonusForm(request.POST, kinds=kinds)
    if form.is_valid():
        try:
            raised = raise_bonus(form.draft(files_of(request)), by=person_of(request))
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("已提交%(number)s，等初核") % {"number": raised.number})
            return to_record(request, reverse("incidents:bonus", args=[raised.pk]))
    return _new(request, form, form, status=UNPROCESSABLE)


@require_GET
def bonus_hints(request: HttpRequest) -> HttpResponse:
    """What the form says while it is filled in: points and cap, claims alike."""
    form = BonusForm(request.GET, kinds=kinds_to_raise())
    return render(request, "incidents/bonus_hints.html", hints_of(_judge(request), form))


@require_GET
def bonus(request: HttpRequest, pk: int) -> HttpResponse:
    """A claim with its checks, files and history."""
    return _record(request, pk)


@require_GET
def bonus_file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file of a claim, always as a download under its own name."""
    found = claim_file(_judge(request), pk, file)
    if found is None:
        raise Http404
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def decide_bonus(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A check, a refusal, a withdrawal, the same event, more files; ``next`` says where it was asked from."""
    if claim(_judge(request), pk) is None:
        raise Http404
    acts = _acts(request, pk)
    if name not in acts:
        raise Http404
    act, said = acts[name]
    try:
        act()
    except RuleError as error:
        if request.POST.get("next") or request.headers.get("HX-Request"):
            return refused(request, error, back=request.POST.get("next", "/"))
        return _record(request, pk, fault=error, tried=name)
    messages.success(request, said)
    return redirect(safe_back(request, request.POST.get("next") or reverse("incidents:bonus", args=[pk])))


def _acts(request: HttpRequest, pk: int) -> dict[str, tuple[Act, str]]:
    person, reason = person_of(request), request.POST.get("reason", "")
    other = whole_number(request.POST.get("other", ""))
    return {
        "first": (lambda: first_check_bonus(pk, by=person), _("已初核，等直接上级确认")),
        "second": (lambda: second_check_bonus(pk, by=person), _("已确认，汇总时计入考核")),
        "reject": (lambda: reject_bonus(pk, reason=reason, by=person), _("已记为不成立")),
        "withdraw": (lambda: withdraw_bonus(pk, reason=reason, by=person), _("已撤回，记录还在")),
        "overturn": (lambda: overturn_bonus(pk, reason=reason, by=person), _("已撤销，不再计分")),
        "join": (lambda: join_event(pk, other, by=person), _("已改")),
        "files": (lambda: add_bonus_files(pk, files=files_of(request), by=person), _("已补文件")),
    }


def _record(request: HttpRequest, pk: int, *, fault: RuleError | None = None, tried: str = "") -> HttpResponse:
    judge = _judge(request)
    found = claim(judge, pk)
    if found is None:
        raise Http404
    context = claim_page(judge, found) | {
        "accept": ACCEPT,
        "fault": fault,
        "tried": tried,
        "typed_reason": request.POST.get("reason", ""),
    }
    return render(request, "incidents/bonus.html", context, status=UNPROCESSABLE if fault else 200)


def _new(request: HttpRequest, form: BonusForm, filled: BonusForm, status: int = 200) -> HttpResponse:
    """``filled`` is the form as something to read hints from: one that is not bound holds nothing yet."""
    context: dict[str, Any] = {"form": form, "accept": ACCEPT}
    context |= hints_of(_judge(request), filled)
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"incidents/bonus_{'form' if is_part else 'new'}.html", context, status=status)


def _row(one: Any, above: Superiors) -> dict[str, Any]:
    return {"claim": one, "as": raised_as(one, above), "holder": holder_of(one, above)}


def _named(person: Employee) -> str:
    return f"{person.name} {person.number}"


def _judge(request: HttpRequest) -> Judge:
    return Judge(person_of(request), standing_in(request))
