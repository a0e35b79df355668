"""The ledger of incidents and the page that files one (P4.5)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import RuleError
from common.refusals import UNPROCESSABLE
from common.uploads import ACCEPT, Checked, check_upload
from incidents.forms.filing import IncidentForm, LedgerForm, ShareForm
from incidents.permissions import Judge
from incidents.selectors.catalogue import every_incident_kind
from incidents.selectors.hints import hints_for
from incidents.selectors.ledger import Asked, ledger, ledger_months, ledger_rows, views_to_state, waiting_to_verify
from incidents.selectors.rules import EARLIEST, kinds_to_file
from incidents.services.filing import file_incident
from incidents.states import EventState
from people.requests import person_of, standing_in
from people.selectors import employee_numbered

PAGE_SIZE = 40
WAITING_SHOWN = 8


@require_GET
def incidents(request: HttpRequest) -> HttpResponse:
    """What waits for me, then the records I may see with filters; nothing ever leaves the ledger."""
    judge, wanted = judge_of(request), LedgerForm(request.GET).wanted()
    is_filtered = wanted != Asked()
    views = [] if is_filtered else list(views_to_state(judge.person)[:WAITING_SHOWN])
    verify = [] if is_filtered else list(waiting_to_verify(judge)[: WAITING_SHOWN + 1])
    page = Paginator(ledger(judge, wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = ledger_rows([*views, *verify[:WAITING_SHOWN], *page.object_list])
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "views": rows[: len(views)],
        "verify": rows[len(views) : len(views) + len(verify[:WAITING_SHOWN])],
        "more_to_verify": len(verify) > WAITING_SHOWN,
        "rows": rows[len(views) + len(verify[:WAITING_SHOWN]) :],
        "asked": wanted,
        "is_filtered": is_filtered,
        "kinds": every_incident_kind(),
        "months": ledger_months(judge),
        "states": EventState.choices,
        "query": query.urlencode(),
    }
    return render(request, "incidents/incidents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_incident(request: HttpRequest) -> HttpResponse:
    """File an incident; ``?about=`` names whom it concerns. With ``more`` one more person's line is asked for."""
    kinds = list(kinds_to_file())
    if request.method != "POST":
        form = IncidentForm(initial={"occurred_on": f"{timezone.localdate():%Y-%m-%d}"}, kinds=kinds)
        about = employee_numbered(request.GET.get("about", ""))
        if about is not None:
            form.shares = [ShareForm(initial={"person": f"{about.name} {about.number}"})]
        return _new(request, form)
    form = IncidentForm(request.POST, kinds=kinds)
    if "more" in request.POST:
        form.shares.append(ShareForm())
        return _new(request, form)
    if form.is_valid():
        try:
            filed = file_incident(form.draft(files_of(request)), by=person_of(request))
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记%(number)s，等当事人陈述和核实") % {"number": filed.number})
            return to_record(request, reverse("incidents:incident", args=[filed.pk]))
    return _new(request, form, status=UNPROCESSABLE)


@require_GET
def incident_hints(request: HttpRequest) -> HttpResponse:
    """What the page says while somebody types: records alike, repetition for those who may know it, what it brings."""
    return render(request, "incidents/incident_hints.html", _hints(request, request.GET))


def _new(request: HttpRequest, form: IncidentForm, status: int = 200) -> HttpResponse:
    grouped: dict[str, list[Any]] = {}
    for kind in form.kinds.values():
        grouped.setdefault(kind.category, []).append(kind)
    data = request.POST if request.method == "POST" else _asked_about(form)
    context = {"form": form, "kinds": grouped, "accept": ACCEPT, "filer": person_of(request), "blank": ShareForm()}
    context |= _hints(request, data)
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"incidents/incident_{'form' if is_part else 'new'}.html", context, status=status)


def _asked_about(form: IncidentForm) -> MultiValueDict[str, Any]:
    """The form as it opens, as if it had been sent."""
    people = [str(one["person"].value() or "") for one in form.shares]
    return MultiValueDict({"person": people, "occurred_on": [str(form["occurred_on"].value())]})


def _hints(request: HttpRequest, data: MultiValueDict[str, Any]) -> dict[str, Any]:
    """From the fields that are right so far."""
    form = IncidentForm(data, kinds=list(kinds_to_file()))
    form.is_valid()
    day, kind = form.cleaned_data.get("occurred_on"), form.chosen()
    context: dict[str, Any] = {"chosen": kind, "hints": []}
    if day is not None and EARLIEST <= day <= timezone.localdate():
        at = form.cleaned_data.get("occurred_time")
        context["hints"] = hints_for(judge_of(request), form.named(), day, kind, at=at)
    return context


def to_record(request: HttpRequest, address: str) -> HttpResponse:
    """To the record; htmx is told by a header, or the record would land inside the form."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def files_of(request: HttpRequest) -> tuple[Checked, ...]:
    """Photos and files sent with the form, each looked at."""
    return tuple(check_upload(file, field="files") for file in request.FILES.getlist("files"))


def judge_of(request: HttpRequest) -> Judge:
    """Who asks, with his standing."""
    return Judge(person_of(request), standing_in(request))
