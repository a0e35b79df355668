"""One person of a board: his months, what was said and done about him."""

from typing import NamedTuple

from calibration.models import BoardNote, Move
from scoring.models import AnnualResult
from scoring.selectors.histories import PublishedMonth, published_months


class Place(NamedTuple):
    """Somebody's year with his months, the moves and the notes, oldest first."""

    result: AnnualResult
    months: list[PublishedMonth]
    moves: list[Move]
    notes: list[BoardNote]


def place_of(result: AnnualResult) -> Place:
    """The person's sheet; three statements."""
    months = published_months([result.employee_id], year=result.review.year)
    return Place(
        result=result,
        months=months.get(result.employee_id, []),
        moves=list(result.moves.select_related("by", "authoriser").order_by("pk")),
        notes=list(result.notes.select_related("by").order_by("pk")),
    )
