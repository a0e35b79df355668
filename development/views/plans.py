"""Pages of improvement plans: who owes one, the draft, the running plan."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import ConflictError, RuleError
from common.forms import version_seen, whole_number
from common.refusals import UNPROCESSABLE, refused
from common.selectors import countdown
from development.forms import plan_in, yes_or_no
from development.models import Plan
from development.permissions import (
    can_acknowledge_plan,
    can_comment_plan,
    can_hand_over_plan,
    can_run_plan,
    is_owner_today,
)
from development.selectors.plans import all_plans, plan_for, plans_open, why_words
from development.services.plans import LENGTHS, MOST_ITEMS, PlanDraft, discard_plan, draft_plan, publish_plan, save_plan
from development.services.running import (
    EXTENSIONS,
    acknowledge_plan,
    comment_plan,
    end_plan,
    extend_plan,
    hand_over_plan,
    hold_checkpoint,
    pause_plan,
    recall_plan,
    resume_plan,
)
from development.services.waiving import waive_plan
from development.states import PlanState
from people.requests import person_of, standing_in

PAGE_SIZE = 30
LOOKS = {
    PlanState.DRAFT: "wait",
    PlanState.PUBLISHED: "warn",
    PlanState.RUNNING: "now",
    PlanState.PAUSED: "hold",
    PlanState.ACHIEVED: "ok",
    PlanState.MISSED: "miss",
}
Act = tuple[Callable[[], object], str]


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """Who owes a plan and why, one's own and one's people's; HR and the auditor read all."""
    return render(request, "development/plans.html", _lists(request))


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a plan for one of one's own people."""
    person = person_of(request)
    if not is_owner_today(person, pk, timezone.localdate()):
        raise Http404
    try:
        plan = draft_plan(pk, by=person)
    except RuleError as error:
        return refused(request, error, back=reverse("development:plans"))
    return redirect("development:plan", pk=plan.pk)


