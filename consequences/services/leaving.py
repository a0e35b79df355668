"""Who hears that a last day was entered for somebody whose dismissal had been set aside (P7.1, decided)."""

from collections.abc import Collection

from django.urls import reverse
from django.utils import timezone

from common.db import among, require_transaction
from consequences.workflow import DISMISSING_RULES
from notices.log import Letter, tell_each
from people.models import Employee, RoleGrant
from people.selectors import holding_on
from people.states import Role
from scoring.models import Proposal
from scoring.states import ProposalState


def tell_leavings(employee_ids: Collection[int], by: Employee) -> None:
    """A step: the department's manager, who would have approved the dismissal, may ask whether the person goes himself.

    Nothing is held up by it: whoever resigns must be able to leave.
    """
    require_transaction()
    aside = Proposal.objects.filter(
        employee_id__in=among(employee_ids), leads_to__in=DISMISSING_RULES, state=ProposalState.SET_ASIDE
    )
    last = {row.employee_id: row for row in aside.select_related("employee").order_by("pk")}
    if not last:
        return
    now = timezone.now()
    managers = RoleGrant.objects.filter(holding_on(timezone.localdate(now)), role=Role.DEPARTMENT)
    told = [
        Letter(
            manager,
            reverse("consequences:proposal", args=[row.pk]),
            f"leaving:{row.employee_id}:{now:%Y%m%d%H%M%S}",
            {"who": by.name, "other": row.employee.name},
        )
        for manager in managers.exclude(employee=by).values_list("employee", flat=True)
        for row in last.values()
        if manager != row.employee_id
    ]
    tell_each(told, "leaving_after_set_aside")
