"""A fatal fault and the incident it filed (A2, P4.5): each looked at by somebody of its own, and they may disagree."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from incidents.models import Involvement
from incidents.permissions import Judge
from incidents.selectors.records import Source
from incidents.states import EventState
from quality.models import Assessment, Call, Dispute
from quality.permissions import Ear, can_see_total, visible_calls
from quality.selectors.assessments import of_open_months
from quality.states import AssessmentKind, AssessmentState, DisputeState

DENIED = (EventState.REJECTED, EventState.WITHDRAWN, EventState.OVERTURNED)
"""How an incident ends that did not happen so."""


def denied_at(call: Call) -> datetime | None:
    """When the incident that this call's fatal fault filed was found untrue; None while it is open or confirmed."""
    rows = Involvement.objects.filter(incident__origin=call.number, employee=call.employee_id, state__in=DENIED)
    return rows.filter(decided_at__isnull=False).order_by("-decided_at").values_list("decided_at", flat=True).first()


def is_objected(disputes: Iterable[Dispute], denied: datetime | None) -> bool:
    """Whether an objection stands in the way of another: an open one, or one not older than ``denied``."""
    return any(one.state == DisputeState.OPEN or denied is None or one.raised_at >= denied for one in disputes)


def denied_faults() -> QuerySet[Any]:
    """Submitted first scorings whose fatal fault stands though its incident was found untrue, while the agent may
    object and has not done so since."""
    shares = Involvement.objects.filter(
        incident__origin=OuterRef("call__number"), employee=OuterRef("call__employee"), state__in=DENIED
    )
    shares = shares.filter(decided_at__isnull=False).order_by("-decided_at")
    rows = Assessment.objects.filter(
        kind=AssessmentKind.FIRST, state=AssessmentState.SUBMITTED, fatal_fault__isnull=False
    )
    rows = rows.alias(denied=Subquery(shares.values("decided_at")[:1]))
    said = Dispute.objects.filter(assessment=OuterRef("pk"), item__isnull=True)
    said = said.filter(Q(state=DisputeState.OPEN) | Q(raised_at__gte=OuterRef("denied")))
    return of_open_months(rows.filter(~Exists(said), denied__isnull=False), "call__")


def source_of(judge: Judge, number: str) -> Source | None:
    """The call that an incident came from, for whoever may open it; without its fault for who still scores it blind."""
    ear = Ear(judge.person, judge.standing)
    call = visible_calls(ear).filter(number=number).prefetch_related("assessments").first()
    if call is None:
        return None
    first = next((one for one in call.assessments.all() if one.kind == AssessmentKind.FIRST), None)
    is_known = first is not None and can_see_total(ear, call)
    stands = first.fatal_fault_id is not None if first is not None and is_known else None
    return Source(reverse("quality:call", args=[call.pk]), stands)
