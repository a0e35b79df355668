"""``manage.py settle YYYY-MM``: consolidate a month, compute results and proposals, publish.

Exit status: 0 all forms are done, 3 some are incomplete (each listed), 2 the argument can't be used.
"""

import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appraisals.models import Cycle, Form
from appraisals.states import OPEN_STATES, FormState
from common.collector import seldom_collecting
from people.facts import SYSTEM
from scoring.facts.waiting import incomplete_forms
from scoring.selectors.reports import month_cycle
from scoring.services.consolidation import settle_forms
from scoring.services.publication import publish_results
from scoring.services.steps import MOST

INCOMPLETE = 3
UNUSABLE = 2


class Command(BaseCommand):
    """May be run again: a form that is done stays as it is."""

    help = _("汇总一个月的考核表，算出结果并送达")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", metavar="YYYY-MM")

    def handle(self, *_args: Any, **options: Any) -> None:
        cycle = _cycle(options["month"])
        forms = Form.objects.filter(cycle=cycle).order_by("pk")
        settled = earlier = 0
        with seldom_collecting():
            for ids in _chunks(forms.filter(state=FormState.READY)):
                settled += len(settle_forms(cycle.pk, form_ids=ids, by=SYSTEM).done)
        for ids in _chunks(forms.filter(state=FormState.CONSOLIDATED)):
            earlier += len(publish_results(cycle.pk, form_ids=ids, by=SYSTEM))
        counts = {"month": cycle.key, "settled": settled, "published": settled + earlier, "all": forms.count()}
        self.stdout.write(_("%(month)s：汇总%(settled)d张，出结果%(published)d张，共%(all)d张。") % counts)
        waiting = 0
        for ids in _chunks(forms.filter(state__in=OPEN_STATES)):
            for form in incomplete_forms(cycle, ids):
                waiting += 1
                who = f"{form.number} {form.name}"
                self.stdout.write(_("%(name)s：%(text)s") % {"name": who, "text": form.words})
        if waiting:
            self.stdout.write(_("还差%(n)d张，补齐后再运行一次。") % {"n": waiting})
            sys.exit(INCOMPLETE)


def _cycle(text: str) -> Cycle:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII):
        raise CommandError(_("月份写成YYYY-MM，例如2026-10。"), returncode=UNUSABLE)
    month = date(int(text[:4]), int(text[5:]), 1)
    cycle = month_cycle(month)
    if cycle is None:
        raise CommandError(_("没有%(month)s的考核表。") % {"month": text}, returncode=UNUSABLE)
    return cycle


def _chunks(forms: QuerySet[Form]) -> Iterator[list[int]]:
    """The keys, read once, in batches that one transaction can settle."""
    ids = list(forms.values_list("pk", flat=True))
    for start in range(0, len(ids), MOST):
        yield ids[start : start + MOST]
