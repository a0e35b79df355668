"""Months to come on the duty rota (P5.2, P5.3): the leader sets them, duty officers trade them.

Months that run already are handed over instead (``scoring.services.handover``). Whatever is done is told to those
concerned and kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError, check_length
from notices.log import Letter, tell, tell_each
from people.models import DutySwap, DutyTurn, Employee
from people.permissions import can_set_rota
from people.selectors import group_leader_on, may_take_turn, standing_of
from people.services.standing import locked_turn, put_on_duty
from people.states import SwapState
from scoring.selectors.handover import runs_on

SET, SWAPPED, UNDONE = "people.duty_set", "people.duty_swapped", "people.duty_swap_undone"
REASON_LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An officer for a month, and whom the leader saw on it when he chose; None for nobody."""

    month: date
    officer_id: int
    seen_id: int | None


@transaction.atomic(durable=True)
def set_turns(choices: Iterable[Choice], *, by: Employee) -> list[DutyTurn]:
    """Put members on duty for one month or several, all of them or none; the leader's.

    Refused: a month that is over, one that runs and has its officer (he is replaced on its own page), somebody who is
    not in the group then, and a month that has got another officer since it was looked at.
    """
    if not can_set_rota(standing_of(by, timezone.localdate())):
        raise RuleError(_("值班表由考核小组组长安排。"), code="not_allowed")
    done, letters = [], []
    for choice in sorted(choices, key=lambda one: one.month):
        month = choice.month.replace(day=1)
        turn = locked_turn(month)
        held = turn.officer_id if turn else None
        if held == choice.officer_id:
            continue
        _check_choice(month, held, choice)
        officer = _member(choice.officer_id, month)
        done.append(put_on_duty(month, officer, action=SET, by=by))
        letters += [(pk, month, officer.name) for pk in {held, officer.pk} - {None, by.pk} if pk is not None]
    _tell_turns(letters)
    return done


@transaction.atomic(durable=True)
def ask_swap(month: date, other_month: date, *, reason: str, by: Employee) -> DutySwap:
    """The officer of ``month`` asks the officer of ``other_month`` to trade; nothing moves until he agrees."""
    check_length(reason, REASON_LIMIT, field="reason")
    mine, other = _both(month, other_month)
    if mine.officer_id != by.pk:
        raise RuleError(_("这个月不是你值班，换不了。"), code="not_allowed")
    if other.officer_id == by.pk:
        raise RuleError(_("那个月也是你值班，选别人的月份。"), code="own_duty", field="other_month")
    either = [mine.month, other.month]
    asked = DutySwap.objects.filter(Q(month__in=either) | Q(other_month__in=either), state=SwapState.ASKED)
    if asked.exists():
        raise RuleError(_("这两个月里有一个已经在等答复，先等有了结果。"), code="asked_already")
    _member(by.pk, other.month)
    _member(other.officer_id, mine.month)
    swap = DutySwap(month=mine.month, other_month=other.month, asked_by=by, asked=other.officer, reason=reason.strip())
    swap.full_clean()
    swap.save()
    record("people.swap_asked", swap, by=by, after=_facts(swap), reason=swap.reason)
    words = {"who": by.name, "month": f"{mine.month:%Y-%m}", "other": f"{other.month:%Y-%m}"}
    tell([swap.asked_id], "swap_asked", path=reverse("scoring:rota"), key=f"swap_asked:{swap.pk}", detail=words)
    return swap


@transaction.atomic(durable=True)
def answer_swap(swap_id: int, *, agrees: bool, by: Employee) -> DutySwap:
    """The member who was asked agrees, and both months change hands at once; or not, and nothing moves.

    The leader is told of what was traded and may undo it.
    """
    swap, turns = _locked(swap_id)
    if swap.asked_id != by.pk:
        raise RuleError(_("只有被问的人能答复。"), code="not_allowed")
    _check_open(swap)
    if agrees:
        _check_running(swap)
        if _officers(turns) != [swap.asked_by_id, swap.asked_id]:
            raise RuleError(_("值班表已经改过，这次换班作废，请对方重新发起。"), code="changed_meanwhile")
        _member(swap.asked_by_id, swap.other_month or swap.month)
        _member(swap.asked_id, swap.month)
    _decide(swap, SwapState.AGREED if agrees else SwapState.REFUSED)
    record("people.swap_answered", swap, by=by, before={"state": SwapState.ASKED}, after={"state": swap.state})
    tell([swap.asked_by_id], "swap_answered", path=reverse("scoring:rota"), key=f"swap_answered:{swap.pk}")
    if agrees:
        leader = group_leader_on(timezone.localdate())
        told = [leader.pk] if leader and leader.pk not in {swap.asked_id, swap.asked_by_id} else []
        _trade(swap, (swap.asked, swap.asked_by), action=SWAPPED, by=by, told=told)
    return swap


@transaction.atomic(durable=True)
def withdraw_swap(swap_id: int, *, by: Employee) -> DutySwap:
    """Whoever asked takes the question back while it waits."""
    swap, _turns = _locked(swap_id)
    if swap.asked_by_id != by.pk:
        raise RuleError(_("只有发起的人能撤回。"), code="not_allowed")
    _check_open(swap)
    _decide(swap, SwapState.WITHDRAWN)
    record("people.swap_withdrawn", swap, by=by, before={"state": SwapState.ASKED}, after={"state": swap.state})
    return swap


