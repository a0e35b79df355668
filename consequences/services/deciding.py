"""HR decides what a proposal leads to, or sets it aside with a reason (P7.1, P7.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from common.numbering import free_numbers, is_stored
from consequences.models import CareerReport, CheckItem, Decision
from consequences.permissions import can_decide
from consequences.selectors.evidence import evidence_note
from consequences.selectors.rungs import effective_from, rungs_of
from consequences.services.steps import locked_proposal, put_in_force, reader_of, refuse_unless, tell_employee, words_of
from consequences.states import APPROVED_CHOICES, CHECKED_CHOICES, CheckCode, Choice, DecisionState
from consequences.workflow import CHANGES, choices_for
from people.models import Employee
from scoring.models import Proposal
from scoring.states import ProposalState

MONEY_CHOICES = (Choice.BONUS, Choice.AWARD)
MOST_MONEY = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A decision as typed: ``amount`` in yuan for a bonus or an award, ``leaves_on`` the last day of a dismissal."""

    choice: str
    reason: str = ""
    amount: Decimal | None = None
    leaves_on: date | None = None


@transaction.atomic(durable=True)
def decide_proposal(proposal_id: int, verdict: Verdict, *, by: Employee) -> Decision:
    """Decide a proposal that nobody has decided. A warning, a cap or an amount holds at once and is told.

    Leaving, demotion and promotion only open a case: for a checklist where there is one, and another's approval.
    """
    now = timezone.now()
    proposal = locked_proposal(proposal_id)
    refuse_unless(can_decide(reader_of(by, now), proposal))
    decision = _checked(proposal, verdict, by, now)
    year = timezone.localdate(now).year
    for number in free_numbers(Decision, f"JC-{year}-"):
        decision.number = number
        decision.full_clean(validate_constraints=False)
        if is_stored(decision):
            break
    proposal.state = ProposalState.SET_ASIDE if decision.choice == Choice.SET_ASIDE else ProposalState.DECIDED
    proposal.save(update_fields=["state"])
    if decision.choice in CHECKED_CHOICES:
        _open_checks(decision)
        tell_employee(decision, "case_opened")
    elif decision.choice != Choice.SET_ASIDE and decision.choice not in APPROVED_CHOICES:
        put_in_force(decision, by=by, now=now)
    record("decision.made", decision, by=by, after=_told(decision), reason=decision.reason)
    return decision


def _checked(proposal: Proposal, verdict: Verdict, by: Employee, now: datetime) -> Decision:
    if verdict.choice not in choices_for(proposal.leads_to):
        raise RuleError(_("先选一种处理。"), code="choice_missing", field="choice")
    choice = Choice(verdict.choice)
    missing = _("不采纳要写理由。") if choice == Choice.SET_ASIDE else ""
    decision = Decision(
        proposal=proposal,
        choice=choice,
        state=DecisionState.PREPARING,
        reason=words_of(verdict.reason, missing=missing),
        amount=_amount(choice, verdict.amount),
        decided_by=by,
        decided_at=now,
    )
    today = timezone.localdate(now)
    if choice == Choice.SET_ASIDE:
        decision.state = DecisionState.IN_FORCE
    if choice == Choice.CAREER and not CareerReport.objects.filter(proposal=proposal).exists():
        raise RuleError(_("先由客服管理部经理写职业发展报告。"), code="report_missing", field="choice")
    if choice in CHANGES:
        decision.effective_from = effective_from(proposal.employee_id, today)
        if rungs_of([proposal.employee], decision.effective_from)[proposal.employee_id].target(choice) is None:
            raise RuleError(_("本人的等级已经到头或者没有登记，换一种处理。"), code="no_rung", field="choice")
    if choice == Choice.DISMISS:
        decision.leaves_on = checked_last_day(proposal.employee, verdict.leaves_on, today)
        decision.open_checks = len(CheckCode)
    if choice == Choice.DEMOTE:
        decision.open_checks = len(CheckCode)
    return decision


def checked_last_day(person: Employee, day: date | None, today: date) -> date:
    """The last day of a dismissal: given, not over, and not before the person began."""
    if day is None:
        raise RuleError(_("填上最后工作日，办完核对单、批准后才生效。"), code="day_missing", field="leaves_on")
    if day < today or (person.hired_on and day < person.hired_on):
        raise RuleError(_("最后工作日要在今天或以后。"), code="day_passed", field="leaves_on")
    if person.left_on is not None and day > person.left_on:
        words = _("已经登记了最后工作日 %(day)s，辞退不能晚于它。") % {"day": person.left_on.isoformat()}
        raise RuleError(words, code="leaves_before", field="leaves_on")
    return day


def _amount(choice: Choice, amount: Decimal | None) -> Decimal | None:
    if choice not in MONEY_CHOICES:
        return None
    if amount is None and choice == Choice.AWARD:
        return None
    if amount is None or not 0 < amount <= MOST_MONEY or amount != amount.quantize(Decimal("0.01")):
        words = _("金额要大于0、最多100万元，最多两位小数。")
        raise RuleError(words, code="amount_missing" if amount is None else "amount_wrong", field="amount")
    return amount


def _open_checks(decision: Decision) -> None:
    notes = {CheckCode.EVIDENCE: evidence_note(decision.proposal)}
    CheckItem.objects.bulk_create(
        CheckItem(decision=decision, code=code, note=notes.get(code, "")) for code in CheckCode
    )


def _told(decision: Decision) -> dict[str, object]:
    names = ("amount", "effective_from", "leaves_on")
    values = {name: getattr(decision, name) for name in names}
    told = {name: str(value) for name, value in values.items() if value is not None}
    return {"choice": decision.choice, "state": decision.state, "proposal": decision.proposal_id, **told}
