"""Give a role from the command line, or end it: the first of HR, and the offices that approve what HR prepares."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.facts import SYSTEM, Standing
from people.selectors import employee_numbered
from people.services.accounts import issue_password
from people.services.standing import grant_role, revoke_role
from people.states import Role


class Command(BaseCommand):
    help = "Grant a role and open the account, printing its first password; or end the role today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="employee number")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--end", action="store_true", help="end the role instead")

    def handle(self, *_args: Any, **options: Any) -> None:
        person = employee_numbered(options["number"])
        if person is None:
            raise CommandError(f"No employee has the number {options['number']}.", returncode=2)
        today = timezone.localdate()
        if options["end"]:
            revoke_role(person.pk, role=options["role"], ends_before=today, by=SYSTEM, standing=Standing())
            self.stdout.write(f"{person.name} {person.number}: {options['role']} ended")
            return
        grant_role(person.pk, role=options["role"], starts_on=today, by=SYSTEM, standing=Standing())
        if person.account is None:
            password = issue_password(person.pk, by=SYSTEM, standing=Standing())
            self.stdout.write(f"First password of {person.number}: {password}")
        self.stdout.write(f"{person.name} {person.number}: {options['role']}")
