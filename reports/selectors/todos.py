"""What waits for a person, counted from the states of things in one statement, whatever their number."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from appraisals.models import Form
from appraisals.selectors.figures import provided_by
from appraisals.selectors.schemes import schemes_waiting
from appraisals.states import SchemeState
from calibration.models import Move
from calibration.permissions import sits_on_board
from calibration.states import MoveState
from common.db import Statement
from development.models import Meeting
from development.selectors.obligations import people_owing
from notices.selectors.inbox import inbox_of
from people.facts import Standing
from people.models import Employee, Position
from reports.selectors.event_todos import calls_waiting, events_waiting
from reports.selectors.owed import matters, office_matters
from reports.selectors.owed_after import late_agreements
from reports.selectors.owed_month import rota_waiting
from reports.selectors.pay_todos import pay_waiting
from reports.selectors.proposal_todos import proposals_waiting
from reports.selectors.waiting import (
    APPROVE_SCHEME,
    AUTHORISE,
    CALIBRATE,
    CHECK_SCHEME,
    LATE_AGREED,
    MINUTES,
    OWNS,
    PROVIDES,
    REDRAFT,
    UNREAD,
    WRITE_PLAN,
    Waiting,
    together,
)
from reports.selectors.year_todos import years_waiting
from scoring.models import AnnualReview
from scoring.states import ReviewState

SCHEMES = {
    SchemeState.SUBMITTED: CHECK_SCHEME,
    SchemeState.CHECKED: APPROVE_SCHEME,
    SchemeState.DRAFT: REDRAFT,
}


def waiting_for(person: Employee, standing: Standing, today: date) -> list[Waiting]:
    """Everything that waits for the person, and the marks of what the person is; one statement."""
    post = person.position.position_class if person.position else ""
    return list(map(Waiting._make, _asked(person.pk, person.region_id, post, standing, today).rows()))


@lru_cache(maxsize=1024)  # every page asks: wording it takes a tenth of a second, answering it some milliseconds
def _asked(pk: int, region_id: int | None, post: str, standing: Standing, today: date) -> Statement:
    """The statement of a person, who is here no more than what it depends on, so that none is kept too long."""
    person = Employee(pk=pk, region_id=region_id, position=Position(position_class=post))
    first, *rest = _parts(person, standing, today)
    return Statement.of(first.union(*rest, all=True))


def _parts(person: Employee, standing: Standing, today: date) -> list[QuerySet[Any]]:
    parts = [matter.of(person) for matter in (*matters(today), *office_matters(person.pk, standing, today))]
    parts += [*_marks(person, today), together(UNREAD, inbox_of(person, unread=True))]
    parts += [*events_waiting(person, standing, today), *calls_waiting(person, standing)]
    parts.append(together(WRITE_PLAN, people_owing(person, today), "name", due="plan_due_on"))
    late = late_agreements(person, today)
    parts.append(together(LATE_AGREED, late, "interview__employee__name", ident="interview_id", due="due_on"))
    parts += [together(SCHEMES[state], rows, "version") for state, rows in schemes_waiting(person, standing).items()]
    if sits_on_board(standing):
        parts.append(together(CALIBRATE, AnnualReview.objects.filter(state=ReviewState.OPEN), ident="year"))
    asked = Move.objects.filter(authoriser=person, state=MoveState.WAITING)
    parts.append(together(AUTHORISE, asked, "result__employee__name", ident="result__review__year"))
    parts += years_waiting(person.pk, standing, today)
    parts += proposals_waiting(person, standing, today)
    parts += pay_waiting(person, standing, today)
    parts += rota_waiting(person.pk, standing, today)
    return parts


def _marks(person: Employee, today: date) -> Iterator[QuerySet[Any]]:
    """Whether he owns forms or reports figures, lately enough to look for his page; was sent minutes."""
    season = today - timedelta(days=70)
    yield together(OWNS, Form.objects.filter(owner=person, cycle__ends_on__gte=season))
    mine = provided_by(person).filter(form__cycle__starts_on__lte=today)
    yield together(PROVIDES, mine.filter(form__cycle__ends_on__gte=season))
    yield together(MINUTES, Meeting.objects.filter(recipients=person, sent_at__isnull=False))
