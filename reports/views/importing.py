"""Import of a workbook in the browser: choose, preview, confirm, or have another of HR confirm what decides pay.

HR's area, so a refusal is a 403.
"""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import RuleError
from common.refusals import UNPROCESSABLE, refused
from people.models import Employee
from people.requests import person_of, standing_in
from reports.facts.blank import blank_workbook
from reports.forms import WorkbookForm
from reports.permissions import can_import
from reports.services.uploads import (
    Upload,
    content_of,
    import_upload,
    keep_upload,
    kept_upload,
    offer_upload,
    return_upload,
    waiting_uploads,
)
from reports.workbooks.marking import LARGEST, marked_copy
from reports.workbooks.writing import MIME_TYPE

SHOWN = 300


@require_http_methods(["GET", "POST"])
def import_workbook(request: HttpRequest) -> HttpResponse:
    """Choose a workbook; one that can be opened is judged, kept and previewed."""
    person = _importer(request)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["workbook"]
        try:
            return redirect("reports:import_preview", keep_upload(file.read(), name=file.name, by=person).token)
        except RuleError as refusal:
            form.add_error("workbook", str(refusal))
    context = {"form": form, "waiting": waiting_uploads(), "person": person}
    return render(request, "reports/import.html", context, status=422 if form.errors else 200)


@require_GET
def import_preview(request: HttpRequest, token: str) -> HttpResponse:
    """What importing would do, every fault with its cell; after the import what it did."""
    return _preview(request, _upload(token, _importer(request)))


@require_POST
def import_load(request: HttpRequest, token: str) -> HttpResponse:
    """Import the very file that was previewed."""
    person = _importer(request)
    upload = _upload(token, person)
    try:
        upload = import_upload(upload, by=person)
    except RuleError as refusal:
        return refused(request, refusal, back=redirect("reports:import_workbook").url)
    if upload.is_done:
        messages.success(request, _("已导入 %(name)s") % {"name": upload.name})
    return redirect("reports:import_preview", token)


@require_POST
def decide_import(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """Ask another of HR, or send the workbook back to who asked."""
    person = _importer(request)
    upload = _upload(token, person)
    acts: dict[str, tuple[Callable[[], Upload], str]] = {
        "offer": (lambda: offer_upload(upload, by=person), _("已请人力资源部的另一位，他收到了消息")),
        "return": (lambda: return_upload(upload, reason=request.POST.get("reason", ""), by=person), _("已退回")),
    }
    if name not in acts:
        raise Http404
    act, said = acts[name]
    try:
        act()
    except RuleError as refusal:
        return _preview(request, upload, refusal)
    messages.success(request, said)
    return redirect("reports:import_preview", token)


@require_GET
def import_file(request: HttpRequest, token: str) -> HttpResponse:
    """The workbook itself, for whoever is to bring it in."""
    upload = _upload(token, _importer(request))
    content = _kept(upload)
    if not content:
        raise Http404
    return _attachment(content, upload.name)


@require_GET
def import_marked(request: HttpRequest, token: str) -> HttpResponse:
    """The person's own workbook with the wrong cells marked."""
    upload = _upload(token, _importer(request))
    content = _kept(upload)
    if not upload.faults or not content or len(content) > LARGEST:
        raise Http404
    marks = [(fault.sheet, fault.row, fault.letters, f"{fault.reason} {fault.hint}") for fault in upload.faults]
    return _attachment(marked_copy(content, marks), _("标红_%(name)s") % {"name": upload.name})


@require_GET
def blank(request: HttpRequest) -> HttpResponse:
    """The empty workbook to be filled in."""
    _importer(request)
    return _attachment(blank_workbook(), _("客服KPI导入模板.xlsx"))


def _importer(request: HttpRequest) -> Employee:
    person = person_of(request)
    if not can_import(standing_in(request)):
        raise PermissionDenied
    return person


def _preview(request: HttpRequest, upload: Upload, fault: RuleError | None = None) -> HttpResponse:
    is_own = upload.person_id == person_of(request).pk
    context = {
        "upload": upload,
        "faults": upload.faults[:SHOWN],
        "lines": upload.lines[:SHOWN],
        "shown": SHOWN,
        "may_mark": is_own and any(fault.row for fault in upload.faults) and len(_kept(upload)) <= LARGEST,
        "is_own": is_own,
        "fault": fault,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "reports/import_preview.html", context, status=UNPROCESSABLE if fault else 200)


def _upload(token: str, person: Employee) -> Upload:
    upload = kept_upload(token, by=person)
    if upload is None:
        raise Http404
    return upload


def _kept(upload: Upload) -> bytes:
    try:
        return content_of(upload)
    except RuleError:
        return b""


def _attachment(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    return HttpResponse(content, content_type=MIME_TYPE, headers={"Content-Disposition": disposition})
