"""HR's month: results, proposals, filing; and the month's report as a file."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisals.models import Cycle, Form
from appraisals.states import FormState
from common.errors import RuleError
from common.forms import whole_number
from common.refusals import refused
from common.selectors import countdown
from consequences.permissions import Reader
from people.models import Employee
from people.requests import person_of, standing_in
from policy.rounding import ZERO
from reports.exports import month_workbook
from reports.forms import ReasonForm
from reports.permissions import can_download_report, can_file, can_view_month, can_view_pay, reported_forms
from reports.selectors.months import cycles_with_scheme, signed_forms, without_own_secrets
from reports.selectors.pages import chosen, in_sight, month_page, person_lines
from reports.workbooks.writing import MIME_TYPE
from scoring.selectors.pay import paid_among
from scoring.selectors.reports import difference_rows, month_cycle, month_rows
from scoring.services.filing import file_forms, file_unsigned, unfile
from scoring.services.steps import CHUNK

PAGE_SIZE = 25
FEW = 6


@require_GET
def hr_month(request: HttpRequest, key: str = "") -> HttpResponse:
    """The month in sums, proposals, and forms on their way to the file."""
    person, standing, today = person_of(request), standing_in(request), timezone.localdate()
    if not can_view_month(standing):
        raise PermissionDenied
    cycles = cycles_with_scheme()
    cycle = chosen(cycles, key, today)
    if cycle is None:
        if key:
            raise Http404
        return render(request, "reports/hr_empty.html")
    with_pay = can_view_pay(standing)
    rows = without_own_secrets(month_rows(cycle), person.pk)
    asked = {name: request.GET.get(name, "").strip() for name in ("state", "region", "text")}
    month = month_page(cycle, cycles, rows, reader=Reader(person, standing), with_pay=with_pay, today=today)
    page = Paginator(in_sight(rows, **asked), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = person_lines(page, person=person, standing=standing, today=today)
    terms = (month.cycle.publish_due_on, month.filing.sign_due_on, *(line.sign_due_on for line in lines))
    context = {
        "month": month,
        "page": page,
        "lines": lines,
        "asked": asked,
        "query": urlencode(asked),
        "states": FormState.choices,
        "with_pay": with_pay,
        "differences": (differences := difference_rows(cycle) if with_pay else []),
        "owed": sum((row.amount for row in differences), ZERO),
        "can_file": can_file(standing),
        "paid": paid_among([row.form_id for row in page]),
        "days": countdown(today, terms),
        "all_near": "near" in request.GET,
        "few": FEW,
    }
    return render(request, "reports/hr_month.html", context)


@require_GET
def month_report(request: HttpRequest, key: str) -> HttpResponse:
    """The KPI report as a workbook: with pay for HR, without for who answers for the month."""
    person, standing = person_of(request), standing_in(request)
    cycle = _cycle(key)
    if not can_download_report(standing, cycle):
        raise PermissionDenied
    with_pay = can_view_pay(standing)
    rows = without_own_secrets(month_rows(cycle, reported_forms(person, standing)), person.pk)
    ending = "" if with_pay else "_无薪酬"
    name = f"客服KPI绩效考核报表_{cycle.key}{ending}.xlsx"
    differences = difference_rows(cycle) if with_pay else []
    return _attachment(month_workbook(cycle, rows, with_pay=with_pay, differences=differences), name)


@require_POST
def file_signed(request: HttpRequest, key: str) -> HttpResponse:
    """File the ticked results that both have signed, or all of them (a great many in several goes)."""
    cycle = _cycle(key)
    back = redirect("reports:hr_month", key=key)
    if not can_file(standing_in(request)):
        raise PermissionDenied
    ticked = [pk for text in request.POST.getlist("form") if (pk := whole_number(text)) is not None]
    ids = signed_forms(cycle)[:CHUNK] if "all" in request.POST else ticked
    if not ids:
        messages.error(request, _("先勾选要备案的人。"))
        return back
    try:
        filed = file_forms(cycle.pk, form_ids=ids, by=person_of(request))
    except RuleError as refusal:
        return refused(request, refusal, back=back.url)
    messages.success(request, ngettext("已备案%(n)s人", "已备案%(n)s人", len(filed)) % {"n": len(filed)})
    return back


@require_http_methods(["GET", "POST"])
def file_by_reason(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """With a reason: file a result that nobody signed in time, or take a filing back."""
    person, standing = person_of(request), standing_in(request)
    if not can_file(standing):
        raise PermissionDenied
    found = reported_forms(person, standing).exclude(employee=person).select_related("employee", "cycle")
    form = get_object_or_404(found, pk=pk, cycle=_cycle(key), state__in=(FormState.PUBLISHED, FormState.FILED))
    asked = ReasonForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        return _file(request, form, asked.cleaned_data["reason"], person)
    page = "reports/file_by_reason.html#dialog" if request.headers.get("HX-Request") else "reports/file_by_reason.html"
    words: dict[str, Any] = {"form": form, "asked": asked, "is_filed": form.state == FormState.FILED, "key": key}
    return render(request, page, words, status=422 if asked.errors else 200)


def _file(request: HttpRequest, form: Form, reason: str, person: Employee) -> HttpResponse:
    back = redirect("reports:hr_month", key=form.cycle.key)
    try:
        if form.state == FormState.FILED:
            unfile(form.pk, reason=reason, by=person)
            messages.success(request, _("已撤回%(name)s的备案") % {"name": form.employee.name})
        else:
            file_unsigned(form.pk, reason=reason, by=person)
            messages.success(request, _("已备案%(name)s，记为未签认") % {"name": form.employee.name})
    except RuleError as refusal:
        return refused(request, refusal, back=back.url)
    return back


def _cycle(key: str) -> Cycle:
    try:
        month = date.fromisoformat(f"{key}-01")
    except ValueError as error:
        raise Http404 from error
    cycle = month_cycle(month)
    if cycle is None or cycle.key != key:
        raise Http404
    return cycle


def _attachment(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    return HttpResponse(content, content_type=MIME_TYPE, headers={"Content-Disposition": disposition})
