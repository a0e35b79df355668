"""How many lie in each lane, for the minutes."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from calibration.selectors.board import is_anybody_of, seats_of
from calibration.selectors.years import pool_names
from policy.calibration import lanes_of
from policy.schemes import Scheme
from scoring.models import AnnualReview


class Tally(NamedTuple):
    """A lane of a pool: how many lie in it, its places, its exact share in people."""

    pool: str
    grade: str
    people: int
    places: int
    exact: Decimal


def tallies_of(review: AnnualReview, rules: Scheme, hidden: Collection[int]) -> list[Tally]:
    """Every lane of every pool that one may see whole."""
    rows = review.results.filter(rank__isnull=False).order_by("pool")
    codes = list(rows.values_list("pool", flat=True).distinct())
    names = pool_names(codes, rules)
    return [
        Tally(names[code], lane.grade, lane.count, lane.places, lane.exact)
        for code in codes
        if not is_anybody_of(review, code, hidden)
        for lane in lanes_of(seats_of(review, code), rules)
    ]
