"""What waits for a person, counted from the states of things in one statement, whatever their number."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from appraisals.models import Cycle, Figure, Form, UpwardTurn
from appraisals.selectors.figures import OPEN, provided_by
from appraisals.states import FormState
from incidents.models import Bonus, Involvement
from incidents.states import EventState
from people.facts import Standing
from people.models import Employee, ReportingLine
from scoring.models import Signature
from scoring.states import Side

CONFIRM, SELF, SIGN = "confirm", "self", "sign"
RATE, FIGURES = "rate", "figures"
TARGETS, REVIEW, SIGN_TEAM = "targets", "review", "sign_team"
APPROVE, CONSOLIDATE, PUBLISH, FILE = "approve", "consolidate", "publish", "file"
VERIFY, CHECK_BONUS = "verify", "check_bonus"
OWNS, PROVIDES = "owns", "provides"
MARKS = frozenset((OWNS, PROVIDES))
"""Rows that say what a person is rather than what waits."""


class Waiting(NamedTuple):
    """Some things of one sort that wait for a person, those of one cycle together.

    ``ident`` is one of them (the only one if ``n`` is 1), ``name`` whoever stands behind it, ``at`` when the first
    result was published. ``due_on`` None: no term, or for signing one that runs from ``at``.
    """

    what: str
    kind: str | None
    starts_on: date | None
    due_on: date | None
    ident: int | None
    n: int
    name: str
    at: datetime | None

    @property
    def key(self) -> str:
        """The cycle's key as in addresses; empty for what belongs to none."""
        return Cycle(kind=self.kind or "", starts_on=self.starts_on).key if self.starts_on else ""


def waiting_for(person: Employee, standing: Standing, today: date) -> list[Waiting]:
    """Everything that waits for the person, and the marks ``OWNS`` and ``PROVIDES``."""
    parts = [*_own(person, today), *_owned(person, today), *_given(person, today), *_of_office(person, standing)]
    parts += _events(person, standing)
    first, *rest = parts
    return list(map(Waiting._make, first.union(*rest, all=True)))


def _own(person: Employee, today: date) -> Iterator[QuerySet[Any]]:
    mine = Form.objects.filter(employee=person)
    yield _rows(CONFIRM, mine.filter(state=FormState.CONFIRMATION), due="targets_due_on", name="owner__name")
    begun = mine.filter(state=FormState.ACTIVE, cycle__starts_on__lte=today)
    yield _rows(SELF, begun, due="self_due_on", name="owner__name")
    yield _rows(SIGN, mine.filter(_unsigned(Side.APPRAISEE)), name="owner__name", at="published_at")


def _owned(person: Employee, today: date) -> Iterator[QuerySet[Any]]:
    team = Form.objects.filter(owner=person)
    yield _rows(TARGETS, team.filter(state=FormState.TARGETS), due="targets_due_on", name="employee__name")
    yield _rows(REVIEW, team.filter(state=FormState.REVIEW), due="review_due_on", name="employee__name")
    yield _rows(SIGN_TEAM, team.filter(_unsigned(Side.OWNER)), name="employee__name", at="published_at")
    yield _loose(OWNS, team.filter(cycle__ends_on__gte=_season(today)))


def _given(person: Employee, today: date) -> Iterator[QuerySet[Any]]:
    stands = Exists(Figure.objects.filter(item=OuterRef("pk"), superseded_at__isnull=True))
    mine = provided_by(person).filter(form__cycle__starts_on__lte=today)
    owed = mine.filter(~stands, not_applicable_reason="", form__state__in=OPEN)
    yield _rows(FIGURES, owed, to="form__", due="data_due_on", name="name")
    yield _loose(PROVIDES, mine.filter(form__cycle__ends_on__gte=_season(today)))
    turns = UpwardTurn.objects.filter(rater=person, is_done=False, form__state__in=OPEN)
    turns = turns.filter(form__cycle__starts_on__lte=today)
    yield _rows(RATE, turns, to="form__", due="review_due_on", name="form__employee__name")


