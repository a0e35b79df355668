"""The form's page: read by all who may, written by the appraisee and the owner, saved as they type (A1)."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from appraisals.models import Form, Item
from appraisals.permissions import hats_on, visible_forms
from appraisals.selectors.lateness import SUBMITTED, late_self_scores
from appraisals.selectors.sheets import LOG_WORDS, next_to_review, sheet_log, with_turnout
from appraisals.selectors.targets import neighbours
from appraisals.selectors.teams import KINDS, SETTING, due_of
from appraisals.services.moves import return_review, return_self, review_without_self, submit_review, submit_self
from appraisals.services.scores import Entry, mark_not_applicable, save_scores
from appraisals.states import RESULT_STATES, FormState
from appraisals.views.gather import gather
from appraisals.views.sheet import sheet_of
from appraisals.views.typed import entries_of, entry_of
from appraisals.workflow import Hat, Piece, may_edit, moves_from
from common.errors import RuleError
from common.forms import version_seen
from common.refusals import refused
from common.selectors import countdown
from people.requests import person_of, standing_in

Step = tuple[Callable[[], object], str]


@require_GET
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """The six parts; while targets are still being agreed their own page."""
    seen = _seen(request, pk)
    if seen.state in SETTING:
        return redirect("appraisals:targets", pk=pk)
    return render(request, "appraisals/form.html", _page(request, seen))


@require_POST
def save_score(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """One score as it is typed: answers with the line's figures, the rail and the sticky bar."""
    seen = _seen(request, pk)
    try:
        _save(request, seen, {item: entry_of(request.POST, item)})
    except RuleError as error:
        return refused(request, error, back=seen.get_absolute_url())
    context = _page(request, _seen(request, pk), with_frame=False)
    return render(request, "appraisals/form_saved.html", context | {"saved_pk": item})


@require_POST
def save_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Every score of the page at once, for a browser without scripts."""
    seen = _seen(request, pk)
    try:
        _save(request, seen, entries_of(request.POST))
    except RuleError as error:
        return refused(request, error, back=seen.get_absolute_url())
    messages.success(request, _("已保存"))
    return redirect(seen)


@require_POST
def exact(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Exact points instead of a level, or (nothing typed) the score taken back."""
    seen = _seen(request, pk)
    data = request.POST.copy()
    data[f"points-{item}"], data[f"level-{item}"] = data.get(f"exact-{item}", ""), ""
    try:
        _save(request, seen, {item: entry_of(data, item)})
    except RuleError as error:
        return refused(request, error, back=_at(seen, item))
    return redirect(_at(seen, item))


