"""Who sees, decides, signs and approves what results lead to (P7): each rule for a row, and visibility for a list.

On a proposal about himself everybody is only the employee it is about, whatever else he is.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from consequences.models import CheckItem, Decision
from consequences.states import CHECKED_CHOICES, DecisionState
from people.facts import Standing
from people.models import Employee, RoleGrant
from people.selectors import holding_on, owned_by
from people.states import Role
from policy.distribution import CAREER_PLAN
from scoring.models import Proposal
from scoring.states import ProposalState


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever asks, with his standing."""

    person: Employee
    standing: Standing


def reads_desk(standing: Standing) -> bool:
    """Whether HR's desk opens: HR, who approves, the group's leader and the auditor."""
    return (
        standing.is_hr
        or standing.is_department
        or standing.is_general_manager
        or standing.is_leader
        or standing.is_auditor
    )


def can_view_proposal(reader: Reader, proposal: Proposal) -> bool:
    """Row rule; twin of ``visible_proposals``: the desk's readers, and the employee once something is decided."""
    if proposal.employee_id != reader.person.pk:
        return reads_desk(reader.standing)
    return any(tells_the_employee(decision) for decision in proposal.decisions.all())


def visible_proposals(reader: Reader) -> QuerySet[Proposal]:
    """List rule; twin of ``can_view_proposal``."""
    rows = Proposal.objects.select_related(
        "employee__position", "employee__region", "employee__grade", "cycle__scheme", "review"
    )
    own = Q(employee=reader.person)
    told = Decision.objects.filter(_TOLD, proposal=OuterRef("pk"))
    mine = own & Q(Exists(told))
    return rows.filter(mine | ~own) if reads_desk(reader.standing) else rows.filter(mine)


def visible_decisions(reader: Reader) -> QuerySet[Decision]:
    """Decisions on visible proposals, the newest first; to himself everybody only those that are told him."""
    rows = Decision.objects.filter(proposal__in=visible_proposals(reader))
    rows = rows.filter(~Q(proposal__employee=reader.person) | _TOLD)
    return rows.select_related("proposal__employee", "decided_by", "approved_by").order_by("-pk")


def visible_checks(reader: Reader) -> QuerySet[CheckItem]:
    """The points of checklists, for the desk; of his own everybody has only the one in which he is heard."""
    proposals = visible_proposals(reader).exclude(employee=reader.person)
    return CheckItem.objects.filter(decision__proposal__in=proposals).order_by("pk")


_HEARD = (DecisionState.PREPARING, DecisionState.DROPPED)
_TOLD = Q(in_force_at__isnull=False) | Q(state__in=_HEARD, choice__in=CHECKED_CHOICES)


def tells_the_employee(decision: Decision) -> bool:
    """A decision that came into force, also one taken back since; and a case in which he is heard, however it ends.

    A proposal that was set aside leads to nothing, and he is not bothered with it.
    """
    is_heard = decision.state in _HEARD and decision.choice in CHECKED_CHOICES
    return decision.in_force_at is not None or is_heard


def sees_amounts(reader: Reader, employee_id: int) -> bool:
    """Wages, caps and bonuses of a person: his own, HR's, and the general manager's, who approves them."""
    return reader.person.pk == employee_id or sees_all_amounts(reader.standing)


def sees_all_amounts(standing: Standing) -> bool:
    """Of everybody: HR, and the general manager."""
    return standing.is_hr or standing.is_general_manager


def can_decide(reader: Reader, proposal: Proposal) -> bool:
    """HR, what nobody has decided yet, of others."""
    return _is_hr_for(reader, proposal) and proposal.state == ProposalState.PROPOSED


def can_report_career(reader: Reader, proposal: Proposal) -> bool:
    """The department's manager, on others, while the proposal of a training plan is open (P7.3)."""
    is_open = proposal.rule == CAREER_PLAN and proposal.state == ProposalState.PROPOSED
    return is_open and reader.standing.is_department and proposal.employee_id != reader.person.pk


