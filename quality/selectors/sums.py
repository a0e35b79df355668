"""Reads of the monitored calls (A2)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import ExtractMonth, ExtractYear
from django.urls import reverse

from common.db import among
from policy.rounding import cents
from quality.models import Assessment, Call
from quality.states import AssessmentKind, AssessmentState


def calls_address(number: str, month: str) -> str:
    """The list of an agent's calls, by employee number; of one month (YYYY-MM) where there is one."""
    return f"{reverse('quality:calls')}?{urlencode({'agent': number, **({'month': month} if month else {})})}"


class CallSum(NamedTuple):
    """An agent's monitored calls of a month: their totals taken together, and how many."""

    total: Decimal
    calls: int


def call_sums(
    employee_ids: Iterable[int], first: date, last: date, *, reader: int | None = None
) -> dict[tuple[int, int, int], CallSum]:
    """(employee id, year, month) → the scored calls from ``first`` to ``last``; one statement.

    For a ``reader`` (employee id) who has still to score one of them a second time, its month is left out: he is blind
    to the first scoring, and a mean would tell it. Nothing that is counted asks for one.
    """
    calls = Call.objects.filter(
        employee_id__in=among(employee_ids), called_on__range=(first, last), total__isnull=False
    )
    # By name, not as ``called_on__year``: Django finds that by an error it keeps, with all that a batch has read.
    dated = calls.order_by().annotate(year=ExtractYear("called_on"), month=ExtractMonth("called_on"))
    grouped = dated.values_list("employee_id", "year", "month")
    if reader is not None:
        blind = Assessment.objects.filter(
            call=OuterRef("pk"), kind=AssessmentKind.SECOND, state=AssessmentState.DRAFT, listener=reader
        )
        grouped = grouped.annotate(unseen=Count("pk", filter=Exists(blind))).filter(unseen=0)
        grouped = grouped.values_list("employee_id", "year", "month")
    rows = grouped.annotate(Sum("total"), Count("pk"))
    # SQLite adds up in floats; totals have 2 decimals, so the sum is made one of 2 decimals again.
    return {(person, year, month): CallSum(cents(total), calls) for person, year, month, total, calls in rows}
