"""The terms of appeals in working days (P6.3b): stored when they begin to run, and only ever extended."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.models import Appeal
from common.errors import RuleError
from common.selectors import calendar_between
from policy.workdays import working_day_after
from scoring.models import Result
from scoring.selectors.terms import terms_from

DECIDE_DAYS = 5
"""Working days for a ruling: the policy gives the appellant five and says nothing of the ruling; it gets as many."""
FURTHER_DAYS = 5
"""Working days in which a ruling may be taken to HR, counted as for the appeal itself."""


def appeal_until(result: Result) -> date:
    """The last day for an appeal against a published result."""
    if result.published_at is None:
        raise RuleError(_("结果还没有公布。"), code="not_published")
    return result.appeal_until or terms_from(result.cycle, result.published_at)["appeal_until"]


def further_until(first: Appeal) -> date | None:
    """The last day for the second instance, counted from the ruling; None before it."""
    if first.ruled_at is None:
        return None
    day = timezone.localdate(first.ruled_at)
    return working_day_after(day, FURTHER_DAYS, calendar_between(day, day))
