"""A call as it was scored: every level with what was given, the sum, the agent's objections and the rulings (A2)."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from common.forms import whole_number
from common.refusals import UNPROCESSABLE, refused
from common.selectors import working_days_until
from people.requests import person_of
from quality.forms.assessing import level_of
from quality.models import Assessment, AssessmentScore, Call, Dispute, RubricItem
from quality.permissions import (
    Ear,
    Lines,
    can_listen,
    can_rule,
    can_see_total,
    can_view_assessment,
    visible_calls,
)
from quality.selectors.assessments import (
    all_disputes,
    filed_from,
    is_month_counted,
    next_to_score,
    open_disputes,
    ruled_disputes,
    whole_assessments,
)
from quality.selectors.faults import denied_at, is_objected
from quality.services.disputes import acknowledge_assessment, raise_dispute, refer_dispute, rule_dispute
from quality.states import AssessmentKind, AssessmentState, DisputeState
from quality.views.assess import ear_in
from quality.views.sheets import sheet_view, sum_view

Typed = Mapping[str, str]


@require_GET
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """The call's facts, player and points; whoever has to score it blind sees the facts alone."""
    return render(request, "quality/call.html", _context(request, _seen(request, pk)))


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The agent has seen it."""
    seen, first = _own(request, pk)
    try:
        acknowledge_assessment(first.pk, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=_address(seen.pk))
    messages.success(request, _("已记下你看过了"))
    return redirect("quality:call", pk=pk)


@require_POST
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """The agent objects to one item, or to the fatal fault."""
    seen, first = _own(request, pk)
    item = whole_number(request.POST.get("item", ""))
    try:
        raise_dispute(first.pk, item, reason=request.POST.get("reason", ""), by=person_of(request))
    except (RubricItem.DoesNotExist, AssessmentScore.DoesNotExist) as error:
        raise Http404 from error
    except RuleError as error:
        return _again(request, seen, error, {f"reason-{item or 'fatal'}": request.POST.get("reason", "")})
    messages.success(request, _("异议已提交，由别人裁定；原来的分数会留着"))
    return redirect(f"{_address(pk)}#i-{item or 'fatal'}")


@require_POST
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Rule on one objection, by somebody who neither scored nor was scored."""
    found = get_object_or_404(all_disputes(), pk=pk)
    seen = _seen(request, found.assessment.call_id)
    if not can_see_total(ear_in(request), seen) or seen.employee_id == person_of(request).pk:
        raise Http404
    posted = request.POST
    try:
        _answer(request, pk)
    except RuleError as error:
        typed = {f"{name}-{pk}": posted.get(name, "") for name in ("upheld", "level", "ruling")}
        return _again(request, seen, error, typed)
    messages.success(request, _("已裁定，原来的分数留在旁边"))
    return redirect(f"{_address(seen.pk)}#i-{found.item_id or 'fatal'}")


def _answer(request: HttpRequest, pk: int) -> None:
    posted, person = request.POST, person_of(request)
    ruling, verdict = posted.get("ruling", ""), posted.get("upheld")
    if verdict == "appeal":
        refer_dispute(pk, ruling=ruling, by=person)
        return
    level = level_of(posted.get("level", ""))
    rule_dispute(
        pk,
        upheld=verdict == "yes",
        points=level.points,
        is_not_applicable=level.is_not_applicable,
        ruling=ruling,
        by=person,
    )


@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    """Objections that wait for this person's ruling, and the last ones ruled."""
    ear = ear_in(request)
    context = {"waiting": open_disputes(ear), "ruled": ruled_disputes(ear)}
    return render(request, "quality/disputes.html", context)


def _seen(request: HttpRequest, pk: int) -> Call:
    calls = visible_calls(ear_in(request)).prefetch_related(Prefetch("assessments", whole_assessments()))
    found: Call = get_object_or_404(calls, pk=pk)
    return found


def _own(request: HttpRequest, pk: int) -> tuple[Call, Assessment]:
    """The person's own scored call with its first assessment."""
    seen = _seen(request, pk)
    first = next((one for one in seen.assessments.all() if one.kind == AssessmentKind.FIRST), None)
    if first is None or seen.employee_id != person_of(request).pk:
        raise Http404
    return seen, first


