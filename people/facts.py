"""Small frozen values about people that other rooms pass around."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from people.models import Employee, GroupMember, OwnerAssignment, ReportingLine, RoleGrant


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The command line acting by itself, in audit rows and permission checks."""

    number: str = "system"
    name: str = "命令行"


SYSTEM = SystemActor()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is to the whole company on a day: roles, group duty, months on duty."""

    is_hr: bool = False
    is_department: bool = False
    is_general_manager: bool = False
    is_administrator: bool = False
    is_auditor: bool = False
    is_leader: bool = False
    is_member: bool = False
    duty_months: frozenset[date] = frozenset()

    def is_on_duty(self, month: date) -> bool:
        """Duty officer of that month (its first day)."""
        return month in self.duty_months


@dataclass(frozen=True, slots=True)
class PersonHistory:
    """Who has stood above a person, and what he is to the company."""

    owner: Employee | None
    lines: list[ReportingLine]
    assignments: list[OwnerAssignment]
    roles: list[RoleGrant]
    seat: GroupMember | None


@dataclass(frozen=True, slots=True)
class PayBasis:
    """By what a person is paid on a day: the rung's name, post wage and performance-pay cap in yuan.

    None where no grade is registered. A decided step goes before the registered grade (P7.1); of a step of the cap or
    the wage alone the other figures, and the name, stay those of the grade.
    """

    grade_name: str = ""
    post_wage: Decimal | None = None
    pay_cap: Decimal | None = None

    def exceeds(self, post_wage: Decimal, pay_cap: Decimal) -> bool:
        """Whether either of both figures is more than these."""
        return (self.post_wage or 0) > post_wage or (self.pay_cap or 0) > pay_cap
