"""Reads for the pages of bonus claims: the ledger, claims alike, how far a kind's cap is used, what voids the month."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils.module_loading import import_string

from incidents.models import Bonus, BonusKind, EventFile, Involvement
from incidents.permissions import Judge, Superiors, visible_bonuses, visible_incidents
from incidents.selectors.asked import claims_asked
from incidents.states import EventState, RaisedAs
from policy.events import bonuses_counted
from policy.facts import Entry

ALIKE_DAYS = 3
"""Two claims of one person that near to each other may be about the same event."""
NEAR_DAYS = 31
"""How far from a claim's day another may lie that is said to be about the same event."""
LISTED = 3
"""How many claims alike a page lists."""
MOST_NEAR = 50
"""How many claims near a day are offered as the same event."""
STANDING = (EventState.FILED, EventState.CONFIRMED)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilter:
    """What of the ledger is asked for; nothing set is everything one may see."""

    state: str = ""
    kind: str = ""
    side: str = ""
    text: str = ""
    month: date | None = None


class MonthUse(NamedTuple):
    """How far a kind's cap and the month's limit are used: ``fits`` of the claim's points still count, as far as known.

    ``used`` is confirmed of the kind, ``counted`` of all kinds under their caps; ``limit`` None: the month has none.
    """

    month: date
    used: Decimal
    cap: Decimal | None
    counted: Decimal
    limit: Decimal | None
    points: Decimal
    fits: Decimal

    @property
    def is_cut(self) -> bool:
        """Whether a part of the points would not count."""
        return self.fits < self.points


class Alike(NamedTuple):
    """A person's claims round a day: the first few the asker may see, how many more of those, how many he may not."""

    shown: list[Bonus]
    more: int
    hidden: int


class Relatives(NamedTuple):
    """The person's other claims the asker may see: ``near`` may be said to be the same event, ``alike`` are so near
    that they may be it, ``mates`` are said to be."""

    near: list[Bonus]
    alike: list[Bonus]
    mates: list[Bonus]

    @property
    def more(self) -> int:
        """How many of those alike a page leaves out that lists the first few."""
        return max(0, len(self.alike) - LISTED)

    @property
    def counted(self) -> Bonus | None:
        """The one that counts of those about the same event."""
        return next((one for one in self.mates if one.state == EventState.CONFIRMED), None)


def raised_as(bonus: Bonus, above: Superiors) -> RaisedAs:
    """Applied for by the person, reported by a colleague, proposed by the superior (P4.6); or from a workbook."""
    if bonus.raised_by_id is None:
        return RaisedAs.WORKBOOK
    if bonus.raised_by_id == bonus.employee_id:
        return RaisedAs.SELF
    return RaisedAs.SUPERIOR if above.was_above(bonus.raised_by_id, bonus) else RaisedAs.COLLEAGUE


def waiting_claims(judge: Judge) -> QuerySet[Bonus]:
    """What waits for this person's check, the longest waiting first."""
    return claims_asked(judge).order_by("filed_at", "pk")


def ledger(judge: Judge, wanted: LedgerFilter) -> QuerySet[Bonus]:
    """The claims this person may see, undecided ones first, then by day."""
    rows = visible_bonuses(judge)
    if wanted.state in EventState.values:
        rows = rows.filter(state=wanted.state)
    if wanted.kind:
        rows = rows.filter(kind__code=wanted.kind)
    if wanted.side == "mine":
        rows = rows.filter(employee=judge.person)
    elif wanted.side == "raised":
        rows = rows.filter(raised_by=judge.person)
    if wanted.month:
        rows = rows.filter(_in_month(wanted.month))
    for word in wanted.text.split():
        named = Q(employee__name__icontains=word) | Q(employee__number__iexact=word) | Q(number__icontains=word)
        rows = rows.filter(named | Q(grounds__icontains=word))
    undecided = Case(When(state=EventState.FILED, then=Value(0)), default=Value(1))
    return rows.order_by(undecided, "-occurred_on", "-pk")


def claim(judge: Judge, pk: int) -> Bonus | None:
    """One claim with its people and files, if this person may see it."""
    files = Prefetch("files", EventFile.objects.select_related("uploaded_by"))
    return visible_bonuses(judge).select_related("employee__region").prefetch_related(files).filter(pk=pk).first()


def claim_file(judge: Judge, bonus_pk: int, pk: int) -> EventFile | None:
    """A file of a claim this person may see."""
    return EventFile.objects.filter(pk=pk, bonus_id=bonus_pk, bonus__in=visible_bonuses(judge)).first()


