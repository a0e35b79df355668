"""Reads of incidents and bonuses for the months they count in.

Of an incident it is a person's involvement that counts.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Self

from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from common.db import among
from common.wording import in_language
from incidents.models import Bonus, Involvement
from incidents.permissions import INCIDENT_DAY, Judge, visible_bonuses, visible_incidents
from incidents.permissions.superiors import CLAIM_KEYS, key_above
from incidents.selectors.asked import is_neutral
from incidents.states import EventState
from people.models import Employee


class Counting(NamedTuple):
    """A confirmed event as a form shows it. Of a bonus ``found_by`` checked first and ``verified_by`` second.

    ``kind`` is the code of its entry in the standard, empty without one, and comes with its names; ``cap`` the most its
    kind adds in a month. ``voids_bonus``: so grave an incident that no bonus counts in its month.
    """

    pk: int
    employee_id: int
    number: str
    occurred_on: date
    counted_month: date | None
    points: Decimal
    text: str
    found_by: str
    verified_by: str
    kind: str = ""
    cap: Decimal | None = None
    voids_bonus: bool = False
    kind_name: str = ""
    kind_name_en: str = ""

    @property
    def display_kind(self) -> str:
        """The kind's name in the language of the page."""
        return in_language(self.kind_name, self.kind_name_en)


class Shown(NamedTuple):
    """An event as a form shows it, decided or not; ``waits_for`` names who holds it, empty once it is confirmed.

    ``holder_id`` is the direct superior, or who steps in for one who has left, when it is his to decide; ``until`` is
    the last day on which the person concerned may state his view, while he has not. ``ref`` is the record's key in
    addresses, 0 for a reader who may not open it.
    """

    event: Counting
    is_confirmed: bool
    waits_for: str
    holder_id: int | None
    until: date | None
    ref: int


_NOBODY: tuple[str | None, int | None] = ("", None)
_NO, _YES = Value(False, BooleanField()), Value(True, BooleanField())
_NO_VIEW = {"no_view": Cast(Value(None), DateTimeField()), "no_term": Cast(Value(None), DateField())}
_STANDS = ("state", "superior", "superior_id", "is_held", "ref", "of_bonus")
_NO_CAP = Cast(Value(None), DecimalField(max_digits=6, decimal_places=2))
_INCIDENT = (
    *("pk", "employee_id", "incident__number", "incident__occurred_on", "counted_month", "points"),
    *("incident__description", "incident__found_by__name", "verified_by__name"),
    *("kind_code", "no_cap", "voids", "kind_name", "kind_name_en"),
)
_BONUS = (
    *("pk", "employee_id", "number", "occurred_on", "counted_month", "points"),
    *("grounds", "first_checker__name", "second_checker__name"),
    *("kind_code", "cap", "voids", "kind_name", "kind_name_en"),
)
_PLACES = len(Counting._fields)


def counting_incidents(employee_ids: Iterable[int], months: Iterable[date]) -> list[Counting]:
    """Confirmed incidents of these people that wait for a month or were counted in one of ``months``."""
    rows = _incidents().filter(_counting(employee_ids, months)).order_by("incident__occurred_on", "incident__number")
    return [Counting(*row) for row in rows.values_list(*_INCIDENT)]


def counting_bonuses(employee_ids: Iterable[int], months: Iterable[date]) -> list[Counting]:
    """As ``counting_incidents``, for bonuses."""
    rows = _bonuses().filter(_counting(employee_ids, months)).order_by("occurred_on", "number")
    return [Counting(*row) for row in rows.values_list(*_BONUS)]


def barred_by(year: int, employee_ids: Iterable[int]) -> dict[int, list[str]]:
    """Employee id → the numbers of his confirmed incidents that bar the year's best grade.

    An incident belongs to the year of the month it counts in, like its points; while it waits for one, to the year it
    happened in.
    """
    counted = Q(counted_month__year=year) | Q(counted_month__isnull=True, incident__occurred_on__year=year)
    rows = Involvement.objects.filter(
        counted, state=EventState.CONFIRMED, severity__bars_top_grade=True, employee_id__in=among(employee_ids)
    )
    found: dict[int, list[str]] = {}
    for person, number in rows.order_by("incident__number").values_list("employee_id", "incident__number"):
        found.setdefault(person, []).append(number)
    return found


