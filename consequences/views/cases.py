"""What is done with a case: its checklist, approval, end, and taking it back (P7.1, P7.2)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from common.forms import version_seen
from common.refusals import UNPROCESSABLE, refused
from common.uploads import check_upload
from consequences.forms.decisions import CheckForm, LastDayForm
from consequences.selectors.case import case_page, decision_for, file_for, proposal_for
from consequences.services.approving import approve_decision, drop_decision
from consequences.services.checking import Finding, save_check, set_last_day, state_own_words, take_signature_back
from consequences.services.undoing import keep_decision, note_letter_read, undo_decision
from consequences.views.proposals import page_of, proposal_or_404, reader_in
from people.requests import person_of


@require_POST
def act(request: HttpRequest, pk: int, decision: int, name: str) -> HttpResponse:
    """Approve, drop, take back, keep, state one's own words, set the last day, note that the letter was read."""
    found = decision_for(reader_in(request), decision)
    acts = _acts(request, decision)
    if found is None or found.proposal_id != pk or name not in acts:
        raise Http404
    do, said = acts[name]
    back = redirect("consequences:proposal", pk=pk)
    try:
        do()
    except RuleError as error:
        return refused(request, error, back=back.url)
    messages.success(request, said)
    if proposal_for(reader_in(request), pk) is None:
        return redirect("home")
    return back


@require_POST
def check(request: HttpRequest, pk: int, item: int, name: str) -> HttpResponse:
    """Save, sign or reopen a point of the checklist."""
    found = proposal_or_404(request, pk)
    page = case_page(reader_in(request), found, timezone.localdate())
    if item not in {one.pk for one in page.checks} or name not in {"save", "reopen"}:
        raise Http404
    try:
        if name == "reopen":
            take_signature_back(item, reason=request.POST.get("reason", ""), by=person_of(request))
            messages.success(request, _("签字已撤回"))
        else:
            save_check(item, _finding(request), version=_version(request), by=person_of(request))
            messages.success(request, _("已保存"))
    except RuleError as error:
        typed = {"item": item, "fault": error, "note": request.POST.get("note", "")}
        typed["signed_for"] = request.POST.get("signed_for", "")
        return page_of(request, found, status=UNPROCESSABLE, typed=typed)
    return redirect("consequences:proposal", pk=pk)


@require_GET
def check_file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file of the checklist, always as a download under its own name."""
    found = file_for(reader_in(request), pk, file)
    if found is None:
        raise Http404
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _acts(request: HttpRequest, decision: int) -> dict[str, tuple[Callable[[], object], str]]:
    person, reason = person_of(request), request.POST.get("reason", "")
    version = _version(request)

    def last_day() -> object:
        form = LastDayForm(request.POST)
        day = form.cleaned_data["day"] if form.is_valid() else None
        return set_last_day(decision, day=day, version=version, by=person)

    return {
        "approve": (lambda: approve_decision(decision, version=version, by=person), _("已批准，生效了")),
        "drop": (lambda: drop_decision(decision, reason=reason, by=person), _("不办了，建议回到待决定")),
        "undo": (lambda: undo_decision(decision, reason=reason, by=person), _("已撤回")),
        "keep": (lambda: keep_decision(decision, reason=reason, by=person), _("已记下保留的理由")),
        "state": (lambda: state_own_words(decision, text=request.POST.get("text", ""), by=person), _("已提交")),
        "last-day": (last_day, _("最后工作日已改")),
        "read": (lambda: note_letter_read(decision, by=person), _("已记下你读过了")),
    }


def _finding(request: HttpRequest) -> Finding:
    form = CheckForm(request.POST)
    if not form.is_valid():
        raise RuleError(_("有一处写得太长，写短一点。"), code="too_long")
    return Finding(
        note=form.cleaned_data["note"],
        signed_for=form.cleaned_data["signed_for"],
        files=tuple(check_upload(file, field="files") for file in request.FILES.getlist("files")),
        is_signed=form.cleaned_data["sign"],
    )


def _version(request: HttpRequest) -> int | None:
    return version_seen(request.POST.get("version", ""))
