"""What-if: ask what a version of the scheme would have changed, watch it, read who would move."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from calibration.forms import ReplayForm
from calibration.permissions import hidden_from, sees_bonuses, sees_replay_sums
from calibration.selectors.replay_changes import changes_tried
from calibration.selectors.replays import (
    Asked,
    completions,
    lines_of,
    months_published,
    people_in_sight,
    person_in_sight,
    person_lines,
    promised_floor,
    replays_asked,
    replays_listed,
    rule_names,
    rules_before,
    schemes_to_try,
    sums_of,
)
from common.errors import RuleError
from common.forms import whole_number
from people.facts import Standing
from people.requests import person_of, standing_in
from scoring.models import Replay
from scoring.permissions import can_ask_replay, reads_replays, visible_replays
from scoring.services.replaying import ask_replay
from scoring.states import JobState

PAGE_SIZE, LISTED = 25, 20


@require_http_methods(["GET", "HEAD", "POST"])
def replays(request: HttpRequest) -> HttpResponse:
    """Ask, and what was asked so far; for the auditor only the list."""
    standing = _reader(request)
    may_ask = can_ask_replay(standing)
    if request.method != "POST":
        return _list(request, _question(request, standing) if may_ask else None)
    if not may_ask:
        raise PermissionDenied
    typed = _question(request, standing)
    if typed.is_valid():
        try:
            job = ask_replay(typed.cleaned_data["scheme"], **typed.asked(), by=person_of(request))
        except RuleError as error:
            typed.add_error(None, str(error))
        else:
            return redirect("calibration:replay", pk=job.replay_id)
    return _list(request, typed)


@require_GET
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; once it is over, the sums and who would move."""
    standing = _reader(request)
    asked = _found(standing, pk)
    is_over = asked.job is None or asked.job.state in (JobState.DONE, JobState.FAILED)
    if request.headers.get("HX-Request") == "true":
        response = render(request, "calibration/replay_progress.html", {"replay": asked.replay, "job": asked.job})
        if is_over:
            response.headers["HX-Refresh"] = "true"
        return response
    context: dict[str, Any] = {"replay": asked.replay, "job": asked.job, "is_over": is_over}
    if asked.replay.finished_at:
        context |= _answer(request, asked.replay, standing)
    return render(request, "calibration/replay.html", context)


@require_GET
def replay_person(request: HttpRequest, pk: int, employee: int) -> HttpResponse:
    """One person by month, before and after."""
    standing = _reader(request)
    found = _found(standing, pk).replay
    row = person_in_sight(found, hidden_from(person_of(request), standing), employee)
    if row is None:
        raise Http404
    with_pay = sees_bonuses(standing)
    context = {
        "replay": found,
        "line": person_lines([row], rule_names(found, rules_before(found)), with_pay=with_pay)[0],
        "months": lines_of(row),
        "with_pay": with_pay,
    }
    return render(request, "calibration/replay_person.html", context)


def _reader(request: HttpRequest) -> Standing:
    standing = standing_in(request)
    if not reads_replays(standing):
        raise PermissionDenied
    return standing


def _found(standing: Standing, pk: int) -> Asked:
    found: Replay | None = visible_replays(standing).filter(pk=pk).first()
    if found is None:
        raise Http404
    return replays_asked([found])[0]


def _question(request: HttpRequest, standing: Standing) -> ReplayForm:
    months, schemes = months_published(), list(schemes_to_try(standing))
    rates = completions()
    year = next((one.year for one in months if one.year < timezone.localdate().year), None)
    asked = whole_number(request.GET.get("scheme", "")) or next((one.pk for one in schemes), None)
    initial: dict[str, Any] = {
        "scheme": asked,
        "span": ReplayForm.YEAR,
        "year": year,
        "completion": rates.get(year or 0),
    }
    if months:
        last = months[min(len(months), 12) - 1]
        initial |= {"first_month": f"{last:%Y-%m}", "last_month": f"{months[0]:%Y-%m}"}
    return ReplayForm(request.POST or None, schemes=schemes, months=months, initial=initial)


def _list(request: HttpRequest, typed: ReplayForm | None) -> HttpResponse:
    page = Paginator(replays_listed(standing_in(request)), LISTED).get_page(request.GET.get("page"))
    has_months = typed is not None and typed.has_months
    context = {"typed": typed, "page": page, "rows": replays_asked(page), "has_months": has_months}
    return render(request, "calibration/replays.html", context, status=422 if typed and typed.errors else 200)


def _answer(request: HttpRequest, found: Replay, standing: Standing) -> dict[str, Any]:
    with_pay = sees_bonuses(standing)
    hidden = hidden_from(person_of(request), standing)
    earlier = rules_before(found)
    names = rule_names(found, earlier)
    asked = {"kind": request.GET.get("kind", "all"), "text": request.GET.get("text", "").strip()}
    page = Paginator(people_in_sight(found, hidden, **asked), PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "sums": sums_of(found, hidden, names, with_pay=sees_replay_sums(standing)),
        "tried": changes_tried(found, earlier),
        "floor": promised_floor(found),
        "page": page,
        "lines": person_lines(page, names, with_pay=with_pay),
        "asked": asked,
        "query": urlencode(asked),
        "with_pay": with_pay,
        "has_changed": found.scheme.parameters != found.rules,
    }
