"""What waits for a person, counted from the states of things in one statement, whatever their number."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from appraisals.models import Figure, Form, UpwardTurn
from appraisals.selectors.figures import OPEN, provided_by
from appraisals.states import FormState
from notices.selectors.inbox import inbox_of
from people.facts import Standing
from people.models import Employee
from reports.selectors.event_todos import calls_waiting, events_waiting
from reports.selectors.waiting import (
    APPROVE,
    CONFIRM,
    CONSOLIDATE,
    FIGURES,
    FILE,
    OWNS,
    PROVIDES,
    PUBLISH,
    RATE,
    REVIEW,
    SELF,
    SIGN,
    SIGN_TEAM,
    TARGETS,
    UNREAD,
    Waiting,
    by_cycle,
    together,
)
from scoring.models import Signature
from scoring.states import Side


def waiting_for(person: Employee, standing: Standing, today: date) -> list[Waiting]:
    """Everything that waits for the person, and the marks of what the person is."""
    parts = [*_own(person, today), *_owned(person, today), *_given(person, today), *_of_office(person, standing)]
    parts += [*events_waiting(person, standing, today), *calls_waiting(person, standing, today)]
    parts.append(together(UNREAD, inbox_of(person, unread=True)))
    first, *rest = parts
    return list(map(Waiting._make, first.union(*rest, all=True)))


def _own(person: Employee, today: date) -> Iterator[QuerySet[Any]]:
    mine = Form.objects.filter(employee=person)
    yield by_cycle(CONFIRM, mine.filter(state=FormState.CONFIRMATION), due="targets_due_on", name="owner__name")
    begun = mine.filter(state=FormState.ACTIVE, cycle__starts_on__lte=today)
    yield by_cycle(SELF, begun, due="self_due_on", name="owner__name")
    yield by_cycle(SIGN, mine.filter(_unsigned(Side.APPRAISEE)), name="owner__name", at="published_at")


def _owned(person: Employee, today: date) -> Iterator[QuerySet[Any]]:
    team = Form.objects.filter(owner=person)
    yield by_cycle(TARGETS, team.filter(state=FormState.TARGETS), due="targets_due_on", name="employee__name")
    yield by_cycle(REVIEW, team.filter(state=FormState.REVIEW), due="review_due_on", name="employee__name")
    yield by_cycle(SIGN_TEAM, team.filter(_unsigned(Side.OWNER)), name="employee__name", at="published_at")
    yield together(OWNS, team.filter(cycle__ends_on__gte=_season(today)))


def _given(person: Employee, today: date) -> Iterator[QuerySet[Any]]:
    stands = Exists(Figure.objects.filter(item=OuterRef("pk"), superseded_at__isnull=True))
    mine = provided_by(person).filter(form__cycle__starts_on__lte=today)
    owed = mine.filter(~stands, not_applicable_reason="", form__state__in=OPEN)
    yield by_cycle(FIGURES, owed, to="form__", due="data_due_on", name="name")
    yield together(PROVIDES, mine.filter(form__cycle__ends_on__gte=_season(today)))
    turns = UpwardTurn.objects.filter(rater=person, is_done=False, form__state__in=OPEN)
    turns = turns.filter(form__cycle__starts_on__lte=today)
    yield by_cycle(RATE, turns, to="form__", due="review_due_on", name="form__employee__name")


def _of_office(person: Employee, standing: Standing) -> Iterator[QuerySet[Any]]:
    others = Form.objects.exclude(employee=person)
    if standing.is_department:
        yield by_cycle(APPROVE, others.filter(state=FormState.APPROVAL), due="targets_due_on", name="owner__name")
    if standing.is_hr:
        yield by_cycle(FILE, others.filter(state=FormState.SIGNED, is_contested=False))
    if standing.duty_months:
        turns = Q(pk__in=())
        for month in standing.duty_months:
            turns |= Q(cycle__ends_on__year=month.year, cycle__ends_on__month=month.month)
        forms = others.filter(turns)
        yield by_cycle(CONSOLIDATE, forms.filter(state=FormState.READY), due="publish_due_on")
        yield by_cycle(PUBLISH, forms.filter(state=FormState.CONSOLIDATED), due="publish_due_on")


def _unsigned(side: Side) -> Q:
    signed = Signature.objects.filter(result__form=OuterRef("pk"), result__superseded_at__isnull=True, side=side)
    return Q(state=FormState.PUBLISHED) & ~Q(Exists(signed))


def _season(today: date) -> date:
    """Far enough back that somebody who owned or reported anything lately still finds his page."""
    return today - timedelta(days=70)
