"""Pages of people: the directory, one person, seats in the group, the working-day calendar."""

from people.views.calendar import calendar
from people.views.directory import change_owner, change_role, change_superior, employee, employees, issue, save, switch
from people.views.picker import find
from people.views.rota import membership

__all__ = [
    "calendar",
    "change_owner",
    "change_role",
    "change_superior",
    "employee",
    "employees",
    "find",
    "issue",
    "membership",
    "save",
    "switch",
]
