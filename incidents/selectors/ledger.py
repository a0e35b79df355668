"""The ledger of incidents: one row per person concerned, what waits for me, and what I look for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from common.selectors import calendar_between
from incidents.models import Incident, Involvement
from incidents.permissions import Judge, Superiors, is_view_in, visible_shares
from incidents.selectors.asked import shares_asked, views_asked
from incidents.states import EventState
from people.models import Employee
from policy.workdays import working_days_left

_WITH = ("employee", "severity", "incident__kind__severity", "incident__found_by", "verified_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to look for; empty holds for everything. ``month`` is the first day of the month it happened in."""

    state: str = ""
    month: date | None = None
    kind_id: int | None = None
    person: str = ""


class LedgerRow(NamedTuple):
    """A share with who decides it next (empty: the group) and the working days left for the view, None: it is in."""

    share: Involvement
    holder: str
    left: int | None


def views_to_state(person: Employee) -> QuerySet[Involvement]:
    """Where a person is asked for his view, the nearest term first."""
    return views_asked(person, timezone.localdate()).select_related(*_WITH).order_by("statement_due_on", "pk")


def waiting_to_verify(judge: Judge) -> QuerySet[Any]:
    """What somebody is to verify, the longest waiting first."""
    rows = shares_asked(judge, timezone.localdate()).select_related(*_WITH)
    return rows.order_by("statement_due_on", "pk")


def ledger(judge: Judge, asked: Asked) -> QuerySet[Involvement]:
    """The shares somebody may see, newest first; ``together`` counts the people of the record."""
    rows = visible_shares(judge).select_related(*_WITH)
    others = Involvement.objects.filter(incident=OuterRef("incident")).order_by().values("incident")
    rows = rows.annotate(together=Subquery(others.annotate(n=Count("pk")).values("n")))
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


def ledger_rows(shares: Sequence[Involvement]) -> list[LedgerRow]:
    """The rows with who holds the undecided ones and how many working days a view is awaited for."""
    today = timezone.localdate()
    undecided = [share for share in shares if share.state == EventState.FILED]
    if not undecided:
        return [LedgerRow(share, "", None) for share in shares]
    above, interested = Superiors.of(undecided), _interested(undecided)
    days = [share.statement_due_on or today for share in undecided if not is_view_in(share, today)]
    calendar = calendar_between(today, max(days, default=today)) if days else None
    holders = {share.pk: above.above(share) for share in undecided}
    rows = []
    for share in shares:
        held, due = holders.get(share.pk), share.statement_due_on
        holder = held[1] if held is not None and held[0] not in interested[share.incident_id] else ""
        left = None
        if calendar and due and share.pk in holders and not is_view_in(share, today):
            left = working_days_left(today, due, calendar)
        rows.append(LedgerRow(share, holder, left))
    return rows


def _interested(shares: Iterable[Involvement]) -> dict[int, set[int | None]]:
    """Incident → finder, filer and everybody concerned: none of them decides."""
    found = {share.incident_id: {share.incident.found_by_id, share.incident.filed_by_id} for share in shares}
    rows = Involvement.objects.filter(incident_id__in=found).order_by()
    for incident, person in rows.values_list("incident_id", "employee_id"):
        found[incident].add(person)
    return found


def ledger_months(judge: Judge) -> list[date]:
    """The months in which something happened that somebody may see, the latest first."""
    seen = Incident.objects.filter(pk__in=visible_shares(judge).values("incident_id"))
    return list(seen.dates("occurred_on", "month", order="DESC"))
