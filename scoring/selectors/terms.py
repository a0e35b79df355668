"""The terms that run from a result's publication: signing, appeal, interview, filing, in working days (P6.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from common.selectors import calendar_between
from policy.schemes import Scheme as Rules
from policy.workdays import Anchors, Calendar, due_on, working_day_after, working_days_left
from scoring.models import Result

STORED = {"sign": "sign_until", "appeal": "appeal_until", "interview": "interview_until", "file": "file_until"}
"""Step → the field of ``Result`` that keeps its last day."""


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


def terms_from(cycle: Cycle, published_at: datetime, calendar: Calendar | None = None) -> dict[str, date]:
    """The terms that run from a publication, under the names of their fields in ``Result``; one statement.

    They are stored with the result, and afterwards only ever extended. Filing runs from the end of the appeal term.
    """
    received = timezone.localdate(published_at)
    calendar = calendar or calendar_between(received, received)
    anchors, rules = Anchors(cycle.starts_on, cycle.ends_on, received_on=received), rules_of(cycle.scheme)
    closed = _due("appeal", anchors, rules, calendar)
    anchors = anchors._replace(appeal_closed_on=closed)
    return {field: _due(step, anchors, rules, calendar) for step, field in STORED.items()}


def stored_result_terms(cycle: Cycle, published_at: datetime) -> dict[str, Any]:
    """The terms as a result keeps them, with the special days they were computed on; for ``update(**…)``."""
    received = timezone.localdate(published_at)
    calendar = calendar_between(received, received)
    terms = terms_from(cycle, published_at, calendar)
    return {**terms, "terms_calendar": calendar.special_days(received, max(terms.values()))}


def filing_after(cycle: Cycle, closed_on: date) -> date:
    """The last day for filing what a ruling of that day has closed (``month_timeline``, file)."""
    anchors = Anchors(cycle.starts_on, cycle.ends_on, appeal_closed_on=closed_on)
    return _due("file", anchors, rules_of(cycle.scheme), calendar_between(closed_on, closed_on))


def days_behind(result: Result) -> dict[str, list[str]]:
    """The special days that the terms of a published result rest on, whatever each of them runs from."""
    if result.published_at is None:
        return {}
    received = timezone.localdate(result.published_at)
    last = max((day for name in STORED.values() if (day := getattr(result, name))), default=received)
    return calendar_between(received, last).special_days(received, last)


def result_terms(results: Iterable[Result], today: date, calendar: Calendar | None = None) -> dict[int, ResultTerms]:
    """Result id → its terms, for those published; one statement unless the calendar is given.

    Needs the form's cycle with its scheme, for results that were published before terms were stored.
    """
    published = [(one, timezone.localdate(one.published_at)) for one in results if one.published_at]
    if not published:
        return {}
    days = [today, *(day for _one, day in published)]
    calendar = calendar or calendar_between(min(days), max(days))
    known: dict[tuple[int, date, date | None, date | None], ResultTerms] = {}
    found = {}
    for one, received in published:
        key = (one.form.cycle_id, received, one.sign_until, one.appeal_until)
        if key not in known:
            due = {"sign": one.sign_until, "appeal": one.appeal_until}
            if None in due.values():
                anchors = Anchors(one.form.cycle.starts_on, one.form.cycle.ends_on, received_on=received)
                due = {step: _due(step, anchors, rules_of(one.form.cycle.scheme), calendar) for step in due}
            known[key] = ResultTerms(
                received_on=received,
                sign=_term(received, due["sign"], calendar, today),
                appeal=_term(received, due["appeal"], calendar, today),
            )
        found[one.pk] = known[key]
    return found


def _due(step: str, anchors: Anchors, rules: Rules, calendar: Calendar) -> date:
    due = due_on(step, anchors, rules, calendar)
    if due is None:  # these run from the publication, which has taken place
        raise ValueError(step)
    return due


def _term(received: date, due: date | None, calendar: Calendar, today: date) -> Term:
    if due is None:
        raise ValueError(received)
    first = working_day_after(received, 1, calendar)
    return Term(
        starts_on=first,
        due_on=due,
        left=working_days_left(today, due, calendar),
        total=working_days_left(first, due, calendar),
        is_over=today > due,
    )