def _of_office(person: Employee, standing: Standing) -> Iterator[QuerySet[Any]]:
    others = Form.objects.exclude(employee=person)
    if standing.is_department:
        yield _rows(APPROVE, others.filter(state=FormState.APPROVAL), due="targets_due_on", name="owner__name")
    if standing.is_hr:
        yield _rows(FILE, others.filter(state=FormState.SIGNED))
    if standing.duty_months:
        turns = Q(pk__in=())
        for month in standing.duty_months:
            turns |= Q(cycle__ends_on__year=month.year, cycle__ends_on__month=month.month)
        forms = others.filter(turns)
        yield _rows(CONSOLIDATE, forms.filter(state=FormState.READY), due="publish_due_on")
        yield _rows(PUBLISH, forms.filter(state=FormState.CONSOLIDATED), due="publish_due_on")


def _events(person: Employee, standing: Standing) -> Iterator[QuerySet[Any]]:
    """Incidents to verify and bonuses to check, by the rules of ``incidents.permissions``."""
    judges = standing.is_member or standing.is_department
    above = _is_above(person, standing, "occurred_on")
    shared = Involvement.objects.filter(incident=OuterRef("incident"), employee=person)
    incidents = Involvement.objects.filter(~Exists(shared), state=EventState.FILED)
    incidents = incidents.exclude(Q(incident__found_by=person) | Q(incident__filed_by=person))
    mine = incidents if judges else incidents.filter(_is_above(person, standing, "incident__occurred_on"))
    yield _loose(VERIFY, mine, "employee__name")
    bonuses = Bonus.objects.filter(state=EventState.FILED).exclude(employee=person)
    first = Q(first_checker__isnull=True) & ~above & (Q(raised_by__isnull=True) | ~Q(raised_by=person))
    if not judges:
        leads = person.position is not None and person.position.is_managerial and person.region_id is not None
        first &= Q(employee__region_id=person.region_id) if leads else Q(pk__in=())
    second = Q(first_checker__isnull=False) & ~Q(first_checker=person) & above
    yield _loose(CHECK_BONUS, bonuses.filter(first | second), "employee__name")


def _is_above(person: Employee, standing: Standing, when: str) -> Q:
    """Direct superior on the day ``when``; for the head of a region the department's manager (P5.1)."""
    day = OuterRef(when)
    lines = ReportingLine.objects.filter(employee=OuterRef("employee"), starts_on__lte=day)
    lines = lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=day))
    above = Q(Exists(lines.filter(superior=person)))
    return above | Q(~Exists(lines)) if standing.is_department else above


def _unsigned(side: Side) -> Q:
    signed = Signature.objects.filter(result__form=OuterRef("pk"), result__superseded_at__isnull=True, side=side)
    return Q(state=FormState.PUBLISHED) & ~Q(Exists(signed))


def _season(today: date) -> date:
    """Far enough back that somebody who owned or reported anything lately still finds his page."""
    return today - timedelta(days=70)


def _rows(
    what: str, found: QuerySet[Any], *, to: str = "", due: str = "", name: str = "", at: str = ""
) -> QuerySet[Any]:
    """One row per cycle; ``to`` leads from the rows to their form."""
    cycle = f"{to}cycle__"
    heads = {
        "kind": F(f"{cycle}kind"),
        "starts_on": F(f"{cycle}starts_on"),
        "due_on": F(f"{cycle}{due}") if due else _NO_DAY,
    }
    return _counted(what, found, heads, Min(f"{to}pk" if to else "pk"), name=name, at=at)


def _loose(what: str, found: QuerySet[Any], name: str = "") -> QuerySet[Any]:
    """One row for what is not told apart by cycles; none when there is nothing."""
    heads = {"kind": Cast(Value(None), CharField()), "starts_on": _NO_DAY, "due_on": _NO_DAY}
    return _counted(what, found, heads, Min("pk"), name=name)


def _counted(
    what: str, found: QuerySet[Any], heads: dict[str, Any], ident: Min, *, name: str = "", at: str = ""
) -> QuerySet[Any]:
    rows = found.order_by().annotate(what=Value(what, CharField()), **heads)
    counted: QuerySet[Any] = rows.values("what", *heads).annotate(
        ident=ident,
        n=Count("pk"),
        name=Max(name) if name else Value("", CharField()),
        at=Min(at) if at else Cast(Value(None), DateTimeField()),
    )
    return counted.values_list(*Waiting._fields)


_NO_DAY = Cast(Value(None), DateField())
