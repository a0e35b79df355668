"""Who may see and decide incidents and bonuses (P4.5, P4.6): each rule for a row, and visibility for a list too.

Who stands directly above somebody is judged by the day on which the thing occurred, see ``superiors``.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from incidents.models import Bonus, Incident, Involvement
from incidents.permissions.superiors import CLAIM_KEYS, Superiors, stands_above
from incidents.states import EventState
from people.facts import Standing
from people.models import Employee

__all__ = ["Superiors"]  # what is defined here is the package's anyhow
INCIDENT_DAY = "incident__occurred_on"


class Sight(StrEnum):
    """What somebody sees of another's share in an incident: nothing, what was filed, or all of it."""

    NOTHING = "nothing"
    AS_FILED = "as_filed"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Judge:
    """The person who may decide, with his standing."""

    person: Employee
    standing: Standing

    @property
    def sees_all(self) -> bool:
        """Those who read every record: department, leader, members of the group, and to read only auditor and HR."""
        one = self.standing
        return one.is_department or one.is_leader or one.is_member or one.is_auditor or one.is_hr


def concerned_with(incident: Incident) -> frozenset[int]:
    """The ids of everybody concerned; none of them verifies any part of it."""
    return frozenset(row.employee_id for row in incident.involvements.all())


def can_verify(judge: Judge, share: Involvement, concerned: frozenset[int], above: Superiors) -> bool:
    """Neither finder nor filer nor concerned: the direct superior, a member of the group, the department's manager."""
    person, standing, incident = judge.person, judge.standing, share.incident
    if share.state != EventState.FILED or person.pk in {incident.found_by_id, incident.filed_by_id} | concerned:
        return False
    return standing.is_member or standing.is_department or above.is_above(person, share)


def is_view_in(share: Involvement, today: date) -> bool:
    """Whether it may be confirmed: the person has said what he has to say, or his term is over."""
    return share.stated_at is not None or share.statement_due_on is None or today > share.statement_due_on


def can_state(judge: Judge, share: Involvement) -> bool:
    """State a view: the person himself, once, until it is decided; late is better than not at all."""
    return share.state == EventState.FILED and share.stated_at is None and share.employee_id == judge.person.pk


def can_withdraw_incident(judge: Judge, incident: Incident) -> bool:
    """Take a record back: who filed it (the finder, where nobody did), while nothing of it is confirmed.

    Never one that a call's fatal fault filed: the call would stay at zero, looked at by nobody but its listener.
    """
    if incident.origin:
        return False
    states = {share.state for share in incident.involvements.all()}
    if EventState.FILED not in states or EventState.CONFIRMED in states:
        return False
    return judge.person.pk == (incident.filed_by_id or incident.found_by_id)


def can_overturn(judge: Judge, share: Involvement, concerned: frozenset[int]) -> bool:
    """Undo a confirmation: who gave it, a member of the group, the department's manager; never an interested one."""
    person, standing, incident = judge.person, judge.standing, share.incident
    if share.state != EventState.CONFIRMED or person.pk in {incident.found_by_id, incident.filed_by_id} | concerned:
        return False
    return standing.is_member or standing.is_department or person.pk == share.verified_by_id


def can_add_files(judge: Judge, incident: Incident, above: Superiors) -> bool:
    """Put more evidence to a record with something undecided: filer, finder, whoever is concerned or may verify."""
    shares = list(incident.involvements.all())
    if all(share.state != EventState.FILED for share in shares):
        return False
    concerned = concerned_with(incident)
    if judge.person.pk in {incident.found_by_id, incident.filed_by_id} | concerned:
        return True
    return any(can_verify(judge, share, concerned, above) for share in shares)


