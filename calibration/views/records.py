"""What was done on a board: the list with what waits for an answer, and the minutes on paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from calibration.permissions import can_authorise
from calibration.selectors.moves import record_of
from calibration.selectors.tallies import tallies_of
from calibration.states import MoveState
from calibration.views.reading import Asked, asked_for, head_of

LOOKS = {
    MoveState.DONE: "plain",
    MoveState.WAITING: "warn",
    MoveState.AUTHORISED: "ok",
    MoveState.REFUSED: "na",
}


@require_GET
def changes(request: HttpRequest, year: int) -> HttpResponse:
    """Every move, note and step that one may see; whoever is asked answers here."""
    return render(request, "calibration/changes.html", _page(asked_for(request, year)))


@require_GET
def minutes(request: HttpRequest, year: int) -> HttpResponse:
    """The minutes on A4."""
    asked = asked_for(request, year)
    tallies = tallies_of(asked.review, asked.rules, asked.hidden)
    return render(request, "calibration/minutes.html", {**_page(asked), "tallies": tallies})


def _page(asked: Asked) -> dict[str, Any]:
    found = record_of(asked.review, asked.hidden)
    rows = [
        {
            "move": move,
            "look": LOOKS[MoveState(move.state)],
            "asked": move.authoriser_id == asked.person.pk and can_authorise(asked.standing),
            "mine": move.by_id == asked.person.pk or asked.standing.is_leader,
        }
        for move in found.moves
    ]
    return {**head_of(asked), "rows": rows, "found_notes": found.notes, "steps": found.steps}
