"""HR's page of a year: rows as one may see them, how they are spread, what has changed since, and who is next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appraisals.states import CycleKind
from calibration.models import ReviewStep
from calibration.permissions import can_correct_year, unseen_in_year
from calibration.selectors.years import pool_names
from common.wording import listed
from incidents.selectors.counting import barred_by
from people.facts import Standing
from people.models import Employee
from policy.calibration import Lane, Seat, lane_of, lanes_of
from policy.rounding import ZERO
from policy.schemes import Scheme as Rules
from scoring.facts.year_changes import Overtaken, overtaken, standing_rows
from scoring.models import AnnualCorrection, AnnualResult, AnnualReview, Result
from scoring.selectors.reports import YearRow
from scoring.selectors.years import corrections_of, rules_of_year
from scoring.states import ReviewState

FEW = 8
ORDER = list(ReviewState)


class PoolSpread(NamedTuple):
    """How a pool lies against its places; no lanes for whoever may not know, from which a hidden grade would follow."""

    name: str
    people: int
    lanes: list[Lane]
    counts: list[tuple[str, int]]


class Change(NamedTuple):
    """A person whose months say something else now, percent; ``result_id`` None: new in the year.

    ``barred``: incidents that keep the grade from him that was published, confirmed since.
    """

    name: str
    number: str
    before: Decimal | None
    now: Decimal | None
    result_id: int | None
    can_correct: bool
    barred: str = ""


class Stage(NamedTuple):
    """A state of the year on the line of its steps: ``kind`` is done, now or open."""

    state: ReviewState
    kind: str
    note: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPage:
    """A year as one may read it."""

    review: AnnualReview
    rows: list[YearRow]
    spreads: list[PoolSpread]
    changes: list[Change]
    stages: list[Stage]
    hidden: int
    corrections: list[AnnualCorrection]
    grades: list[str]

    @property
    def graded(self) -> int:
        """How many are in the distribution."""
        return sum(1 for row in self.rows if row.is_graded)

    @property
    def tied(self) -> int:
        """How many wait for the group to decide."""
        return sum(1 for row in self.rows if row.is_undecided)

    @property
    def out(self) -> int:
        """How many aren't graded."""
        return len(self.rows) - self.graded

    @property
    def moved(self) -> int:
        """How many the group put elsewhere than the distribution did."""
        return sum(1 for row in self.rows if row.computed_grade and row.grade != row.computed_grade)

    @property
    def unpaid(self) -> list[YearRow]:
        """Who is graded but has no base salary to reckon a bonus on."""
        return [row for row in self.rows if row.is_graded and "base_salary" not in row.factors]

    @property
    def unpaid_names(self) -> str:
        """The first of them by name."""
        return listed([row.name for row in self.unpaid[:FEW]])

    @property
    def bonuses(self) -> Decimal:
        """The sum of the year-end bonuses that stand, yuan."""
        return sum((row.bonus for row in self.rows if row.bonus is not None), ZERO)

    @property
    def regions(self) -> list[str]:
        """The regions of the people, for the filter."""
        return sorted({row.region for row in self.rows if row.region})


def years_known(reviewed: Iterable[int], today: date) -> list[int]:
    """The years one may look at, newest first: reviewed ones, and those of which a month is published."""
    published = Result.objects.filter(published_at__isnull=False, cycle__kind=CycleKind.MONTH).order_by()
    ran = published.values_list("cycle__starts_on__year", flat=True).distinct()
    return sorted({*reviewed, *ran, *([today.year - 1] if not ran else [])}, reverse=True)


def chosen_year(years: Sequence[int], today: date) -> int:
    """The year one looks at first: the last one that has ended, else the newest there is."""
    ended = [year for year in years if year < today.year]
    return ended[0] if ended else years[0]


class Seen(NamedTuple):
    """The rows a reader may see, how many he may not, and in which pools those are."""

    rows: list[YearRow]
    hidden: int
    partial: set[str]
    unseen: set[int]


def rows_seen(review: AnnualReview, person: Employee, standing: Standing, rules: Rules | None = None) -> Seen:
    """Everybody's row but those a reader is not shown yet; in their pools ranks are kept back, whose gap would tell."""
    whole = standing_rows(review, rules)
    unseen = unseen_in_year(person, standing, review)
    partial = {row.pool for row in whole if row.employee_id in unseen and row.is_graded}
    rows = [row for row in whole if row.employee_id not in unseen]
    rows = [replace(row, rank=None) if row.pool in partial else row for row in rows]
    return Seen(rows, len(whole) - len(rows), partial, unseen)


