"""The check before consolidation: what is missing, doubled or far from the usual, and what was looked at (P5.3)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from appraisals.models import Cycle
from appraisals.states import CycleKind
from common.errors import RuleError
from common.forms import whole_number
from common.refusals import refused
from people.requests import person_of, standing_in
from scoring.facts.findings import ADVICE, sentence, whom_to_ask
from scoring.permissions import can_run_board, opens_every_form, visible_boards
from scoring.selectors.board import DATA
from scoring.selectors.findings import OPEN, findings_of, last_run, sorts_of
from scoring.selectors.owed import Owed, debts
from scoring.services.checking import look_at_findings, run_checks
from scoring.states import FindingCode
from scoring.views.duty import cycle_or_404

PAGE_SIZE = 40


@require_GET
def checks(request: HttpRequest, key: str) -> HttpResponse:
    """What the last check found, by sort, those not looked at first; and who still owes figures now."""
    cycle, person, standing = _cycle(request, key), person_of(request), standing_in(request)
    if not opens_every_form(standing, cycle):
        raise PermissionDenied
    run = last_run(cycle)
    code, only_open = request.GET.get("code", ""), "open" in request.GET
    code = code if code in FindingCode.values else ""
    context: dict[str, Any] = {
        "cycle": cycle,
        "run": run,
        "owed": [Owed._make(row) for row in debts(cycle, step=DATA)],
        "may_run": can_run_board(standing, cycle),
        "asked": {"code": code, "open": only_open},
    }
    if run is not None:
        found = findings_of(run, person)
        context["sorts"] = sorts_of(found)
        found = found.filter(code=code) if code else found
        page = Paginator(found.filter(OPEN) if only_open else found, PAGE_SIZE).get_page(request.GET.get("page"))
        lines = [
            {"finding": one, "words": sentence(one), "advice": ADVICE[one.code], "whom": whom_to_ask(one)}
            for one in page
        ]
        narrowed = f"code={code}&" * bool(code) + "open=1&" * only_open
        context |= {"page": page, "lines": lines, "query": narrowed.removesuffix("&")}
    return render(request, "scoring/checks.html", context)


@require_POST
def check_now(request: HttpRequest, key: str) -> HttpResponse:
    """Run the check; findings that were looked at keep their note."""
    cycle = _cycle(request, key)
    back = reverse("scoring:checks", args=[key])
    try:
        run_checks(cycle.pk, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=back)
    messages.success(request, _("查完了"))
    return redirect(back)


@require_POST
def look_at(request: HttpRequest, key: str) -> HttpResponse:
    """Mark the ticked findings as looked at, with a note."""
    cycle = _cycle(request, key)
    query = request.POST.get("query", "")
    back = reverse("scoring:checks", args=[key]) + (f"?{query}" if query else "")
    ids = [pk for text in request.POST.getlist("finding") if (pk := whole_number(text)) is not None]
    try:
        n = look_at_findings(cycle.pk, finding_ids=ids, note=request.POST.get("note", ""), by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=back)
    if n:
        messages.success(request, ngettext("记下了%(n)s条", "记下了%(n)s条", n) % {"n": n})
    else:
        messages.error(request, _("先勾选看过的。"))
    return redirect(back)


def _cycle(request: HttpRequest, key: str) -> Cycle:
    cycle = cycle_or_404(visible_boards(standing_in(request)), key)
    if cycle.kind != CycleKind.MONTH:
        raise Http404
    return cycle