def sight_of(judge: Judge, share: Involvement, concerned: frozenset[int], above: Superiors) -> Sight:
    """How much of a person's share somebody sees; twin of ``visible_shares``."""
    person, incident = judge.person, share.incident
    if judge.sees_all or person.pk in {share.employee_id, share.verified_by_id} or above.is_above(person, share):
        return Sight.WHOLE
    if person.pk == incident.filed_by_id or (person.pk == incident.found_by_id and person.pk not in concerned):
        return Sight.AS_FILED
    return Sight.NOTHING


def sees_incidents_of(judge: Judge, employee_id: int, above_on_day: int | None) -> bool:
    """Earlier incidents of a person: his own, the direct superior's (``above_on_day``), and who sees all."""
    return judge.sees_all or judge.person.pk in {employee_id, above_on_day}


def can_check_first(judge: Judge, bonus: Bonus, above: Superiors) -> bool:
    """Not the person and not who raised it: a member of the group, the department's manager, or a manager there."""
    person, standing = judge.person, judge.standing
    if bonus.state != EventState.FILED or bonus.first_checker_id is not None:
        return False
    if person.pk in {bonus.employee_id, bonus.raised_by_id} or above.is_above(person, bonus):
        return False
    return standing.is_member or standing.is_department or _leads_region(person, bonus.employee.region_id)


def can_check_second(judge: Judge, bonus: Bonus, above: Superiors) -> bool:
    """The direct superior (of the day, or who steps in), once somebody else has checked first; never the claimant."""
    if bonus.state != EventState.FILED or bonus.first_checker_id in {None, judge.person.pk}:
        return False
    return judge.person.pk not in {bonus.employee_id, bonus.raised_by_id} and above.is_above(judge.person, bonus)


def can_reject_bonus(judge: Judge, bonus: Bonus, above: Superiors) -> bool:
    """Whoever may check it next; the direct superior at any time."""
    if bonus.state != EventState.FILED or judge.person.pk == bonus.employee_id:
        return False
    return can_check_first(judge, bonus, above) or above.is_above(judge.person, bonus)


def can_withdraw_bonus(judge: Judge, bonus: Bonus) -> bool:
    """Who raised it, and the person it is for, until it is decided."""
    return bonus.state == EventState.FILED and judge.person.pk in {bonus.employee_id, bonus.raised_by_id}


def can_overturn_bonus(judge: Judge, bonus: Bonus) -> bool:
    """A confirmed one: who confirmed it, the leader or the department's manager; never the person it is for."""
    if bonus.state != EventState.CONFIRMED or judge.person.pk == bonus.employee_id:
        return False
    return judge.person.pk == bonus.second_checker_id or judge.standing.is_leader or judge.standing.is_department


def can_join_event(judge: Judge, bonus: Bonus, above: Superiors) -> bool:
    """Say of an undecided claim that it is about the same event as another: who raised it, whoever checks it next."""
    if bonus.state != EventState.FILED:
        return False
    if judge.person.pk == bonus.raised_by_id:
        return True
    return can_check_first(judge, bonus, above) or can_check_second(judge, bonus, above)


def can_add_bonus_files(judge: Judge, bonus: Bonus, above: Superiors) -> bool:
    """Put more evidence to an undecided claim: the person, who raised it, whoever checks it next."""
    if bonus.state == EventState.FILED and judge.person.pk == bonus.employee_id:
        return True
    return can_join_event(judge, bonus, above)


def can_edit_standards(standing: Standing) -> bool:
    """The incident and the bonus standard, like the libraries, are the leader's, the department's and HR's."""
    return standing.is_leader or standing.is_department or standing.is_hr


def can_view_incident(judge: Judge, incident: Incident, above: Superiors | None = None) -> bool:
    """Row rule; twin of ``visible_incidents``: whoever sees the share of anybody concerned."""
    shares, concerned = list(incident.involvements.all()), concerned_with(incident)
    above = above or Superiors.of(shares)
    return any(sight_of(judge, share, concerned, above) != Sight.NOTHING for share in shares)


