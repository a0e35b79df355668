"""Pages of the exchange meeting: the months, the minutes by region, what is proposed for the scheme."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from appraisals.selectors.terms import all_cycles
from common.errors import ConflictError, RuleError
from common.forms import version_seen, whole_number
from common.refusals import CONFLICT, UNPROCESSABLE, refused
from development.forms import day_in
from development.models import Meeting
from development.permissions import can_run_meeting, visible_meetings
from development.selectors.meetings import SEASON, amendments, candidates_for, months_to_meet, people_concerned
from development.selectors.minutes import agenda_rows
from development.services.meetings import (
    TEXTS,
    MeetingFacts,
    add_to_minutes,
    answer_amendment,
    prepare_meeting,
    propose_amendment,
    save_meeting,
    save_minute,
    send_minutes,
)
from development.states import AmendmentState, MeetingState
from people.requests import person_of, standing_in

PAGE_SIZE = 24
AMENDMENT_LOOKS = {AmendmentState.PROPOSED: "wait", AmendmentState.CONSENTED: "ok", AmendmentState.DECLINED: "na"}
Act = tuple[Callable[[], object], str]


@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """The months whose minutes one may read, and those still to be prepared."""
    person, standing = person_of(request), standing_in(request)
    page = Paginator(visible_meetings(person, standing), PAGE_SIZE).get_page(request.GET.get("page"))
    months = months_to_meet(timezone.localdate() - SEASON)
    context = {"page": page, "to_prepare": [one for one in months if can_run_meeting(standing, one)]}
    return render(request, "development/meetings.html", context)


@require_POST
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the minutes of a month."""
    cycle = get_object_or_404(all_cycles(), pk=pk)
    if not can_run_meeting(standing_in(request), cycle):
        raise Http404
    try:
        made = prepare_meeting(pk, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=reverse("development:meetings"))
    return redirect("development:meeting", pk=made.pk)


@require_GET
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda and the minutes; written by whoever runs it until they are sent."""
    return render(request, "development/meeting.html", _page(request, _meeting_or_404(request, pk)))


@require_GET
def print_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes on A4."""
    return render(request, "development/print_meeting.html", _page(request, _meeting_or_404(request, pk)))


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Day, place, attendees, summary."""
    found = _meeting_or_404(request, pk)
    facts = MeetingFacts(
        held_on=day_in(request.POST, "held_on"),
        place=request.POST.get("place", ""),
        summary=request.POST.get("summary", ""),
        attendee_ids=[n for n in map(whole_number, request.POST.getlist("attendee")) if n is not None],
    )
    try:
        saved = save_meeting(pk, facts, version=version_seen(request.POST.get("version", "")), by=person_of(request))
    except RuleError as error:
        return _refused(request, found, error)
    return _saved(request, saved, "head", saved.version)


@require_POST
def save_region(request: HttpRequest, pk: int, minute: int) -> HttpResponse:
    """What was said of one region."""
    found = _meeting_or_404(request, pk)
    if not found.regions.filter(pk=minute).exists():
        raise Http404
    texts = {name: request.POST[name] for name in TEXTS if name in request.POST}
    try:
        saved = save_minute(minute, texts, version=version_seen(request.POST.get("version", "")), by=person_of(request))
    except RuleError as error:
        return _refused(request, found, error)
    return _saved(request, found, str(minute), saved.version)


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Send them, add to them, propose an amendment."""
    found, person, typed = _meeting_or_404(request, pk), person_of(request), request.POST
    acts: dict[str, Act] = {
        "send": (lambda: send_minutes(pk, by=person), _("纪要已发出")),
        "add": (lambda: add_to_minutes(pk, text=typed.get("text", ""), by=person), _("已补记")),
        "propose": (
            lambda: propose_amendment(pk, text=typed.get("text", ""), reason=typed.get("reason", ""), by=person),
            _("已提交，等上级同意"),
        ),
    }
    if name not in acts:
        raise Http404
    run, said = acts[name]
    try:
        run()
    except RuleError as error:
        return _refused(request, found, error)
    messages.success(request, said)
    return redirect("development:meeting", pk=pk)


@require_POST
def answer(request: HttpRequest, pk: int, amendment: int) -> HttpResponse:
    """Consent to an amendment or decline it, by whoever was asked."""
    found, person = _meeting_or_404(request, pk), person_of(request)
    if not found.amendments.filter(pk=amendment, asked=person).exists():
        raise Http404
    consents = request.POST.get("answer_is", "") == "yes"
    try:
        answer_amendment(amendment, consents=consents, answer=request.POST.get("answer", ""), by=person)
    except RuleError as error:
        return _refused(request, found, error)
    messages.success(request, _("已答复"))
    return redirect("development:meeting", pk=pk)


@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """A part of the scheme's page: what was proposed for its next version."""
    seen = visible_meetings(person_of(request), standing_in(request))
    rows = amendments().filter(meeting__in=seen)[:20]
    return render(request, "development/amendments.html", {"rows": rows, "looks": AMENDMENT_LOOKS})


def _meeting_or_404(request: HttpRequest, pk: int) -> Meeting:
    return get_object_or_404(visible_meetings(person_of(request), standing_in(request)), pk=pk)


def _page(request: HttpRequest, found: Meeting, fault: RuleError | None = None) -> dict[str, Any]:
    person, runs = person_of(request), can_run_meeting(standing_in(request), found.cycle)
    writes = runs and found.state == MeetingState.PREPARED
    attendees = list(found.attendees.order_by("number"))
    return {
        "meeting": found,
        "rows": agenda_rows(found),
        "writes": writes,
        "runs": runs,
        "attendees": attendees,
        "chosen": {one.pk for one in attendees},
        "candidates": candidates_for(found, timezone.localdate()) if writes else (),
        "recipients": people_concerned(found),
        "amendments": amendments().filter(meeting=found),
        "looks": AMENDMENT_LOOKS,
        "addenda": found.addenda.select_related("by"),
        "person_id": person.pk,
        "fault": fault,
        "typed": request.POST,
    }


def _saved(request: HttpRequest, found: Meeting, what: str, version: int) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return render(request, "development/meeting_version.html", {"what": what, "version": version})
    messages.success(request, _("已保存"))
    return redirect("development:meeting", pk=found.pk)


def _refused(request: HttpRequest, found: Meeting, error: RuleError) -> HttpResponse:
    """htmx gets words; a page comes back with what was typed beside the reason."""
    if request.headers.get("HX-Request") == "true":
        return refused(request, error, back=reverse("development:meeting", args=[found.pk]))
    status = CONFLICT if isinstance(error, ConflictError) else UNPROCESSABLE
    return render(request, "development/meeting.html", _page(request, found, error), status=status)
