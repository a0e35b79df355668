"""A decision taken back, or kept though its ground is gone: visibly, with by whom, when and why (P7.1)."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Cycle
from appraisals.states import CycleKind
from audit.log import record
from common.errors import RuleError
from consequences.models import Decision
from consequences.permissions import can_keep, can_undo
from consequences.services.steps import (
    locked_decision,
    reader_of,
    refuse_unless,
    save_decision,
    tell_employee,
    words_of,
)
from consequences.states import Choice, DecisionState
from development.services.training import drop_career_plan
from notices.log import tell
from people.models import Employee
from people.services.pay_steps import end_pay_step
from scoring.services.paying import cancel_extra, owe_for_cap
from scoring.states import ProposalState


@transaction.atomic(durable=True)
def undo_decision(decision_id: int, *, reason: str, by: Employee) -> Decision:
    """Take a decision back. A rung is as if never given: months paid by it get a difference; an amount is asked back.

    What another approved only his office takes back. Training that it asked for and that HR has not arranged yet is not
    arranged. A day of leaving does not undo itself: HR sets it anew. The proposal waits again, unless its ground is
    gone.
    """
    now = timezone.now()
    _lock_months(decision_id)
    decision = locked_decision(decision_id)
    refuse_unless(can_undo(reader_of(by, now), decision, timezone.localdate(now)))
    words = words_of(reason, missing=_("写明为什么撤回，本人看得到。"))
    person = decision.proposal.employee_id
    if decision.pay_step is not None:
        step = end_pay_step(decision.pay_step.pk, day=decision.pay_step.starts_on, by=by)
        owe_for_cap(person, since=step.starts_on, reason=f"{decision.number} {words}", by=by)
    if decision.extra is not None:
        cancel_extra(decision.extra.pk, reason=f"{decision.number} {words}", by=by)
    if decision.training is not None:
        drop_career_plan(decision.training.pk, answer=_("决定撤回了 %(no)s") % {"no": decision.number}, by=by)
    decision.state, decision.undone_by = DecisionState.UNDONE, by
    decision.undone_at, decision.undone_reason = now, words
    save_decision(decision, "state", "undone_by", "undone_at", "undone_reason")
    proposal = decision.proposal
    proposal.state = ProposalState.UNDONE if proposal.ground_lost_at else ProposalState.PROPOSED
    proposal.save(update_fields=["state"])
    record("decision.undone", decision, by=by, after={"choice": decision.choice}, reason=words)
    if decision.choice != Choice.SET_ASIDE:
        tell_employee(decision, "decision_undone")
    told = {decision.approved_by_id, decision.decided_by_id} - {by.pk, None} if decision.approved_by_id else set()
    if told:
        page = reverse("consequences:proposal", args=[decision.proposal_id])
        key = f"decision:{decision.pk}:approval_undone:{decision.version}"
        tell([pk for pk in told if pk], "approval_undone", path=page, key=key, detail={"who": by.name})
    return decision


@transaction.atomic(durable=True)
def keep_decision(decision_id: int, *, reason: str, by: Employee) -> Decision:
    """Leave a decision standing though a correction took its ground away; the employee reads why."""
    now = timezone.now()
    decision = locked_decision(decision_id)
    refuse_unless(can_keep(reader_of(by, now), decision))
    if decision.proposal.ground_lost_at is None:
        raise RuleError(_("依据还在，不用处理。"), code="ground_stands")
    decision.kept_at = now
    decision.kept_reason = words_of(reason, missing=_("写明为什么保留，本人看得到。"))
    save_decision(decision, "kept_at", "kept_reason")
    record("decision.kept", decision, by=by, reason=decision.kept_reason)
    tell_employee(decision, "decision_kept")
    return decision


@transaction.atomic(durable=True)
def note_letter_read(decision_id: int, *, by: Employee) -> Decision:
    """The employee says that he has read his notice; the first time counts."""
    decision = locked_decision(decision_id)
    refuse_unless(decision.proposal.employee_id == by.pk and decision.in_force_at is not None)
    if decision.read_at is None:
        decision.read_at = timezone.now()
        save_decision(decision, "read_at")
        record("decision.read", decision, by=by)
    return decision


def _lock_months(decision_id: int) -> None:
    """The months that may have been paid by a rung, locked before the proposal, as corrections do."""
    since = Decision.objects.filter(pk=decision_id).values_list("pay_step__starts_on", flat=True).first()
    if since is not None:
        months = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__gte=since).order_by("pk")
        list(months.select_for_update(of=("self",)).values_list("pk"))
