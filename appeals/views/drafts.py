"""The appellant's draft: begun, saved as it is typed, evidence taken off, handed in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from appeals.forms import draft_in, files_in
from appeals.models import Appeal
from appeals.selectors.cases import begun_against, own_result
from appeals.selectors.contested import contestable_of
from appeals.services.filing import AppealDraft, draft_appeal, remove_file, save_appeal, submit_appeal
from appeals.states import AppealState
from appeals.views.reading import appeal_or_404, draft_page
from common.errors import ConflictError, RuleError
from common.forms import version_seen
from common.refusals import UNPROCESSABLE, refused
from people.requests import person_of


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an appeal against that version of one's own result, or go on with the one there is."""
    person = person_of(request)
    result = own_result(person, pk)
    if result is None:
        raise Http404
    appeal = begun_against(result, person)
    if appeal is None:
        try:
            appeal = draft_appeal(pk, AppealDraft(), by=person)
        except RuleError as error:
            return refused(request, error, back=reverse("scoring:result", args=[result.form_id]))
    return redirect("appeals:appeal", pk=appeal.pk)


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page holds, as it is typed; answers with the new version. Files come along by the button only."""
    appeal = _own_draft(request, pk)
    try:
        saved = _save(request, appeal)
    except RuleError as error:
        return _refused(request, appeal, error)
    if request.headers.get("HX-Request") == "true" and "act" not in request.POST:
        return render(request, "appeals/draft_version.html", {"appeal": saved, "oob": True})
    messages.success(request, _("已保存，还没有提交"))
    return _go(request, pk)


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what the page holds, then hand it in. What is refused stays a saved draft."""
    appeal = _own_draft(request, pk)
    try:
        _save(request, appeal)
    except RuleError as error:
        return _refused(request, appeal, error)
    try:
        done = submit_appeal(pk, by=person_of(request))
    except RuleError as error:
        if request.headers.get("HX-Request") != "true":
            return _refused(request, appeal, error)
        # It is saved, files and all, as a newer version than the page knows: it comes anew and says what is missing.
        messages.error(request, " ".join([str(error), *error.problems]))
        return _go(request, pk)
    messages.success(request, _("已提交%(number)s，等小组分人受理") % {"number": done.number})
    return _go(request, pk)


@require_POST
def remove(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take a file off the draft."""
    _own_draft(request, pk)
    try:
        remove_file(pk, file, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=reverse("appeals:appeal", args=[pk]))
    messages.success(request, _("文件已删"))
    return redirect("appeals:appeal", pk=pk)


def _go(request: HttpRequest, pk: int) -> HttpResponse:
    """To the appeal: a button that waited for the saving before it was sent by the script."""
    address = reverse("appeals:appeal", args=[pk])
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _own_draft(request: HttpRequest, pk: int) -> Appeal:
    appeal = appeal_or_404(request, pk)
    if appeal.employee_id != person_of(request).pk:
        raise Http404
    return appeal


def _save(request: HttpRequest, appeal: Appeal) -> Appeal:
    proven = {item.key for item in appeal.items.all() if item.files.all()}
    draft = draft_in(request.POST, contestable_of(appeal.result), files_in(request.FILES), proven)
    seen = version_seen(request.POST.get("version", ""))
    return save_appeal(appeal.pk, draft, version=seen, by=person_of(request))


def _refused(request: HttpRequest, appeal: Appeal, error: RuleError) -> HttpResponse:
    """htmx gets the words; a page keeps what was saved and says what is missing."""
    is_part = request.headers.get("HX-Request") == "true"
    fresh = appeal_or_404(request, appeal.pk)
    if is_part or isinstance(error, ConflictError) or fresh.state != AppealState.DRAFT:
        return refused(request, error, back=reverse("appeals:appeal", args=[appeal.pk]))
    return render(request, "appeals/draft.html", draft_page(fresh, error), status=UNPROCESSABLE)
