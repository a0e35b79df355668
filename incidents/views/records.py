"""One incident record: as far as the reader may see it, with what he may do; its files (P4.5)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from common.refusals import UNPROCESSABLE
from common.uploads import ACCEPT, PICTURES
from incidents.forms.filing import ShareForm
from incidents.models import EventFile
from incidents.selectors.ledger import waiting_to_verify
from incidents.selectors.records import (
    awaited_views,
    file_with_record,
    incident_of_share,
    incident_with_shares,
    is_file_visible,
    record_view,
)
from incidents.services.filing import (
    add_incident_files,
    confirm_involvement,
    overturn_involvement,
    reject_involvement,
    rejudge_involvement,
    state_view,
    withdraw_incident,
)
from incidents.views.incidents import files_of, judge_of
from people.requests import person_of

Act = Callable[[], object]


@require_GET
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """The record."""
    return _page(request, pk)


@require_POST
def decide_incident(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """What concerns the whole record: take it back, put files to it."""
    by, reason = person_of(request), request.POST.get("reason", "")
    acts: dict[str, tuple[Act, str]] = {
        "withdraw": (lambda: withdraw_incident(pk, reason=reason, by=by), _("已撤回，记录还在")),
        "files": (lambda: add_incident_files(pk, files=files_of(request), by=by), _("已补文件")),
    }
    return _act(request, pk, name, acts)


@require_POST
def decide_share(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """What concerns one person's share: his view of it, the verifier's word, undoing that."""
    found = incident_of_share(pk)
    if found is None:
        raise Http404
    by, reason = person_of(request), request.POST.get("reason", "")
    acts: dict[str, tuple[Act, str]] = {
        "state": (lambda: state_view(pk, text=_view(request), by=by), _("已记下你的陈述")),
        "silent": (lambda: state_view(pk, text="", by=by), _("已记下：没有要说的")),
        "confirm": (lambda: confirm_involvement(pk, **_points(request), reason=reason, by=by), _("已确认，计入考核")),
        "rejudge": (lambda: rejudge_involvement(pk, **_points(request), reason=reason, by=by), _("已按现在的次数认定")),
        "reject": (lambda: reject_involvement(pk, reason=reason, by=by), _("已记为不成立")),
        "overturn": (lambda: overturn_involvement(pk, reason=reason, by=by), _("已撤销，不再扣分")),
    }
    return _act(request, found, name, acts, share=pk)


@require_GET
def incident_file(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a record, always as a download under its own name."""
    found = _file(request, pk)
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
    return _harmless(answer, "application/octet-stream")


@require_GET
def incident_picture(request: HttpRequest, pk: int) -> FileResponse:
    """A photo of a record, to be shown in its page and nowhere else."""
    found = _file(request, pk)
    if found.kind not in PICTURES:
        raise Http404
    return _harmless(FileResponse(found.file.open("rb")), PICTURES[found.kind])


def _file(request: HttpRequest, pk: int) -> EventFile:
    found = file_with_record(pk)
    if found is None or not is_file_visible(judge_of(request), found):
        raise Http404
    return found


def _harmless(answer: FileResponse, kind: str) -> FileResponse:
    """Whatever is in the file, the browser takes it for that kind, runs nothing and lends it to no other site."""
    answer.headers["Content-Type"] = kind
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _act(
    request: HttpRequest, pk: int, name: str, acts: Mapping[str, tuple[Act, str]], *, share: int | None = None
) -> HttpResponse:
    """Do it if the record is there for him; a refusal shows the page again with all that was typed."""
    if name not in acts:
        raise Http404
    _seen(request, pk, share)
    act, said = acts[name]
    try:
        act()
    except RuleError as error:
        return _page(request, pk, fault=error, share=share)
    messages.success(request, said)
    return redirect("incidents:incident", pk=pk)


def _seen(request: HttpRequest, pk: int, share: int | None) -> Any:
    """What he may see of the record; a share hidden from him is not there."""
    found = incident_with_shares(pk)
    view = record_view(judge_of(request), found) if found else None
    if view is None or (share is not None and share not in {one.share.pk for one in view.shares}):
        raise Http404
    return view


def _page(request: HttpRequest, pk: int, *, fault: RuleError | None = None, share: int | None = None) -> HttpResponse:
    view = _seen(request, pk, share)
    context = {
        "record": view,
        "days": awaited_views(view),
        "next": waiting_to_verify(judge_of(request)).exclude(incident=pk).first(),
        "accept": ACCEPT,
        "pictures": tuple(PICTURES),
        "fault": fault,
        "tried": share,
        "typed": request.POST,
    }
    return render(request, "incidents/incident.html", context, status=UNPROCESSABLE if fault else 200)


def _view(request: HttpRequest) -> str:
    text = request.POST.get("statement", "")
    if not text.strip():
        raise RuleError(_("写下你的看法；没有的话，点“没有要说的”。"), code="text_missing", field="statement")
    return text


def _points(request: HttpRequest) -> dict[str, Any]:
    """The points as typed; nothing typed is what was suggested."""
    form = ShareForm({"points": request.POST.get("points", "")})
    form.is_valid()
    if "points" in form.errors:
        raise RuleError(_("分数填 0.01 到 100，最多两位小数。"), code="out_of_range", field="points")
    return {"points": form.cleaned_data.get("points")}
