"""What was done on a board: moves, notes and the steps of the year, without whom one may not see."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from calibration.models import BoardNote, Move, ReviewStep
from common.wording import moment
from scoring.models import AnnualResult, AnnualReview


class Record(NamedTuple):
    """The whole record of a year as one person may see it, each in the order it was done."""

    moves: list[Move]
    notes: list[BoardNote]
    steps: list[ReviewStep]


def last_change(place: AnnualResult) -> str:
    """Where somebody lies now, by whom and when: what a writer hears who came too late."""
    move = place.moves.select_related("by").order_by("-pk").first()
    where = place.grade or _("并列")
    if move is None:
        return _("现在是%(grade)s") % {"grade": where}
    words = _("%(who)s %(when)s移到%(grade)s")
    return words % {"who": move.by.name, "when": moment(move.at), "grade": where}


def moves_of(review: AnnualReview, hidden: Iterable[int]) -> QuerySet[Move]:
    """Every move of the year that one may see, oldest first."""
    moves = Move.objects.filter(result__review=review).exclude(result__employee_id__in=list(hidden))
    return moves.select_related("result__employee", "by", "authoriser").order_by("pk")


def record_of(review: AnnualReview, hidden: Iterable[int]) -> Record:
    """Moves, notes and steps; three statements."""
    notes = BoardNote.objects.filter(result__review=review).exclude(result__employee_id__in=list(hidden))
    return Record(
        moves=list(moves_of(review, hidden)),
        notes=list(notes.select_related("result__employee", "by").order_by("pk")),
        steps=list(review.steps.select_related("by").order_by("pk")),
    )
