"""What people owe by a term, sort by sort: the one list behind a person's to-dos and everybody's reminders (P6)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, Subquery, Value

from appraisals.models import Cycle, Figure, Form, Item, UpwardTurn
from appraisals.selectors.figures import OPEN
from appraisals.states import CycleKind, DataSource, FormState, Part
from incidents.models import Bonus, Involvement
from incidents.permissions import INCIDENT_DAY
from incidents.permissions.superiors import CLAIM_KEYS, key_above
from incidents.selectors.asked import is_view_in, with_asked
from incidents.states import EventState
from people.facts import Standing
from people.models import DutySwap, ReportingLine
from people.states import SwapState
from policy import reminders as who
from quality.models import Assessment
from quality.selectors.assessments import drawn_unbegun
from quality.selectors.faults import denied_faults
from quality.states import AssessmentKind, AssessmentState
from reports.selectors import waiting as what
from reports.selectors.matters import Matter
from reports.selectors.owed_after import (
    agreed_matters,
    appeal_matters,
    appeal_window,
    appeals_to_assign,
    plans_to_write,
    talk_matters,
)
from reports.selectors.owed_asked import asked_matters, disputes_for_superiors, training_to_arrange
from reports.selectors.owed_month import month_matters
from reports.selectors.waiting import NO_DAY
from scoring.models import Signature
from scoring.states import Side


def matters(today: date) -> Iterator[Matter]:
    """What people owe as who they are: appraisees, owners, providers, raters, agents, examiners."""
    yield from _of_forms(today)
    yield from _of_entries(today)
    yield from _of_records(today)
    yield from appeal_matters(today)
    yield from talk_matters(today)
    yield from agreed_matters(today)
    yield from asked_matters()
    yield from _of_duty(today)


def office_matters(person_id: int, standing: Standing, day: date) -> Iterator[Matter]:
    """What waits for an office; its holder has nothing to do with his own form."""
    holder = Value(person_id, IntegerField())
    forms = Form.objects.exclude(employee=person_id)
    if standing.is_department:
        yield Matter(
            what=what.APPROVE,
            rows=forms.filter(state=FormState.APPROVAL),
            debtor=holder,
            due="cycle__targets_due_on",
            name="owner__name",
            by=who.DEPARTMENT,
            step="target",
            word="approval",
        )
    if standing.duty_months:
        turns = Q(pk__in=())
        for month in standing.duty_months:
            turns |= Q(cycle__ends_on__year=month.year, cycle__ends_on__month=month.month)
        for sort, state in ((what.CONSOLIDATE, FormState.READY), (what.PUBLISH, FormState.CONSOLIDATED)):
            yield Matter(
                what=sort,
                rows=forms.filter(turns, state=state),
                debtor=holder,
                due="cycle__publish_due_on",
                name="employee__name",
                by=who.DUTY,
                step="publish",
            )
    unassigned = appeals_to_assign(person_id, standing, day)
    if unassigned is not None:
        yield Matter(
            what=what.ASSIGN,
            rows=unassigned,
            debtor=holder,
            due="decide_until",
            name="number",
            by=who.EXAMINER,
            step="ruling",
            cycle="",
        )
    if standing.is_hr:
        yield Matter(
            what=what.FILE,
            rows=forms.filter(state=FormState.SIGNED, is_contested=False, results__superseded_at__isnull=True),
            debtor=holder,
            due="results__file_until",
            name="employee__name",
            by=who.HR,
            step="file",
        )
        yield training_to_arrange(person_id)
    yield from month_matters(person_id, standing, day)


def followed_matters(today: date) -> Iterator[Matter]:
    """What is reminded of beside ``matters``; the to-dos count it otherwise, or a right that ends is no to-do."""
    yield drawn_for_everybody()
    yield from _events_to_check(today)
    yield disputes_for_superiors()
    yield appeal_window(today)
    yield plans_to_write(today)


def _events_to_check(today: date) -> Iterator[Matter]:
    """Incidents and bonus claims of a month are data of it, due like figures; who stands above is asked."""
    shares = with_asked(Involvement.objects.filter(is_view_in(today), state=EventState.FILED))
    shares = shares.filter(asked__isnull=False).annotate(**_month_of(INCIDENT_DAY))
    claims = Bonus.objects.annotate(asked=key_above(barred=CLAIM_KEYS), **_month_of("occurred_on"))
    claims = claims.filter(state=EventState.FILED, first_checker__isnull=False)
    sorts = ((what.VERIFY, shares, "incident", "incident_id"), (what.CHECK_BONUS, claims, "bonus", "pk"))
    for sort, rows, step, ident in sorts:
        yield Matter(
            what=sort,
            rows=rows,
            debtor="asked",
            due="month_due_on",
            name="employee__name",
            by=who.EXAMINER,
            step=step,
            cycle="month_",
            ident=ident,
        )


def _month_of(day: str) -> dict[str, Subquery]:
    """The month that a row's day lies in, and when its data are due, as columns ``month_…``."""
    month = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__lte=OuterRef(day), ends_on__gte=OuterRef(day))
    columns = {"kind": "kind", "starts_on": "starts_on", "due_on": "data_due_on"}
    return {f"month_{name}": Subquery(month.values(column)[:1]) for name, column in columns.items()}


