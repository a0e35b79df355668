"""Write the month's KPI report."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from common.commands import PortalCommand, month_argument, target_argument, write_file
from reports.exports import month_workbook
from scoring.selectors.reports import difference_rows, month_cycle, month_rows


class Command(PortalCommand):
    help = "Write the KPI report of a month as a workbook."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", metavar="YYYY-MM")
        parser.add_argument("target", metavar="OUT.xlsx")

    def handle(self, *_args: Any, **options: Any) -> None:
        month, target = month_argument(options["month"]), target_argument(options["target"])
        cycle = month_cycle(month)
        if cycle is None:
            raise CommandError(_("没有 %(month)s 的考核。") % {"month": options["month"]}, returncode=1)
        rows = month_rows(cycle)
        write_file(target, month_workbook(cycle, rows, differences=difference_rows(cycle)))
        self.stdout.write(_("%(file)s: %(n)s 行") % {"file": target, "n": len(rows)})
