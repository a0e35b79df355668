"""The terms that run from a result's publication: signing and appeal, in working days (P6.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from appraisals.selectors.schemes import rules_of
from common.selectors import calendar_between
from policy.schemes import Scheme as Rules
from policy.workdays import Anchors, Calendar, due_on, working_day_after, working_days_left
from scoring.models import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term of ``total`` working days from ``starts_on`` to ``due_on``; ``left`` counts today, 0 and below is over."""

    starts_on: date
    due_on: date
    left: int
    total: int
    is_over: bool

    @property
    def passed(self) -> int:
        """Working days gone by, for the blocks of the bar."""
        return self.total if self.is_over else self.total - min(self.total, self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTerms:
    """When the result was received, and the two terms that run from then."""

    received_on: date
    sign: Term
    appeal: Term


def result_terms(results: Iterable[Result], today: date, calendar: Calendar | None = None) -> dict[int, ResultTerms]:
    """Result id → its terms, for those published; one statement unless the calendar is given.

    Needs the form's cycle with its scheme.
    """
    published = [(one, timezone.localdate(one.published_at)) for one in results if one.published_at]
    if not published:
        return {}
    days = [today, *(day for _one, day in published)]
    calendar = calendar or calendar_between(min(days), max(days))
    known: dict[tuple[int, date], ResultTerms] = {}
    found = {}
    for one, received in published:
        cycle = one.form.cycle
        key = (cycle.pk, received)
        if key not in known:
            anchors = Anchors(cycle.starts_on, cycle.ends_on, received_on=received)
            rules = rules_of(cycle.scheme)
            sign = _term("sign", anchors, rules, calendar, today)
            known[key] = ResultTerms(
                received_on=received, sign=sign, appeal=_term("appeal", anchors, rules, calendar, today)
            )
        found[one.pk] = known[key]
    return found


def _term(step: str, anchors: Anchors, rules: Rules, calendar: Calendar, today: date) -> Term:
    due = due_on(step, anchors, rules, calendar)
    start = anchors.received_on
    if due is None or start is None:  # both run from the publication, which has taken place
        raise ValueError(step)
    first = working_day_after(start, 1, calendar)
    return Term(
        starts_on=first,
        due_on=due,
        left=working_days_left(today, due, calendar),
        total=working_days_left(first, due, calendar),
        is_over=today > due,
    )
