"""Reads of the exchange meetings and of what they propose."""

from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from appraisals.models import Cycle
from appraisals.states import CycleKind
from development.models import Amendment, Meeting, RegionMinute
from development.selectors.superiors import above
from people.models import Employee, GroupMember, ReportingLine, RoleGrant
from people.selectors import group_leader_on, holding_on
from people.states import PositionClass, Role
from scoring.models import Result

SEASON = timedelta(days=120)
"""A month that began longer ago is not asked for any more."""


def months_to_meet(first: date) -> QuerySet[Cycle]:
    """Months from ``first`` on with published results and no meeting yet, newest first."""
    published = Result.objects.filter(cycle=OuterRef("pk"), published_at__isnull=False)
    months = Cycle.objects.filter(Exists(published), kind=CycleKind.MONTH, meeting__isnull=True, starts_on__gte=first)
    return months.order_by("-starts_on")


def heads_of_regions(day: date) -> QuerySet[Employee]:
    """The highest managers of the regions: managers whose direct superior is of another region or of none."""
    lines = ReportingLine.objects.filter(holding_on(day), employee=OuterRef("pk"))
    inside = lines.filter(superior__region=F("employee__region"))
    managers = Employee.objects.filter(position__position_class=PositionClass.MANAGERIAL, region__isnull=False)
    working = Q(left_on__isnull=True) | Q(left_on__gte=day)
    return managers.filter(working, ~Exists(inside))


def concerned_with_minutes(meeting: Meeting, day: date) -> list[int]:
    """To whom the minutes go: who was there, the group, the heads of the regions, the department, HR (P5.3)."""
    roles = RoleGrant.objects.filter(holding_on(day), role__in=(Role.DEPARTMENT, Role.HR)).values("employee_id")
    group = GroupMember.objects.filter(holding_on(day)).values("employee_id")
    wanted = Q(pk__in=roles) | Q(pk__in=group) | Q(pk__in=heads_of_regions(day).values("pk"))
    wanted |= Q(pk__in=meeting.attendees.values("pk"))
    return list(Employee.objects.filter(wanted).order_by("pk").values_list("pk", flat=True).distinct())


def consenter_of(person: Employee, day: date) -> Employee | None:
    """Whose consent an amendment needs (P6.4b): who stands above the proposer on the day, else the group's leader.

    Nobody consents to his own, nor does whoever has left.
    """
    superior = above([person.pk], day).get(person.pk)
    if superior is not None:
        return Employee.objects.get(pk=superior)
    leader = group_leader_on(day)
    return leader if leader is not None and leader.pk != person.pk and leader.works_on(day) else None


def amendments() -> QuerySet[Amendment]:
    """What was proposed for the scheme, newest first."""
    return Amendment.objects.select_related("meeting__cycle", "proposed_by", "asked").order_by("-pk")


def next_targets_for(region_id: int, before: date) -> RegionMinute | None:
    """What the last sent minutes about a month before that day want of a region next."""
    rows = RegionMinute.objects.filter(region_id=region_id, meeting__sent_at__isnull=False)
    rows = rows.filter(meeting__cycle__starts_on__lt=before).exclude(next_targets="")
    return rows.select_related("meeting__cycle", "region").order_by("-meeting__cycle__starts_on").first()


def candidates_for(meeting: Meeting, day: date) -> list[Employee]:
    """Who may have been there: the group, the heads of the regions, the department, and whoever is ticked already."""
    people = Employee.objects.filter(pk__in=concerned_with_minutes(meeting, day)).select_related("region")
    return list(people.order_by("region__code", "number"))


def people_concerned(meeting: Meeting) -> list[Employee]:
    """To whom the minutes were sent; nobody yet while they are prepared."""
    return list(meeting.recipients.order_by("number"))
