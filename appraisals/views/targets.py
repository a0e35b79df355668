"""A form's targets: the owner's table, everybody else's reading, and the steps between (P6.1, P6.2)."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from appraisals.forms import ItemFormSet, TargetFormSet, item_initial
from appraisals.models import Form, Item, LibraryItem
from appraisals.permissions import hats_on, visible_forms
from appraisals.selectors.drafts import active_library, from_library, providers_for
from appraisals.selectors.schemes import rules_of
from appraisals.selectors.targets import (
    NUMBERS,
    Comparison,
    compare,
    items_of,
    last_items_of,
    meters,
    neighbours,
    next_unset,
    parts_of,
    provider_candidates,
)
from appraisals.selectors.teams import KINDS, SETTING, due_of
from appraisals.services.agreement import (
    approve_targets,
    confirm_targets,
    readjust_targets,
    reopen_targets,
    return_targets,
    submit_targets,
)
from appraisals.services.remarks import add_remark
from appraisals.services.targets import ItemInput, draft_items, save_items
from appraisals.states import DraftSource, FormState, Part
from appraisals.workflow import Hat, Piece, may_edit, moves_from
from common.errors import RuleError
from common.refusals import refused, safe_back
from common.selectors import working_days_until
from people.requests import person_of, standing_in


def _seen(request: HttpRequest, pk: int) -> Form:
    forms = visible_forms(person_of(request), standing_in(request))
    return get_object_or_404(forms.select_related("cycle__scheme", "employee", "owner", "position", "region"), pk=pk)


@require_GET
def targets(request: HttpRequest, pk: int) -> HttpResponse:
    """The table for the owner while targets are being set, a page to read for everybody else."""
    form = _seen(request, pk)
    items = items_of(form)
    if _edits(request, form):
        formset = TargetFormSet(initial=[item_initial(item) for item in items], prefix="items")
        return _table(request, form, formset, items=items)
    return render(request, "appraisals/targets.html", _frame(request, form) | _reading(form, items))


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Store the whole table, with what was picked from the library; then submit if that was pressed."""
    form = _seen(request, pk)
    formset = cast("ItemFormSet", TargetFormSet(request.POST, prefix="items"))
    inputs = formset.inputs() if formset.is_valid() else []
    if any(row.errors for row in formset.forms) or formset.non_form_errors():
        return _table(request, form, formset, problems=(_("还有几处要改，见标红的地方。"),), status=422)
    try:
        saved = save_items(
            pk, items=[*inputs, *_picked(request, form)], version=_version(request), by=person_of(request)
        )
        if request.POST.get("act") == "submit":
            submit_targets(pk, by=person_of(request), version=saved.version)
            messages.success(request, _("已提交%(name)s的目标") % {"name": form.employee.name})
            return redirect(_after_submit(form))
    except RuleError as error:
        return _stopped(request, form, formset, error)
    messages.success(request, _("已保存"))
    return redirect("appraisals:targets", pk=pk)


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the table anew from the period before, the library, or nothing."""
    form = _seen(request, pk)
    source = request.POST.get("source", "")
    if source not in DraftSource.values:
        raise Http404
    try:
        draft_items(pk, source=DraftSource(source), by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=reverse("appraisals:targets", args=[form.pk]))
    blank = "?blank=1" if source == DraftSource.SCRATCH else ""
    return redirect(reverse("appraisals:targets", args=[pk]) + blank)


@require_POST
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step of the form's way: confirm, approve, return, take back, re-adjust."""
    form = _seen(request, pk)
    back = reverse("appraisals:targets", args=[pk])
    try:
        done = _act(request, pk, name)
    except RuleError as error:
        return refused(request, error, back=back)
    messages.success(request, done)
    left = person_of(request).pk not in {form.owner_id, form.employee_id}
    return redirect(safe_back(request, request.POST.get("next") or (reverse("appraisals:approvals") if left else back)))


@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask or answer."""
    form = _seen(request, pk)
    back = reverse("appraisals:targets", args=[form.pk])
    try:
        add_remark(pk, text=request.POST.get("text", ""), by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=back)
    return redirect(safe_back(request, request.POST.get("next") or f"{back}#talk"))


def _act(request: HttpRequest, pk: int, name: str) -> str:
    person, reason = person_of(request), request.POST.get("reason", "")
    acts: Mapping[str, tuple[Callable[[], object], str]] = {
        "confirm_targets": (partial(confirm_targets, pk, by=person), _("已确认，现在可以自评")),
        "approve_targets": (partial(approve_targets, [pk], by=person), _("已批准")),
        "return_targets": (partial(return_targets, [pk], reason=reason, by=person), _("已退回")),
        "reopen_targets": (partial(reopen_targets, pk, reason=reason, by=person), _("已撤回，可以改了")),
        "readjust_targets": (partial(readjust_targets, pk, reason=reason, by=person), _("可以调整目标了")),
        "submit_targets": (partial(submit_targets, pk, by=person), _("已提交")),
    }
    if name not in acts:
        raise Http404
    step, said = acts[name]
    step()
    return said


def _edits(request: HttpRequest, form: Form) -> bool:
    return may_edit(Piece.ITEMS, form.state, hats_on(form, person_of(request), standing_in(request)))


def _version(request: HttpRequest) -> int:
    """The version the writer saw; nonsense is no version at all and meets a conflict."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


