"""What the two pages of targets show: the owner's table, and the page to read."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from appraisals.models import Form, Item
from appraisals.permissions import hats_on
from appraisals.selectors.drafts import active_library
from appraisals.selectors.schemes import rules_of
from appraisals.selectors.targets import (
    NUMBERS,
    Comparison,
    compare,
    items_of,
    last_items_of,
    meters,
    neighbours,
    parts_of,
    provider_candidates,
)
from appraisals.selectors.teams import KINDS, SETTING, due_of
from appraisals.states import FormState, Part
from appraisals.workflow import Hat, Piece, may_edit, moves_from
from common.selectors import working_days_until
from people.requests import person_of, standing_in

STEPS = (
    "submit_targets",
    "approve_targets",
    "return_targets",
    "confirm_targets",
    "reopen_targets",
    "readjust_targets",
)


def table(
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
    return render(request, "appraisals/targets_edit.html", frame(request, form) | context, status=status)


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


def reading(form: Form, items: list[Item]) -> dict[str, Any]:
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


def frame(request: HttpRequest, form: Form) -> dict[str, Any]:
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
        "moves": [
            step.name for step in moves_from(form.state, hats, managerial=form.is_managerial) if step.name in STEPS
        ],
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
