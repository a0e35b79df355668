"""The board of a pool: lanes of cards, what must still move, who isn't graded. A constant number of statements."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from appeals.models import Appeal
from appeals.states import OPEN_APPEAL
from calibration.models import Move
from calibration.selectors.years import Pool, pool_names
from calibration.states import MoveState
from common.wording import in_language
from development.models import Plan
from development.states import OPEN_PLAN, PlanState
from policy.calibration import Lane, Seat, Shift, lane_of, lanes_of, shifts
from policy.schemes import GradeRule, Scheme
from scoring.models import AnnualResult, AnnualReview
from scoring.selectors.histories import published_months

SPARK_WIDTH, SPARK_HEIGHT = 60, 16
SPARK_LOW, SPARK_HIGH = 40, 110
"""A trend is drawn between these coefficients in percent; what lies beyond lies on the edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One person on the board: where he lies, what he came with, and the marks of the card.

    ``order`` counts those shown, by merit. ``lane`` is where he lies, ``computed`` what the distribution gave (empty:
    tied). ``moved_by`` and ``moved_at`` are of the last move. ``spark`` are the points of the months' line.
    """

    pk: int
    order: int
    employee_id: int
    version: int
    number: str
    name: str
    post: str
    region: str
    coefficient: Decimal
    months: int
    rank: int
    lane: str
    computed: str
    is_tied: bool
    was_tied: bool
    is_discussed: bool
    deducted: Decimal
    added: Decimal
    barred_by: Collection[str] = ()
    has_appeal: bool = False
    has_plan: bool = False
    is_waiting: bool = False
    moved_by: str = ""
    moved_at: datetime | None = None
    moves: int = 0
    spark: str = ""

    @property
    def is_moved(self) -> bool:
        """Whether the group put him elsewhere than the distribution did, or decided his tie."""
        return not self.is_tied and self.lane != self.computed

    @property
    def from_word(self) -> str:
        """Where the distribution had put him."""
        return self.computed or _("并列")

    @property
    def has_marks(self) -> bool:
        """Whether there is anything to say below the card."""
        return bool(self.is_waiting or self.has_appeal or self.has_plan or self.is_discussed or self.barred_by)

    @property
    def seat(self) -> Seat:
        """Who he is to the policy's reckoning of the board."""
        return Seat(self.pk, self.rank, self.lane, bool(self.barred_by))


class Ungraded(NamedTuple):
    """Somebody of the year without a grade, and why (a code of ``scoring.facts.years``)."""

    number: str
    name: str
    post: str
    region: str
    months: int
    why: str
    need: int


class ShownLane(NamedTuple):
    """A lane with its cards by merit. ``lane`` is None for whoever may not know how many lie in it."""

    rule: GradeRule
    cards: list[Card]
    lane: Lane | None

    @property
    def count(self) -> int:
        """How many lie in it, as far as they are shown."""
        return self.lane.count if self.lane else len(self.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A pool as one person may see it.

    ``is_partial``: somebody in it is hidden from him; then he sees no targets, no ranks and nothing of what must still
    move, from which the hidden one's grade could be found by difference.
    """

    review: AnnualReview
    pool: Pool
    pools: list[Pool]
    lanes: list[ShownLane]
    ungraded: list[Ungraded]
    shifts: tuple[Shift, ...]
    tied: list[Card]
    is_partial: bool
    moves: int
    waiting: int
    last_move: int
    seats: list[Seat] = field(default_factory=list)

    @property
    def cards(self) -> list[Card]:
        """Everybody shown, by lane and merit."""
        return [card for lane in self.lanes for card in lane.cards]

    @property
    def is_even(self) -> bool:
        """Whether every lane holds as many as it has places."""
        return not self.shifts


NAMES = (
    *("pk", "employee_id", "version", "pool", "months", "coefficient", "rank", "computed_grade", "grade"),
    *("is_undecided", "is_discussed", "factors", "employee__number", "employee__name", "employee__position__name"),
    *("employee__position__name_en", "employee__region__name"),
)
Row = dict[str, Any]


def board_of(review: AnnualReview, rules: Scheme, hidden: set[int], code: str | None) -> Board | None:
    """The board of the pool ``code`` (None: the first) without the employees in ``hidden``; None for no such pool."""
    rows = list(AnnualResult.objects.filter(review=review).order_by().values(*NAMES))
    pools = _pools(rows, rules)
    pool = next((one for one in pools if code is None or one.code == code), None)
    if pool is None:
        return None
    inside = [row for row in rows if row["pool"] == pool.code]
    graded = [row for row in inside if row["rank"] is not None]
    seats = [seat_of(row) for row in graded]
    shown = [row for row in graded if row["employee_id"] not in hidden]
    is_partial = len(shown) < len(graded)
    moves = last_moves(review, [row["pk"] for row in shown])
    cards = _cards(review, shown, moves)
    lanes = {lane.grade: lane for lane in lanes_of(seats, rules)}
    return Board(
        review=review,
        pool=pool,
        pools=pools,
        lanes=[
            ShownLane(
                rule,
                [card for card in cards if card.lane == rule.code],
                None if is_partial else lanes[rule.code],
            )
            for rule in rules.grades
        ],
        ungraded=[
            _ungraded(row, rules)
            for row in sorted(inside, key=lambda row: row["employee__number"])
            if row["rank"] is None and row["employee_id"] not in hidden
        ],
        shifts=() if is_partial else shifts(lanes.values()),
        tied=[card for card in cards if card.is_tied],
        is_partial=is_partial,
        moves=sum(card.moves for card in cards),
        waiting=sum(card.is_waiting for card in cards),
        last_move=max((one.pk for one in moves.values()), default=0),
        seats=seats,
    )


def seat_of(row: Mapping[str, Any]) -> Seat:
    """The policy's view of a graded row of ``NAMES``."""
    factors = row["factors"]
    lane = lane_of(row["grade"], factors.get("choices") or [""])
    return Seat(row["pk"], row["rank"], lane, bool(factors.get("barred_by")))


def seats_of(review: AnnualReview, pool: str) -> list[Seat]:
    """Everybody graded in a pool, as the policy's reckoning of the board takes them; one statement."""
    rows = AnnualResult.objects.filter(review=review, pool=pool, rank__isnull=False).order_by()
    return [seat_of(row) for row in rows.values("pk", "rank", "grade", "factors")]


def is_anybody_of(review: AnnualReview, pool: str, people: Collection[int]) -> bool:
    """Whether any of these employees is graded in the pool."""
    return AnnualResult.objects.filter(review=review, pool=pool, rank__isnull=False, employee_id__in=people).exists()


def names_of(result_ids: Collection[int]) -> list[str]:
    """The names of the people whose places these are, by rank."""
    rows = AnnualResult.objects.filter(pk__in=result_ids).order_by("rank", "employee__number")
    return list(rows.values_list("employee__name", flat=True))


class LastMove(NamedTuple):
    """How often somebody was moved, and the last time by whom; ``is_waiting``: its authoriser hasn't answered."""

    pk: int
    count: int
    by: str
    at: datetime
    is_waiting: bool


def last_moves(review: AnnualReview, shown: Collection[int]) -> dict[int, LastMove]:
    """Result id → the last move of those in ``shown``; one statement."""
    found: dict[int, LastMove] = {}
    keep = set(shown)
    moves = Move.objects.filter(result__review=review).order_by("pk")
    for pk, result, by, at, state in moves.values_list("pk", "result_id", "by__name", "at", "state"):
        if result in keep:
            count = found[result].count if result in found else 0
            found[result] = LastMove(pk, count + 1, by, at, state == MoveState.WAITING)
    return found


def _pools(rows: Iterable[Row], rules: Scheme) -> list[Pool]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["pool"]] = counts.get(row["pool"], 0) + (row["rank"] is not None)
    names = pool_names(counts, rules)
    return [Pool(code, names[code], counts[code]) for code in sorted(counts)]