def visible_incidents(judge: Judge) -> QuerySet[Incident]:
    """List rule; twin of ``can_view_incident``."""
    rows = Incident.objects.select_related("kind__severity", "found_by", "filed_by")
    return rows.filter(Exists(visible_shares(judge).filter(incident=OuterRef("pk"))))


def visible_shares(judge: Judge) -> QuerySet[Involvement]:
    """List rule; twin of ``sight_of``: ``is_whole`` is true where all of the share is seen, not only what was filed."""
    if judge.sees_all:
        return Involvement.objects.annotate(is_whole=Value(True, BooleanField()))
    person = judge.person
    whole = Q(employee=person) | Q(verified_by=person) | stands_above(person, INCIDENT_DAY)
    shared = Involvement.objects.filter(incident=OuterRef("incident"), employee=person)
    found = Q(incident__found_by=person) & ~Exists(shared)
    rows = Involvement.objects.annotate(is_whole=Case(When(whole, then=True), default=False))
    return rows.filter(Q(is_whole=True) | Q(incident__filed_by=person) | found)


def shares_to_verify(judge: Judge) -> QuerySet[Involvement]:
    """List rule; twin of ``can_verify``: ``is_led`` is true where the person was the direct superior of the day."""
    person, standing = judge.person, judge.standing
    led = stands_above(person, INCIDENT_DAY)
    shared = Involvement.objects.filter(incident=OuterRef("incident"), employee=person)
    rows = Involvement.objects.annotate(is_led=Case(When(led, then=True), default=False))
    rows = rows.filter(~Exists(shared), state=EventState.FILED).exclude(incident__found_by=person)
    rows = rows.filter(Q(incident__filed_by__isnull=True) | ~Q(incident__filed_by=person))
    return rows if standing.is_member or standing.is_department else rows.filter(is_led=True)


def can_view_bonus(judge: Judge, bonus: Bonus, above: Superiors | None = None) -> bool:
    """Row rule; twin of ``visible_bonuses``. ``above`` spares the reading of who stood above whom."""
    involved = {bonus.employee_id, bonus.raised_by_id, bonus.first_checker_id, bonus.second_checker_id}
    if judge.person.pk in involved or judge.sees_all or _leads_region(judge.person, bonus.employee.region_id):
        return True
    return (above or Superiors.of([bonus])).is_above(judge.person, bonus)


def visible_bonuses(judge: Judge) -> QuerySet[Bonus]:
    """List rule; twin of ``can_view_bonus``."""
    rows = Bonus.objects.select_related("employee__position", "kind", "raised_by", "first_checker", "second_checker")
    if judge.sees_all:
        return rows
    person = judge.person
    involved = Q(employee=person) | Q(raised_by=person) | Q(first_checker=person) | Q(second_checker=person)
    if _leads_region(person, person.region_id):
        involved |= Q(employee__region_id=person.region_id)
    return rows.filter(involved | stands_above(person, barred=CLAIM_KEYS))


def bonuses_to_check(judge: Judge) -> QuerySet[Bonus]:
    """List rule; twin of ``can_check_first`` or ``can_check_second``: what waits for this person."""
    person, standing = judge.person, judge.standing
    above = stands_above(person, barred=CLAIM_KEYS)
    first = Q(first_checker__isnull=True) & ~above & (Q(raised_by__isnull=True) | ~Q(raised_by=person))
    if not (standing.is_member or standing.is_department):
        first &= Q(employee__region_id=person.region_id) if _leads_region(person, person.region_id) else Q(pk__in=())
    second = Q(first_checker__isnull=False) & ~Q(first_checker=person) & above
    rows = visible_bonuses(judge).filter(state=EventState.FILED).exclude(employee=person)
    return rows.filter(first | second)


def _leads_region(person: Employee, region_id: int | None) -> bool:
    """A manager of a region sees its bonuses: he is one of those who check first."""
    leads = person.position is not None and person.position.is_managerial and person.region_id is not None
    return leads and person.region_id == region_id
