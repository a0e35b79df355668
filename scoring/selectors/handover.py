"""A month's duty: who has it, who is asked to take it over, and who had it before."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils import timezone

from appraisals.models import Cycle
from audit.log import events_about
from audit.models import Event
from people.facts import Standing
from people.models import DutySwap, DutyTurn, Employee
from people.selectors import group_members_on
from people.states import SwapState

TALK = ("duty.offered", "duty.refused", "duty.offer_withdrawn")
"""What is recorded about a turn without its passing to another."""
AFTER = 2
"""A month's duty runs on for this many months: results, signatures and appeals come after its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The duty passed from one to the other."""

    at: datetime
    action: str
    before: str
    after: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A month's duty as the page of handing over shows it, and what the reader may do there."""

    turn: DutyTurn | None
    offer: DutySwap | None
    passages: list[Passage]
    members: list[Employee]
    is_officer: bool
    may_answer: bool
    may_take_over: bool
    may_reassign: bool


def runs_on(month: date, today: date) -> bool:
    """Whether the duty of the month (its first day) is under way, so that it is handed over and no longer swapped."""
    since = (today.year - month.year) * 12 + today.month - month.month
    return 0 <= since <= AFTER


def officers_of(cycle: Cycle) -> tuple[DutyTurn | None, DutyTurn | None]:
    """The month's turn and the one after it, in one statement; the month's own says whom its officer has asked to take
    it over (``asked_to``) and when it last passed to another (``held_since``)."""
    asked = DutySwap.objects.filter(month=OuterRef("month"), other_month__isnull=True, state=SwapState.ASKED)
    passed = Event.objects.filter(
        object_type="dutyturn", object_id=Cast(OuterRef("pk"), CharField()), before__officer__isnull=False
    ).exclude(action__in=TALK)
    turns = DutyTurn.objects.filter(month__gte=cycle.duty_month).select_related("officer").order_by("month")
    known = turns.annotate(
        asked_to=Subquery(asked.values("asked__name")[:1]), held_since=Subquery(passed.order_by("-pk").values("at")[:1])
    )
    found = {turn.month: turn for turn in known[:2]}
    own = found.pop(cycle.duty_month, None)
    return own, next(iter(found.values()), None)


def open_offer(month: date) -> DutySwap | None:
    """The officer's question to another to take the month over, while it waits for the answer."""
    offers = DutySwap.objects.filter(month=month, other_month__isnull=True, state=SwapState.ASKED)
    return offers.select_related("asked", "asked_by").first()


def handover_of(month: date, person: Employee, standing: Standing) -> Handover:
    """A constant number of statements."""
    today = timezone.localdate()
    turn = DutyTurn.objects.filter(month=month).select_related("officer").first()
    offer = open_offer(month)
    runs = runs_on(month, today)
    is_officer = turn is not None and turn.officer_id == person.pk
    others = [seat.employee for seat in group_members_on(today) if turn is None or seat.employee_id != turn.officer_id]
    return Handover(
        turn=turn,
        offer=offer,
        passages=_passages(turn) if turn else [],
        members=others,
        is_officer=is_officer and runs,
        may_answer=offer is not None and offer.asked_id == person.pk and runs,
        may_take_over=standing.is_member and not is_officer and runs,
        may_reassign=standing.is_leader and runs,
    )


def _passages(turn: DutyTurn) -> list[Passage]:
    """Newest first; a person who was on duty is named even if he has left."""
    events = list(events_about(turn))
    ids = {facts["officer"] for event in events for facts in (event.before, event.after) if facts}
    names: dict[int | None, str] = {None: ""}
    names |= dict(Employee.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))
    return [
        Passage(
            at=event.at,
            action=event.action,
            before=names.get((event.before or {}).get("officer"), ""),
            after=names.get((event.after or {}).get("officer"), ""),
            by=event.actor_name,
            reason=event.reason,
        )
        for event in reversed(events)
    ]