def _cards(review: AnnualReview, rows: list[Row], moves: Mapping[int, LastMove]) -> list[Card]:
    """The cards by merit, then by number."""
    people = [row["employee_id"] for row in rows]
    months = published_months(people, year=review.year)
    appeals = _with_open_appeals(review.year)
    plans = _with_plans()
    rows = sorted(rows, key=lambda row: (row["rank"], row["employee__number"]))
    cards = []
    for order, row in enumerate(rows, start=1):
        factors, pk = row["factors"], row["employee_id"]
        seat, last = seat_of(row), moves.get(row["pk"])
        cards.append(
            Card(
                pk=row["pk"],
                order=order,
                employee_id=pk,
                version=row["version"],
                number=row["employee__number"],
                name=row["employee__name"],
                post=_post(row),
                region=row["employee__region__name"] or "",
                coefficient=row["coefficient"],
                months=row["months"],
                rank=row["rank"],
                lane=seat.grade,
                computed=row["computed_grade"],
                is_tied=row["is_undecided"],
                was_tied=not row["computed_grade"],
                is_discussed=row["is_discussed"],
                deducted=Decimal(factors.get("deducted", 0)),
                added=Decimal(factors.get("added", 0)),
                barred_by=tuple(factors.get("barred_by", ())),
                has_appeal=pk in appeals,
                has_plan=pk in plans,
                is_waiting=last is not None and last.is_waiting,
                moved_by=last.by if last else "",
                moved_at=last.at if last else None,
                moves=last.count if last else 0,
                spark=spark_of([month.coefficient for month in months.get(pk, ())]),
            )
        )
    return cards


def _post(row: Row) -> str:
    return in_language(row["employee__position__name"] or "", row["employee__position__name_en"] or "")


def _ungraded(row: Row, rules: Scheme) -> Ungraded:
    factors = row["factors"]
    return Ungraded(
        number=row["employee__number"],
        name=row["employee__name"],
        post=_post(row),
        region=row["employee__region__name"] or "",
        months=row["months"],
        why=factors.get("why", "few_months"),
        need=rules.min_months,
    )


def _with_open_appeals(year: int) -> set[int]:
    """Who has appealed against a result of the year and has no ruling yet."""
    open_ones = Appeal.objects.filter(state__in=OPEN_APPEAL, result__cycle__starts_on__year=year)
    return set(open_ones.order_by().values_list("employee_id", flat=True))


def _with_plans() -> set[int]:
    """Who has an improvement plan that was handed to him and isn't closed."""
    handed = Q(state__in=OPEN_PLAN) & ~Q(state=PlanState.DRAFT)
    return set(Plan.objects.filter(handed).order_by().values_list("employee_id", flat=True))


def spark_of(values: Collection[Decimal]) -> str:
    """The points of an SVG polyline through the months' coefficients; nothing for fewer than two.

    >>> spark_of([Decimal(40), Decimal(110)])
    '0,15 60,1'
    """
    if len(values) < 2:
        return ""
    step = SPARK_WIDTH / (len(values) - 1)
    room = SPARK_HEIGHT - 2
    span = SPARK_HIGH - SPARK_LOW
    held = [min(SPARK_HIGH, max(SPARK_LOW, float(value))) for value in values]
    return " ".join(f"{n * step:.0f},{1 + room * (SPARK_HIGH - value) / span:.0f}" for n, value in enumerate(held))
