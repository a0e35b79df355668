"""The month's documents: made with one click, kept by month, handed out to those who may read them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from common.forms import whole_number
from common.refusals import refused
from people.requests import person_of, standing_in
from reports.facts.monthly import checks_workbook
from reports.permissions import can_read_archive, visible_documents
from reports.selectors.archive import archived, archived_years, by_month, has_minutes
from reports.services.packaging import hand_out, make_package
from reports.workbooks.writing import MIME_TYPE
from scoring.permissions import opens_every_form, visible_boards
from scoring.selectors.findings import findings_of, last_run
from scoring.selectors.owed import Missing, missing_figures


@require_GET
def archive(request: HttpRequest) -> HttpResponse:
    """The archive by month, one year at a time."""
    standing = standing_in(request)
    if not can_read_archive(standing):
        raise PermissionDenied
    years = archived_years(standing)
    asked = whole_number(request.GET.get("year", ""))
    year = asked if asked in years else next(iter(years), None)
    months = by_month(archived(standing, year)) if year else []
    return render(request, "reports/archive.html", {"months": months, "years": years, "year": year})


@require_POST
def make(request: HttpRequest, key: str) -> HttpResponse:
    """Make and keep the month's documents."""
    cycle = next((one for one in visible_boards(standing_in(request)) if one.key == key), None)
    if cycle is None:
        raise Http404
    try:
        kept = make_package(cycle.pk, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=reverse("scoring:duty_month", args=[key]))
    words = ngettext("已归档%(n)s份文档", "已归档%(n)s份文档", len(kept))
    messages.success(request, words % {"n": len(kept)})
    if not has_minutes(cycle):
        messages.info(request, _("会议纪要还没有发出，没有归档；发出后再归档一次"))
    return redirect(f"{reverse('reports:archive')}?year={cycle.starts_on.year}#m{key}")


@require_POST
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a document out; it is recorded who took it."""
    found = get_object_or_404(visible_documents(standing_in(request)), pk=pk)
    try:
        kept, content = hand_out(found.pk, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=reverse("reports:archive"))
    return _attachment(content, kept.name)


@require_GET
def checks(request: HttpRequest, key: str) -> HttpResponse:
    """The check report as a workbook."""
    standing = standing_in(request)
    cycle = next((one for one in visible_boards(standing) if one.key == key), None)
    if cycle is None:
        raise Http404
    if not opens_every_form(standing, cycle):
        raise PermissionDenied
    run = last_run(cycle)
    found = list(findings_of(run, person_of(request))) if run else []
    missing = map(Missing._make, missing_figures(cycle))
    return _attachment(checks_workbook(cycle, found, missing), f"{_('汇总检查')}_{cycle.key}.xlsx")


def _attachment(content: bytes, name: str) -> HttpResponse:
    shown = content_disposition_header(as_attachment=True, filename=name) or ""
    return HttpResponse(content, content_type=MIME_TYPE, headers={"Content-Disposition": shown})
