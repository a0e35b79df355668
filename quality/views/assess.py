"""Scoring a call: taken up, saved as it is listened to, submitted; by keys, by mouse and without scripts."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import ConflictError, RuleError
from common.refusals import UNPROCESSABLE, refused
from common.wording import points
from people.requests import person_of, standing_in
from quality.forms.assessing import entries_of
from quality.models import Assessment, Call, FatalFault, RubricItem
from quality.permissions import Ear, Lines, can_listen, can_see_total, listens_at_all, visible_calls
from quality.selectors.assessments import (
    days_of,
    first_draft,
    is_month_counted,
    may_be_taken,
    own_draft_of,
    sheet_of,
    summed,
    to_score,
)
from quality.services.assessing import (
    discard_assessment,
    open_assessment,
    save_sheet,
    submit_assessment,
    take_over_assessment,
)
from quality.states import AssessmentState
from quality.views.sheets import sheet_view, sum_view


@require_http_methods(["GET", "POST"])
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's own sheet of a call; without one, the way to begin (POST) or who has it."""
    call, ear = _heard(request, pk)
    if request.method == "POST":
        try:
            open_assessment(pk, by=ear.person)
        except RuleError as error:
            return refused(request, error, back=_address(pk))
        return redirect("quality:assess", pk=pk)
    sheet = sheet_of(call, ear)
    if sheet is None:
        return render(request, "quality/assess_open.html", _unopened(call, ear))
    if sheet.state == AssessmentState.SUBMITTED:
        return redirect("quality:call", pk=pk)
    sheet.call = call
    return _page(request, sheet)


@require_POST
def save_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """What the sheet holds, as each level is chosen; answers with the sum and the new version."""
    draft = _draft(request, pk)
    try:
        _save(request, draft)
    except RuleError as error:
        return _refused(request, draft, error)
    if request.headers.get("HX-Request") == "true":
        return render(request, "quality/assess_saved.html", _sums(draft.pk))
    messages.success(request, _("已保存，还没有提交"))
    return redirect("quality:assess", pk=pk)


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what the sheet holds, then hand it in. What is refused stays a saved draft."""
    draft = _draft(request, pk)
    try:
        _save(request, draft)
    except RuleError as error:
        return _refused(request, draft, error)
    try:
        done = submit_assessment(draft.pk, by=person_of(request))
    except RuleError as error:
        return _not_yet(request, draft, error)
    words = _("已提交：%(number)s，%(total)s 分") % {"number": draft.call.number, "total": points(done.total)}
    messages.success(request, words)
    return _go(request, reverse("quality:call", args=[pk]))


@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over a scoring that has lain for a day."""
    call, ear = _heard(request, pk)
    draft = first_draft(call)
    if draft is None or not ear.hears_all or not can_see_total(ear, call):
        raise Http404
    try:
        take_over_assessment(draft.pk, by=ear.person)
    except RuleError as error:
        return refused(request, error, back=_address(pk))
    return redirect("quality:assess", pk=pk)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one's own draft away."""
    draft = _draft(request, pk)
    try:
        discard_assessment(draft.pk, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=_address(pk))
    messages.success(request, _("草稿已放弃，别人可以评这一通了"))
    return redirect("quality:to_score")


@require_GET
def waiting_calls(request: HttpRequest) -> HttpResponse:
    """What waits for this listener: blind second scorings, his drafts, drawn calls nobody has begun."""
    ear = ear_in(request)
    context = {"work": to_score(ear), "listens": listens_at_all(ear)}
    return render(request, "quality/to_score.html", context)


def ear_in(request: HttpRequest) -> Ear:
    """Who is asking, as a listener."""
    return Ear(person_of(request), standing_in(request))


def _heard(request: HttpRequest, pk: int) -> tuple[Call, Ear]:
    """The call, if the person may listen to it; else it is not there."""
    ear = ear_in(request)
    calls = visible_calls(ear).prefetch_related("assessments")
    call: Call = get_object_or_404(calls, pk=pk)
    if not can_listen(ear, call, Lines.of([call])):
        raise Http404
    return call, ear


def _draft(request: HttpRequest, pk: int) -> Assessment:
    """The person's own draft of the call; whether he may still listen is the service's to ask."""
    draft = own_draft_of(pk, ear_in(request))
    if draft is None:
        raise Http404
    return draft


def _save(request: HttpRequest, draft: Assessment) -> None:
    try:
        save_sheet(draft.pk, entries=entries_of(request.POST), by=person_of(request))
    except (RubricItem.DoesNotExist, FatalFault.DoesNotExist) as error:
        raise Http404 from error


def _unopened(call: Call, ear: Ear) -> dict[str, Any]:
    taken = first_draft(call)
    may_take = taken is not None and ear.hears_all and may_be_taken(taken, timezone.now())
    days = days_of(taken) if taken else 0
    told = {"call": call, "taken": taken, "may_take": may_take, "hears_all": ear.hears_all, "days": days}
    return told | {"is_over": call.total is None and is_month_counted(call)}


def _page(
    request: HttpRequest, sheet: Assessment, *, typed: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    context = {"draft": sheet, "call": sheet.call, "sums": sum_view(sheet), "sheet": sheet_view(sheet, typed=typed)}
    return render(request, "quality/assess.html", context, status=status)


def _sums(pk: int) -> dict[str, Any]:
    """What of the page changes with a saved level."""
    draft = summed(pk)
    return {"draft": draft, "call": draft.call, "sums": sum_view(draft)}


def _refused(request: HttpRequest, draft: Assessment, error: RuleError) -> HttpResponse:
    """Nothing was saved. A plain page comes back with all that was typed."""
    if request.headers.get("HX-Request") == "true":
        mine = _("你刚填的") if isinstance(error, ConflictError) else ""
        return refused(request, error, back=_address(draft.call_id), mine=mine)
    messages.error(request, " ".join([str(error), *error.problems]))
    call, ear = _heard(request, draft.call_id)
    sheet = sheet_of(call, ear) or draft
    sheet.call = call
    return _page(request, sheet, typed=_flat(request.POST), status=UNPROCESSABLE)


def _not_yet(request: HttpRequest, draft: Assessment, error: RuleError) -> HttpResponse:
    """It was saved, but can't be handed in: the sheet is brought up to date and goes to what is missing."""
    if request.headers.get("HX-Request") != "true":
        return refused(request, error, back=_address(draft.call_id))
    words = " ".join([str(error), *error.problems])
    answer = render(request, "quality/assess_saved.html", _sums(draft.pk), status=UNPROCESSABLE)
    told = {"kp:toast": {"text": words, "kind": "late"}, "kp:missing": {"field": error.field}}
    answer.headers["HX-Trigger"] = json.dumps(told)
    return answer


def _go(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _flat(data: QueryDict) -> dict[str, str]:
    return {name: data.get(name, "") for name in data}


def _address(pk: int) -> str:
    return reverse("quality:assess", args=[pk])
