"""The ruling: weighed first, so that everybody concerned is thought of before it is applied."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from appeals.forms import rulings_in
from appeals.models import Appeal
from appeals.permissions import can_examine
from appeals.services.ruling import rule_appeal
from appeals.views.reading import Typed, appeal_or_404, case_page, reader_in
from common.errors import RuleError
from common.forms import version_seen
from common.refusals import UNPROCESSABLE
from people.requests import person_of


@require_POST
def weigh(request: HttpRequest, pk: int) -> HttpResponse:
    """The chain of what the typed rulings would change; nothing is written."""
    appeal = _to_examine(request, pk)
    rulings = rulings_in(request.POST, appeal.items.all())
    page = case_page(request, appeal, Typed(rulings=rulings, reason=request.POST.get("reason", ""), is_weighed=True))
    return render(request, "appeals/case.html", page, status=200 if page["is_weighed"] else UNPROCESSABLE)


@require_POST
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply what was weighed."""
    appeal = _to_examine(request, pk)
    rulings, reason = rulings_in(request.POST, appeal.items.all()), request.POST.get("reason", "")
    seen = version_seen(request.POST.get("version", ""))
    try:
        done = rule_appeal(pk, rulings=rulings, reason=reason, version=seen, by=person_of(request))
    except RuleError as error:
        typed = Typed(rulings=rulings, reason=reason, is_weighed=True, fault=error)
        fresh = appeal_or_404(request, pk)
        return render(request, "appeals/case.html", case_page(request, fresh, typed), status=UNPROCESSABLE)
    words = _("已裁定，结果出了新的一版，双方重新签认") if done.outcome_id else _("已裁定，结果不变")
    messages.success(request, words)
    return redirect("appeals:appeal", pk=pk)


def _to_examine(request: HttpRequest, pk: int) -> Appeal:
    appeal = appeal_or_404(request, pk)
    if not can_examine(reader_in(request), appeal):
        raise Http404
    return appeal
