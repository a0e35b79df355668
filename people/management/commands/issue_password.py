"""``manage.py issue_password NUMBER``: a new first password, for those whose password HR must not know.

Exit status: 0 printed, 2 no such person.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.facts import SYSTEM, Standing
from people.selectors import employee_numbered
from people.services.accounts import issue_password


class Command(BaseCommand):
    help = "Give a person a new first password, which has to be changed at the first log-in, and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="employee number")

    def handle(self, *_args: Any, **options: Any) -> None:
        person = employee_numbered(options["number"])
        if person is None:
            raise CommandError(f"No employee has the number {options['number']}.", returncode=2)
        password = issue_password(person.pk, by=SYSTEM, standing=Standing())
        self.stdout.write(f"First password of {person.number}: {password}")
