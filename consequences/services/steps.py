"""Steps that the services on proposals share: lock, check who, put in force, tell. Each needs a transaction."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.db import require_transaction
from common.errors import ConflictError, RuleError, check_length
from consequences.models import Decision
from consequences.permissions import Reader
from consequences.selectors.rungs import effective_from, rungs_of
from consequences.states import Choice, DecisionState
from consequences.workflow import CHANGES
from development.models import TrainingRequest
from development.services.training import plan_career
from development.states import TrainingState
from notices.log import tell
from people.models import Employee
from people.selectors import standing_of
from people.services.pay_steps import set_pay_step
from scoring.models import Proposal
from scoring.services.paying import add_extra
from scoring.states import ExtraKind

REASON_LIMIT = 500


def reader_of(person: Employee, now: datetime) -> Reader:
    """Whoever acts, with his standing today."""
    return Reader(person, standing_of(person, timezone.localdate(now)))


def locked_proposal(proposal_id: int) -> Proposal:
    """The proposal, locked: every decision on it waits here, and so does a correction that renews it."""
    require_transaction()
    rows = Proposal.objects.select_for_update(of=("self",))
    return rows.select_related("employee", "cycle__scheme", "review").get(pk=proposal_id)


def locked_decision(decision_id: int) -> Decision:
    """The decision behind its locked proposal."""
    proposal_id = Decision.objects.values_list("proposal_id", flat=True).get(pk=decision_id)
    proposal = locked_proposal(proposal_id)
    decision = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("pay_step", "extra", "training")
        .get(pk=decision_id)
    )
    decision.proposal = proposal
    return decision


def refuse_unless(allowed: bool) -> None:
    """What the rules of who may, and when, do not allow."""
    if not allowed:
        raise RuleError(_("这条建议已经往前走了，或者不归你办，刷新看看。"), code="not_allowed")


def check_version(decision: Decision, version: int | None) -> None:
    """Refuse a writer who has not seen the last change."""
    if version is not None and version != decision.version:
        raise ConflictError(
            _("这个案子刚被改过，你填的还没有存。刷新后再办。"), theirs=str(decision.get_state_display())
        )


def words_of(text: str, *, field: str = "reason", missing: str = "", most: int = REASON_LIMIT) -> str:
    """The text, trimmed; too long is refused, and empty too if ``missing`` says what to do."""
    words = text.strip()
    if missing and not words:
        raise RuleError(missing, code=f"{field}_missing", field=field)
    check_length(words, most, field=field)
    return words


def save_decision(decision: Decision, *fields: str) -> None:
    """Write these fields; the version tells a stale writer."""
    decision.version += 1
    decision.full_clean(validate_constraints=False)
    decision.save(update_fields=["version", *fields])


def put_in_force(decision: Decision, *, by: Employee, now: datetime) -> None:
    """The decision holds: the rung, the amount, the last day or the training plan it is about, and the notice.

    Refuses a change of pay for which the ladder has no rung any more.
    """
    require_transaction()
    person, today = decision.proposal.employee, timezone.localdate(now)
    changed = ["state", "in_force_at", "approved_by", "approved_at"]
    if decision.choice in CHANGES:
        decision.effective_from = effective_from(person.pk, today)
        grade = rungs_of([person], decision.effective_from)[person.pk].target(decision.choice)
        if grade is None:
            raise RuleError(_("本人的等级已经到头或者没有登记，这一项办不了。"), code="no_rung", field="choice")
        decision.pay_step = set_pay_step(
            person.pk,
            kind=CHANGES[decision.choice].kind,
            grade_id=grade.pk,
            starts_on=decision.effective_from,
            source=decision.number,
            by=by,
        )
        changed += ["effective_from", "pay_step"]
    if decision.amount is not None:
        kind = ExtraKind.EXCELLENCE if decision.choice == Choice.BONUS else ExtraKind.AWARD
        reason = f"{decision.number} {decision.reason}".strip()
        decision.extra = add_extra(
            person.pk, kind=kind, amount=decision.amount, paid_month=today.replace(day=1), reason=reason, by=by
        )
        changed.append("extra")
    if decision.choice == Choice.DISMISS:
        _let_go(decision, by=by)
    if decision.choice == Choice.CAREER:
        why = _("连续两年优秀，见职业发展报告 %(no)s") % {"no": decision.number}
        decision.training = _arranged_before(decision) or plan_career(person, topic=_("职业发展培训"), why=why, by=by)
        changed.append("training")
    decision.state, decision.in_force_at = DecisionState.IN_FORCE, now
    save_decision(decision, *changed)
    tell_employee(decision, "decision_made")


def _arranged_before(decision: Decision) -> TrainingRequest | None:
    """The training that HR has arranged by an earlier decision on the same proposal, taken back since."""
    rows = TrainingRequest.objects.filter(state=TrainingState.ARRANGED, decisions__proposal=decision.proposal_id)
    return rows.order_by("-pk").first()


def tell_employee(decision: Decision, kind: str) -> None:
    """A message without figures: that there is something to read, and where."""
    page = reverse("consequences:proposal", args=[decision.proposal_id])
    tell([decision.proposal.employee_id], kind, path=page, key=f"decision:{decision.pk}:{kind}:{decision.version}")


def _let_go(decision: Decision, *, by: Employee) -> None:
    person = Employee.objects.select_for_update().get(pk=decision.proposal.employee_id)
    before = {"left_on": person.left_on.isoformat() if person.left_on else None}
    person.left_on = decision.leaves_on
    person.full_clean()
    person.save(update_fields=["left_on"])
    after = {"left_on": str(person.left_on)}
    record("people.employee_saved", person, by=by, before=before, after=after, reason=decision.number)