@require_POST
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why somebody needs no plan; a refusal keeps what was typed."""
    shown = _lists(request)
    if not any(line.may_waive and line.owed.employee.pk == pk for line in shown["lists"].owed):
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        done = waive_plan(pk, reason=reason, by=person_of(request))
    except RuleError as error:
        page = shown | {"fault": error, "tried": pk, "typed": reason}
        return render(request, "development/plans.html", page, status=UNPROCESSABLE)
    messages.success(request, _("已记下，%(name)s不用做计划") % {"name": done.employee.name})
    return redirect("development:plans")


@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft to its owner, else the plan as it was published."""
    found = _plan_or_404(request, pk)
    page = "development/plan_draft.html" if found.state == PlanState.DRAFT else "development/plan.html"
    return render(request, page, _page(request, found))


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page holds, as it is typed; answers with the new version."""
    found = _own(request, pk)
    try:
        saved = _save(request, found)
    except RuleError as error:
        return _refused(request, found, error)
    if request.headers.get("HX-Request") == "true":
        return render(request, "development/version.html", {"row": saved, "oob": True})
    messages.success(request, _("已保存，还没有发布"))
    return redirect("development:plan", pk=pk)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what the page holds, then show it to the employee."""
    found = _own(request, pk)
    try:
        _save(request, found)
        publish_plan(pk, by=person_of(request))
    except RuleError as error:
        return _refused(request, found, error)
    messages.success(request, _("已发布，等%(name)s签收") % {"name": found.employee.name})
    return redirect("development:plan", pk=pk)


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Sign, look, pause, go on, extend, end, comment, hand over; a refusal keeps what was typed."""
    found = _plan_or_404(request, pk)
    acts = _acts(request, pk)
    if name not in acts:
        raise Http404
    do, said = acts[name]
    try:
        do()
    except RuleError as error:
        if found.state == PlanState.DRAFT:
            return refused(request, error, back=reverse("development:plan", args=[pk]))
        page = _page(request, found) | {"fault": error, "typed": request.POST, "tried": name}
        return render(request, "development/plan.html", page, status=UNPROCESSABLE)
    messages.success(request, said)
    return redirect("development:plans") if name == "discard" else redirect("development:plan", pk=pk)


def _acts(request: HttpRequest, pk: int) -> dict[str, Act]:
    by, typed = person_of(request), request.POST
    text, reason = typed.get("text", ""), typed.get("reason", "")
    checkpoint, days = whole_number(typed.get("checkpoint", "")) or 0, whole_number(typed.get("days", "")) or 0
    on_track, achieved = yes_or_no(typed, "is_on_track"), yes_or_no(typed, "is_achieved")

    def look() -> object:
        return hold_checkpoint(pk, checkpoint, seen=typed.get("seen", ""), is_on_track=on_track, by=by)

    def end() -> object:
        return end_plan(pk, is_achieved=achieved, conclusion=typed.get("conclusion", ""), by=by)

    return {
        "acknowledge": (lambda: acknowledge_plan(pk, text=text, by=by), _("已签收，改进期开始")),
        "recall": (lambda: recall_plan(pk, by=by), _("已收回，改好再发布")),
        "discard": (lambda: discard_plan(pk, by=by), _("草稿已删")),
        "checkpoint": (look, _("检查结果已记下")),
        "pause": (lambda: pause_plan(pk, reason=reason, by=by), _("已暂停，天数恢复时顺延")),
        "resume": (lambda: resume_plan(pk, by=by), _("已恢复")),
        "extend": (lambda: extend_plan(pk, days=days, reason=reason, by=by), _("已延长")),
        "end": (end, _("已写下结论")),
        "remark": (lambda: comment_plan(pk, text=text, by=by), _("已补充")),
        "hand-over": (lambda: hand_over_plan(pk, by=by), _("已转给现在的考核负责人")),
    }


def _lists(request: HttpRequest) -> dict[str, Any]:
    person, standing, today = person_of(request), standing_in(request), timezone.localdate()
    lists, state = plans_open(person, standing, today), request.GET.get("state", "")
    page = None
    if lists.reads_all:
        page = Paginator(all_plans(person, standing, state), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"lists": lists, "page": page, "looks": LOOKS, "today": today, "state": state}
    return context | {"states": PlanState.choices[1:]}


def _plan_or_404(request: HttpRequest, pk: int) -> Plan:
    found = plan_for(person_of(request), standing_in(request), pk)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, pk: int) -> Plan:
    found = _plan_or_404(request, pk)
    if found.owner_id != person_of(request).pk:
        raise Http404
    return found


def _save(request: HttpRequest, found: Plan) -> Plan:
    seen = version_seen(request.POST.get("version", ""))
    return save_plan(found.pk, plan_in(request.POST), version=seen, by=person_of(request))


def _refused(request: HttpRequest, found: Plan, error: RuleError) -> HttpResponse:
    fresh = _plan_or_404(request, found.pk)
    is_part = request.headers.get("HX-Request") == "true"
    if is_part or isinstance(error, ConflictError) or fresh.state != PlanState.DRAFT:
        return refused(request, error, back=reverse("development:plan", args=[found.pk]))
    page = _page(request, fresh, plan_in(request.POST)) | {"fault": error}
    return render(request, "development/plan_draft.html", page, status=UNPROCESSABLE)


def _page(request: HttpRequest, found: Plan, typed: PlanDraft | None = None) -> dict[str, Any]:
    """``typed`` is what was typed and refused; without it, what is saved."""
    person, standing, today = person_of(request), standing_in(request), timezone.localdate()
    items: list[Any] = list(found.items.all())
    checkpoints = list(found.checkpoints.all())
    days = [one.due_on for one in checkpoints]
    starts_on, length = found.starts_on, _length(found)
    if typed is not None:
        items, days, starts_on, length = list(typed.items), list(typed.checkpoints), typed.starts_on, typed.days
    return {
        "plan": found,
        "look": LOOKS[PlanState(found.state)],
        "why": why_words(found),
        "is_own": found.employee_id == person.pk,
        "runs": can_run_plan(person, found, today),
        "may_sign": can_acknowledge_plan(person, found),
        "may_add": can_comment_plan(person, found),
        "may_hand_over": can_hand_over_plan(found, standing) and found.employee_id != person.pk,
        "items": items,
        "checkpoints": checkpoints,
        "terms": countdown(today, [found.ends_on, *(one.due_on for one in checkpoints)]),
        "rows": list(enumerate([*items, None]))[:MOST_ITEMS],
        "days": list(enumerate([*days, None])),
        "starts_on": starts_on,
        "length": length,
        "lengths": LENGTHS,
        "extensions": EXTENSIONS,
        "remarks": list(found.remarks.select_related("by")),
        "today": today,
        "is_over": found.ends_on is not None and today >= found.ends_on,
    }


def _length(found: Plan) -> int:
    if found.starts_on is None or found.ends_on is None:
        return LENGTHS[1]
    return (found.ends_on - found.starts_on).days
