"""What results lead to, as it waits: for HR's decision, for a checklist, an approval, and for the employee to read."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from consequences.models import CheckItem, Decision
from consequences.selectors.desk import ground_lost
from consequences.states import APPROVED_CHOICES, CHECKED_CHOICES, CheckCode, DecisionState
from people.facts import Standing
from people.models import Employee, RoleGrant
from people.selectors import holding_on
from people.states import Role
from policy.distribution import CAREER_PLAN
from reports.selectors.waiting import (
    APPROVE_DECISION,
    BE_HEARD,
    CHECKLIST,
    DECIDE,
    GROUND_LOST,
    READ_LETTER,
    REPORT_CAREER,
    together,
)
from scoring.models import Proposal
from scoring.states import ProposalState


def proposals_waiting(person: Employee, standing: Standing, today: date) -> Iterator[QuerySet[Any]]:
    """Parts of the to-do list: nobody has anything to do on a proposal about himself but to be heard and to read."""
    name, ident = "proposal__employee__name", "proposal_id"
    own = Decision.objects.filter(proposal__employee=person)
    unread = own.filter(state=DecisionState.IN_FORCE, in_force_at__isnull=False, read_at__isnull=True)
    yield together(READ_LETTER, unread, "number", ident=ident)
    asked = CheckItem.objects.filter(code=CheckCode.STATEMENT, signed_at__isnull=True, decision__in=own)
    asked = asked.filter(decision__state=DecisionState.PREPARING)
    yield together(BE_HEARD, asked, "decision__number", ident="decision__proposal_id")
    prepared = Decision.objects.filter(state=DecisionState.PREPARING).exclude(proposal__employee=person)
    unreported = Q(rule=CAREER_PLAN, career_report=None)
    if standing.is_department:
        asked_for = Proposal.objects.filter(unreported, state=ProposalState.PROPOSED).exclude(employee=person)
        yield together(REPORT_CAREER, asked_for, "employee__name")
    if standing.is_hr:
        undecided = Proposal.objects.filter(state=ProposalState.PROPOSED).exclude(employee=person)
        yield together(DECIDE, undecided.exclude(unreported), "employee__name")
        yield together(CHECKLIST, prepared.filter(open_checks__gt=0), name, ident=ident)
        yield together(GROUND_LOST, Proposal.objects.filter(ground_lost()).exclude(employee=person), "employee__name")
    mine = _approved_by(standing, today)
    if mine is not None:
        finished = prepared.filter(mine, open_checks=0, proposal__ground_lost_at__isnull=True)
        signed = CheckItem.objects.filter(decision=OuterRef("pk"), signed_by=person)
        finished = finished.exclude(decided_by=person).exclude(Exists(signed))
        yield together(APPROVE_DECISION, finished, name, ident=ident)
        approved = Decision.objects.filter(mine, state=DecisionState.IN_FORCE, approved_by__isnull=False)
        lost = Exists(approved.filter(proposal=OuterRef("pk")))
        if not standing.is_hr:
            rows = Proposal.objects.filter(ground_lost(), lost).exclude(employee=person)
            yield together(GROUND_LOST, rows, "employee__name")


def _approved_by(standing: Standing, today: date) -> Q | None:
    """Whose cases the office approves; list twin of ``consequences.permissions.can_approve``."""
    if not (standing.is_department or standing.is_general_manager):
        return None
    manages = RoleGrant.objects.filter(holding_on(today), role=Role.DEPARTMENT)
    of_manager = Q(Exists(manages.filter(employee=OuterRef("proposal__employee"))))
    grave, raised = Q(choice__in=CHECKED_CHOICES), Q(choice__in=set(APPROVED_CHOICES) - set(CHECKED_CHOICES))
    found = Q(pk__in=())
    if standing.is_department:
        found |= grave
    if standing.is_general_manager:
        found |= raised | (grave & of_manager)
    return found