def shown_events(employee_id: int, months: Iterable[date], judge: Judge) -> tuple[list[Shown], list[Shown]]:
    """A person's incidents and bonuses for his form of ``months``, each by day and number; one statement.

    Confirmed ones that count or wait, and those still undecided: an incident waits for the person's view and then for
    the verifier, a bonus for its first check and then for the direct superior. ``judge`` reads the form.
    """
    records = visible_incidents(judge).filter(pk=OuterRef("incident"))
    one = _shown(_incidents(), key_above(INCIDENT_DAY), employee_id, months).annotate(ref=_key(records))
    claims = visible_bonuses(judge).filter(pk=OuterRef("pk"))
    other = _shown(_bonuses(), key_above(barred=CLAIM_KEYS), employee_id, months)
    other = other.annotate(ref=_key(claims), is_held=Q(first_checker__isnull=False), **_NO_VIEW)
    shares = one.annotate(of_bonus=_NO, is_held=is_neutral()).values_list(
        *_INCIDENT, *_STANDS, "stated_at", "statement_due_on"
    )
    bonuses = other.annotate(of_bonus=_YES).values_list(*_BONUS, *_STANDS, "no_view", "no_term")
    found: tuple[list[Shown], list[Shown]] = ([], [])
    for row in sorted(shares.union(bonuses, all=True), key=_by_day):
        event = Counting(*row[:_PLACES])
        state, name, holder, is_held, ref, is_bonus, stated_at, due_on = row[_PLACES:]
        until = due_on if state == EventState.FILED and stated_at is None else None
        # A bonus is the superior's only after its first check, an incident never if he has an interest in it.
        found[is_bonus].append(_as_shown(event, state, (name, holder) if is_held else _NOBODY, until, ref))
    return found


def _by_day(row: tuple[Any, ...]) -> tuple[date, str]:
    event = Counting(*row[:_PLACES])
    return event.occurred_on, event.number


def _key(records: QuerySet[Any]) -> Coalesce:
    """The record's own key where the reader sees it."""
    return Coalesce(Subquery(records.order_by().values("pk")[:1]), Value(0))


def _incidents() -> QuerySet[Any]:
    return Involvement.objects.annotate(
        **_named("incident__kind"), no_cap=_NO_CAP, voids=Coalesce(F("severity__voids_bonus"), _NO)
    )


def _bonuses() -> QuerySet[Any]:
    return Bonus.objects.annotate(**_named("kind"), voids=_NO)


def _named(kind: str) -> dict[str, Coalesce]:
    """Code and names of the entry in the standard, empty for a record without one."""
    names = {"kind_code": "code", "kind_name": "name", "kind_name_en": "name_en"}
    return {name: Coalesce(F(f"{kind}__{column}"), Value("")) for name, column in names.items()}


def _shown(rows: QuerySet[Any], superior: Coalesce, employee_id: int, months: Iterable[date]) -> QuerySet[Any]:
    undecided = Q(employee_id=employee_id, state=EventState.FILED)
    named = Employee.objects.filter(pk=OuterRef("superior_id")).values("name")
    rows = rows.order_by().filter(_counting([employee_id], months) | undecided)
    found: QuerySet[Any] = rows.annotate(superior_id=superior).annotate(superior=Subquery(named))
    return found


def _as_shown(
    event: Counting, state: str, holder: tuple[str | None, int | None], until: date | None, ref: int
) -> Shown:
    """``holder`` is who decides next if that is known: name and id."""
    is_confirmed = state == EventState.CONFIRMED
    name, pk = _NOBODY if is_confirmed else holder
    return Shown(event, is_confirmed, name or "", pk, until, ref)


class FormMonths(NamedTuple):
    """First days of a person's months: those whose form is ``open`` still, in order, and the ``last`` with any form."""

    open: tuple[date, ...] = ()
    last: date | None = None

    @classmethod
    def of(cls, known: Mapping[date, bool]) -> Self:
        """From each month with a form, and whether that form is open."""
        return cls(tuple(sorted(month for month, is_open in known.items() if is_open)), max(known, default=None))


def month_counted(event: Counting, months: FormMonths) -> date | None:
    """The month an event counts in (P4, decided): its own while the form of that month is open, else the earliest open.

    ``months`` are those of its person. None, it waits: no form is open, or that of its own month is still to be made.
    """
    if event.counted_month:
        return event.counted_month
    month = event.occurred_on.replace(day=1)
    if month in months.open:
        return month
    if months.last is not None and month > months.last:
        return None
    return months.open[0] if months.open else None


def _counting(employee_ids: Iterable[int], months: Iterable[date]) -> Q:
    waiting = Q(counted_month__isnull=True) | Q(counted_month__in=list(months))
    return Q(state=EventState.CONFIRMED, employee_id__in=among(employee_ids)) & waiting
