"""What people's published months say: their history, in raw rows, for triggers, trends and the year."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from appraisals.states import CycleKind
from common.db import among
from scoring.models import Result


class PublishedMonth(NamedTuple):
    """A published month of a person that counts."""

    employee_id: int
    starts_on: date
    coefficient: Decimal
    deducted: Decimal
    added: Decimal

    @property
    def month(self) -> str:
        """YYYY-MM, as the policy core writes months."""
        return f"{self.starts_on:%Y-%m}"


def published_months(
    employee_ids: Iterable[int] | None = None, *, year: int | None = None, since: date | None = None
) -> dict[int, list[PublishedMonth]]:
    """Employee id → the published months with a coefficient, in order; one statement."""
    results = Result.objects.filter(
        superseded_at__isnull=True,
        published_at__isnull=False,
        coefficient__isnull=False,
        cycle__kind=CycleKind.MONTH,
    )
    if employee_ids is not None:
        results = results.filter(employee_id__in=among(employee_ids))
    if year is not None:
        results = results.filter(cycle__starts_on__year=year)
    if since is not None:
        results = results.filter(cycle__starts_on__gte=since)
    names = ("employee_id", "cycle__starts_on", "coefficient", "deduction", "bonus")
    found: dict[int, list[PublishedMonth]] = {}
    for row in results.order_by("cycle__starts_on").values_list(*names):
        found.setdefault(row[0], []).append(PublishedMonth(*row))
    return found
