"""The result's page, signing, the list of one's months, and what an owner has still to sign."""

from typing import Any, cast

from allauth.core import ratelimit
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from appraisals.models import Form
from appraisals.permissions import hats_on
from appraisals.selectors.teams import KINDS
from appraisals.states import FormState
from appraisals.workflow import Hat, moves_from
from common.errors import RuleError
from common.forms import whole_number
from common.refusals import refused
from common.wording import month as month_name
from incidents.permissions import Judge
from incidents.selectors.opening import Openable, openable
from people.models import Account
from people.requests import person_of, standing_in
from scoring.facts.payslips import payslip_of
from scoring.facts.snapshots import Frozen, read_snapshot
from scoring.forms import PasswordForm, SignForm
from scoring.models import Result
from scoring.permissions import can_view_pay
from scoring.selectors.results import (
    around,
    corrected_of,
    marks_of,
    results_of,
    results_to_sign,
    signatures_of,
    versions_of,
)
from scoring.selectors.terms import result_terms
from scoring.selectors.trends import trend_of
from scoring.services.signing import sign_result
from scoring.states import Side
from scoring.views.explained import explained

PAGE_SIZE = 24
MOST_SIGNED = 50


@require_GET
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """How a form's result came about; who has signed; what can still be done about it."""
    versions = _versions(request, pk)
    asked = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.version) == asked), None) if asked else versions[0]
    if shown is None:
        raise Http404
    return render(request, "scoring/result.html", _page(request, shown, versions))


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the version that was on the page, confirmed by one's password."""
    versions = _versions(request, pk)
    back = reverse("scoring:result", args=[pk])
    form = SignForm(request.POST, account=_account(request))
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        messages.error(request, _("密码试得太多，过一分钟再签。"))
        return redirect(back)
    if not form.is_valid():
        return render(request, "scoring/result.html", _page(request, versions[0], versions, form), status=422)
    typed = form.cleaned_data
    try:
        sign_result(
            pk, digest=typed["digest"], is_agreed=form.is_agreed, objection=typed["objection"], by=person_of(request)
        )
    except RuleError as error:
        return refused(request, error, back=back)
    messages.success(request, _("已签认") if form.is_agreed else _("已带异议签认，异议会附在结果后面"))
    return redirect(back)


@require_GET
def my_results(request: HttpRequest) -> HttpResponse:
    """One's own months, newest first."""
    page = Paginator(results_of(person_of(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {"result": one, "marks": marks_of(one), "kind": KINDS[FormState(one.form.state)], "cycle": one.form.cycle}
        for one in page
    ]
    return render(request, "scoring/my_results.html", {"page": page, "rows": rows})


@require_GET
def to_sign(request: HttpRequest) -> HttpResponse:
    """The results of one's people that wait for one's signature."""
    return render(request, "scoring/to_sign.html", _waiting(request))


@require_POST
def sign_many(request: HttpRequest) -> HttpResponse:
    """Sign the ticked results, each as the version that was on the page, by one password."""
    form = PasswordForm(request.POST, account=_account(request))
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        messages.error(request, _("密码试得太多，过一分钟再签。"))
        return redirect("scoring:to_sign")
    ticked = [pk for text in request.POST.getlist("form") if (pk := whole_number(text)) is not None][:MOST_SIGNED]
    if not form.is_valid() or not ticked:
        context = _waiting(request) | {"form": form, "ticked": ticked, "none_ticked": not ticked}
        return render(request, "scoring/to_sign.html", context, status=422)
    done = 0
    for pk in ticked:
        try:
            sign_result(pk, digest=request.POST.get(f"digest-{pk}", ""), by=person_of(request))
            done += 1
        except (RuleError, Form.DoesNotExist, Result.DoesNotExist) as error:
            messages.error(request, str(error) if isinstance(error, RuleError) else _("有一份已经收回，没有签。"))
    if done:
        messages.success(request, ngettext("已签认 %(n)s 人的结果", "已签认 %(n)s 人的结果", done) % {"n": done})
    return redirect("scoring:to_sign")


def _versions(request: HttpRequest, pk: int) -> list[Result]:
    found = versions_of(pk, person_of(request), standing_in(request))
    if not found:
        raise Http404
    return found


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)  # the middleware lets nobody in who is not signed in


def _page(request: HttpRequest, shown: Result, versions: list[Result], form: SignForm | None = None) -> dict[str, Any]:
    person, standing, today = person_of(request), standing_in(request), timezone.localdate()
    hats = hats_on(shown.form, person, standing)
    is_own = Hat.APPRAISEE in hats
    signed = signatures_of(shown)
    side = Side.APPRAISEE if is_own else Side.OWNER
    is_current = shown.superseded_at is None
    moves = {move.name for move in moves_from(shown.form.state, hats, managerial=shown.form.is_managerial)}
    may_sign = is_current and "sign" in moves and side not in signed
    near = around(shown, person, standing)
    terms = result_terms([shown], today).get(shown.pk)
    frozen = read_snapshot(shown.snapshot)
    return {
        "result": shown,
        "form": shown.form,
        "cycle": shown.form.cycle,
        "told": explained(frozen, _records(request, frozen)),
        "kind": KINDS[FormState(shown.form.state)],
        "versions": versions,
        "corrected": corrected_of(versions),
        "is_current": is_current,
        "is_own": is_own,
        "may_ask_training": is_own or Hat.OWNER in hats,
        "sides": [(Side.OWNER, signed.get(Side.OWNER)), (Side.APPRAISEE, signed.get(Side.APPRAISEE))],
        "side": side,
        "may_sign": may_sign,
        "asked": form or (SignForm(account=_account(request)) if may_sign else None),
        "terms": terms,
        "near": near,
        "change": _change(shown, near.before) if is_own else None,
        "pay": payslip_of(shown) if can_view_pay(person, shown, standing) else None,
        **(_trend(shown) if is_own else {}),
    }


def _records(request: HttpRequest, frozen: Frozen) -> Openable:
    """The records behind the result's incidents and bonuses that the reader may open."""
    judge = Judge(person_of(request), standing_in(request))
    numbers = [[event.number for event in events] for events in (frozen.record.incidents, frozen.record.bonuses)]
    return openable(judge, *numbers)


def _change(shown: Result, before: Any) -> Any:
    if before is None or before.coefficient is None or shown.coefficient is None:
        return None
    return shown.coefficient - before.coefficient


def _trend(shown: Result) -> dict[str, Any]:
    months = trend_of(shown.employee_id)
    here = next((month for month in months if month.form_id == shown.form_id), None)
    line = [(month_name(month.month, "short"), month.own, month.median) for month in months]
    has_median = any(month.median is not None for month in months)
    return {"trend": line, "has_median": has_median, "median": here.median if here else None}


def _waiting(request: HttpRequest) -> dict[str, Any]:
    page = Paginator(results_to_sign(person_of(request)), MOST_SIGNED).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows, terms = [], result_terms(page, today)
    for one in page:
        own = next((signature for signature in one.signatures.all() if signature.side == Side.APPRAISEE), None)
        rows.append({"result": one, "own": own, "cycle": one.form.cycle, "terms": terms[one.pk]})
    return {"page": page, "rows": rows, "form": PasswordForm(account=_account(request))}
