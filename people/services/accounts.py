"""Accounts: made and reset by HR with a random first password that has to be changed."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from people.facts import Standing, SystemActor
from people.models import Account, Employee, RoleGrant
from people.permissions import can_edit_people

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is misread


@transaction.atomic(durable=True)
def issue_password(employee_id: int, *, by: Employee | SystemActor, standing: Standing) -> str:
    """Make the person's account, or give it a new first password; returns the password, shown once.

    Whoever is signed in with the old one is out, and the new one has to be changed at the first log-in. The person and
    his superior hear of a reset: for an hour somebody else knew the password. Of whoever approves or settles what HR
    prepares, now or once, HR never learns a password: that is given on the server.
    """
    if not (isinstance(by, SystemActor) or can_edit_people(standing)):
        raise RuleError(_("账号由人力资源部开通和重设。"), code="not_allowed")
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    if isinstance(by, Employee) and by.pk == employee.pk:
        raise RuleError(_("自己的密码在「修改密码」里改。"), code="own_account")
    if isinstance(by, Employee) and _holds_office(employee):
        words = _("这个人担任过职务，密码不经人力资源部：请管理服务器的人运行 manage.py issue_password %(number)s。")
        raise RuleError(words % {"number": employee.number}, code="office")
    password = "-".join("".join(secrets.choice(ALPHABET) for _i in range(4)) for _j in range(3))
    had_one = employee.account is not None
    account = employee.account or Account(username=employee.number)
    account.password = make_password(password)
    account.is_active = account.must_change_password = True
    account.save()
    employee.account = account
    employee.save(update_fields=["account"])
    record("people.password_issued", employee, by=by)
    if had_one and isinstance(by, Employee):
        _told_of_reset()(employee, by)
    return password


def _told_of_reset() -> Callable[[Employee, Employee], None]:
    """Who tells of it is to the left of this room."""
    tell: Callable[[Employee, Employee], None] = import_string(settings.ACCOUNT_RESET_TOLD)
    return tell


def _holds_office(employee: Employee) -> bool:
    """Now or once, or a role could be taken off and given back around the password."""
    has_seat = employee.account_id is not None and employee.memberships.exists()
    return has_seat or RoleGrant.objects.filter(employee=employee).exists()


@transaction.atomic(durable=True)
def set_account_active(employee_id: int, *, is_active: bool, by: Employee, standing: Standing) -> None:
    """Close or reopen an account; a closed one is signed out at its next request."""
    if not can_edit_people(standing):
        raise RuleError(_("账号由人力资源部开通和重设。"), code="not_allowed")
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    if employee.account is None or by.pk == employee.pk:
        raise RuleError(_("这个人还没有账号，或者就是你自己。"), code="no_account")
    employee.account.is_active = is_active
    employee.account.save(update_fields=["is_active"])
    record("people.account_switched", employee, by=by, after={"is_active": is_active})


@transaction.atomic(durable=True)
def note_own_password(account_id: int) -> None:
    """The person has chosen a password: the one HR issued is gone. Acts on nobody but the account's own person."""
    account = Account.objects.select_for_update().get(pk=account_id)
    account.must_change_password = False
    account.save(update_fields=["must_change_password"])
    employee = Employee.objects.filter(account=account).first()
    if employee:
        record("people.password_changed", employee, by=employee)
