"""The terms of appeals in working days (P6.3b): stored when they begin to run, and only ever extended."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.models import Appeal
from appraisals.selectors.schemes import rules_of
from common.errors import RuleError
from common.selectors import calendar_between
from policy.workdays import working_day_after
from scoring.models import Result
from scoring.selectors.terms import terms_from


def appeal_until(result: Result) -> date:
    """The last day for an appeal against a published result."""
    if result.published_at is None:
        raise RuleError(_("结果还没有公布。"), code="not_published")
    return result.appeal_until or terms_from(result.cycle, result.published_at)["appeal_until"]


def running_from(appeal: Appeal, name: str, day: date) -> dict[str, Any]:
    """The term ``decide_until`` or ``further_until`` from ``day`` on, as it is stored: with the days it came of.

    The scheme of the result's period says how many working days; the policy is silent on both, so they are five.
    """
    rules, calendar = rules_of(appeal.result.form.cycle.scheme), calendar_between(day, day)
    count = {"decide_until": rules.ruling_days, "further_until": rules.further_days}[name]
    until = working_day_after(day, count, calendar)
    return {name: until, "terms_calendar": {**appeal.terms_calendar, name: calendar.special_days(day, until)}}


def further_until(first: Appeal) -> date | None:
    """The last day for the second instance; None before the ruling. One ruled before terms were stored is computed."""
    if first.further_until is not None or first.ruled_at is None:
        return first.further_until
    until: date = running_from(first, "further_until", timezone.localdate(first.ruled_at))["further_until"]
    return until
