"""Write the annual report."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from common.commands import PortalCommand, target_argument, write_file, year_argument
from reports.exports import year_workbook
from scoring.facts.year_changes import standing_rows
from scoring.selectors.reports import annual_review
from scoring.selectors.years import corrections_of


class Command(PortalCommand):
    help = "Write the report of a closed year as a workbook."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", metavar="YYYY")
        parser.add_argument("target", metavar="OUT.xlsx")

    def handle(self, *_args: Any, **options: Any) -> None:
        year, target = year_argument(options["year"]), target_argument(options["target"])
        review = annual_review(year)
        if review is None:
            raise CommandError(_("%(year)s 年还没有年度结果, 先运行 close_year。") % {"year": year}, returncode=1)
        rows = standing_rows(review)
        write_file(target, year_workbook(review, rows, corrections=corrections_of(review)))
        self.stdout.write(_("%(file)s: %(n)s 行") % {"file": target, "n": len(rows)})
