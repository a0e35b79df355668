"""Whose last day or lower grade may not be set by hand, since a grave case of theirs is open (P7.1, decided)."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from consequences.models import Decision
from consequences.states import CHECKED_CHOICES, DecisionState
from consequences.workflow import DISMISSING_RULES
from people.models import Employee
from scoring.models import Proposal
from scoring.states import ProposalState


def held_from_leaving(employee_ids: Iterable[int] | None = None) -> set[str]:
    """Numbers of those who have an undecided proposal of dismissal or demotion, or such a case being prepared.

    One statement.
    """
    cases = Decision.objects.filter(proposal=OuterRef("pk"), choice__in=CHECKED_CHOICES, state=DecisionState.PREPARING)
    undecided = Q(state=ProposalState.PROPOSED, leads_to__in=DISMISSING_RULES)
    held = Proposal.objects.filter(undecided | Q(Exists(cases)))
    people = Employee.objects.filter(pk__in=held.order_by().values("employee"))
    if employee_ids is not None:
        people = people.filter(pk__in=list(employee_ids))
    return set(people.order_by().values_list("number", flat=True))
