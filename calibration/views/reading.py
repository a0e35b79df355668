"""What the pages of a board share: which year, which pool, and how much of it the asker may see."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from calibration.facts import still_to_move, tie_words, why_ungraded
from calibration.permissions import can_step_review, hidden_from, reads_board, sits_on_board, visible_places
from calibration.selectors.board import Board, board_of, is_anybody_of
from calibration.selectors.years import review_of, rules_of_year
from people.facts import Standing
from people.models import Employee
from people.requests import person_of, standing_in
from policy.schemes import Scheme
from scoring.models import AnnualResult, AnnualReview
from scoring.states import ReviewState

STATE_LOOKS = {
    ReviewState.PREPARING: "wait",
    ReviewState.PREVIEW: "now",
    ReviewState.OPEN: "now",
    ReviewState.LOCKED: "hold",
    ReviewState.PUBLISHED: "ok",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks for the board of which year, by whose rules, and who is hidden from him."""

    person: Employee
    standing: Standing
    review: AnnualReview
    rules: Scheme
    hidden: set[int]

    @property
    def moves(self) -> bool:
        """Whether he may move cards now."""
        return self.review.state == ReviewState.OPEN and sits_on_board(self.standing)

    @property
    def notes(self) -> bool:
        """Whether he may write notes now."""
        return self.review.state in {ReviewState.PREVIEW, ReviewState.OPEN} and sits_on_board(self.standing)

    def hides_from(self, pool: str) -> bool:
        """Whether somebody of the pool is hidden from him, so that he may not know how many lie where."""
        return is_anybody_of(self.review, pool, self.hidden)


def review_or_404(request: HttpRequest, year: int, *, prepared: bool = False) -> AnnualReview:
    """The year; not found for strangers to its board, and while it is prepared unless ``prepared`` allows that."""
    review = review_of(year) if reads_board(standing_in(request)) else None
    if review is None or (review.state == ReviewState.PREPARING and not prepared):
        raise Http404
    return review


def asked_for(request: HttpRequest, year: int, *, prepared: bool = False) -> Asked:
    """The board of the year with who asks for it, or not found as in ``review_or_404``."""
    return asked_of(request, review_or_404(request, year, prepared=prepared))


def asked_of(request: HttpRequest, review: AnnualReview) -> Asked:
    """As ``asked_for``, of a year that was found before."""
    person, standing = person_of(request), standing_in(request)
    hidden = hidden_from(person, standing)
    return Asked(person=person, standing=standing, review=review, rules=rules_of_year(review.year), hidden=hidden)


def board_or_404(request: HttpRequest, asked: Asked) -> Board:
    """The board of the pool that the address names, else of the first."""
    found = board_of(asked.review, asked.rules, asked.hidden, request.GET.get("pool"))
    if found is None:
        raise Http404
    return found


def place_or_404(asked: Asked, pk: int) -> AnnualResult:
    """Somebody graded on the board whom the asker may see."""
    rows = visible_places(asked.standing, asked.hidden).filter(review=asked.review, rank__isnull=False)
    found: AnnualResult = get_object_or_404(
        rows.select_related("employee__position", "employee__region", "review"), pk=pk
    )
    return found


def head_of(asked: Asked) -> dict[str, Any]:
    """What every page of the year shows in its head."""
    return {
        "review": asked.review,
        "look": STATE_LOOKS[ReviewState(asked.review.state)],
        "leads": can_step_review(asked.standing),
        "may_move": asked.moves,
        "may_note": asked.notes,
        "place_url": f"{reverse('calibration:board', args=[asked.review.year])}people/",
        "rules": asked.rules,
    }


def shown(asked: Asked, board: Board) -> dict[str, Any]:
    """The board with its words."""
    head, words = still_to_move(board)
    return {
        **head_of(asked),
        "board": board,
        "still": head,
        "still_words": words,
        "tie_words": tie_words(board.tied) if board.tied else "",
        "tied_lane": board.tied[0].lane if board.tied else "",
        "ungraded": [(one, why_ungraded(one)) for one in board.ungraded],
    }
