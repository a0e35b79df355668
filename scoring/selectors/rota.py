"""The duty rota of a year: who has which month, a fair proposal for the open ones, and trades of months (P5.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.wording import month as month_name
from people.facts import Standing
from people.models import DutySwap, DutyTurn, Employee, GroupMember
from people.permissions import can_set_rota
from people.selectors import group_members_on
from people.states import Duty, SwapState
from policy import rota as rules
from policy.rota import RotaMember, Suggestion, months_from, propose_turns
from scoring.permissions import can_view_handover
from scoring.selectors.handover import runs_on

RECENT = 8
AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaMonth:
    """A month with its officer, and what the reader may do with it."""

    month: date
    turn: DutyTurn | None
    waits: bool
    may_set: bool
    may_hand_over: bool
    may_swap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A suggestion in words."""

    month: date
    officer: Employee | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapLine:
    """A trade with the buttons the reader has for it."""

    swap: DutySwap
    may_answer: bool
    may_withdraw: bool
    may_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """The page of a year."""

    months: list[RotaMonth]
    members: list[GroupMember]
    proposal: list[Proposed]
    swaps: list[SwapLine]
    others: list[DutyTurn]
    can_set: bool


def rota_of(year: int, person: Employee, standing: Standing, today: date) -> Rota:
    """The year as the reader sees it, in a constant number of statements. Trades and the proposal are the group's."""
    turns = list(DutyTurn.objects.select_related("officer").filter(month__gte=date(year - 1, 1, 1)))
    by_month = {turn.month: turn for turn in turns}
    members = list(group_members_on(today))
    swaps = _swaps(standing)
    can_set = can_set_rota(standing)
    months = months_from(date(year, 1, 1), 12)
    open_months = [one for one in months if one not in by_month and one >= today.replace(day=1)]
    return Rota(
        months=[_month(one, by_month.get(one), swaps, person, standing, today) for one in months],
        members=members,
        proposal=_proposal(open_months, turns) if can_set and open_months else [],
        swaps=[_line(one, by_month, person, today, can_set=can_set) for one in swaps],
        others=[turn for turn in turns if turn.month > today and turn.officer_id != person.pk],
        can_set=can_set,
    )


def swap_visible(swap_id: int, person: Employee, standing: Standing) -> DutySwap | None:
    """A trade of the reader's own, or any for a member of the group."""
    swaps = DutySwap.objects.filter(pk=swap_id, other_month__isnull=False)
    if not (standing.is_member or standing.is_leader):
        swaps = swaps.filter(Q(asked=person) | Q(asked_by=person))
    return swaps.first()


def _month(
    month: date, turn: DutyTurn | None, swaps: Iterable[DutySwap], person: Employee, standing: Standing, today: date
) -> RotaMonth:
    waits = any(month in (one.month, one.other_month) for one in swaps if one.state == SwapState.ASKED)
    is_running = runs_on(month, today)
    return RotaMonth(
        month=month,
        turn=turn,
        waits=waits,
        may_set=can_set_rota(standing) and (month > today or (is_running and turn is None)),
        may_hand_over=turn is not None and is_running and can_view_handover(standing, month),
        may_swap=turn is not None and turn.officer_id == person.pk and month > today and not waits,
    )


def _swaps(standing: Standing) -> list[DutySwap]:
    if not (standing.is_member or standing.is_leader):
        return []
    swaps = DutySwap.objects.filter(other_month__isnull=False).select_related("asked", "asked_by")
    return list(swaps.order_by("-pk")[:RECENT])


def _line(swap: DutySwap, turns: dict[date, DutyTurn], person: Employee, today: date, *, can_set: bool) -> SwapLine:
    months = [month for month in (swap.month, swap.other_month) if month]
    to_come = min(months) > today
    is_open = swap.state == SwapState.ASKED and to_come
    held = [turns[month].officer_id if month in turns else None for month in months]
    stands = swap.state == SwapState.AGREED and held == [swap.asked_id, swap.asked_by_id]
    return SwapLine(
        swap=swap,
        may_answer=is_open and swap.asked_id == person.pk,
        may_withdraw=swap.state == SwapState.ASKED and swap.asked_by_id == person.pk,
        may_undo=can_set and to_come and stands,
    )


def _proposal(months: Sequence[date], turns: Iterable[DutyTurn]) -> list[Proposed]:
    last = max(months) + AHEAD
    held = Q(ends_before__isnull=True) | Q(ends_before__gt=min(months))
    seats = list(GroupMember.objects.filter(held, starts_on__lte=last).select_related("employee"))
    people = [_rota_member(seat) for seat in seats]
    names = {seat.employee_id: seat.employee for seat in seats}
    found = propose_turns(months, people, {turn.month: turn.officer_id for turn in turns})
    return [Proposed(month=one.month, officer=names.get(one.key or 0), why=_why(one)) for one in found]


def _rota_member(seat: GroupMember) -> RotaMember:
    """The work of a month is done in the one after it: whoever leaves before that ends has no turn of it."""
    ends = [seat.ends_before, seat.employee.left_on + timedelta(days=1) if seat.employee.left_on else None]
    first = min((day for day in ends if day), default=None)
    return RotaMember(
        key=seat.employee_id,
        order=seat.employee.number,
        since=seat.starts_on.replace(day=1),
        until=months_from(first, -2)[0] + timedelta(days=1) if first else None,
        is_leader=seat.duty == Duty.LEADER,
    )


def _why(one: Suggestion) -> str:
    had = ngettext("近12个月值班%(n)s次", "近12个月值班%(n)s次", one.turns) % {"n": one.turns}
    last = _("上次%(month)s") % {"month": month_name(one.last, "year")} if one.last else _("还没轮到过")
    words = {
        rules.FEWEST: _("%(had)s，最少；%(last)s"),
        rules.LONGEST: _("%(had)s，和别人一样少，但隔得最久；%(last)s"),
        rules.FIRST: _("%(had)s，和别人一样，按工号排在前；%(last)s"),
        rules.ONLY: _("%(had)s；别人会连着两个月，或那时不在组里"),
        rules.AGAIN: _("%(had)s；没有别人可排，只好连着值"),
        rules.LEADER: _("%(had)s；组里只有组长一人"),
        rules.NOBODY: _("那时组里没有人，先加组员"),
    }
    return words[one.reason] % {"had": had, "last": last}
