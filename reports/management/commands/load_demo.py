"""Fill an empty portal with an invented organisation; a portal with people in it is left alone."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from appraisals.models import Cycle
from people.models import Employee
from reports.management.demo.cast import hire
from reports.management.demo.months import Troupe
from reports.management.demo.stage import stage


class Command(BaseCommand):
    help = "Load the demo organisation into a portal that has no employees yet."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if Employee.objects.exists():
            self.stdout.write("There are people already; nothing was changed.")
            return
        today = timezone.localdate()
        with transaction.atomic():
            cast = hire(today)
        stage(Troupe(cast), today)
        self.stdout.write(f"Demo loaded: {len(cast.by_name)} people, {Cycle.objects.count()} months.")
