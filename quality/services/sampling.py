"""The month's calls to be listened to are drawn by the system: nobody picks them by hand (A2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from random import Random, SystemRandom
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record_many
from common.db import among, require_transaction
from common.errors import RuleError
from people.models import Employee
from quality.models import Call
from quality.permissions import can_draw
from quality.selectors.coverage import AgentPlan, agent_plans, drawable, month_ends
from quality.selectors.rubrics import plan_of
from quality.services.marking import allow, ear_of
from quality.states import DrawnWhy


class Ticket(NamedTuple):
    """A registered call that may be drawn."""

    pk: int
    number: str
    is_complaint: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Somebody whose registered calls don't reach: how many there are, and how many are wanting."""

    person: Employee
    registered: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What came of it: how many calls by chance and as complaints, of how many agents, and who is short of calls."""

    random: int
    complaints: int
    agents: int
    short: list[Shortfall]

    @property
    def drawn(self) -> int:
        return self.random + self.complaints


@transaction.atomic(durable=True)
def draw_calls(month: date, *, by: Employee, chance: Random | None = None) -> Draw:
    """Top every agent's calls up to what the plan wants of the month; the same again draws nothing.

    Complaints are always drawn and count first. The rest comes by chance, spread over the time of the calls that are
    left. Only for agents the person may listen to, and not for whom the month has been consolidated.
    """
    first, last = month_ends(month)
    ear, now = ear_of(by), timezone.now()
    allow(can_draw(ear, first, last))
    if first > timezone.localdate(now):
        raise RuleError(_("这个月还没开始。"), code="in_the_future")
    rubric = plan_of(first)
    if rubric is None:
        raise RuleError(_("还没有监听标准，先发布一版。"), code="no_rubric")
    people = list(drawable(ear, first))
    tickets = _locked_tickets(people, first, last)
    plans = agent_plans(people, rubric, first)  # read under the lock: somebody may just have drawn
    chosen = {
        plan.person.pk: _drawn_for(plan, tickets.get(plan.person.pk, []), chance or SystemRandom())
        for plan in plans
        if not plan.is_counted
    }
    _mark(chosen, now)
    _note(people, chosen, first, by)
    return _summed(plans, chosen)


def spread(tickets: Sequence[Ticket], count: int, chance: Random) -> list[Ticket]:
    """``count`` of the tickets, which stand in the order of time: one from each of as many stretches of them.

    The stretches begin at a random place and go round, so that each ticket has the very same chance however unequal
    the stretches are.
    """
    total = len(tickets)
    count = min(count, total)
    if not count:
        return []
    start = chance.randrange(total)
    ends = [total * place // count for place in range(count + 1)]
    places = [chance.randrange(begin, end) for begin, end in pairwise(ends)]
    return [tickets[place] for place in sorted((start + place) % total for place in places)]


def _locked_tickets(people: Sequence[Employee], first: date, last: date) -> dict[int, list[Ticket]]:
    """Employee id → his calls that nobody has drawn or scored, in the order of time, locked."""
    require_transaction()
    free = Call.objects.select_for_update().filter(
        employee_id__in=among(person.pk for person in people),
        called_on__range=(first, last),
        drawn_why="",
        total__isnull=True,
    )
    found: dict[int, list[Ticket]] = {}
    rows = free.order_by("employee_id", "called_on", "called_at", "number")
    for person, pk, number, is_complaint in rows.values_list("employee_id", "pk", "number", "is_complaint"):
        found.setdefault(person, []).append(Ticket(pk, number, is_complaint))
    return found


def _drawn_for(plan: AgentPlan, tickets: Sequence[Ticket], chance: Random) -> list[Ticket]:
    complaints = [ticket for ticket in tickets if ticket.is_complaint]
    others = [ticket for ticket in tickets if not ticket.is_complaint]
    wanted = plan.calls.needed - plan.calls.drawn - len(complaints)
    return [*complaints, *spread(others, max(0, wanted), chance)]


def _mark(chosen: dict[int, list[Ticket]], now: datetime) -> None:
    tickets = [ticket for drawn in chosen.values() for ticket in drawn]
    for why, is_complaint in ((DrawnWhy.COMPLAINT, True), (DrawnWhy.RANDOM, False)):
        keys = [ticket.pk for ticket in tickets if ticket.is_complaint is is_complaint]
        if keys:
            Call.objects.filter(pk__in=among(keys)).update(drawn_why=why, drawn_at=now)


def _note(people: Sequence[Employee], chosen: dict[int, list[Ticket]], first: date, by: Employee) -> None:
    """Which calls were drawn of whom, for the audit."""
    rows = [
        (person, None, {"month": f"{first:%Y-%m}", "calls": [ticket.number for ticket in drawn]})
        for person in people
        if (drawn := chosen.get(person.pk))
    ]
    record_many("calls.drawn", rows, by=by)


def _summed(plans: Sequence[AgentPlan], chosen: dict[int, list[Ticket]]) -> Draw:
    tickets = [ticket for drawn in chosen.values() for ticket in drawn]
    complaints = sum(ticket.is_complaint for ticket in tickets)
    return Draw(
        random=len(tickets) - complaints,
        complaints=complaints,
        agents=sum(bool(drawn) for drawn in chosen.values()),
        short=[
            Shortfall(person=plan.person, registered=plan.calls.registered, missing=plan.calls.missing)
            for plan in plans
            if plan.calls.missing and not plan.is_counted
        ],
    )
