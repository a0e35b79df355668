"""Sums over the rows of a month: by region, as a distribution, against the month before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from appraisals.models import Cycle
from appraisals.states import RESULT_STATES, CycleKind, FormState
from policy.rounding import ZERO, divide, quotient
from policy.schemes import BELOW, Scheme
from scoring.models import Result
from scoring.selectors.reports import FIGURES, MonthRow

BAND = 5
LOWEST, HIGHEST = 40, 105
DEFAULT_LOW, DEFAULT_HIGH = Decimal(60), Decimal(90)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """A region in the month: people with a form, those with a result, their mean coefficient, the sum of their pay."""

    region: str
    people: int
    counted: int
    coefficient: Decimal | None
    pay: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A distribution: columns for the chart, and from which coefficients on a column is coloured."""

    columns: tuple[tuple[str, int, str], ...]
    low: Decimal
    high: Decimal


def cycles_with_scheme() -> list[Cycle]:
    """Every monthly cycle, oldest first: the switcher of a month page."""
    return list(Cycle.objects.filter(kind=CycleKind.MONTH).select_related("scheme").order_by("starts_on"))


def signed_forms(cycle: Cycle) -> list[int]:
    """The forms of the month that wait for nothing but the file."""
    return list(
        cycle.forms.filter(state=FormState.SIGNED, is_contested=False).order_by("pk").values_list("pk", flat=True)
    )


def without_own_secrets(rows: Iterable[MonthRow], employee_id: int) -> list[MonthRow]:
    """The same rows, but nobody reads his own result before it is published, whatever his office."""
    blank: dict[str, Any] = dict.fromkeys(FIGURES) | {"rules": ()}
    return [
        replace(row, **blank) if row.employee_id == employee_id and row.state not in RESULT_STATES else row
        for row in rows
    ]


def region_rows(rows: Iterable[MonthRow]) -> list[RegionRow]:
    """The month by region, by name."""
    found: dict[str, list[MonthRow]] = {}
    for row in rows:
        found.setdefault(row.region, []).append(row)
    return [region_row(name, found[name]) for name in sorted(found)]


def region_row(name: str, rows: Sequence[MonthRow]) -> RegionRow:
    """The sums of one region, or of the whole company."""
    known = coefficients(rows)
    return RegionRow(
        region=name,
        people=len(rows),
        counted=len(known),
        coefficient=quotient(sum(known, ZERO), Decimal(len(known))) if known else None,
        pay=sum((row.performance_pay for row in rows if row.performance_pay is not None), ZERO),
    )


def coefficients(rows: Iterable[MonthRow]) -> list[Decimal]:
    """The coefficients there are, lowest first."""
    return sorted(row.coefficient for row in rows if row.coefficient is not None)


def median(ordered: Sequence[Decimal]) -> Decimal | None:
    """The middle one, or the mean of the two in the middle; 2 decimals."""
    if not ordered:
        return None
    half = len(ordered) // 2
    return quotient(ordered[half] + ordered[~half], Decimal(2))


def mean_of(cycle: Cycle) -> Decimal | None:
    """The mean of a month's published coefficients, in one statement."""
    results = Result.objects.filter(cycle=cycle, superseded_at__isnull=True, published_at__isnull=False)
    sums = results.aggregate(total=Sum("coefficient"), count=Count("coefficient"))
    return quotient(Decimal(sums["total"]), Decimal(sums["count"])) if sums["count"] else None


def spread_of(ordered: Sequence[Decimal], rules: Scheme) -> Spread:
    """How many lie in each band of 5 %; the tails are taken together. Red lies under every rule that punishes."""
    below = [rule.threshold for rule in rules.triggers if rule.side == BELOW]
    above = [rule.threshold for rule in rules.triggers if rule.side != BELOW]
    low, high = max(below, default=DEFAULT_LOW), min(above, default=DEFAULT_HIGH)
    if not ordered:
        return Spread(columns=(), low=low, high=high)
    bands = [min(HIGHEST, max(LOWEST - BAND, int(divide(value, Decimal(BAND))) * BAND)) for value in ordered]
    columns = tuple(
        (_band_name(band), bands.count(band), _band_look(band, low, high))
        for band in range(min(bands), max(bands) + BAND, BAND)
    )
    return Spread(columns=columns, low=low, high=high)


def _band_name(band: int) -> str:
    return f"<{LOWEST}" if band < LOWEST else f"{band}+" if band == HIGHEST else str(band)


def _band_look(band: int, low: Decimal, high: Decimal) -> str:
    if band + BAND <= low:
        return "b-late"
    return "b-got" if band >= high else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Where the month stands with its filing."""

    total: int
    filed: int
    unsigned: int
    ready: int
    overdue: int
    published_at: datetime | None
    sign_due_on: date | None


def may_file_unsigned(row: MonthRow, today: date) -> bool:
    """Not signed, and the term for signing is over."""
    return row.state == FormState.PUBLISHED and row.sign_until is not None and row.sign_until < today


def filing_of(rows: Sequence[MonthRow], *, today: date) -> Filing:
    """Counts by state, and until when the unsigned results can still be signed."""
    states = [row.state for row in rows]
    stamps = [row.published_at for row in rows if row.published_at]
    due = [row.sign_until for row in rows if row.state == FormState.PUBLISHED and row.sign_until]
    return Filing(
        total=len(states),
        filed=states.count(FormState.FILED),
        unsigned=states.count(FormState.PUBLISHED),
        ready=sum(1 for row in rows if row.state == FormState.SIGNED and not row.is_contested),
        overdue=sum(1 for day in due if day < today),
        published_at=max(stamps, default=None),
        sign_due_on=max(due, default=None),
    )
