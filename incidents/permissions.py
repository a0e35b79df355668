"""Who may see and decide incidents and bonuses (P4.5, P4.6): each rule for a row, and visibility for a list too.

Who stands directly above somebody is judged by the day on which the thing occurred.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.models import Bonus, Incident, Involvement
from incidents.states import EventState
from people.facts import Standing
from people.models import Employee, ReportingLine, RoleGrant
from people.selectors import superiors_on
from people.states import Role


@dataclass(frozen=True, slots=True)
class Judge:
    """The person who may decide, with his standing."""

    person: Employee
    standing: Standing

    @property
    def sees_all(self) -> bool:
        """Those who work with every form: department, leader, auditor, members of the group."""
        one = self.standing
        return one.is_department or one.is_leader or one.is_auditor or one.is_member


@dataclass(frozen=True, slots=True)
class Superiors:
    """Who stood above whom on which day, read for many events at once: three statements."""

    lines: dict[int, list[tuple[date, date | None, int, str]]]
    managers: list[tuple[date, date | None, int, str]]

    @classmethod
    def of(cls, events: Iterable[Involvement | Bonus]) -> Self:
        """Everything needed for these events."""
        lines: dict[int, list[tuple[date, date | None, int, str]]] = {}
        rows = ReportingLine.objects.filter(employee_id__in={event.employee_id for event in events})
        names = ("employee_id", "starts_on", "ends_before", "superior_id", "superior__name")
        for person, starts_on, ends_before, superior, name in rows.values_list(*names):
            lines.setdefault(person, []).append((starts_on, ends_before, superior, name))
        grants = RoleGrant.objects.filter(role=Role.DEPARTMENT)
        return cls(lines, list(grants.values_list("starts_on", "ends_before", "employee_id", "employee__name")))

    def above(self, event: Involvement | Bonus) -> tuple[int, str] | None:
        """The direct superior of the day; for the head of a region the department's manager (P5.1)."""
        found = _holding(self.lines.get(event.employee_id, []), event.occurred_on)
        if found is None:
            found = _holding(self.managers, event.occurred_on)
        return None if found is None or found[0] == event.employee_id else found

    def is_above(self, person: Employee, event: Involvement | Bonus) -> bool:
        """Whether that person was the direct superior."""
        found = self.above(event)
        return found is not None and found[0] == person.pk

    def name_of(self, event: Involvement | Bonus) -> str:
        """The superior's name, for 'waits for'."""
        found = self.above(event)
        return found[1] if found else ""


def _holding(held: Iterable[tuple[date, date | None, int, str]], day: date) -> tuple[int, str] | None:
    for starts_on, ends_before, person, name in held:
        if starts_on <= day and (ends_before is None or ends_before > day):
            return person, name
    return None


def concerned_with(incident: Incident) -> frozenset[int]:
    """The ids of everybody concerned; none of them verifies any part of it."""
    return frozenset(row.employee_id for row in incident.involvements.all())


def can_verify(judge: Judge, share: Involvement, concerned: frozenset[int], above: Superiors) -> bool:
    """Neither finder nor filer nor concerned: the direct superior, a member of the group, the department's manager."""
    person, standing, incident = judge.person, judge.standing, share.incident
    if share.state != EventState.FILED or person.pk in {incident.found_by_id, incident.filed_by_id} | concerned:
        return False
    return standing.is_member or standing.is_department or above.is_above(person, share)


def can_check_first(judge: Judge, bonus: Bonus, above: Superiors) -> bool:
    """Not the person and not who raised it: a member of the group, the department's manager, or a manager there."""
    person, standing = judge.person, judge.standing
    if bonus.state != EventState.FILED or bonus.first_checker_id is not None:
        return False
    if person.pk in {bonus.employee_id, bonus.raised_by_id} or above.is_above(person, bonus):
        return False
    leads_there = (
        person.position is not None
        and person.position.is_managerial
        and person.region_id is not None
        and person.region_id == bonus.employee.region_id
    )
    return standing.is_member or standing.is_department or leads_there


