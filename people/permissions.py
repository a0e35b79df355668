"""Who may see and change whom. Pay facts (grade, base salary) are HR's and one's own."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from people.facts import Standing
from people.models import Employee
from people.selectors import holding_on, superiors_on
from people.states import Role


def sees_everybody(standing: Standing) -> bool:
    """Roles that work with the whole list of people."""
    return (
        standing.is_hr
        or standing.is_department
        or standing.is_leader
        or standing.is_administrator
        or standing.is_auditor
    )


def can_view_employee(person: Employee, other: Employee, standing: Standing) -> bool:
    """Row rule; twin of ``visible_employees``: oneself, one's direct reports of today, or everybody by role."""
    if person.pk == other.pk or sees_everybody(standing):
        return True
    return superiors_on(timezone.localdate(), [other.pk]).get(other.pk) == person.pk


def visible_employees(person: Employee, standing: Standing) -> QuerySet[Employee]:
    """List rule; twin of ``can_view_employee``."""
    everybody = Employee.objects.select_related("region", "position", "grade", "account")
    if sees_everybody(standing):
        return everybody
    reports = person.lines_down.filter(holding_on(timezone.localdate())).values("employee_id")
    return everybody.filter(Q(pk=person.pk) | Q(pk__in=reports))


def can_view_pay_facts(person: Employee, other: Employee, standing: Standing) -> bool:
    """Grade and base salary: HR, and everybody his own."""
    return person.pk == other.pk or standing.is_hr


def can_edit_people(standing: Standing) -> bool:
    """Employment facts, reporting lines and accounts are HR's."""
    return standing.is_hr


def can_set_rota(standing: Standing) -> bool:
    """The leader arranges the duty rota and the group (P5.2, P5.3)."""
    return standing.is_leader


def grantable_roles(person: Employee, other: Employee, standing: Standing) -> list[Role]:
    """The roles he may give or take, never his own: nobody gives the office that checks his own work.

    HR's is the department manager's to give; the offices that approve are given on the server alone.
    """
    if person.pk == other.pk:
        return []
    if standing.is_department:
        return [Role.HR, Role.ADMINISTRATOR, Role.AUDITOR]
    return [Role.ADMINISTRATOR, Role.AUDITOR] if standing.is_hr else []


def can_edit_calendar(standing: Standing) -> bool:
    """The working-day calendar: HR or an administrator."""
    return standing.is_hr or standing.is_administrator


def hears_of_calendar(standing: Standing) -> bool:
    """Who is told that a year's arrangement is missing: who may enter it, and the duty officers, whose terms run."""
    return can_edit_calendar(standing) or bool(standing.duty_months)
