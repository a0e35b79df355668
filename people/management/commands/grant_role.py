"""Give the first person a role from the command line; later grants are made in the portal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.facts import SYSTEM, Standing
from people.selectors import employee_numbered
from people.services.accounts import issue_password
from people.services.standing import grant_role
from people.states import Role


class Command(BaseCommand):
    help = "Grant a role (hr, department, administrator, auditor) and open the account, printing its first password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="employee number")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *_args: Any, **options: Any) -> None:
        person = employee_numbered(options["number"])
        if person is None:
            raise CommandError(f"No employee has the number {options['number']}.", returncode=2)
        grant_role(person.pk, role=options["role"], starts_on=timezone.localdate(), by=SYSTEM, standing=Standing())
        if person.account is None:
            password = issue_password(person.pk, by=SYSTEM, standing=Standing())
            self.stdout.write(f"First password of {person.number}: {password}")
        self.stdout.write(f"{person.name} {person.number}: {options['role']}")