def year_page(review: AnnualReview, person: Employee, standing: Standing) -> YearPage:
    """Everything of the year, in a constant number of statements; nobody finds himself or his superiors too early."""
    rules = rules_of_year(review.year)
    seen = rows_seen(review, person, standing, rules)
    return YearPage(
        review=review,
        rows=seen.rows,
        spreads=_spreads(seen, rules),
        changes=_changes(review, seen, person, standing),
        stages=_stages(review),
        hidden=seen.hidden,
        grades=[rule.code for rule in rules.grades],
        corrections=corrections_of(review) if review.state == ReviewState.PUBLISHED else [],
    )


def results_of(review: AnnualReview) -> QuerySet[AnnualResult]:
    """Everybody's result of the year."""
    return AnnualResult.objects.filter(review=review).select_related("review", "employee")


def result_of(year: int, pk: int) -> AnnualResult | None:
    """Somebody's result of that year."""
    return AnnualResult.objects.select_related("review", "employee").filter(review__year=year, pk=pk).first()


def _spreads(seen: Seen, rules: Rules) -> list[PoolSpread]:
    pools: dict[str, list[YearRow]] = {}
    for row in seen.rows:
        if row.is_graded:
            pools.setdefault(row.pool, []).append(row)
    names = pool_names(pools, rules)
    return [_spread(names[pool], pools[pool], rules, is_partial=pool in seen.partial) for pool in sorted(pools)]


def _spread(name: str, members: list[YearRow], rules: Rules, *, is_partial: bool) -> PoolSpread:
    lanes = [row.grade or lane_of("", row.factors.get("choices", ())) for row in members]
    seats = [
        Seat(row.result_id, row.rank or 0, lane, bool(row.barred_by)) for row, lane in zip(members, lanes, strict=True)
    ]
    counted = Counter(lanes)
    counts = [(rule.code, counted[rule.code]) for rule in rules.grades]
    return PoolSpread(name, len(members), [] if is_partial else list(lanes_of(seats, rules)), counts)


def _changes(review: AnnualReview, seen: Seen, person: Employee, standing: Standing) -> list[Change]:
    """Whom something published since concerns; while the year is prepared it is simply reckoned again."""
    found = [one for one in overtaken(review, seen.rows) if one.employee_id not in seen.unseen]
    barred = _barred_since(review, seen)
    known = {one.employee_id for one in found}
    found += [Overtaken(pk, row, row.coefficient, row.months) for pk, (row, _n) in barred.items() if pk not in known]
    if not found:
        return []
    strangers = [one.employee_id for one in found if one.row is None]
    people = {one.pk: one for one in Employee.objects.filter(pk__in=strangers)} if strangers else {}
    results = AnnualResult.objects.filter(pk__in=[one.row.result_id for one in found if one.row])
    correctable = {row.pk for row in results.select_related("review") if can_correct_year(person, row, standing)}
    changes = []
    for one in found:
        whose = one.row or people[one.employee_id]
        key = one.row.result_id if one.row else None
        before = one.row.coefficient if one.row else None
        numbers = barred[one.employee_id][1] if one.employee_id in barred else []
        may = key in correctable
        changes.append(Change(whose.name, whose.number, before, one.now, key, may, listed(numbers)))
    return changes


def _barred_since(review: AnnualReview, seen: Seen) -> dict[int, tuple[YearRow, list[str]]]:
    """Who holds the best grade of a published year though an incident confirmed since keeps it from him (P4.5)."""
    if review.state != ReviewState.PUBLISHED:
        return {}
    best = rules_of_year(review.year).grades[0].code
    rows = {row.employee_id: row for row in seen.rows if row.grade == best and row.employee_id not in seen.unseen}
    return {pk: (rows[pk], numbers) for pk, numbers in barred_by(review.year, rows).items()} if rows else {}


def _stages(review: AnnualReview) -> list[Stage]:
    """The five states with when each was reached last, and what it waits for."""
    reached = {step.after: step.at for step in ReviewStep.objects.filter(review=review)}
    if review.state == ReviewState.PREPARING:  # afterwards it may have been reckoned anew later than the steps
        reached[ReviewState.PREPARING] = review.closed_at
    here = ORDER.index(ReviewState(review.state))
    notes = {
        ReviewState.PREPARING: _("人力资源部结算，组长开始预览"),
        ReviewState.PREVIEW: _("组长开始校准"),
        ReviewState.OPEN: _("小组移动，组长锁定"),
        ReviewState.LOCKED: _("人力资源部公布"),
        ReviewState.PUBLISHED: "",
    }
    is_over = review.state == ReviewState.PUBLISHED
    return [
        Stage(
            state,
            "done" if place < here or is_over else "now" if place == here else "open",
            notes[state] if place == here else "",
            reached.get(state) if place <= here else None,
        )
        for place, state in enumerate(ORDER)
    ]
