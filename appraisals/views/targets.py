"""A form's targets: the owner's table, everybody else's reading, and the steps between (P6.1, P6.2)."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from appraisals.forms.targets import ItemFormSet, TargetFormSet, item_initial
from appraisals.models import Form, Item, LibraryItem
from appraisals.permissions import hats_on, visible_forms
from appraisals.selectors.drafts import active_library, from_library, providers_for
from appraisals.selectors.targets import items_of, next_unset
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
from appraisals.states import DraftSource
from appraisals.views.target_pages import frame, reading, table
from appraisals.workflow import Piece, may_edit
from common.errors import RuleError
from common.forms import whole_number
from common.refusals import refused, safe_back
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
        return table(request, form, formset, items=items)
    return render(request, "appraisals/targets.html", frame(request, form) | reading(form, items))


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Store the whole table, with what was picked from the library; then submit if that was pressed."""
    form = _seen(request, pk)
    formset = cast("ItemFormSet", TargetFormSet(request.POST, prefix="items"))
    inputs = formset.inputs() if formset.is_valid() else []
    if any(row.errors for row in formset.forms) or formset.non_form_errors():
        return table(request, form, formset, problems=(_("还有几处要改，见标红的地方。"),), status=422)
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
    return whole_number(request.POST.get("version", "")) or 0


def _picked(request: HttpRequest, form: Form) -> list[ItemInput]:
    """Library items that were ticked, as new rows with their usual providers."""
    ids = [pk for text in request.POST.getlist("add") if (pk := whole_number(text)) is not None]
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
        return table(request, fresh, rows, items=stored, problems=error.problems, status=422)
    return table(request, form, formset, problems=error.problems or (str(error),), status=422)


def _after_submit(form: Form) -> str:
    """The next person whose targets are still open, else the team."""
    following = next_unset(form)
    if following:
        return reverse("appraisals:targets", args=[following])
    return reverse("appraisals:team_month", args=[form.cycle.key])
