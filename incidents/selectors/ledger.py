"""The ledger of incidents: one row per person concerned, what waits for me, and what I look for."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from incidents.models import Incident, Involvement
from incidents.permissions import Judge, shares_to_verify, visible_shares
from incidents.states import EventState
from people.models import Employee

_WITH = ("employee", "severity", "incident__kind__severity", "incident__found_by", "verified_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to look for; empty holds for everything. ``month`` is the first day of the month it happened in."""

    state: str = ""
    month: date | None = None
    kind_id: int | None = None
    person: str = ""


def views_to_state(person: Employee) -> QuerySet[Involvement]:
    """Undecided shares of his own on which a person has not said anything yet, the nearest term first."""
    rows = Involvement.objects.filter(employee=person, state=EventState.FILED, stated_at__isnull=True)
    return rows.select_related(*_WITH).order_by(F("statement_due_on").asc(nulls_last=True), "pk")


def waiting_to_verify(judge: Judge) -> QuerySet[Involvement]:
    """What somebody may verify, his own people's first, then what may be confirmed soonest."""
    rows = shares_to_verify(judge).select_related(*_WITH)
    return rows.order_by("-is_led", F("statement_due_on").asc(nulls_first=True), "pk")


def ledger(judge: Judge, asked: Asked) -> QuerySet[Involvement]:
    """The shares somebody may see, newest first; ``together`` counts the people of the record."""
    rows = visible_shares(judge).select_related(*_WITH)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.month:
        first = asked.month
        rows = rows.filter(incident__occurred_on__year=first.year, incident__occurred_on__month=first.month)
    if asked.kind_id is not None:
        rows = rows.filter(incident__kind_id=asked.kind_id)
    for word in asked.person.split():
        rows = rows.filter(Q(employee__number__icontains=word) | Q(employee__name__icontains=word))
    return rows.order_by("-incident__occurred_on", "-incident__number", "pk")


def together(incident_ids: list[int]) -> dict[int, int]:
    """Incident → how many people it concerns."""
    rows = Incident.objects.filter(pk__in=incident_ids).order_by()
    return dict(rows.annotate(n=Count("involvements")).values_list("pk", "n"))


def ledger_months(judge: Judge) -> list[date]:
    """The months in which something happened that somebody may see, the latest first."""
    seen = Incident.objects.filter(pk__in=visible_shares(judge).values("incident_id"))
    return list(seen.dates("occurred_on", "month", order="DESC"))
