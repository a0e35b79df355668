"""One person's results over time: the trend beside the median of the post, and how near each rule is (P7.1)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from appraisals.models import Form
from appraisals.selectors.schemes import rules_of, scheme_in_force
from appraisals.states import RESULT_STATES, CycleKind
from policy.rounding import quotient
from policy.triggers import Counter, MonthResult, counters
from scoring.models import Result
from scoring.selectors.histories import published_months

FEWEST_PEERS = 5
"""Below this many the median of a post would tell a colleague's result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendMonth:
    """A month of a person's trend, percent. ``own`` None: no result; ``median`` None: too few in the post."""

    month: date
    form_id: int
    own: Decimal | None
    median: Decimal | None


def trend_of(employee_id: int, *, months: int = 12) -> list[TrendMonth]:
    """The person's last published months, oldest first, each with the median of the post held then."""
    results = Result.objects.filter(
        employee_id=employee_id,
        superseded_at__isnull=True,
        published_at__isnull=False,
        cycle__kind=CycleKind.MONTH,
    )
    names = ("cycle_id", "cycle__starts_on", "form_id", "coefficient", "form__position_id")
    rows = list(results.order_by("-cycle__starts_on").values_list(*names)[:months])
    medians = _medians({row[0] for row in rows}, {row[4] for row in rows})
    return [
        TrendMonth(month=month, form_id=form, own=own, median=medians.get((cycle, position)))
        for cycle, month, form, own, position in reversed(rows)
    ]


def counters_of(employee_id: int, month: date) -> tuple[Counter, ...]:
    """Where the person stands with each rule at the end of ``month``; published months only."""
    scheme = scheme_in_force(month)
    if scheme is None:
        return ()
    published = published_months([employee_id]).get(employee_id, [])
    history = [MonthResult(row.month, row.coefficient) for row in published]
    return counters(history, rules_of(scheme), month=f"{month:%Y-%m}")


def medians_of(cycle_id: int) -> dict[int, Decimal]:
    """Position id → median coefficient of the cycle's published results, where enough hold the post."""
    positions = Form.objects.filter(cycle_id=cycle_id, state__in=RESULT_STATES).order_by().values("position_id")
    found = _medians({cycle_id}, set(positions.distinct().values_list("position_id", flat=True)))
    return {position: median for (_cycle, position), median in found.items()}


def _medians(cycle_ids: set[int], position_ids: set[int]) -> dict[tuple[int, int], Decimal]:
    """(cycle, position) → median; the database hands back the middle one or two of each post."""
    post = [F("cycle_id"), F("form__position_id")]
    ranked = Result.objects.filter(
        cycle_id__in=cycle_ids,
        form__position_id__in=position_ids,
        superseded_at__isnull=True,
        published_at__isnull=False,
        coefficient__isnull=False,
    ).annotate(
        place=Window(RowNumber(), partition_by=post, order_by="coefficient"),
        peers=Window(Count("*"), partition_by=post),
    )
    middle = ranked.filter(
        place__gte=F("peers") / 2.0, place__lte=F("peers") / 2.0 + 1, peers__gte=FEWEST_PEERS
    ).order_by()
    found: dict[tuple[int, int], list[Decimal]] = {}
    for cycle, position, coefficient in middle.values_list("cycle_id", "form__position_id", "coefficient"):
        found.setdefault((cycle, position), []).append(coefficient or Decimal(0))  # never null here
    return {post: quotient(sum(values, Decimal(0)), Decimal(len(values))) for post, values in found.items()}
