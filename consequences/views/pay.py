"""Pay: HR's months and runs, settled by two; and everybody's own (P7.1)."""

from typing import cast
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from common.refusals import refused
from consequences.views.pay_page import ONLY, month_in, page_of
from people.models import Account
from people.requests import person_of, standing_in
from people.selectors import all_regions
from scoring.facts.payslips import payslips_of
from scoring.forms import DiscardForm, SettleForm
from scoring.permissions import can_settle_pay, sees_pay_sums
from scoring.selectors.payroll import PayMonth, pay_month_rows, run_lines
from scoring.selectors.payroll import pay_months as months_begun
from scoring.services.paying import discard_pay, prepare_pay, settle_pay

PAGE_SIZE = 50
MONTHS = 24


@require_GET
def pay_months(request: HttpRequest) -> HttpResponse:
    """The months and how far their pay is; the department's manager reads the sums."""
    standing, today = standing_in(request), timezone.localdate()
    if not sees_pay_sums(standing):
        raise PermissionDenied
    page = Paginator(months_begun(today), MONTHS).get_page(request.GET.get("page"))
    context = {"page": page, "months": pay_month_rows(page, today), "can_settle": can_settle_pay(standing)}
    return render(request, "consequences/pay_months.html", context)


@require_GET
def pay_run(request: HttpRequest, key: str) -> HttpResponse:
    """A month's runs: their lines, what is paid beside, who is not in; prepare, settle, hand back."""
    standing = standing_in(request)
    if not sees_pay_sums(standing):
        raise PermissionDenied
    if not can_settle_pay(standing):
        return render(request, "consequences/pay_sums.html", {"month": month_in(key)})
    return _rendered(request, key)


@require_POST
def prepare(request: HttpRequest, key: str) -> HttpResponse:
    """Put the month's run together, or anew."""
    month, back = _own_month(request, key), redirect("consequences:pay_run", key=key)
    try:
        run = prepare_pay(month.cycle.pk, by=person_of(request))
    except RuleError as refusal:
        return refused(request, refusal, back=back.url)
    messages.success(request, _("准备好了，共%(n)s人，请另一位同事复核结算") % {"n": run.people})
    return back


@require_POST
def settle(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Settle the run that was on the page, confirmed by one's password."""
    _own_month(request, key)
    back = redirect("consequences:pay_run", key=key)
    form = SettleForm(request.POST, account=_account(request))
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        messages.error(request, _("密码试得太多，过一分钟再试。"))
        return back
    if not form.is_valid():
        return _rendered(request, key, settling=form)
    try:
        settle_pay(pk, digest=form.cleaned_data["digest"], by=person_of(request))
    except RuleError as refusal:
        return refused(request, refusal, back=back.url)
    messages.success(request, _("已结算，各人的明细已经可以看"))
    return back


@require_POST
def discard(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Hand a prepared run back, with the reason."""
    _own_month(request, key)
    back = redirect("consequences:pay_run", key=key)
    form = DiscardForm(request.POST)
    if not form.is_valid():
        return _rendered(request, key, discarding=form)
    try:
        discard_pay(pk, reason=form.cleaned_data["reason"], by=person_of(request))
    except RuleError as refusal:
        return refused(request, refusal, back=back.url)
    messages.success(request, _("已退回，这个月可以重新准备"))
    return back


@require_GET
def my_pay(request: HttpRequest) -> HttpResponse:
    """One's own months of pay, the newest first: settled, or reckoned until it is."""
    page = Paginator(payslips_of(person_of(request)), MONTHS).get_page(request.GET.get("page"))
    return render(request, "consequences/my_pay.html", {"page": page, "slips": page.object_list})


def _rendered(
    request: HttpRequest, key: str, *, settling: SettleForm | None = None, discarding: DiscardForm | None = None
) -> HttpResponse:
    month = month_in(key)
    asked = {name: request.GET.get(name, "").strip() for name in ("text", "region", "only")}
    page = page_of(month, person_of(request), request.GET.get("run", ""))
    lines = run_lines(page.run, **asked)
    context = {
        "month": month,
        "pay": page,
        "page": Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
        "asked": asked,
        "query": urlencode(asked | ({"run": page.run.number} if page.run else {})),
        "only": ONLY,
        "regions": all_regions(),
        "settling": settling or SettleForm(account=_account(request)),
        "discarding": discarding or DiscardForm(),
    }
    status = 422 if settling or discarding else 200
    return render(request, "consequences/pay_run.html", context, status=status)


def _own_month(request: HttpRequest, key: str) -> PayMonth:
    if not can_settle_pay(standing_in(request)):
        raise PermissionDenied
    return month_in(key)


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)  # the middleware lets nobody in who is not signed in
