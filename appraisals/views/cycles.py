"""The rounds: which are open, and opening one for all or some."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from appraisals.forms.targets import OpenCycleForm
from appraisals.permissions import can_open_for_all
from appraisals.selectors.rounds import rounds
from appraisals.services.cycles import Opening, open_cycle
from appraisals.states import CycleKind, DraftSource
from common.errors import RuleError
from common.selectors import countdown
from people.requests import person_of, standing_in


@require_GET
def cycles(request: HttpRequest) -> HttpResponse:
    """The list of rounds beside the form that opens one; the next month is suggested."""
    today = timezone.localdate()
    following = today.replace(year=today.year + today.month // 12, month=today.month % 12 + 1, day=1)
    asked = request.GET.get("month")
    initial = {"kind": CycleKind.MONTH, "month": asked or following, "draft": DraftSource.LAST}
    return _page(request, OpenCycleForm(initial=initial))


@require_POST
def open_for(request: HttpRequest) -> HttpResponse:
    """Open the round and say for whom, for whom not, and why."""
    form = OpenCycleForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    try:
        opening = open_cycle(
            data["kind"],
            data["month"],
            employee_ids=data["numbers"],
            draft_from=DraftSource(data["draft"]),
            by=person_of(request),
        )
    except RuleError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    return _page(request, OpenCycleForm(initial=data | {"numbers": ""}), opening=opening)


def _page(
    request: HttpRequest, form: OpenCycleForm, *, opening: Opening | None = None, status: int = 200
) -> HttpResponse:
    found = rounds()
    days = countdown(timezone.localdate(), (term.due_on for one in found for term in one.terms if term.is_open))
    context = {
        "form": form,
        "opening": opening,
        "rounds": found,
        "days": days,
        "for_all": can_open_for_all(standing_in(request)),
    }
    return render(request, "appraisals/cycles.html", context, status=status)
