"""The duty board: how far the month is, who owes what, consolidation and publication (P5.3, P6.3a)."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisals.models import Cycle
from appraisals.permissions import can_view_form, hats_on, visible_forms
from appraisals.selectors.schemes import rules_of
from appraisals.selectors.teams import KINDS
from appraisals.states import FormState
from appraisals.workflow import moves_from
from common.errors import RuleError
from common.forms import whole_number
from common.refusals import refused
from common.selectors import Countdown, calendar_between
from people.requests import person_of, standing_in
from people.selectors import all_regions
from policy.workdays import working_days_left
from scoring.forms import ReasonForm
from scoring.models import Job
from scoring.permissions import (
    can_run_board,
    can_view_handover,
    can_view_job,
    opens_every_form,
    sees_boards,
    visible_boards,
)
from scoring.selectors.board import STEPS, Months, board_months, board_of, publishable
from scoring.selectors.checks import NAMES, Asked, checks_of, form_lines, forms_asked
from scoring.selectors.findings import last_run
from scoring.selectors.handover import officers_of
from scoring.selectors.jobs import latest_job
from scoring.selectors.nudges import debtors
from scoring.selectors.owed import Owed, debts
from scoring.services.consolidation import consolidate_forms, withdraw_consolidation
from scoring.services.jobs import request_job
from scoring.services.publication import withdraw_publication
from scoring.states import JobKind, JobState

PAGE_SIZE = 40
WITHDRAWALS = ("withdraw_consolidation", "withdraw_publication")


@require_GET
def duty(request: HttpRequest, key: str = "") -> HttpResponse:
    """The month's board; a cell of the matrix or a check narrows the list below."""
    standing, today = standing_in(request), timezone.localdate()
    if not sees_boards(standing):
        raise PermissionDenied
    months = board_months(standing, key, today)
    if months is None:
        if key:
            raise Http404
        return render(request, "scoring/duty_empty.html")
    asked = Asked(**{name: request.GET.get(name, "").strip() for name in ("region", "step", "check", "who", "text")})
    lists_forms = request.GET.get("view") == "forms" or bool(asked.check or asked.who or asked.text)
    context = _head(request, months) | _list(request, months, asked, lists_forms=lists_forms)
    return render(request, "scoring/duty.html", context)


@require_POST
def consolidate(request: HttpRequest, key: str) -> HttpResponse:
    """Consolidate one form at once, or a region, the ticked ones or all as a job."""
    cycle, person = _cycle(request, key), person_of(request)
    back = _back(request, key)
    ids = [pk for text in request.POST.getlist("form") if (pk := whole_number(text)) is not None]
    region = next((one for one in all_regions() if one.code == request.POST.get("region")), None)
    try:
        if len(ids) == 1:
            outcome = consolidate_forms(cycle.pk, form_ids=ids, by=person)
            for waiting in outcome.refused:
                messages.error(request, _("%(name)s没有汇总：%(why)s") % {"name": waiting.name, "why": waiting.words})
            if outcome.done:
                messages.success(request, _("已汇总 1 张"))
            elif not outcome.refused:
                messages.error(request, _("这张表已经往前走了，刷新这一页看看。"))
        else:
            request_job(
                cycle.pk,
                kind=JobKind.CONSOLIDATE,
                by=person,
                region_id=region.pk if region else None,
                form_ids=ids or None,
            )
    except RuleError as error:
        return refused(request, error, back=back)
    return redirect(back)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Say what follows, then give every consolidated result to its person."""
    cycle = _cycle(request, key)
    if not can_run_board(standing_in(request), cycle):
        raise PermissionDenied
    if request.method == "POST":
        try:
            request_job(cycle.pk, kind=JobKind.PUBLISH, by=person_of(request))
        except RuleError as error:
            return refused(request, error, back=_back(request, key))
        return redirect("scoring:duty_month", key=key)
    ready, rest = publishable(cycle)
    rules = rules_of(cycle.scheme)
    context = {"cycle": cycle, "ready": ready, "rest": rest, "sign": rules.step("sign"), "appeal": rules.step("appeal")}
    return render(request, _part(request, "scoring/publish.html"), context)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take a consolidation or a published result back, with the reason."""
    cycle, person, standing = _cycle(request, key), person_of(request), standing_in(request)
    forms = visible_forms(person, standing).exclude(employee=person).select_related("cycle", "employee", "owner")
    form = get_object_or_404(forms, pk=pk, cycle=cycle)
    names = {
        move.name for move in moves_from(form.state, hats_on(form, person, standing), managerial=form.is_managerial)
    }
    act = next((name for name in WITHDRAWALS if name in names), None)
    if act is None:
        raise Http404
    asked = ReasonForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        step = withdraw_consolidation if act == WITHDRAWALS[0] else withdraw_publication
        try:
            step(form.pk, reason=asked.cleaned_data["reason"], by=person)
        except RuleError as error:
            return refused(request, error, back=_back(request, key))
        messages.success(request, _("已收回%(name)s的结果，可以改了再汇总") % {"name": form.employee.name})
        return redirect(_back(request, key))
    context = {"cycle": cycle, "form": form, "asked": asked, "is_published": act == WITHDRAWALS[1]}
    context["back"] = _back(request, key)
    return render(request, _part(request, "scoring/withdraw.html"), context, status=422 if asked.errors else 200)