def _picked(request: HttpRequest, form: Form) -> list[ItemInput]:
    """Library items that were ticked, as new rows with their usual providers."""
    ids = [int(pk) for pk in request.POST.getlist("add") if pk.isdigit()]
    rows = list(active_library().filter(pk__in=ids, position_id=form.position_id)) if ids else []
    if not rows:
        return []
    providers = providers_for(form.cycle, [form.employee_id], timezone.localdate())
    return [_as_input(row, from_library(row, form, providers)) for row in rows]


def _as_input(row: LibraryItem, item: Item) -> ItemInput:
    names = (
        "part",
        "name",
        "points",
        "standard",
        "unit",
        "method",
        "parameters",
        "data_source",
        "provider_id",
        "anchors",
    )
    return ItemInput(library_id=row.pk, **{name: getattr(item, name) for name in names})


def _stopped(request: HttpRequest, form: Form, formset: Any, error: RuleError) -> HttpResponse:
    """The typed table again with what stood in the way; if it was saved before it stopped, the stored one."""
    if error.code == "targets_incomplete":
        messages.info(request, _("已保存，还没有提交。"))
        fresh = _seen(request, form.pk)
        stored = items_of(fresh)
        rows = TargetFormSet(initial=[item_initial(item) for item in stored], prefix="items")
        return _table(request, fresh, rows, items=stored, problems=error.problems, status=422)
    return _table(request, form, formset, problems=error.problems or (str(error),), status=422)


def _after_submit(form: Form) -> str:
    """The next person whose targets are still open, else the team."""
    following = next_unset(form)
    if following:
        return reverse("appraisals:targets", args=[following])
    return reverse("appraisals:team_month", args=[form.cycle.key])


def _table(
    request: HttpRequest,
    form: Form,
    formset: Any,
    *,
    items: list[Item] | None = None,
    problems: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """The owner's table around ``formset``."""
    items = items_of(form) if items is None else items
    last = last_items_of(form)
    comparison = compare(items, last)
    library = list(active_library().filter(position_id=form.position_id))
    names = {(item.part, item.name) for item in items}
    shown = bool(items) or "blank" in request.GET or formset.is_bound
    context = {
        "formset": formset,
        "parts": _rows(formset, form, comparison),
        "meters": meters(formset.weights(), rules_of(form.cycle.scheme), managerial=form.is_managerial),
        "library": [row for row in library if (row.part, row.name) not in names],
        "has_library": bool(library),
        "has_last": bool(last),
        "comparison": comparison,
        "people": provider_candidates(form, [item.provider_id for item in items if item.provider_id]),
        "problems": problems,
        # What was typed against an old version stays refused until the page is read anew.
        "version": request.POST.get("version", "") if formset.is_bound else form.version,
        "shown": shown,
    }
    return render(request, "appraisals/targets_edit.html", _frame(request, form) | context, status=status)


def _rows(formset: Any, form: Form, comparison: Comparison) -> list[dict[str, Any]]:
    """The rows of the table by part, each with what differs from the period before."""
    wanted = [part for part in Part if part != Part.MANAGEMENT or form.is_managerial]
    return [
        {
            "code": part.value,
            "number": NUMBERS[part],
            "name": part.label,
            "is_kpi": part == Part.KPI,
            "rows": [_row(row, comparison) for row in formset.forms if row["part"].value() == part.value],
            "empty": formset.empty_form,
        }
        for part in wanted
    ]


def _row(row: Any, comparison: Comparison) -> dict[str, Any]:
    key = int(row["id"].value() or 0)
    return {"form": row, "changes": comparison.changed.get(key, ()), "is_new": key in comparison.added}


def _reading(form: Form, items: list[Item]) -> dict[str, Any]:
    """The parts to read, against the period before, with talk and history."""
    comparison = compare(items, last_items_of(form))
    weights = [(item.part, item.name, item.points) for item in items]
    return {
        "parts": parts_of(items, comparison),
        "meters": meters(weights, rules_of(form.cycle.scheme), managerial=form.is_managerial),
        "comparison": comparison,
        "remarks": list(form.remarks.select_related("author")),
        "revisions": list(form.revisions.select_related("by").order_by("-number")),
    }


def _frame(request: HttpRequest, form: Form) -> dict[str, Any]:
    """What both pages show around the targets."""
    person = person_of(request)
    hats = hats_on(form, person, standing_in(request))
    mine = Hat.OWNER in hats
    due_on = due_of(form)
    before, after, place, count = (
        neighbours(form, owner_id=person.pk if mine else None)
        if hats & {Hat.OWNER, Hat.DEPARTMENT}
        else (None, None, 0, 0)
    )
    return {
        "form": form,
        "kind": KINDS[FormState(form.state)],
        "due_on": due_on,
        "left": _left(form, due_on),
        "moves": [step.name for step in moves_from(form.state, hats, managerial=form.is_managerial)],
        "may_talk": may_edit(Piece.REMARKS, form.state, hats),
        "is_own": Hat.APPRAISEE in hats,
        "is_owner": mine,
        "before": before,
        "after": after,
        "place": place,
        "count": count,
    }


def _left(form: Form, due_on: date | None) -> int | None:
    """Working days left for the step; nothing once the targets are agreed, which is another page's business."""
    if due_on is None or form.state not in SETTING:
        return None
    return working_days_until(due_on, timezone.localdate())