def can_check_second(judge: Judge, bonus: Bonus, above: Superiors) -> bool:
    """The direct superior of the day, once somebody else has checked first (P4.6)."""
    if bonus.state != EventState.FILED or bonus.first_checker_id in {None, judge.person.pk}:
        return False
    return judge.person.pk != bonus.employee_id and above.is_above(judge.person, bonus)


def can_reject_bonus(judge: Judge, bonus: Bonus, above: Superiors) -> bool:
    """Whoever may check it next; the direct superior at any time."""
    if bonus.state != EventState.FILED or judge.person.pk == bonus.employee_id:
        return False
    return can_check_first(judge, bonus, above) or above.is_above(judge.person, bonus)


def can_edit_standards(standing: Standing) -> bool:
    """The incident and the bonus standard, like the libraries, are the leader's, the department's and HR's."""
    return standing.is_leader or standing.is_department or standing.is_hr


def can_view_incident(judge: Judge, incident: Incident) -> bool:
    """Row rule; twin of ``visible_incidents``. One's own share shows the record, never another's share in it."""
    shares = list(incident.involvements.all())
    involved = {incident.found_by_id, incident.filed_by_id}
    involved |= {row.employee_id for row in shares} | {row.verified_by_id for row in shares}
    if judge.person.pk in involved or judge.sees_all:
        return True
    above = superiors_on(incident.occurred_on, [row.employee_id for row in shares])
    return judge.person.pk in above.values()


def visible_incidents(judge: Judge) -> QuerySet[Incident]:
    """List rule; twin of ``can_view_incident``."""
    rows = Incident.objects.select_related("kind__severity", "found_by", "filed_by")
    if judge.sees_all:
        return rows
    person = judge.person
    shares = Involvement.objects.filter(incident=OuterRef("pk"))
    mine = shares.filter(Q(employee=person) | Q(verified_by=person))
    day = OuterRef("incident__occurred_on")
    lines = ReportingLine.objects.filter(employee=OuterRef("employee"), superior=person, starts_on__lte=day)
    led = shares.filter(Exists(lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=day))))
    return rows.filter(Q(found_by=person) | Q(filed_by=person) | Exists(mine) | Exists(led))


def can_view_bonus(judge: Judge, bonus: Bonus) -> bool:
    """Row rule; twin of ``visible_bonuses``."""
    involved = {bonus.employee_id, bonus.raised_by_id, bonus.first_checker_id, bonus.second_checker_id}
    if judge.person.pk in involved or judge.sees_all or _leads_region(judge.person, bonus):
        return True
    return superiors_on(bonus.occurred_on, [bonus.employee_id]).get(bonus.employee_id) == judge.person.pk


def visible_bonuses(judge: Judge) -> QuerySet[Bonus]:
    """List rule; twin of ``can_view_bonus``."""
    people = ("employee__position", "raised_by", "first_checker", "second_checker")
    rows = Bonus.objects.select_related(*people).annotate(is_mine=_led_by(judge))
    if judge.sees_all:
        return rows
    person = judge.person
    involved = Q(employee=person) | Q(raised_by=person) | Q(first_checker=person) | Q(second_checker=person)
    if person.position is not None and person.position.is_managerial and person.region_id is not None:
        involved |= Q(employee__region_id=person.region_id)
    return rows.filter(involved | Q(is_mine=True))


def _leads_region(person: Employee, bonus: Bonus) -> bool:
    """A manager of a region sees its bonuses: he is one of those who check first."""
    leads = person.position is not None and person.position.is_managerial and person.region_id is not None
    return leads and person.region_id == bonus.employee.region_id


def _led_by(judge: Judge) -> Exists:
    """Whether the person was the direct superior on the day."""
    day = OuterRef("occurred_on")
    lines = ReportingLine.objects.filter(employee=OuterRef("employee"), superior=judge.person, starts_on__lte=day)
    return Exists(lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=day)))
