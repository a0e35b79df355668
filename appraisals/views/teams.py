"""Lists of forms: a superior's team, what waits for the department, one's own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from appraisals.forms.targets import ChosenForms
from appraisals.models import Cycle
from appraisals.permissions import can_approve_targets, visible_forms
from appraisals.selectors.drafts import day_within
from appraisals.selectors.teams import (
    KINDS,
    approval_rows,
    coefficients_so_far,
    count_without_form,
    due_of,
    forms_awaiting_approval,
    forms_of,
    most_urgent,
    setting_cycles,
    team_cycles,
    team_rows,
    team_without_form,
    unsubmitted_by_owner,
)
from appraisals.services.agreement import Batch, approve_targets, return_targets, submit_team
from appraisals.services.targets import draft_team
from appraisals.states import DraftSource, FormState
from common.errors import RuleError
from common.refusals import refused
from common.selectors import countdown, working_days_until
from people.requests import person_of, standing_in

PAGE_SIZE = 50


@require_GET
def team(request: HttpRequest, key: str = "") -> HttpResponse:
    """The people whose appraisal owner one is, in a cycle: state, who has the next step, what is missing."""
    person, today = person_of(request), timezone.localdate()
    cycles = team_cycles(person)
    cycle = _chosen(cycles, key) if cycles else None
    rows = team_rows(person, cycle) if cycle else []
    days = countdown(today, (cycle.targets_due_on, cycle.publish_due_on)) if cycle else None
    context = {
        "cycles": cycles,
        "cycle": cycle,
        "rows": rows,
        "unset": [row for row in rows if row.form.state == FormState.TARGETS],
        "empty": sum(1 for row in rows if row.form.state == FormState.TARGETS and not row.items),
        "mine": sum(1 for row in rows if row.is_mine),
        "scoring": any(row.is_scoring for row in rows),
        "missing": sum(row.missing for row in rows),
        "done": sum(1 for row in rows if row.form.state == FormState.FILED),
        "without": _without(request, cycle),
        "left": days.left(cycle.targets_due_on) if cycle and days else None,
        "days": days,
    }
    return render(request, "appraisals/team.html", context)


@require_GET
def so_far(request: HttpRequest, key: str) -> HttpResponse:
    """The team's provisional coefficients, put into the list once it stands."""
    person = person_of(request)
    found = coefficients_so_far(person, _chosen(team_cycles(person), key))
    return render(request, "appraisals/team_so_far.html", {"found": found.items()})


@require_POST
def team_act(request: HttpRequest, key: str) -> HttpResponse:
    """Draft or submit the targets of the ticked people, or of all."""
    person = person_of(request)
    cycle = _chosen(team_cycles(person), key)
    mine = [row.form.pk for row in team_rows(person, cycle) if row.form.state == FormState.TARGETS]
    ids = ChosenForms(request.POST, mine).ids() or mine
    back = reverse("appraisals:team_month", args=[key])
    act = request.POST.get("act", "")
    try:
        if act == "submit":
            _say_batch(request, submit_team(ids, by=person))
        elif act in DraftSource.values:
            done = draft_team(ids, source=DraftSource(act), by=person)
            words = ngettext("已起草 %(n)s 人的目标", "已起草 %(n)s 人的目标", done.total)
            messages.success(request, words % {"n": done.total})
        else:
            raise Http404
    except RuleError as error:
        return refused(request, error, back=back)
    return redirect(back)


@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for the CS management department, and who has not handed in."""
    if not can_approve_targets(standing_in(request)):
        raise PermissionDenied
    cycles = setting_cycles()
    cycle = _chosen(cycles, request.GET.get("cycle", "")) if cycles else None
    context: dict[str, object] = {"cycles": cycles, "cycle": cycle}
    if cycle:
        page = Paginator(forms_awaiting_approval(cycle), PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "rows": approval_rows(list(page.object_list), cycle),
            "owners": unsubmitted_by_owner(cycle),
            "without": count_without_form(cycle),
            "left": working_days_until(cycle.targets_due_on, timezone.localdate()),
            "query": f"cycle={cycle.key}",
        }
    return render(request, "appraisals/approvals.html", context)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or return the ticked forms."""
    person, standing = person_of(request), standing_in(request)
    if not can_approve_targets(standing):
        raise PermissionDenied
    waiting = visible_forms(person, standing).filter(state=FormState.APPROVAL).values_list("pk", flat=True)
    ids = ChosenForms(request.POST, waiting).ids()
    back = reverse("appraisals:approvals")
    try:
        if request.POST.get("act") == "return":
            batch = return_targets(ids, reason=request.POST.get("reason", ""), by=person)
            words = ngettext("已退回 %(n)s 人的目标", "已退回 %(n)s 人的目标", len(batch.done))
        else:
            batch = approve_targets(ids, by=person)
            words = ngettext("已批准 %(n)s 人的目标", "已批准 %(n)s 人的目标", len(batch.done))
    except RuleError as error:
        return refused(request, error, back=back)
    messages.success(request, words % {"n": len(batch.done)})
    return redirect(back)


@require_GET
def my_forms(request: HttpRequest) -> HttpResponse:
    """One's own forms, newest first."""
    person = person_of(request)
    page = Paginator(forms_of(person), PAGE_SIZE).get_page(request.GET.get("page"))
    rows: list[dict[str, Any]] = [
        {"form": form, "kind": KINDS[FormState(form.state)], "due_on": due_of(form)} for form in page
    ]
    days = countdown(timezone.localdate(), (row["due_on"] for row in rows))
    return render(request, "appraisals/my_forms.html", {"page": page, "rows": rows, "days": days})


def _chosen(cycles: list[Cycle], key: str) -> Cycle:
    """The cycle of that key among those one may choose; without a key the one whose work is due first."""
    if not key:
        return most_urgent(cycles, timezone.localdate())
    found = [cycle for cycle in cycles if cycle.key == key]
    if not found:
        raise Http404
    return found[0]


def _without(request: HttpRequest, cycle: Cycle | None) -> list[object]:
    """Team members who have no form in the cycle."""
    if cycle is None:
        return []
    day = day_within(cycle.starts_on, cycle.ends_on, timezone.localdate())
    return list(team_without_form(person_of(request), day, cycle))


def _say_batch(request: HttpRequest, batch: Batch) -> None:
    """What went, and for each that stayed why."""
    if batch.done:
        words = ngettext("已提交 %(n)s 人的目标", "已提交 %(n)s 人的目标", len(batch.done))
        messages.success(request, words % {"n": len(batch.done)})
    for refusal in batch.refused[:6]:
        words = _("%(name)s没有提交：%(why)s")
        messages.error(request, words % {"name": refusal.form.employee.name, "why": " ".join(refusal.problems)})