@transaction.atomic(durable=True)
def undo_swap(swap_id: int, *, by: Employee) -> DutySwap:
    """The leader gives both months back, as long as neither runs and neither has changed hands again."""
    swap, turns = _locked(swap_id)
    if not can_set_rota(standing_of(by, timezone.localdate())):
        raise RuleError(_("只有组长能撤销换班。"), code="not_allowed")
    if swap.state != SwapState.AGREED:
        raise RuleError(_("这次换班没有生效，或已经撤销。"), code="not_agreed")
    _check_running(swap)
    if _officers(turns) != [swap.asked_id, swap.asked_by_id]:
        raise RuleError(_("值班表已经又改过，直接改那个月。"), code="changed_meanwhile")
    _decide(swap, SwapState.UNDONE)
    told = [pk for pk in (swap.asked_by_id, swap.asked_id) if pk != by.pk]
    _trade(swap, (swap.asked_by, swap.asked), action=UNDONE, by=by, told=told)
    return swap


def _both(month: date, other_month: date) -> tuple[DutyTurn, DutyTurn]:
    """The turns of two months to come, locked in their order."""
    first, second = month.replace(day=1), other_month.replace(day=1)
    turns = {one: locked_turn(one) for one in sorted({first, second})}
    mine, other = turns[first], turns[second]
    if mine is None or other is None or first == second:
        raise RuleError(_("选两个排了人的不同月份。"), code="no_turn", field="other_month")
    if min(first, second) <= timezone.localdate():
        raise RuleError(_("已经开始的月份不能换，请到那个月的交接页交接。"), code="running", field="other_month")
    return mine, other


def _locked(swap_id: int) -> tuple[DutySwap, list[DutyTurn | None]]:
    """The swap with its turns, in the order of ``month`` and ``other_month``; the turns are locked first, by month."""
    months = DutySwap.objects.values_list("month", "other_month").get(pk=swap_id)
    turns = {month: locked_turn(month) for month in sorted(month for month in months if month)}
    swaps = DutySwap.objects.select_for_update(of=("self",)).select_related("asked", "asked_by")
    return swaps.get(pk=swap_id), [turns[month] for month in months if month]


def _officers(turns: list[DutyTurn | None]) -> list[int | None]:
    return [turn.officer_id if turn else None for turn in turns]


def _check_open(swap: DutySwap) -> None:
    if swap.state != SwapState.ASKED or swap.other_month is None:
        raise RuleError(_("这次换班已经有结果了，刷新看看。"), code="not_open")


def _check_running(swap: DutySwap) -> None:
    if min(swap.month, swap.other_month or swap.month) <= timezone.localdate():
        raise RuleError(_("已经开始的月份不能换，请到那个月的交接页交接。"), code="running")


def _check_choice(month: date, held: int | None, choice: Choice) -> None:
    today, words = timezone.localdate(), {"month": f"{month:%Y-%m}"}
    if held != choice.seen_id:
        raise RuleError(_("%(month)s的值班刚被改过，看过再排。") % words, code="changed_meanwhile")
    if month <= today and not runs_on(month, today):
        raise RuleError(_("%(month)s已经过去，不再排班。") % words, code="over")
    if held is not None and runs_on(month, today):
        raise RuleError(_("%(month)s正在值班，请到那个月的交接页改派，写明原因。") % words, code="running")


def _member(employee_id: int, month: date) -> Employee:
    person = may_take_turn(employee_id, month)
    if person is None:
        words = _("%(month)s的值班主任要是那时在考核小组里、没有离职的人。") % {"month": f"{month:%Y-%m}"}
        raise RuleError(words, code="not_a_member", field="officer")
    return person


def _decide(swap: DutySwap, state: SwapState) -> None:
    swap.state, swap.decided_at = state, timezone.now()
    swap.save(update_fields=["state", "decided_at"])


def _trade(swap: DutySwap, officers: tuple[Employee, Employee], *, action: str, by: Employee, told: list[int]) -> None:
    """``officers`` of ``month`` and of ``other_month`` from now on."""
    months = [swap.month, swap.other_month or swap.month]
    pairs = list(zip(months, officers, strict=True))
    for month, officer in sorted(pairs, key=lambda pair: pair[0]):
        put_on_duty(month, officer, action=action, by=by, reason=swap.reason)
    _tell_turns([(pk, month, officer.name) for pk in told for month, officer in pairs])


def _tell_turns(told: Iterable[tuple[int, date, str]]) -> None:
    now: datetime = timezone.now()
    letters = [
        Letter(pk, _place(month), f"duty_set:{month:%Y-%m}:{now:%Y%m%d%H%M%S%f}", _said(month, name))
        for pk, month, name in told
    ]
    if letters:
        tell_each(letters, "duty_taken")


def _said(month: date, name: str) -> Mapping[str, str]:
    return {"month": f"{month:%Y-%m}", "who": name}


def _place(month: date) -> str:
    return f"{reverse('scoring:rota')}?year={month.year}"


def _facts(swap: DutySwap) -> dict[str, object]:
    return {"month": f"{swap.month:%Y-%m}", "other": f"{swap.other_month:%Y-%m}", "asked": swap.asked_id}