def can_prepare(reader: Reader, decision: Decision) -> bool:
    """HR keeps the checklist and the day of leaving, until it is approved or dropped."""
    return _is_hr_for(reader, decision.proposal) and decision.state == DecisionState.PREPARING


def can_keep(reader: Reader, decision: Decision) -> bool:
    """HR keeps what is in force without its ground; of others."""
    return _is_hr_for(reader, decision.proposal) and decision.state == DecisionState.IN_FORCE


def can_undo(reader: Reader, decision: Decision, day: date) -> bool:
    """HR takes back what is in force, of others; what was approved, the office that approves it: never HR alone."""
    if decision.approved_by_id is None or decision.state != DecisionState.IN_FORCE:
        return can_keep(reader, decision)
    return reader.person.pk != decision.proposal.employee_id and _has_approving_office(reader, decision, day)


def can_state(reader: Reader, decision: Decision) -> bool:
    """The person himself is heard while the case is prepared."""
    is_own = decision.proposal.employee_id == reader.person.pk
    return is_own and decision.state == DecisionState.PREPARING and decision.choice in CHECKED_CHOICES


def can_approve(reader: Reader, decision: Decision, day: date) -> bool:
    """Another than who decided or signed a point: the department's manager for leaving and demotion, else the general.

    Of the department's manager himself the general manager approves.
    """
    involved = {decision.proposal.employee_id, decision.decided_by_id}
    if decision.state != DecisionState.PREPARING or reader.person.pk in involved:
        return False
    signed = decision.choice in CHECKED_CHOICES and reader.person.pk in _signers(decision)
    return _has_approving_office(reader, decision, day) and not signed


def approvers(decision: Decision, day: date) -> list[int]:
    """Whom a finished case waits for."""
    proposal = decision.proposal
    role = Role.GENERAL_MANAGER
    if decision.choice in CHECKED_CHOICES and not _manages(proposal.employee_id, day):
        role = Role.DEPARTMENT
    holders = RoleGrant.objects.filter(holding_on(day), role=role)
    took_part = {proposal.employee_id, decision.decided_by_id, *_signers(decision)}
    return [pk for pk in holders.values_list("employee", flat=True) if pk not in took_part]


def can_read_letter(reader: Reader, decision: Decision) -> bool:
    """The notice of what is or was in force: the employee and HR; amounts stand in it."""
    return decision.in_force_at is not None and sees_amounts(reader, decision.proposal.employee_id)


def reads_all_counters(standing: Standing) -> bool:
    """Where everybody stands with the rules: as the desk."""
    return reads_desk(standing)


def counted_people(reader: Reader, day: date) -> QuerySet[Employee]:
    """Whose counters the reader sees: everybody's, or of those whose appraisal owner he is today. Not his own."""
    people = Employee.objects.all() if reads_all_counters(reader.standing) else owned_by(reader.person, day)
    return people.exclude(pk=reader.person.pk)


def visible_counters(reader: Reader, day: date) -> QuerySet[Employee]:
    """List rule: ``counted_people`` and himself, of those who are appraised."""
    others = counted_people(reader, day).order_by().values("pk")
    return Employee.objects.filter(Q(pk__in=others) | Q(pk=reader.person.pk), position__isnull=False)


def _is_hr_for(reader: Reader, proposal: Proposal) -> bool:
    return reader.standing.is_hr and proposal.employee_id != reader.person.pk


def _signers(decision: Decision) -> set[int | None]:
    return {item.signed_by_id for item in decision.checks.all()}


def _has_approving_office(reader: Reader, decision: Decision, day: date) -> bool:
    one = reader.standing
    if decision.choice not in CHECKED_CHOICES:
        return one.is_general_manager
    return one.is_department or (one.is_general_manager and _manages(decision.proposal.employee_id, day))


def _manages(employee_id: int, day: date) -> bool:
    return RoleGrant.objects.filter(holding_on(day), role=Role.DEPARTMENT, employee=employee_id).exists()
