"""The cards of a board: what each person came with, where he lies, and what marks his card."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from appeals.models import Appeal
from appeals.states import OPEN_APPEAL
from calibration.models import Move
from calibration.states import MoveState
from common.wording import in_language
from development.models import Plan
from development.states import OPEN_PLAN, PlanState
from policy.calibration import Seat, lane_of
from scoring.models import AnnualReview
from scoring.selectors.histories import published_months

SPARK_WIDTH, SPARK_HEIGHT = 60, 16
SPARK_SPAN = 20
"""A trend fills its height by this many percent of coefficient, or by what the months span if that is more."""

NAMES = (
    *("pk", "employee_id", "version", "pool", "months", "coefficient", "rank", "computed_grade", "grade"),
    *("is_undecided", "is_discussed", "factors", "employee__number", "employee__name", "employee__position__name"),
    *("employee__position__name_en", "employee__region__name"),
)
Row = dict[str, Any]


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


class LastMove(NamedTuple):
    """How often somebody was moved, and the last time by whom; ``is_waiting``: its authoriser hasn't answered."""

    pk: int
    times: int
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
            times = found[result].times if result in found else 0
            found[result] = LastMove(pk, times + 1, by, at, state == MoveState.WAITING)
    return found


def seat_of(row: Mapping[str, Any]) -> Seat:
    """The policy's view of a graded row of ``NAMES``."""
    factors = row["factors"]
    lane = lane_of(row["grade"], factors.get("choices") or [""])
    return Seat(row["pk"], row["rank"], lane, bool(factors.get("barred_by")))


def cards_of(review: AnnualReview, rows: list[Row], moves: Mapping[int, LastMove]) -> list[Card]:
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
                post=post_of(row),
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
                moves=last.times if last else 0,
                spark=spark_of([month.coefficient for month in months.get(pk, ())]),
            )
        )
    return cards


def post_of(row: Row) -> str:
    """The name of the post in the language of the page."""
    return in_language(row["employee__position__name"] or "", row["employee__position__name_en"] or "")


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

    >>> spark_of([Decimal(80), Decimal(100)])
    '0,15 60,1'
    """
    if len(values) < 2:
        return ""
    low, high = float(min(values)), float(max(values))
    span = max(SPARK_SPAN, high - low)
    top = (low + high + span) / 2
    step = SPARK_WIDTH / (len(values) - 1)
    room = SPARK_HEIGHT - 2
    return " ".join(f"{n * step:.0f},{1 + room * (top - float(value)) / span:.0f}" for n, value in enumerate(values))
