"""The board of a pool: lanes of cards, what must still move, who isn't graded. A constant number of statements."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from calibration.selectors.cards import NAMES, Card, Row, cards_of, last_moves, post_of, seat_of
from calibration.selectors.years import Pool, pool_names
from policy.calibration import Lane, Seat, Shift, lanes_of, shifts
from policy.schemes import GradeRule, Scheme
from scoring.models import AnnualResult, AnnualReview


class Ungraded(NamedTuple):
    """Somebody of the year without a grade, and why (a code of ``scoring.facts.years``)."""

    number: str
    name: str
    post: str
    region: str
    months: int
    why: str
    need: int


@dataclass(frozen=True, slots=True)
class ShownLane:
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
    cards = cards_of(review, shown, moves)
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


def _pools(rows: Iterable[Row], rules: Scheme) -> list[Pool]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["pool"]] = counts.get(row["pool"], 0) + (row["rank"] is not None)
    names = pool_names(counts, rules)
    return [Pool(code, names[code], counts[code]) for code in sorted(counts)]


def _ungraded(row: Row, rules: Scheme) -> Ungraded:
    factors = row["factors"]
    return Ungraded(
        number=row["employee__number"],
        name=row["employee__name"],
        post=post_of(row),
        region=row["employee__region__name"] or "",
        months=row["months"],
        why=factors.get("why", "few_months"),
        need=rules.min_months,
    )
