"""The step that keeps proposals in line with the published months (P7.1). HR decides; nothing acts by itself."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.utils import timezone

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from appraisals.services.steps import Actor
from appraisals.states import CycleKind
from audit.log import record_many
from common.db import among, require_transaction
from policy.triggers import MonthResult, fired_in, may_fire
from scoring.models import Proposal
from scoring.selectors.histories import published_months
from scoring.states import ProposalState


class _Key(NamedTuple):
    employee_id: int
    cycle_id: int
    rule: str


def renew_proposals(employee_ids: Collection[int], since: Cycle, *, by: Actor) -> None:
    """Make the undecided proposals of these people what their published months call for, from ``since`` on.

    A month published late or taken back changes what later months rest on: those are renewed as well. What stays
    called for is left untouched, so that doing it again changes nothing.
    """
    require_transaction()
    if since.kind != CycleKind.MONTH:
        return
    wanted = _called_for(employee_ids, since)
    standing = Proposal.objects.filter(
        employee_id__in=among(employee_ids), cycle__starts_on__gte=since.starts_on, state=ProposalState.PROPOSED
    )
    gone = []
    for proposal in standing.select_for_update(of=("self",)):
        key = _Key(proposal.employee_id, proposal.cycle_id or 0, proposal.rule)
        if wanted.get(key) == proposal.evidence:
            del wanted[key]
        else:
            gone.append(proposal)
    if gone:
        Proposal.objects.filter(pk__in=[proposal.pk for proposal in gone]).update(state=ProposalState.WITHDRAWN)
        record_many("proposal.withdrawn", [(row, {"rule": row.rule}, None) for row in gone], by=by)
    now = timezone.now()
    made = Proposal.objects.bulk_create(
        Proposal(**key._asdict(), evidence=evidence, created_at=now) for key, evidence in wanted.items()
    )
    record_many("proposal.made", [(row, None, {"rule": row.rule, "evidence": row.evidence}) for row in made], by=by)


def _called_for(employee_ids: Collection[int], since: Cycle) -> dict[_Key, list[dict[str, Any]]]:
    """(person, month, rule) → evidence, for every firing from ``since`` on.

    A rule fires only with a month that itself lies on its side of the threshold: the others need no history.
    """
    cycles = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__gte=since.starts_on).select_related("scheme")
    schemes = {cycle.scheme_id: rules_of(cycle.scheme) for cycle in cycles}
    months = {cycle.starts_on: (cycle.pk, cycle.key, schemes[cycle.scheme_id]) for cycle in cycles}
    suspects = {
        row.employee_id
        for rows in published_months(employee_ids, since=since.starts_on).values()
        for row in rows
        if may_fire(row.coefficient, months[row.starts_on][2])
    }
    found = {}
    for person, published in published_months(suspects).items() if suspects else ():
        history = [MonthResult(row.month, row.coefficient) for row in published]
        for row in published:
            if row.starts_on not in months:
                continue
            cycle_id, month, scheme = months[row.starts_on]
            for event in fired_in(history, month, scheme):
                evidence = [{"month": row.month, "coefficient": str(row.coefficient)} for row in event.evidence]
                found[_Key(person, cycle_id, event.rule.code)] = evidence
    return found