def _context(request: HttpRequest, seen: Call, typed: Typed | None = None) -> dict[str, Any]:
    ear = ear_in(request)
    is_own = ear.person.pk == seen.employee_id
    lines = Lines.of([] if is_own else [seen])
    hears = can_listen(ear, seen, lines)
    context: dict[str, Any] = {"call": seen, "hears": hears, "is_own": is_own, "me_id": ear.person.pk}
    if not can_see_total(ear, seen):
        return context | {"is_blind": True}
    submitted = [one for one in seen.assessments.all() if one.state == AssessmentState.SUBMITTED]
    open_firsts = {one.pk: one for one in seen.assessments.all() if one.state == AssessmentState.DRAFT}
    for one in seen.assessments.all():
        one.call = seen
    by_kind = {one.kind: one for one in submitted if can_view_assessment(ear, one)}
    first, second = by_kind.get(AssessmentKind.FIRST), by_kind.get(AssessmentKind.SECOND)
    if first is None:
        drafts = [one for one in open_firsts.values() if one.kind == AssessmentKind.FIRST]
        over = hears and seen.total is None and is_month_counted(seen)
        return context | {"draft": drafts[0] if drafts and hears else None, "is_over": over}
    follows = next_to_score(ear) if first.listener_id == ear.person.pk else None
    return context | {"first": first, "second": second, "next": follows} | _scored(ear, first, lines, typed, second)


def _scored(
    ear: Ear, first: Assessment, lines: Lines, typed: Typed | None, second: Assessment | None
) -> dict[str, Any]:
    """What a scored call's page shows besides: who may object until when, who may rule, what was filed."""
    seen, disputes = first.call, list(first.disputes.all())
    is_own = ear.person.pk == seen.employee_id
    rulable = {one.pk for one in disputes if _may_rule(ear, one, first, lines)}
    today, until = timezone.localdate(), first.dispute_until
    in_term = until is not None and today <= until
    is_counted = (is_own or bool(rulable)) and is_month_counted(seen)
    faults = [one for one in disputes if one.item_id is None]
    had_fatal = first.fatal_fault_id is not None or bool(faults)
    denied = denied_at(seen) if first.fatal_fault_id is not None else None
    may_object = first.fatal_fault_id is not None and not is_counted and (in_term or denied is not None)
    again = denied is not None and not is_objected(faults, denied)
    return {
        "sums": sum_view(first),
        "sheet": sheet_view(first, typed=typed, second=second, disputes=disputes, may_object_again=again),
        "is_counted": is_counted,
        "denied": denied,
        "may_dispute_fault": is_own and may_object,
        "in_term": in_term,
        "left": working_days_until(until, today) if until and in_term and is_own else None,
        "may_dispute": is_own and in_term and not is_counted,
        "old_totals": _old_totals(first),
        "rulable": rulable,
        "incident": filed_from(seen, ear) if had_fatal else None,
    }


def _old_totals(first: Assessment) -> list[Decimal]:
    """The totals that rulings have replaced, the earliest first; a ruling that left the total as it was is none."""
    ruled = [one for one in first.disputes.all() if one.state == DisputeState.UPHELD and one.ruled_at is not None]
    ruled.sort(key=lambda one: (one.ruled_at, one.pk))
    chain = [*(one.old_total for one in ruled), first.total]
    return [old for old, new in pairwise(chain) if old is not None and old != new]


def _may_rule(ear: Ear, found: Dispute, first: Assessment, lines: Lines) -> bool:
    found.assessment = first
    return can_rule(ear, found, lines)


def _again(request: HttpRequest, seen: Call, error: RuleError, typed: Typed) -> HttpResponse:
    """The page with what was typed, and why it was refused."""
    messages.error(request, " ".join([str(error), *error.problems]))
    return render(request, "quality/call.html", _context(request, seen, typed), status=UNPROCESSABLE)


def _address(pk: int) -> str:
    return reverse("quality:call", args=[pk])
