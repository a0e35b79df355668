"""``manage.py close_year YYYY --completion PERCENT``: the year's coefficients, grades, consequences and bonuses.

Exit status: 0 done, 3 some grades are undecided (ties across a boundary, each listed), 2 an argument can't be used.
"""

import re
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common.errors import RuleError
from common.wording import listed
from people.facts import SYSTEM
from policy.parameters import number
from scoring.models import AnnualResult
from scoring.services.years import close_year

UNDECIDED = 3
UNUSABLE = 2
MOST = 1000


class Command(BaseCommand):
    """May be run again: the same published months give the same year."""

    help = _("结一年：年度系数、强迫分配、奖惩、年终奖金")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", metavar="YYYY")
        parser.add_argument("--completion", metavar="PERCENT", required=True, help=_("公司任务完成率，例如96.5"))

    def handle(self, *_args: Any, **options: Any) -> None:
        text, rate = options["year"], options["completion"]
        if not re.fullmatch(r"[12]\d{3}", text, re.ASCII):
            raise CommandError(_("年份写成YYYY，例如2026。"), returncode=UNUSABLE)
        completion = number(rate)
        if completion is None or not 0 <= completion <= MOST or completion != round(completion, 2):
            raise CommandError(_("完成率写成百分数，最多两位小数，例如96.5。"), returncode=UNUSABLE)
        try:
            review = close_year(int(text), completion=completion, by=SYSTEM)
        except RuleError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        results = AnnualResult.objects.filter(review=review).select_related("employee")
        self.stdout.write(_("%(year)s年：%(n)d人。") % {"year": text, "n": len(results)})
        for result in results:
            if barring := result.factors.get("barred_by"):
                person = f"{result.employee.number} {result.employee.name}"
                self.stdout.write(
                    _("%(who)s：当年有重大事故%(numbers)s，不得评A。") % {"who": person, "numbers": listed(barring)}
                )
        undecided = [result for result in results if result.is_undecided]
        for result in undecided:
            grades = " / ".join(result.factors["choices"])
            person = f"{result.employee.number} {result.employee.name}"
            words = {"who": person, "rank": result.rank, "grades": grades}
            self.stdout.write(_("%(who)s：并列第%(rank)d名，%(grades)s待定。") % words)
        if undecided:
            sys.exit(UNDECIDED)
