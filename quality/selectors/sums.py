"""Reads of the monitored calls (A2)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, Sum
from django.db.models.functions import ExtractMonth, ExtractYear
from django.urls import reverse

from common.db import among
from policy.rounding import ZERO, cents
from quality.models import Assessment, Call
from quality.states import AssessmentKind, AssessmentState


def calls_address(number: str, month: str) -> str:
    """The list of an agent's calls, by employee number; of one month (YYYY-MM) where there is one."""
    return f"{reverse('quality:calls')}?{urlencode({'agent': number, **({'month': month} if month else {})})}"


def assess_address(call_id: int) -> str:
    """Where a listener scores a call."""
    return reverse("quality:assess", args=[call_id])


class CallSum(NamedTuple):
    """An agent's monitored calls of a month: their totals taken together, and how many.

    ``blind_call``: the sum is kept from a reader who has still to score this call of the month a second time.
    """

    total: Decimal
    calls: int
    blind_call: int | None = None


def call_sums(
    employee_ids: Iterable[int], first: date, last: date, *, reader: int | None = None
) -> dict[tuple[int, int, int], CallSum]:
    """(employee id, year, month) → the scored calls from ``first`` to ``last``; one statement.

    A ``reader`` (employee id) who has still to score one of them a second time gets no sum of its month: he is blind
    to the first scoring, and a mean would tell it. Nothing that is counted asks for one.
    """
    calls = Call.objects.filter(
        employee_id__in=among(employee_ids), called_on__range=(first, last), total__isnull=False
    )
    # By name, not as ``called_on__year``: Django finds that by an error it keeps, with all that a batch has read.
    dated = calls.order_by().annotate(year=ExtractYear("called_on"), month=ExtractMonth("called_on"))
    grouped = dated.values_list("employee_id", "year", "month")
    if reader is None:
        # SQLite adds up in floats; totals have 2 decimals, so the sum is made one of 2 decimals again.
        rows = grouped.annotate(Sum("total"), Count("pk"))
        return {(person, year, month): CallSum(cents(total), n) for person, year, month, total, n in rows}
    blind = Assessment.objects.filter(
        call=OuterRef("pk"), kind=AssessmentKind.SECOND, state=AssessmentState.DRAFT, listener=reader
    )
    read = grouped.annotate(Sum("total"), Count("pk"), blind_call=Min("pk", filter=Exists(blind)))
    return {
        (person, year, month): CallSum(cents(total), n) if call is None else CallSum(ZERO, 0, call)
        for person, year, month, total, n, call in read
    }