def drawn_for_everybody() -> Matter:
    """Drawn calls that nobody has begun to score, while one can: the superior of that day is asked, others may."""
    lines = ReportingLine.objects.filter(employee=OuterRef("employee"), starts_on__lte=OuterRef("called_on"))
    lines = lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=OuterRef("called_on")))
    rows = drawn_unbegun().annotate(led_by=Subquery(lines.values("superior")[:1]), **_month_of("called_on"))
    return Matter(
        what=what.SCORE,
        rows=rows.exclude(led_by=F("employee")),
        debtor="led_by",
        due="month_due_on",
        name="employee__name",
        by=who.PROVIDER,
        step="data",
        word="calls",
        cycle="month_",
    )


def _of_forms(today: date) -> Iterator[Matter]:
    forms = Form.objects.all()
    published = forms.filter(results__superseded_at__isnull=True)
    own: dict[str, Any] = {"debtor": "employee_id", "name": "owner__name", "by": who.APPRAISEE, "owner": "owner_id"}
    team: dict[str, Any] = {"debtor": "owner_id", "name": "employee__name", "by": who.OWNER}
    signing: dict[str, Any] = {"due": "results__sign_until", "step": "sign", "at": "published_at"}
    agreeing: dict[str, Any] = {"due": "cycle__targets_due_on", "step": "target"}
    begun = forms.filter(state=FormState.ACTIVE, cycle__starts_on__lte=today)
    yield Matter(
        what=what.CONFIRM, rows=forms.filter(state=FormState.CONFIRMATION), word="confirmation", **own, **agreeing
    )
    yield Matter(what=what.SELF, rows=begun, due="cycle__self_due_on", step="self", **own)
    yield Matter(what=what.SIGN, rows=published.filter(unsigned(Side.APPRAISEE)), **own, **signing)
    yield Matter(what=what.TARGETS, rows=forms.filter(state=FormState.TARGETS), **team, **agreeing)
    reviewed = forms.filter(state=FormState.REVIEW)
    yield Matter(what=what.REVIEW, rows=reviewed, due="cycle__review_due_on", step="review", **team)
    yield Matter(what=what.SIGN_TEAM, rows=published.filter(unsigned(Side.OWNER)), **team, **signing)


def _of_entries(today: date) -> Iterator[Matter]:
    stands = Exists(Figure.objects.filter(item=OuterRef("pk"), superseded_at__isnull=True))
    items = Item.objects.filter(part=Part.KPI, data_source=DataSource.MANUAL, not_applicable_reason="")
    owed = items.filter(~stands, form__state__in=OPEN, form__cycle__starts_on__lte=today)
    yield Matter(
        what=what.FIGURES,
        rows=owed.exclude(form__employee=F("provider")),
        debtor="provider_id",
        due="form__cycle__data_due_on",
        name="name",
        by=who.PROVIDER,
        step="data",
        cycle="form__cycle__",
        ident="form_id",
    )
    turns = UpwardTurn.objects.filter(is_done=False, form__state__in=OPEN, form__cycle__starts_on__lte=today)
    yield Matter(
        what=what.RATE,
        rows=turns,
        debtor="rater_id",
        due="form__cycle__review_due_on",
        name="form__employee__name",
        by=who.RATER,
        step="review",
        cycle="form__cycle__",
        ident="form_id",
    )


def _of_records(today: date) -> Iterator[Matter]:
    """A view on an incident, and a call's score: rights that end with their term; and a fatal fault that stands though
    the incident it filed was found untrue: one may object, without a term."""
    shares = Involvement.objects.filter(state=EventState.FILED, stated_at__isnull=True, statement_due_on__gte=today)
    yield Matter(
        what=what.STATE,
        rows=shares,
        debtor="employee_id",
        due="statement_due_on",
        name="incident__number",
        by=who.APPRAISEE,
        cycle="",
        ident="incident_id",
    )
    scored = Assessment.objects.filter(kind=AssessmentKind.FIRST, state=AssessmentState.SUBMITTED)
    fresh = scored.filter(acknowledged_at__isnull=True, disputes__isnull=True, dispute_until__gte=today)
    yield Matter(
        what=what.HEAR,
        rows=fresh.filter(call__counted_month__isnull=True),
        debtor="call__employee_id",
        due="dispute_until",
        name="call__number",
        by=who.APPRAISEE,
        cycle="",
        ident="call_id",
    )

    yield Matter(
        what=what.OBJECT,
        rows=denied_faults(),
        debtor="call__employee_id",
        due=NO_DAY,
        name="call__number",
        by=who.APPRAISEE,
        cycle="",
        ident="call_id",
    )


def _of_duty(today: date) -> Iterator[Matter]:
    """Months of duty somebody is asked to take over or to trade: without a term, so never reminded of.

    A trade waits for whoever is asked, as long as neither month has begun; the leader is told of it afterwards.
    """
    asked = DutySwap.objects.filter(state=SwapState.ASKED)
    asked = asked.annotate(month_kind=Value(CycleKind.MONTH.value, CharField()), month_starts_on=F("month"))
    asking: dict[str, Any] = {"debtor": "asked_id", "name": "asked_by__name", "by": who.DUTY, "cycle": "month_"}
    yield Matter(what=what.TAKE_DUTY, rows=asked.filter(other_month__isnull=True), due=NO_DAY, **asking)
    trades = asked.filter(month__gt=today, other_month__gt=today)
    yield Matter(what=what.ANSWER_SWAP, rows=trades, due=NO_DAY, **asking)


def unsigned(side: Side) -> Q:
    """Published forms whose current version that side has not signed."""
    signed = Signature.objects.filter(result__form=OuterRef("pk"), result__superseded_at__isnull=True, side=side)
    return Q(state=FormState.PUBLISHED) & ~Q(Exists(signed))
