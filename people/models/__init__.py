"""People, their places and accounts, and who answers for whom, when."""

from people.models.accounts import Account
from people.models.periods import (
    DutySwap,
    DutyTurn,
    GroupMember,
    HeldPeriod,
    OwnerAssignment,
    PayStep,
    ReportingLine,
    RoleGrant,
)
from people.models.staff import Employee, Grade, Position, Region

__all__ = [
    "Account",
    "DutySwap",
    "DutyTurn",
    "Employee",
    "Grade",
    "GroupMember",
    "HeldPeriod",
    "OwnerAssignment",
    "PayStep",
    "Position",
    "Region",
    "ReportingLine",
    "RoleGrant",
]
