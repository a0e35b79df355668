"""A second person approves what HR has prepared, or it is dropped with a reason (P7.1, P7.2, P7.3)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from consequences.models import Decision
from consequences.permissions import can_approve, can_prepare
from consequences.services.steps import (
    check_version,
    locked_decision,
    put_in_force,
    reader_of,
    refuse_unless,
    save_decision,
    tell_employee,
    words_of,
)
from consequences.states import CHECKED_CHOICES, DecisionState
from people.models import Employee
from scoring.states import ProposalState


@transaction.atomic(durable=True)
def approve_decision(decision_id: int, *, version: int | None = None, by: Employee) -> Decision:
    """The case is approved and holds: only with every point signed, its ground standing and the last day to come."""
    now = timezone.now()
    decision = locked_decision(decision_id)
    refuse_unless(can_approve(reader_of(by, now), decision, timezone.localdate(now)))
    check_version(decision, version)
    signed = decision.checks.filter(signed_at__isnull=False).count() if decision.choice in CHECKED_CHOICES else None
    if decision.open_checks or (signed is not None and signed != decision.checks.count()) or signed == 0:
        raise RuleError(_("核对单还没有签完，签完才能批准。"), code="checks_open")
    if decision.proposal.ground_lost_at is not None:
        raise RuleError(_("依据已经被更正，不能再批准；请人力资源部撤销。"), code="ground_lost")
    if decision.leaves_on is not None and decision.leaves_on < timezone.localdate(now):
        raise RuleError(_("最后工作日已经过了，请人力资源部改日期。"), code="day_passed")
    decision.approved_by, decision.approved_at = by, now
    put_in_force(decision, by=by, now=now)
    record("decision.approved", decision, by=by, after={"choice": decision.choice})
    return decision


@transaction.atomic(durable=True)
def drop_decision(decision_id: int, *, reason: str, by: Employee) -> Decision:
    """HR or the approver ends a case that does not hold yet; the proposal waits again, unless its ground is gone."""
    now = timezone.now()
    decision = locked_decision(decision_id)
    reader = reader_of(by, now)
    refuse_unless(can_prepare(reader, decision) or can_approve(reader, decision, timezone.localdate(now)))
    words = words_of(reason, missing=_("写明为什么不办。"))
    decision.state, decision.undone_by = DecisionState.DROPPED, by
    decision.undone_at, decision.undone_reason = now, words
    save_decision(decision, "state", "undone_by", "undone_at", "undone_reason")
    proposal = decision.proposal
    proposal.state = ProposalState.UNDONE if proposal.ground_lost_at else ProposalState.PROPOSED
    proposal.save(update_fields=["state"])
    record("decision.dropped", decision, by=by, after={"choice": decision.choice}, reason=words)
    if decision.choice in CHECKED_CHOICES:
        tell_employee(decision, "case_dropped")
    return decision