@require_POST
def applicable(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Mark a line as not applicable with the reason, or bring it back."""
    seen = _seen(request, pk)
    get_object_or_404(Item, pk=item, form_id=pk)
    reason = request.POST.get(f"reason-{item}", "") if request.POST.get("off") else ""
    try:
        mark_not_applicable(item, reason=reason, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=_at(seen, item))
    messages.success(request, _("已标为不适用，不计入满分") if reason else _("已恢复，重新计入满分"))
    return redirect(_at(seen, item))


@require_POST
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Hand the form on or back; after a review the next person's form opens."""
    seen = _seen(request, pk)
    acts = _steps(request, seen)
    if name not in acts:
        raise Http404
    step, said = acts[name]
    try:
        step()
    except RuleError as error:
        return refused(request, error, back=seen.get_absolute_url())
    messages.success(request, said)
    following = next_to_review(seen, person_of(request)) if name == "submit_review" else None
    return redirect("appraisals:form", pk=following or pk)


def _seen(request: HttpRequest, pk: int) -> Form:
    forms = with_turnout(visible_forms(person_of(request), standing_in(request)))
    found: Form = get_object_or_404(forms, pk=pk)
    return found


def _save(request: HttpRequest, seen: Form, entries: Mapping[int, Entry]) -> None:
    hats = hats_on(seen, person_of(request), standing_in(request))
    own = may_edit(Piece.SELF_SCORES, seen.state, hats) or Hat.APPRAISEE in hats
    piece = Piece.SELF_SCORES if own else Piece.REVIEW_SCORES
    try:
        save_scores(seen.pk, entries=entries, piece=piece, by=person_of(request))
    except Item.DoesNotExist as error:
        raise Http404 from error


def _steps(request: HttpRequest, seen: Form) -> dict[str, Step]:
    version = version_seen(request.POST.get("version", ""))
    by, reason = person_of(request), request.POST.get("reason", "")
    pk, owner, person = seen.pk, {"name": seen.owner.name}, {"name": seen.employee.name}
    back = {"reason": reason, "by": by, "version": version}
    acts: dict[str, tuple[Callable[..., object], dict[str, Any], str]] = {
        "submit_self": (submit_self, {"by": by, "version": version}, _("已提交自评，等%(name)s复核") % owner),
        "submit_review": (submit_review, {"by": by, "version": version}, _("已提交%(name)s的复核") % person),
        "review_without_self": (review_without_self, back, _("可以复核了")),
        "return_self": (return_self, back, _("已退回自评")),
        "return_review": (return_review, back, _("复核又打开了")),
    }
    return {name: (partial(act, pk, **told), said) for name, (act, told, said) in acts.items()}


def _way(seen: Form) -> list[dict[str, Any]]:
    """The form's steps, newest first; what came by a workbook has no acts, only its stamps."""
    events = sheet_log(seen)
    if events:
        return [
            {
                "who": event.actor_name,
                "words": LOG_WORDS[event.action],
                "at": event.at,
                "reason": event.reason,
                "is_self": event.action == SUBMITTED,
            }
            for event in events
        ]
    owner, person = seen.owner.name, seen.employee.name
    stamps = (
        (seen.filed_at, "", pgettext("log", "备案")),
        (seen.published_at, "", pgettext("log", "出结果")),
        (seen.consolidated_at, "", pgettext("log", "汇总")),
        (seen.reviewed_at, owner, pgettext("log", "提交复核")),
        (seen.self_submitted_at, person, pgettext("log", "提交自评")),
        (seen.confirmed_at, person, pgettext("log", "确认目标")),
        (seen.targets_submitted_at, owner, pgettext("log", "提交目标")),
    )
    return [
        {"who": who, "words": words, "at": at, "reason": "", "is_self": at == seen.self_submitted_at}
        for at, who, words in stamps
        if at
    ]


def _at(seen: Form, item: int) -> str:
    return f"{reverse('appraisals:form', args=[seen.pk])}#i-{item}"


def _page(request: HttpRequest, seen: Form, *, with_frame: bool = True) -> dict[str, Any]:
    """The page's context; an answer to one saved score needs no head, way or neighbours."""
    person = person_of(request)
    gathered = gather(seen, person, standing_in(request))
    hats, now = gathered.viewer.hats, timezone.localdate()
    steps = [step.name for step in moves_from(seen.state, hats, managerial=seen.is_managerial)]
    if "review_without_self" in steps and now <= seen.cycle.self_due_on:
        steps.remove("review_without_self")
    context = {"form": seen, "viewer": gathered.viewer, "sheet": sheet_of(gathered), "steps": steps}
    if not with_frame:
        return context
    due_on = due_of(seen)
    days = countdown(now, (due_on, seen.cycle.data_due_on, seen.cycle.self_due_on))
    before, after, place, count = neighbours(seen, owner_id=person.pk) if Hat.OWNER in hats else (None, None, 0, 0)
    return context | {
        "kind": KINDS[FormState(seen.state)],
        "due_on": due_on,
        "left": days.left(due_on) if due_on else None,
        "days": days,
        "late_at": late_self_scores([seen]).get(seen.pk),
        "log": _way(seen),
        "before": before,
        "after": after,
        "place": place,
        "count": count,
        "is_owner": Hat.OWNER in hats,
        "has_result": seen.state in RESULT_STATES,
    }
