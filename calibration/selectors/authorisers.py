"""Who may answer for a move against the order of scores."""

from datetime import date

from calibration.permissions import can_authorise, line_from
from people.models import Employee
from people.selectors import offices_on, superiors_on, working_on


def authorisers_for(employee_id: int, by: Employee, day: date) -> list[Employee]:
    """Sitting members, the leader and the department's manager but ``by``, the moved person and who stands under him.

    Nobody answers for a move of himself or of somebody in his own line upwards. Three statements.
    """
    able = [pk for pk, standing in offices_on(day).items() if can_authorise(standing) and pk != by.pk]
    above = superiors_on(day)
    fair = [pk for pk in able if employee_id not in line_from(pk, above)]
    return list(Employee.objects.filter(working_on(day), pk__in=fair).order_by("number"))
