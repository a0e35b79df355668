"""What a month showed by region, for the exchange meeting (P6.4b): means and shares, never a person.

Where a region has fewer than three forms, nothing is said of its spread: it would be about somebody.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum

from appraisals.models import Cycle, Figure, Form
from appraisals.states import CycleKind, Part
from incidents.models import Involvement
from people.models import Region
from policy.rounding import ZERO, cents, percent, quotient
from scoring.facts.snapshots import read_snapshot
from scoring.models import Result

FEWEST = 3
"""Of fewer forms than this a spread or an indicator would tell of single people."""
_MEASURED = (Part.KPI, Part.GOAL)


class Indicator(NamedTuple):
    """An indicator in one region: the share of its points that was reached, percent, and the company's."""

    name: str
    share: Decimal
    company: Decimal
    people: int

    @property
    def lead(self) -> Decimal:
        """Percentage points ahead of the company; below 0 behind it."""
        return self.share - self.company


class Tally:
    """Points reached and points possible of every indicator, by name."""

    def __init__(self) -> None:
        self.reached: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        self.possible: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        self.people: defaultdict[str, int] = defaultdict(int)

    def add(self, name: str, score: Decimal, points: Decimal) -> None:
        """One person's line."""
        self.reached[name] += score
        self.possible[name] += points
        self.people[name] += 1

    def share(self, name: str) -> Decimal:
        """Percent of the points, 2 decimals."""
        return percent(self.reached[name], self.possible[name])


def month_by_region(cycle: Cycle, before: Cycle | None) -> dict[int, dict[str, Any]]:
    """Region id → what its month showed, as JSON data; a constant number of statements."""
    regions: defaultdict[int, Tally] = defaultdict(Tally)
    company = Tally()
    coefficients: defaultdict[int, list[Decimal]] = defaultdict(list)
    rows = _published(cycle).values_list("form__region_id", "coefficient", "snapshot")
    for region, coefficient, snapshot in rows.iterator(chunk_size=500):
        if coefficient is not None:
            coefficients[region].append(coefficient)
        for line in read_snapshot(snapshot).card.lines:
            if line.part in _MEASURED and line.score is not None:
                regions[region].add(line.name, line.score, line.points)
                company.add(line.name, line.score, line.points)
    last = dict(_means(before)) if before else {}
    told = _told(cycle)
    return {
        region: {
            "forms": len(found),
            "mean": _text(_mean(found)),
            "last": _text(last.get(region)),
            "spread": _text(max(found) - min(found)) if len(found) >= FEWEST else None,
            "best": [_indicator(one) for one in _leading(regions[region], company)[:2]],
            "weak": [_indicator(one) for one in _trailing(regions[region], company)[:2]],
            **told[region],
        }
        for region, found in coefficients.items()
    }


def regions_of(cycle: Cycle) -> list[Region]:
    """The regions with a published result of the month."""
    return list(Region.objects.filter(pk__in=_published(cycle).values("form__region_id")))


def month_before(cycle: Cycle) -> Cycle | None:
    """The month before, to compare with."""
    months = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__lt=cycle.starts_on)
    return months.order_by("-starts_on").first()


def _published(cycle: Cycle) -> Any:
    return Result.objects.filter(cycle=cycle, superseded_at__isnull=True, published_at__isnull=False)


def _means(cycle: Cycle) -> Iterable[tuple[int, Decimal]]:
    rows = _published(cycle).filter(coefficient__isnull=False).order_by()
    grouped = rows.values_list("form__region_id").annotate(Sum("coefficient"), Count("pk"))
    # SQLite adds up in floats; coefficients have 2 decimals, so the sum is made one of 2 decimals again.
    return ((region, quotient(cents(Decimal(total)), Decimal(n))) for region, total, n in grouped)


def _told(cycle: Cycle) -> defaultdict[int, dict[str, Any]]:
    """Incidents by category, bonus points, late figures and contested results of every region."""
    found: defaultdict[int, dict[str, Any]] = defaultdict(
        lambda: {"incidents": [], "bonus": "0.00", "figures": 0, "late": 0, "contested": 0}
    )
    shares = Involvement.objects.filter(counted_month=cycle.starts_on).order_by()
    categories = shares.values_list("employee__region_id", "incident__kind__category").annotate(n=Count("pk"))
    for region, category, n in categories.order_by("-n"):
        if region is not None:
            found[region]["incidents"].append([category or "", n])
    sums = _published(cycle).order_by().values_list("form__region_id").annotate(Sum("bonus"))
    for region, bonus in sums:
        found[region]["bonus"] = str(cents(bonus))
    late = Q(entered_at__date__gt=cycle.data_due_on)
    figures = Figure.objects.filter(item__form__cycle=cycle, superseded_at__isnull=True).order_by()
    for region, n, n_late in figures.values_list("item__form__region_id").annotate(
        n=Count("pk"), late=Count("pk", filter=late)
    ):
        found[region] |= {"figures": n, "late": n_late}
    contested = Form.objects.filter(cycle=cycle, is_contested=True).order_by()
    for region, n in contested.values_list("region_id").annotate(Count("pk")):
        found[region]["contested"] = n
    return found


def _compared(tally: Tally, company: Tally) -> list[Indicator]:
    return [
        Indicator(name, tally.share(name), company.share(name), tally.people[name])
        for name in tally.possible
        if tally.people[name] >= FEWEST
    ]


def _leading(tally: Tally, company: Tally) -> list[Indicator]:
    """Where the region is ahead of the company, the furthest first."""
    ahead = [one for one in _compared(tally, company) if one.lead > 0]
    return sorted(ahead, key=lambda one: (-one.lead, one.name))


def _trailing(tally: Tally, company: Tally) -> list[Indicator]:
    """The lowest shares first."""
    return sorted(_compared(tally, company), key=lambda one: (one.share, one.name))


def _indicator(one: Indicator) -> list[str]:
    return [one.name, str(one.share), str(one.company)]


def _mean(found: list[Decimal]) -> Decimal | None:
    return quotient(sum(found, ZERO), Decimal(len(found))) if found else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
