"""Incidents: filed, verified person by person, or turned down (P4.5)."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from incidents.models import Incident, Involvement
from incidents.permissions import Superiors, can_verify, concerned_with
from incidents.services.steps import (
    INCIDENT_PREFIX,
    allow,
    check_points,
    check_what,
    checked_reason,
    decide,
    judge_of,
    save_numbered,
)
from incidents.states import EventState
from people.models import Employee


@transaction.atomic(durable=True)
def file_incident(employee_id: int, *, occurred_on: date, description: str, points: Decimal, by: Employee) -> Incident:
    """Anybody who discovers an incident files it; it counts once somebody else has verified it."""
    check_what(occurred_on, description)
    check_points(points)
    employee = Employee.objects.get(pk=employee_id)
    incident = Incident(occurred_on=occurred_on, description=description.strip(), found_by=by, filed_by=by)
    save_numbered(incident, INCIDENT_PREFIX)
    share = Involvement(incident=incident, employee=employee, filed_points=points, points=points)
    share.full_clean()
    share.save()
    record("incident.filed", incident, by=by, after={"employee": employee.pk, "points": str(points)})
    return incident


@transaction.atomic(durable=True)
def verify_involvement(involvement_id: int, *, by: Employee) -> Involvement:
    """Confirm it: by one who neither found it nor is concerned."""
    share = _locked(involvement_id)
    concerned = concerned_with(share.incident)
    if by.pk in {share.incident.found_by_id, share.incident.filed_by_id} | concerned:
        raise RuleError(_("自己发现的或和自己有关的，要由别人核实。"), code="not_neutral")
    allow(can_verify(judge_of(by), share, concerned, Superiors.of([share])))
    share.verified_by = by
    return decide(share, EventState.CONFIRMED, "incident.verified", by, ["verified_by"])


@transaction.atomic(durable=True)
def reject_involvement(involvement_id: int, *, reason: str, by: Employee) -> Involvement:
    """It did not happen so, or is not this person's fault: the reason stays on the record."""
    share = _locked(involvement_id)
    allow(can_verify(judge_of(by), share, concerned_with(share.incident), Superiors.of([share])))
    share.decision_reason = checked_reason(reason)
    return decide(share, EventState.REJECTED, "incident.rejected", by, ["decision_reason"])


def _locked(pk: int) -> Involvement:
    rows = Involvement.objects.select_for_update(of=("self",)).select_related("employee", "incident")
    return rows.get(pk=pk)
