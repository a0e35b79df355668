"""One's own terms as days of a calendar: what waits with its term, and what may still be done until a day (P5, P6)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from appeals.models import Appeal
from appeals.states import AppealState
from appraisals.models import Cycle
from appraisals.states import CycleKind
from common.wording import month as month_name
from development.models import Agreement, Interview
from development.states import InterviewState
from people.facts import Standing
from people.models import Employee
from reports.facts.todos import title_and_url
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import DO_AGREED, DO_PROMISED, MARKS, Waiting
from scoring.models import Result

AGREED = {DO_AGREED, DO_PROMISED}
"""What has events of its own, one for each thing."""


class Term(NamedTuple):
    """A day by which, or from which, something is one's own; ``name`` stays the same while its wording changes."""

    name: str
    day: date
    title: str
    path: str


def own_terms(person: Employee, standing: Standing, today: date) -> list[Term]:
    """Every term of the person's own, by day. Names and months, never a score or an amount."""
    terms = [*_waiting(waiting_for(person, standing, today)), *_results(person, today), *_agreed(person)]
    return sorted([*terms, *_duties(standing, today)], key=lambda term: (term.day, term.name))


def _waiting(rows: list[Waiting]) -> Iterator[Term]:
    """One per row; what has several terms in a month is told apart by them."""
    dated = [row for row in rows if row.due_on is not None and row.n and row.what not in MARKS | AGREED]
    names = Counter((row.what, row.key) for row in dated)
    for row in dated:
        if row.due_on is not None:
            title, path = title_and_url(row)
            name = f"{row.what}-{row.key or 'all'}"
            name += f"-{row.due_on:%m%d}" if names[row.what, row.key] > 1 else ""
            yield Term(name, row.due_on, title, path)


def _results(person: Employee, today: date) -> Iterator[Term]:
    """Until when one may appeal, and by when one's result is talked about.

    Once an appeal is begun or the interview's record has come, what waits says it; so it does for an owner.
    """
    contested = Appeal.objects.filter(result=OuterRef("pk")).exclude(state=AppealState.WITHDRAWN)
    talked = Interview.objects.filter(form=OuterRef("form")).exclude(state=InterviewState.DRAFT)
    current = Result.objects.filter(superseded_at__isnull=True, form__employee=person).select_related("form__cycle")
    current = current.annotate(is_contested=Exists(contested), is_talked=Exists(talked)).defer("snapshot")
    for result in current.filter(Q(appeal_until__gte=today) | Q(interview_until__gte=today)):
        key = result.form.cycle.key
        said, path = {"month": month_name(key)}, reverse("scoring:result", args=[result.form_id])
        if not result.is_contested and result.appeal_until and result.appeal_until >= today:
            yield Term(f"appeal-{key}", result.appeal_until, _("%(month)s结果申诉截止") % said, path)
        if not result.is_talked and result.interview_until and result.interview_until >= today:
            yield Term(f"talk-{key}-{person.pk}", result.interview_until, _("%(month)s结果面谈截止") % said, path)


def _agreed(person: Employee) -> Iterator[Term]:
    """What was agreed in interviews, each for its day; its words may hold figures and stay on its page."""
    mine = Q(by_owner=False, interview__employee=person) | Q(by_owner=True, interview__owner=person)
    ahead = Agreement.objects.filter(mine, interview__state=InterviewState.ACKNOWLEDGED, done_on__isnull=True)
    for one in ahead.select_related("interview__form__cycle"):
        said = {"month": month_name(one.interview.form.cycle.key)}
        path = reverse("development:interview", args=[one.interview_id])
        yield Term(f"agreed-{one.pk}", one.due_on, _("做 %(month)s面谈约定的事") % said, path)


def _duties(standing: Standing, today: date) -> Iterator[Term]:
    """The months one is on duty for, from their first day; a month that ended is still being closed."""
    for month in sorted(standing.duty_months):
        if (today - month).days < 62:
            key = Cycle(kind=CycleKind.MONTH, starts_on=month).key
            path = reverse("scoring:duty_month", args=[key])
            yield Term(f"duty-{key}", month, _("%(month)s考核由你值班") % {"month": month_name(key)}, path)