def _cycle(request: HttpRequest, key: str) -> Cycle:
    return cycle_or_404(visible_boards(standing_in(request)), key)


def cycle_or_404(cycles: QuerySet[Cycle], key: str) -> Cycle:
    """The cycle of that key among those the person may see, with its scheme."""
    cycle = next((one for one in cycles.select_related("scheme") if one.key == key), None)
    if cycle is None:
        raise Http404
    return cycle


def _back(request: HttpRequest, key: str) -> str:
    """The board as it was narrowed."""
    query = request.POST.get("query", "") or request.GET.urlencode()
    address = reverse("scoring:duty_month", args=[key])
    return f"{address}?{query}#list" if query else address


def _part(request: HttpRequest, template: str) -> str:
    return f"{template}#dialog" if request.headers.get("HX-Request") == "true" else template


def _head(request: HttpRequest, months: Months) -> dict[str, Any]:
    """Head, sums, matrix, checks, job: the same whatever the list is narrowed to."""
    person, standing, today = person_of(request), standing_in(request), timezone.localdate()
    cycle, rules = months.cycle, rules_of(months.cycle.scheme)
    calendar = calendar_between(min(today, cycle.ends_on), max(today, cycle.publish_due_on))
    board = board_of(cycle, today)
    due = board.terms.get(board.unfinished) if board.unfinished else None
    left = working_days_left(today, due, calendar) if due else None
    own, following = officers_of(cycle)
    job = latest_job(cycle.pk)
    return {
        "cycle": cycle,
        "before": months.earlier,
        "after": months.later,
        "board": board,
        "due_on": due,
        "days": Countdown(today, calendar),
        "left": max(1, left) if due and left is not None and due >= today else left,
        "stage": STEPS.get(board.unfinished, ""),
        "officer": own,
        "next_officer": following,
        "run": last_run(cycle),
        "checks": checks_of(cycle, rules, months.last),
        "may_run": can_run_board(standing, cycle),
        "sees_handover": can_view_handover(standing, cycle.duty_month),
        "opens_forms": opens_every_form(standing, cycle),
        "today": today,
        **(_job(job) if job and can_view_job(person, job, standing) else {}),
    }


def _job(job: Job) -> dict[str, Any]:
    is_over = job.state in (JobState.DONE, JobState.FAILED)
    return {"job": job, "is_over": is_over, "settled": job.done - len(job.refused)}


def _list(request: HttpRequest, months: Months, asked: Asked, *, lists_forms: bool) -> dict[str, Any]:
    cycle = months.cycle
    number = request.GET.get("page")
    narrowed = {name: value for name, value in asdict(asked).items() if value}
    query = urlencode(narrowed | ({"view": "forms"} if lists_forms else {}))
    context: dict[str, Any] = {"asked": asked, "query": query, "lists_forms": lists_forms, "narrowed": narrowed}
    context["step_name"] = STEPS.get(asked.step, "")
    context["check_name"] = NAMES.get(asked.check, "")
    if not lists_forms:
        page = Paginator(debts(cycle, step=asked.step, region=asked.region), PAGE_SIZE).get_page(number)
        reader, now = person_of(request).pk, timezone.now()
        owed = debtors([Owed._make(row) for row in page], cycle, months.before, reader_id=reader, now=now)
        return context | {"page": page, "owed": owed, "reader": reader}
    page = Paginator(forms_asked(cycle, rules_of(cycle.scheme), months.last, asked), PAGE_SIZE).get_page(number)
    person, standing = person_of(request), standing_in(request)
    lines = []
    for line in form_lines(page):
        hats = hats_on(line.form, person, standing)
        names = {move.name for move in moves_from(line.form.state, hats, managerial=line.form.is_managerial)}
        lines.append(
            {
                "line": line,
                "kind": KINDS[FormState(line.form.state)],
                "may_consolidate": "consolidate" in names,
                "may_withdraw": bool(names & set(WITHDRAWALS)),
                "is_own": line.form.employee_id == person.pk,
                "can_open": can_view_form(person, line.form, standing),
            }
        )
    return context | {"page": page, "lines": lines}
