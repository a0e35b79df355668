"""One's own terms as days of a calendar: what waits with its term, and what may still be done until a day (P5, P6)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from appraisals.models import Cycle
from appraisals.states import CycleKind
from common.wording import month as month_name
from development.states import InterviewState
from people.facts import Standing
from people.models import Employee
from reports.facts.todos import title_and_url
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import MARKS, Waiting
from scoring.models import Result


class Term(NamedTuple):
    """A day by which, or from which, something is one's own; ``name`` stays the same while its wording changes."""

    name: str
    day: date
    title: str
    path: str


def own_terms(person: Employee, standing: Standing, today: date) -> list[Term]:
    """Every term of the person's own, by day. Names and months, never a score or an amount."""
    terms = [*_waiting(waiting_for(person, standing, today)), *_results(person, today), *_duties(standing, today)]
    return sorted(terms, key=lambda term: (term.day, term.name))


def _waiting(rows: list[Waiting]) -> Iterator[Term]:
    """One per row; what has several terms in a month is told apart by them."""
    dated = [row for row in rows if row.due_on is not None and row.n and row.what not in MARKS]
    names = Counter((row.what, row.key) for row in dated)
    for row in dated:
        if row.due_on is not None:
            title, path = title_and_url(row)
            name = f"{row.what}-{row.key or 'all'}"
            name += f"-{row.due_on:%m%d}" if names[row.what, row.key] > 1 else ""
            yield Term(name, row.due_on, title, path)


def _results(person: Employee, today: date) -> Iterator[Term]:
    """Until when one may appeal, and by when one is to talk about the result, as its owner or as who it is about."""
    current = Result.objects.filter(superseded_at__isnull=True).select_related("form__cycle", "form__employee")
    of_mine = Q(form__employee=person, appeal_until__gte=today)
    talks = Q(form__employee=person) | Q(form__owner=person)
    held = Q(form__interview__state=InterviewState.ACKNOWLEDGED)
    for result in current.filter(of_mine | (talks & Q(interview_until__gte=today) & ~held)):
        form, key = result.form, result.form.cycle.key
        said = {"month": month_name(key), "name": form.employee.name}
        path = reverse("scoring:result", args=[form.pk])
        if form.employee_id == person.pk and result.appeal_until and result.appeal_until >= today:
            yield Term(f"appeal-{key}", result.appeal_until, _("%(month)s结果申诉截止") % said, path)
        if result.interview_until and result.interview_until >= today:
            is_own = form.employee_id == person.pk
            title = _("%(month)s结果面谈截止") if is_own else _("和%(name)s面谈%(month)s结果，截止")
            yield Term(f"talk-{key}-{form.employee_id}", result.interview_until, title % said, path)


def _duties(standing: Standing, today: date) -> Iterator[Term]:
    """The months one is on duty for, from their first day; a month that ended is still being closed."""
    for month in sorted(standing.duty_months):
        if (today - month).days < 62:
            key = Cycle(kind=CycleKind.MONTH, starts_on=month).key
            path = reverse("scoring:duty_month", args=[key])
            yield Term(f"duty-{key}", month, _("%(month)s考核由你值班") % {"month": month_name(key)}, path)
