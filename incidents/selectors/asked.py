"""Whom an undecided incident or claim is asked of (P4.5, P4.6): of all who may decide it, those who are to do it.

It is their to-do and they are reminded; the others find it in the ledger, and may decide it there.
"""

from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from incidents.models import Bonus, Involvement
from incidents.permissions import INCIDENT_DAY, Judge, bonuses_to_check, shares_to_verify
from incidents.permissions.superiors import key_above
from incidents.states import EventState
from people.models import Employee


def is_neutral() -> Q:
    """Whether ``superior_id`` neither found nor filed the incident nor is concerned by it, as ``can_verify`` wants."""
    concerned = Involvement.objects.filter(incident=OuterRef("incident"), employee=OuterRef("superior_id"))
    found = Q(superior_id=F("incident__found_by"))
    filed = Q(incident__filed_by__isnull=False, superior_id=F("incident__filed_by"))
    return Q(superior_id__isnull=False) & ~Exists(concerned) & ~found & ~filed


def with_asked(shares: QuerySet[Involvement]) -> QuerySet[Any]:
    """Each with the key of its person's superior as ``asked``, null where he has an interest in it or there is none."""
    rows: QuerySet[Any] = shares.annotate(superior_id=key_above(INCIDENT_DAY))
    found: QuerySet[Any] = rows.annotate(asked=Case(When(is_neutral(), then=F("superior_id"))))
    return found


def is_view_in(today: date) -> Q:
    """List twin of ``permissions.is_view_in``."""
    return Q(stated_at__isnull=False) | Q(statement_due_on__isnull=True) | Q(statement_due_on__lt=today)


def shares_asked(judge: Judge, today: date) -> QuerySet[Any]:
    """What somebody is to verify and may confirm already: his own people's, and as a member what no superior may."""
    mine = Q(asked=judge.person.pk)
    if judge.standing.is_member:
        mine |= Q(asked__isnull=True)
    return with_asked(shares_to_verify(judge)).filter(is_view_in(today)).filter(mine)


def views_asked(person: Employee, today: date) -> QuerySet[Involvement]:
    """Undecided shares of his own on which a person has not said anything yet while his term runs."""
    rows = Involvement.objects.filter(employee=person, state=EventState.FILED, stated_at__isnull=True)
    return rows.filter(statement_due_on__gte=today)


def claims_asked(judge: Judge) -> QuerySet[Bonus]:
    """What somebody is to check: the superior what was checked once, group and managers of the region what was not."""
    rows, standing = bonuses_to_check(judge), judge.standing
    if standing.is_department and not standing.is_member:
        rows = rows.filter(first_checker__isnull=False)
    return rows
