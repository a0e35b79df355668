"""Appeals in their lists, the case with its history, and what each may do with it but rule."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from appeals.forms import evidence_in, files_in, reasons_in
from appeals.permissions import can_read_statistics
from appeals.selectors.cases import appeal_of_form, file_of, lists_for, years_to_correct
from appeals.selectors.statistics import statistics_of
from appeals.services.examining import add_finding, ask_supplement, assign_appeal
from appeals.services.filing import supplement_appeal, withdraw_appeal
from appeals.services.further import take_further
from appeals.states import AppealState
from appeals.views.reading import LOOKS, Typed, appeal_or_404, case_page, draft_page, reader_in
from common.errors import RuleError
from common.forms import whole_number
from common.refusals import UNPROCESSABLE
from people.requests import person_of, standing_in

Act = tuple[Callable[[], object], str]


@require_GET
def appeals(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, his own, and all the others he may read."""
    reader = reader_in(request)
    context = {
        "lists": lists_for(reader, timezone.localdate()),
        "looks": LOOKS,
        "sees_all": reader.sees_all,
        "is_appraised": reader.person.position_id is not None,
        "years": years_to_correct() if reader.standing.is_hr else [],
    }
    return render(request, "appeals/appeals.html", context)


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """How appeals go, by indicator and by owner."""
    if not can_read_statistics(standing_in(request)):
        raise PermissionDenied
    return render(
        request, "appeals/statistics.html", {"told": statistics_of(whole_number(request.GET.get("year", "")))}
    )


@require_GET
def of_form(request: HttpRequest, pk: int) -> HttpResponse:
    """To the newest appeal against a form's result."""
    found = appeal_of_form(reader_in(request), pk)
    if found is None:
        raise Http404
    return redirect("appeals:appeal", pk=found.pk)


@require_GET
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft to its author, else the case."""
    found = appeal_or_404(request, pk)
    if found.state == AppealState.DRAFT:
        return render(request, "appeals/draft.html", draft_page(found))
    return render(request, "appeals/case.html", case_page(request, found))


@require_GET
def appeal_file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """Evidence, always as a download under its own name."""
    found = file_of(reader_in(request), pk, file)
    if found is None:
        raise Http404
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Give it to somebody, ask, note, supplement, withdraw, take it further; a refusal keeps what was typed."""
    found = appeal_or_404(request, pk)
    acts = _acts(request, pk)
    if name not in acts:
        raise Http404
    do, said = acts[name]
    try:
        done = do()
    except RuleError as error:
        if found.state == AppealState.DRAFT:
            return render(request, "appeals/draft.html", draft_page(found, error), status=UNPROCESSABLE)
        page = case_page(request, found, Typed(fault=error, again=reasons_in(request.POST)))
        page |= {"tried": name, "said": request.POST}
        return render(request, "appeals/case.html", page, status=UNPROCESSABLE)
    messages.success(request, said)
    if name == "further":
        return redirect("appeals:appeal", pk=getattr(done, "pk", pk))
    return redirect("appeals:appeals" if name == "withdraw" else reverse("appeals:appeal", args=[pk]))


def _acts(request: HttpRequest, pk: int) -> dict[str, Act]:
    person, typed = person_of(request), request.POST
    text, reason = typed.get("text", ""), typed.get("reason", "")
    handler = whole_number(typed.get("handler", "")) or 0

    def supplement() -> object:
        files = files_in(request.FILES).get("files", [])
        return supplement_appeal(pk, text=text, files=files, item_id=whole_number(typed.get("item", "")), by=person)

    def further() -> object:
        evidence = evidence_in(files_in(request.FILES))
        return take_further(pk, reasons=reasons_in(typed), wish=typed.get("wish", ""), evidence=evidence, by=person)

    return {
        "supplement": (supplement, _("已补充，受理人看得到")),
        "withdraw": (lambda: withdraw_appeal(pk, reason=reason, by=person), _("申诉已撤回")),
        "assign": (lambda: assign_appeal(pk, handler_id=handler, by=person), _("已分给受理人")),
        "ask": (lambda: ask_supplement(pk, text=text, by=person), _("已请申诉人补充")),
        "finding": (lambda: add_finding(pk, text=text, by=person), _("已记下")),
        "further": (further, _("已提交人力资源部")),
    }
