"""The home page: what waits for me, where the month stands, my last result."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from appraisals.selectors.schemes import rules_of
from appraisals.selectors.teams import KINDS
from appraisals.states import FormState
from common.selectors import Countdown, calendar_between, missing_arrangement
from common.wording import month as month_name
from notices.selectors.inbox import latest_lines
from people.facts import Standing
from people.models import Employee
from people.permissions import hears_of_calendar
from people.requests import person_of, standing_in
from policy.schemes import SCHEME_1_0
from reports.facts.todos import Days, todo_lines
from reports.selectors.home import current_cycle, current_form, flow_of_cycle, flow_of_form, tallies
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import OWNS, UNREAD, Waiting
from scoring.models import Result
from scoring.selectors.results import latest_result, marks_of
from scoring.selectors.terms import ResultTerms, result_terms
from scoring.selectors.trends import counters_of, trend_of

MARGIN = timedelta(days=40)
MESSAGES = 5


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To-dos by urgency, the steps of the month, the last result; nothing here is computed by hand."""
    person, now = person_of(request), timezone.localtime()
    today = now.date()
    waiting = waiting_for(person, standing_in(request), today)
    request._kpi_waiting = waiting  # type: ignore[attr-defined]  # the frame's counts are the same
    calendar = calendar_between(today - MARGIN, today + MARGIN)
    latest = latest_result(person) if person.position_id else None
    terms = result_terms([latest], today, calendar).get(latest.pk) if latest else None
    rules = rules_of(latest.form.cycle.scheme) if latest else SCHEME_1_0
    days = Days(today=today, calendar=calendar, sign_days=rules.step("sign").days)
    context = {
        "person": person,
        "greeting": _greeting(now),
        "office": _office(person, standing_in(request)),
        "today": today,
        "todos": todo_lines(waiting, days),
        "days": Countdown(today, calendar),
        "missing_year": missing_arrangement(today) if hears_of_calendar(standing_in(request)) else None,
        "messages_told": latest_lines(person, MESSAGES),
        "follows": _follows(standing_in(request), waiting),
        "unread": sum(row.n for row in waiting if row.what == UNREAD),
        **_month(person, latest, terms, today),
        **(_result(person, latest) if latest else {}),
    }
    return render(request, "reports/home.html", context)


def _month(person: Employee, latest: Result | None, terms: ResultTerms | None, today: date) -> dict[str, Any]:
    """The steps of the month: of one's own form, else by the dates of the cycle."""
    form = current_form(person.pk, today) if person.position_id else None
    if form is not None:
        own_terms = terms if latest is not None and latest.form_id == form.pk else None
        return {"cycle": form.cycle, "flow": flow_of_form(form, own_terms)}
    cycle = current_cycle(today)
    return {"cycle": cycle, "flow": flow_of_cycle(cycle, today) if cycle else []}


def _result(person: Employee, latest: Result) -> dict[str, Any]:
    months = trend_of(person.pk)
    before = next((month for month in reversed(months) if month.month < latest.form.cycle.starts_on), None)
    known = before is not None and before.own is not None and latest.coefficient is not None
    return {
        "latest": latest,
        "marks": marks_of(latest),
        "kind": KINDS[FormState(latest.form.state)],
        "change": latest.coefficient - before.own if known else None,  # type: ignore[operator, union-attr]  # both known
        "before": before,
        "trend": [(month_name(month.month, "short"), month.own, month.median) for month in months],
        "has_median": any(month.median is not None for month in months),
        "tallies": tallies(counters_of(person.pk, latest.form.cycle.starts_on)),
    }


def _follows(standing: Standing, waiting: list[Waiting]) -> bool:
    """Whether anything of others can be passed on to the person: he owns forms or holds an office."""
    holds = standing.is_hr or standing.is_department or standing.is_leader or bool(standing.duty_months)
    return holds or any(row.what == OWNS and row.n for row in waiting)


def _office(person: Employee, standing: Standing) -> str:
    """What keeps somebody out of the month altogether: he reads it, or keeps the portal; empty for all others."""
    works = standing.is_hr or standing.is_department or standing.is_member or standing.is_leader
    if person.position_id or works:
        return ""
    return "auditor" if standing.is_auditor else "administrator" if standing.is_administrator else ""


def _greeting(now: datetime) -> str:
    if now.hour < 5 or now.hour >= 18:
        return _("晚上好")
    if now.hour < 9:
        return _("早上好")
    return _("上午好") if now.hour < 12 else _("下午好")
