"""Rate one's superior: what nobody will see is said first, then one strip per item and one button."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from appraisals.models import UpwardTurn
from appraisals.selectors.ratings import asked_form, turns_of
from appraisals.selectors.schemes import rules_of
from appraisals.services.upward import submit_upward
from common.errors import RuleError
from common.selectors import working_days_until
from people.requests import person_of


@require_GET
def upward(request: HttpRequest) -> HttpResponse:
    """Every superior I am asked to rate."""
    return render(request, "appraisals/upward.html", _page(request))


@require_POST
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Store one rating of one superior."""
    form = asked_form(person_of(request), pk)
    if form is None:
        raise Http404
    try:
        submit_upward(pk, levels=_levels(request.POST), by=person_of(request))
    except RuleError as error:
        words = " ".join([str(error), *error.problems])
        context = _page(request, typed=request.POST, fault=(pk, words))
        return render(request, "appraisals/upward.html", context, status=422)
    messages.success(request, _("已交给系统，没有人看得到是你评的"))
    return redirect("appraisals:upward")


def _page(request: HttpRequest, *, typed: QueryDict | None = None, fault: tuple[int, str] = (0, "")) -> dict[str, Any]:
    turns = turns_of(person_of(request))
    return {
        "open": [_shown(turn, typed, fault) for turn in turns if not turn.is_done],
        "done": [turn for turn in turns if turn.is_done],
    }


def _shown(turn: UpwardTurn, typed: QueryDict | None, fault: tuple[int, str]) -> dict[str, Any]:
    rules = rules_of(turn.form.cycle.scheme)
    mine = typed if typed is not None and fault[0] == turn.form_id else None
    due_on = turn.form.cycle.data_due_on
    return {
        "form": turn.form,
        "few": rules.min_raters,
        "share": rules.upward.subordinates,
        "fault": fault[1] if fault[0] == turn.form_id else "",
        "due_on": due_on,
        "left": working_days_until(due_on, timezone.localdate()),
        "items": [
            {
                "item": item,
                "name": f"level-{item.pk}",
                "levels": [(one.code, _(one.name), item.anchors.get(str(one.code), "")) for one in rules.levels],
                "chosen": mine.get(f"level-{item.pk}") if mine else None,
            }
            for item in turn.form.items.all()
        ],
    }


def _levels(data: QueryDict) -> dict[int, int]:
    found = {}
    for name, value in data.items():
        pk = name.removeprefix("level-")
        if name.startswith("level-") and pk.isdecimal() and str(value).isdecimal():
            found[int(pk)] = int(str(value))
    return found