def kinds_to_raise() -> list[BonusKind]:
    """The entries of the bonus standard in use, with their points."""
    return list(BonusKind.objects.filter(is_active=True).prefetch_related("steps"))


def all_bonus_kinds() -> list[BonusKind]:
    """Every entry, for the ledger's filter: a claim may be of one that is out of use."""
    return list(BonusKind.objects.all())


def month_use(bonus: Bonus) -> MonthUse | None:
    """What else is confirmed in the claim's month, and what of the claim still fits; None without a kind.

    The month is the one it counted in, else the one it happened in: which form is still open, the form knows.
    """
    if bonus.kind_id is None:
        return None
    month = bonus.counted_month or bonus.occurred_on.replace(day=1)
    rows = Bonus.objects.filter(employee=bonus.employee_id, state=EventState.CONFIRMED).select_related("kind")
    rows = rows.exclude(pk=bonus.pk) if bonus.pk else rows
    others = list(rows.filter(Q(counted_month=month) | Q(counted_month__isnull=True) & _happened_in(month)))
    used = sum((one.points for one in others if one.kind_id == bonus.kind_id), ZERO)
    limit_of: Callable[[date], Decimal | None] = import_string(settings.BONUS_LIMIT)
    limit, entries = limit_of(month), [_entry(one) for one in others]
    counted = bonuses_counted(entries, limit)
    fits = bonuses_counted([*entries, _entry(bonus)], limit) - counted
    return MonthUse(month, used, bonus.cap, counted, limit, bonus.points, fits)


def _entry(bonus: Bonus) -> Entry:
    return Entry(bonus.number, bonus.points, kind=bonus.kind.code if bonus.kind else "", cap=bonus.cap)


def voiding_incidents(judge: Judge, bonus: Bonus) -> list[Any]:
    """Confirmed incidents of the claim's month so grave that no bonus counts in it; ``is_seen``: he may open it."""
    month = bonus.counted_month or bonus.occurred_on.replace(day=1)
    rows = Involvement.objects.filter(
        employee=bonus.employee_id, state=EventState.CONFIRMED, severity__voids_bonus=True
    ).select_related("incident")
    rows = rows.annotate(is_seen=Exists(visible_incidents(judge).filter(pk=OuterRef("incident"))))
    waiting = Q(counted_month__isnull=True) & _happened_in(month, "incident__occurred_on")
    return list(rows.filter(Q(counted_month=month) | waiting))


def alike(judge: Judge, employee_id: int, day: date) -> Alike:
    """A person's claims within three days of ``day`` that stand; of those the asker may not see, only how many."""
    every = _round(Bonus.objects.filter(employee=employee_id), day, ALIKE_DAYS).count()
    seen = _round(visible_bonuses(judge).filter(employee=employee_id), day, ALIKE_DAYS)
    count, shown = seen.count(), list(seen[:LISTED])
    return Alike(shown, count - len(shown), every - count)


def near_claims(judge: Judge, employee_id: int, day: date) -> list[Bonus]:
    """The person's claims the asker may see and say that a new one is the same event as."""
    rows = visible_bonuses(judge).filter(employee=employee_id)
    return list(_round(rows, day, NEAR_DAYS).order_by("-occurred_on", "-pk")[:MOST_NEAR])


def relatives(judge: Judge, bonus: Bonus) -> Relatives:
    """The other claims of the person that have to do with this one, in one statement."""
    day, near = bonus.occurred_on, timedelta(days=NEAR_DAYS)
    same = Q(event=bonus.event) if bonus.event else Q(pk__in=())
    rows = visible_bonuses(judge).filter(employee=bonus.employee_id).exclude(pk=bonus.pk)
    rows = rows.filter(same | Q(state__in=STANDING, occurred_on__range=(day - near, day + near)))
    apart = Case(When(same, then=Value(0)), default=Value(1))
    others = list(rows.order_by(apart, "-occurred_on", "-pk")[:MOST_NEAR])
    mates = [one for one in others if bonus.event and one.event == bonus.event]
    rest = [one for one in others if one not in mates]
    return Relatives(rest, [one for one in rest if abs((one.occurred_on - day).days) <= ALIKE_DAYS], mates)


def _round(rows: QuerySet[Bonus], day: date, days: int) -> QuerySet[Bonus]:
    near = (day - timedelta(days=days), day + timedelta(days=days))
    return rows.filter(state__in=STANDING, occurred_on__range=near)


def _in_month(month: date) -> Q:
    return Q(counted_month=month) | _happened_in(month)


def _happened_in(month: date, field: str = "occurred_on") -> Q:
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Q(**{f"{field}__gte": month.replace(day=1), f"{field}__lt": after})
