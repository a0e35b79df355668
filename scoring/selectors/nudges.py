"""When somebody was last reminded of what he owes, whether he read it, and how punctual he is with figures."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast
from django.utils import timezone

from appraisals.models import Cycle, Figure
from appraisals.selectors.lateness import agreed_in_time, end_of
from appraisals.states import DataSource
from notices.models import Message
from scoring.models import Nudge
from scoring.selectors.board import DATA
from scoring.selectors.owed import APPROVAL, Owed

PAUSE = timedelta(hours=4)
"""Nobody is reminded of the same step twice within this time, whoever presses the button."""
NUDGED = "nudged"


class Reminder(NamedTuple):
    """The last reminder of a step: when it was sent, and when it was read, if it was."""

    at: datetime
    read_at: datetime | None


class Punctuality(NamedTuple):
    """How many figures somebody reported over the months before, and how many of them by the month's term.

    Left out are those of forms whose targets were agreed only after the term.
    """

    figures: int
    on_time: int

    @property
    def late(self) -> int:
        """How many came after the term."""
        return self.figures - self.on_time

    @property
    def percent(self) -> int:
        """The share on time, percent, rounded down: 100 means every one."""
        return self.on_time * 100 // self.figures


class Debtor(NamedTuple):
    """A row of who owes what, with his last reminder and his punctuality (figures only)."""

    row: Owed
    reminder: Reminder | None
    punctuality: Punctuality | None
    may_nudge: bool

    @property
    def key(self) -> str:
        """What and who, as a form names them."""
        return f"{self.row.what}:{self.row.person_id or ''}"


def message_key(cycle: Cycle, step: str) -> str:
    """How the keys of the messages about a step begin; the moment of sending follows."""
    return f"{NUDGED}:{cycle.pk}:{step}:"


def debtors(
    rows: Iterable[Owed], cycle: Cycle, before: Sequence[Cycle], *, reader_id: int, now: datetime
) -> list[Debtor]:
    """The rows as the board shows them; one statement for all of them, none without rows."""
    owed = list(rows)
    if not owed:
        return []
    people = {row.person_id for row in owed if row.person_id}
    providers = {row.person_id for row in owed if row.person_id and row.what == DATA}
    reminders: dict[tuple[str, int | None], Reminder] = {}
    shares: dict[int, Punctuality] = {}
    found = _reminded(cycle, people).union(_punctual(before, providers), all=True)
    for step, person, at, read_at, figures, on_time in found:
        if step:
            whom = None if step == APPROVAL else person
            if (step, whom) not in reminders or reminders[step, whom].at < at:
                reminders[step, whom] = Reminder(at, read_at)
        else:
            shares[person] = Punctuality(figures, on_time)
    return [_debtor(row, reminders, shares, reader_id=reader_id, now=now) for row in owed]


def _debtor(
    row: Owed,
    reminders: dict[tuple[str, int | None], Reminder],
    shares: dict[int, Punctuality],
    *,
    reader_id: int,
    now: datetime,
) -> Debtor:
    reminder = reminders.get((row.what, row.person_id))
    rests = reminder is not None and reminder.at > now - PAUSE
    share = shares.get(row.person_id) if row.person_id and row.what == DATA else None
    return Debtor(row, reminder, share, may_nudge=not rests and row.person_id != reader_id)


def _reminded(cycle: Cycle, people: set[int]) -> QuerySet[Any]:
    """(step, person, sent, read, –, –) per reminder of the month."""
    nudges = Nudge.objects.filter(Q(recipient__in=people) | Q(step=APPROVAL), cycle=cycle)
    told = Message.objects.filter(recipient=OuterRef("recipient"), kind=NUDGED, at__gte=OuterRef("at"))
    told = told.filter(key__startswith=f"{NUDGED}:{cycle.pk}:")
    read = Subquery(told.order_by("at", "pk").values("read_at")[:1])
    none = Cast(Value(None), IntegerField())
    rows: QuerySet[Any] = nudges.order_by().annotate(read=read, figures=none, on_time=none)
    return rows.values_list("step", "recipient_id", "at", "read", "figures", "on_time")


def _punctual(before: Sequence[Cycle], providers: set[int]) -> QuerySet[Any]:
    """("", provider, –, –, figures, on time) per provider: the first figure of an item counts, not a correction."""
    earlier = Figure.objects.filter(item=OuterRef("item"), pk__lt=OuterRef("pk"))
    figures = Figure.objects.filter(~Exists(earlier), provider__in=providers, item__form__cycle__in=before)
    figures = figures.filter(item__data_source=DataSource.MANUAL)
    in_time = could_be = Q(pk__in=())
    for cycle in before:
        of_month = Q(item__form__cycle=cycle)
        in_time |= of_month & Q(entered_at__lt=end_of(cycle.data_due_on))
        could_be |= of_month & agreed_in_time(cycle.data_due_on, "item__form__")
    figures = figures.filter(could_be)
    moment = Cast(Value(None), DateTimeField())
    rows: QuerySet[Any] = figures.order_by().annotate(of=Value("", CharField()), at=moment, read=moment)
    counted = rows.values("of", "provider_id", "at", "read").annotate(
        n=Count("pk"), in_time=Count("pk", filter=in_time)
    )
    listed: QuerySet[Any] = counted.values_list("of", "provider_id", "at", "read", "n", "in_time")
    return listed


def lately_nudged(cycle: Cycle, now: datetime) -> set[tuple[str, int]]:
    """(step, person) reminded within ``PAUSE``."""
    recent = Nudge.objects.filter(cycle=cycle, at__gt=now - PAUSE).order_by()
    return set(recent.values_list("step", "recipient_id"))


def nudged_before(cycle: Cycle, now: datetime) -> set[tuple[str, int]]:
    """(step, person) reminded earlier on the day of ``now``."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    earlier = Nudge.objects.filter(cycle=cycle, at__gte=midnight, at__lt=now).order_by()
    return set(earlier.values_list("step", "recipient_id"))
