"""Hand the duty of a running month over, or take it over from an officer who is absent (P5.3).

Rights move with the row, at once. Handing over needs the other's consent; a member takes over with a reason, and the
leader reassigns. Everybody concerned is told.
"""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import ConflictError, RuleError
from notices.log import tell
from people.models import DutySwap, DutyTurn, Employee, GroupMember
from people.selectors import group_leader_on, holding_on, standing_of
from people.services.standing import locked_turn, put_on_duty
from people.states import SwapState
from scoring.selectors.handover import runs_on

GIVEN, TAKEN, MOVED = "duty.handed_over", "duty.taken_over", "people.duty_set"


@transaction.atomic(durable=True)
def offer_duty(month: date, *, to_id: int, reason: str, by: Employee) -> DutySwap:
    """The officer asks another member to take the month over; nothing moves until he agrees."""
    turn = _running(month)
    if turn is None or turn.officer_id != by.pk:
        raise RuleError(_("这个月的值班现在不在你手上。"), code="not_allowed")
    to = _member(to_id)
    if to.pk == by.pk:
        raise RuleError(_("交给别人，不是自己。"), code="own_duty", field="to")
    if DutySwap.objects.filter(month=month, state=SwapState.ASKED).exists():
        raise RuleError(_("已经问过一位了，先撤回再问别人。"), code="asked_already")
    offer = DutySwap(month=month, asked_by=by, asked=to, reason=_reason(reason))
    offer.full_clean()
    offer.save()
    record("duty.offered", turn, by=by, after={"officer": by.pk, "asked": to.pk}, reason=offer.reason)
    words = {"who": by.name, "month": f"{month:%Y-%m}"}
    tell([to.pk], "duty_offered", path=_place(month), key=f"duty_offered:{offer.pk}", detail=words)
    return offer


@transaction.atomic(durable=True)
def answer_offer(month: date, *, agrees: bool, by: Employee) -> DutyTurn:
    """The member who was asked agrees, and has the month at once; or not, and nothing changes."""
    turn = _running(month)
    offer = _open_offer(month)
    if turn is None or offer is None or offer.asked_id != by.pk:
        raise RuleError(_("没有等你答复的交接，可能已经撤回。"), code="nothing_asked")
    if agrees:
        _member(by.pk)
    offer.state = SwapState.AGREED if agrees else SwapState.REFUSED
    offer.decided_at = timezone.now()
    offer.save(update_fields=["state", "decided_at"])
    words = {"month": f"{month:%Y-%m}"}
    if not agrees:
        record("duty.refused", turn, by=by, before={"officer": turn.officer_id}, after={"officer": turn.officer_id})
        key = f"duty_answered:{offer.pk}"
        tell([offer.asked_by_id], "duty_answered", path=_place(month), key=key, detail=words)
        return turn
    return _moved(month, by, action=GIVEN, by=by, reason=offer.reason)


@transaction.atomic(durable=True)
def withdraw_offer(month: date, *, by: Employee) -> None:
    """The officer takes his question back."""
    turn = _running(month)
    offer = _open_offer(month)
    if turn is None or offer is None or offer.asked_by_id != by.pk:
        raise RuleError(_("没有等答复的交接，可能对方已经答复。"), code="nothing_asked")
    offer.state, offer.decided_at = SwapState.WITHDRAWN, timezone.now()
    offer.save(update_fields=["state", "decided_at"])
    record("duty.offer_withdrawn", turn, by=by, before={"officer": by.pk}, after={"officer": by.pk})


@transaction.atomic(durable=True)
def take_over_duty(month: date, *, seen_id: int | None, reason: str, by: Employee) -> DutyTurn:
    """A member takes the month over from an officer who is absent; the leader is told, and so is the officer.

    ``seen_id`` is the officer the member saw: if it is another by now, he looks again (``ConflictError``).
    """
    turn = _running(month)
    member = _member(by.pk)
    _check_seen(turn, seen_id)
    if turn is not None and turn.officer_id == by.pk:
        raise RuleError(_("这个月本来就是你值班。"), code="own_duty")
    return _moved(month, member, action=TAKEN, by=by, reason=_reason(reason))


@transaction.atomic(durable=True)
def reassign_duty(month: date, *, to_id: int, seen_id: int | None, reason: str, by: Employee) -> DutyTurn:
    """The leader gives the running month to another member at once."""
    turn = _running(month)
    if not standing_of(by, timezone.localdate()).is_leader:
        raise RuleError(_("值班表由考核小组组长安排。"), code="not_allowed")
    _check_seen(turn, seen_id)
    to = _member(to_id)
    if turn is not None and turn.officer_id == to.pk:
        raise RuleError(_("这个月本来就是他值班。"), code="own_duty", field="to")
    return _moved(month, to, action=MOVED, by=by, reason=_reason(reason))


def _running(month: date) -> DutyTurn | None:
    """The month's turn, locked; a month that has not begun is swapped in the rota, one long over is left alone."""
    turn = locked_turn(month)
    if not runs_on(month, timezone.localdate()):
        raise RuleError(_("这个月不在值班期，交接只办正在进行的月份。"), code="not_running")
    return turn


def _open_offer(month: date) -> DutySwap | None:
    offers = DutySwap.objects.select_for_update().filter(month=month, other_month__isnull=True)
    return offers.filter(state=SwapState.ASKED).first()


def _member(employee_id: int) -> Employee:
    today = timezone.localdate()
    seats = GroupMember.objects.filter(holding_on(today), employee=employee_id).select_related("employee")
    seat = seats.first()
    if seat is None or not seat.employee.works_on(today):
        raise RuleError(_("值班主任要从考核小组成员里选。"), code="not_a_member", field="to")
    return seat.employee


def _check_seen(turn: DutyTurn | None, seen_id: int | None) -> None:
    officer = turn.officer if turn else None
    if (officer.pk if officer else None) != seen_id:
        name = officer.name if officer else ""
        raise ConflictError(_("刚刚换成了%(name)s值班，看过再办。") % {"name": name}, theirs=name)


def _reason(text: str) -> str:
    words = text.strip()
    if not words:
        raise RuleError(_("写明原因。"), code="reason_needed", field="reason")
    return words[:200]


def _moved(month: date, officer: Employee, *, action: str, by: Employee, reason: str) -> DutyTurn:
    held = DutyTurn.objects.filter(month=month).values_list("officer_id", flat=True).first()
    turn = put_on_duty(month, officer, action=action, by=by, reason=reason)
    leader = group_leader_on(timezone.localdate())
    concerned = {held, officer.pk, leader.pk if leader else None} - {None, by.pk}
    key = f"duty_taken:{month:%Y-%m}:{timezone.now():%Y%m%d%H%M%S%f}"
    words = {"month": f"{month:%Y-%m}", "who": officer.name}
    tell([pk for pk in concerned if pk is not None], "duty_taken", path=_place(month), key=key, detail=words)
    return turn


def _place(month: date) -> str:
    return reverse("scoring:handover", args=[f"{month:%Y-%m}"])
