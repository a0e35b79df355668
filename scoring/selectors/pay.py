"""What has been paid for a form, and what is open to be paid with a month (P7.1, P6.3b)."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import FilteredRelation, Q, QuerySet, Sum

from appraisals.models import Cycle
from appraisals.states import FormState
from common.db import require_transaction
from policy.rounding import ZERO
from scoring.models import ExtraPay, PayDifference, PayLine
from scoring.states import PayRunState


class FiledPay(NamedTuple):
    """A filed form of the month that nobody has paid yet, with the pay columns of its result. Yuan and percent."""

    form_id: int
    employee_id: int
    number: str
    name: str
    result_id: int
    digest: str
    grade_name: str
    post_wage: Decimal
    pay_cap: Decimal
    coefficient: Decimal | None


class Beside(NamedTuple):
    """A difference or an extra that is open: whose, and how much, yuan."""

    pk: int
    employee_id: int
    number: str
    name: str
    amount: Decimal


def settled_lines() -> QuerySet[PayLine]:
    """Lines of settled runs: what has been paid."""
    return PayLine.objects.filter(run__state=PayRunState.SETTLED)


def is_paid(form_id: int) -> bool:
    """Whether a settled run has paid for the form; a prepared one has not yet."""
    return settled_lines().filter(form=form_id).exists()


def paid_so_far(form_id: int) -> Decimal:
    """Base pay that was paid for a form, with the differences it has led to since, paid or still owed; yuan."""
    line = settled_lines().filter(form=form_id).values_list("base_pay", flat=True).first()
    owed = PayDifference.objects.filter(before__form=form_id).aggregate(sum=Sum("amount"))["sum"]
    return (line or ZERO) + (owed or ZERO)


def filed_unpaid(cycle: Cycle) -> list[FiledPay]:
    """Filed forms of the month without a line, with the pay columns of the result that holds: one statement.

    A prepared run's lines count as lines: it is taken away before another is prepared, and left out when it is checked.
    """
    now = FilteredRelation("results", condition=Q(results__superseded_at__isnull=True))
    forms = cycle.forms.filter(state=FormState.FILED).exclude(pay_line__run__state=PayRunState.SETTLED)
    columns = ("digest", "grade_name", "post_wage", "pay_cap", "coefficient")
    names = ("pk", "employee_id", "employee__number", "employee__name", "now", *(f"now__{name}" for name in columns))
    return list(map(FiledPay._make, forms.annotate(now=now).order_by("employee__number").values_list(*names)))


def open_differences(month: date, run_id: int | None = None) -> QuerySet[PayDifference]:
    """Differences due with ``month`` or before that no run has taken, or only that one; nothing owed has no line."""
    return PayDifference.objects.filter(_open(month, run_id)).exclude(amount=0).order_by("pk")


def open_extras(month: date, run_id: int | None = None) -> QuerySet[ExtraPay]:
    """As ``open_differences``, for extras that were not taken back."""
    return ExtraPay.objects.filter(_open(month, run_id), cancelled_at__isnull=True).order_by("pk")


def taken(rows: QuerySet[PayDifference] | QuerySet[ExtraPay]) -> list[Beside]:
    """Whose they are and how much, each locked so that no other run takes it too: one statement."""
    require_transaction()
    locked = rows.select_for_update(of=("self",)).select_related("employee")
    return [Beside(row.pk, row.employee_id, row.employee.number, row.employee.name, row.amount) for row in locked]


def paid_among(form_ids: Collection[int]) -> set[int]:
    """Those of the forms that a settled run has paid: one statement."""
    return set(settled_lines().filter(form__in=form_ids).values_list("form", flat=True))


def _open(month: date, run_id: int | None) -> Q:
    free = Q(run__isnull=True) if run_id is None else Q(run__isnull=True) | Q(run=run_id)
    return Q(paid_month__lte=month) & free
