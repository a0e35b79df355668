"""HR's desk, one proposal, and what is decided on it (P7.1, P7.2)."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from common.refusals import UNPROCESSABLE
from common.uploads import ACCEPT
from consequences.forms.decisions import DecideForm
from consequences.permissions import Reader, counted_people, reads_desk, sees_all_amounts
from consequences.selectors.case import case_page, proposal_for
from consequences.selectors.counters import last_month, nearly_there
from consequences.selectors.desk import found_in, settled_proposals, suggestions, waiting_proposals
from consequences.services.deciding import decide_proposal
from consequences.services.reporting import TEXT_LIMIT, report_career
from consequences.workflow import FILED_CHECKS, NAMED_CHECKS
from people.requests import person_of, standing_in
from scoring.models import Proposal

PAGE_SIZE = 25
TABS = ("", "near", "settled")


@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """The desk: what waits, who is one month away, what was decided."""
    reader, today = reader_in(request), timezone.localdate()
    if not reads_desk(reader.standing):
        raise PermissionDenied
    tab, text = request.GET.get("tab", ""), request.GET.get("text", "").strip()
    waiting = waiting_proposals(reader)
    context: dict[str, object] = {"tab": tab if tab in TABS else "", "text": text, "waiting": waiting.count()}
    if tab == "near":
        month = last_month()
        near = nearly_there(counted_people(reader, today), month) if month else []
        found = [row for row in near if text.lower() in f"{row.person.name} {row.person.number}".lower()]
        context |= {"page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")), "month": month}
    else:
        rows = found_in(settled_proposals(reader) if tab == "settled" else waiting, text)
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {"page": page, "rows": suggestions(page, with_pay=sees_all_amounts(reader.standing), today=today)}
    context |= {"query": urlencode({"tab": context["tab"], "text": text}), "may_decide": reader.standing.is_hr}
    return render(request, "consequences/proposals.html", context)


@require_GET
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: what it rests on, what each choice would do, the case, who decided what before."""
    return page_of(request, proposal_or_404(request, pk))


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """HR's decision; what was typed stays on the page when it is refused."""
    found = proposal_or_404(request, pk)
    form = DecideForm(request.POST)
    if form.is_valid():
        try:
            decision = decide_proposal(pk, form.verdict(), by=person_of(request))
        except RuleError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("已决定：%(what)s") % {"what": decision.get_choice_display()})
            return redirect("consequences:proposal", pk=pk)
    return page_of(request, found, form=form, status=UNPROCESSABLE)


@require_POST
def career_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of the department's manager; what was typed stays on the page when it is refused."""
    found, text = proposal_or_404(request, pk), request.POST.get("text", "")
    try:
        report_career(pk, text=text, by=person_of(request))
    except RuleError as error:
        return page_of(request, found, typed={"report": text, "fault": error}, status=UNPROCESSABLE)
    messages.success(request, _("已报人力资源部"))
    return redirect("consequences:proposal", pk=pk)


def reader_in(request: HttpRequest) -> Reader:
    """Who is asking."""
    return Reader(person_of(request), standing_in(request))


def proposal_or_404(request: HttpRequest, pk: int) -> Proposal:
    """The proposal, if the person may see it; else it is not there."""
    found = proposal_for(reader_in(request), pk)
    if found is None:
        raise Http404
    return found


def page_of(
    request: HttpRequest,
    found: Proposal,
    *,
    form: DecideForm | None = None,
    typed: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    reader = reader_in(request)
    context = {
        "case": case_page(reader, found, timezone.localdate()),
        "form": form or DecideForm(),
        "typed": typed or {},
        "accept": ACCEPT,
        "most": TEXT_LIMIT,
        "filed": FILED_CHECKS,
        "named": NAMED_CHECKS,
        "on_desk": reads_desk(reader.standing),
    }
    return render(request, "consequences/proposal.html", context, status=status)
