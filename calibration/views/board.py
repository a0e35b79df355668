"""The board of a year: lanes for a wide screen, a table for phones and screen readers, and what is new on it."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from calibration.permissions import reads_board
from calibration.selectors.moves import moves_of
from calibration.selectors.places import place_of
from calibration.selectors.years import years_with_board
from calibration.views.reading import asked_for, asked_of, board_or_404, head_of, place_or_404, review_or_404, shown
from common.forms import whole_number
from common.wording import listed
from people.requests import person_of, standing_in
from scoring.states import ReviewState

PAGE_SIZE = 100
NEWS = 3
"""So many moves of others are told by name; of more only how many there were."""


@require_GET
def boards(request: HttpRequest) -> HttpResponse:
    """The latest year; a page that says why there is none."""
    _known, standing = person_of(request), standing_in(request)
    if not reads_board(standing):
        raise PermissionDenied
    years = years_with_board()
    if years:
        return redirect("calibration:board", year=years[0])
    return render(request, "calibration/none.html")


@require_GET
def board(request: HttpRequest, year: int) -> HttpResponse:
    """Five lanes; while the year is prepared, a page that says so."""
    asked = asked_for(request, year, prepared=True)
    if asked.review.state == ReviewState.PREPARING:
        return render(request, "calibration/preparing.html", {**head_of(asked), "years": years_with_board()})
    context = {**shown(asked, board_or_404(request, asked)), "years": years_with_board()}
    return render(request, "calibration/board.html", context)


@require_GET
def table(request: HttpRequest, year: int) -> HttpResponse:
    """The same as rows, one grade or all."""
    asked = asked_for(request, year)
    found = board_or_404(request, asked)
    grade = request.GET.get("grade", "")
    person = request.GET.get("person", "").strip()[:40]
    cards = [card for card in found.cards if not grade or card.lane == grade]
    cards = [card for card in cards if person.casefold() in f"{card.number} {card.name}".casefold()]
    page = Paginator(cards, PAGE_SIZE).get_page(request.GET.get("page"))
    kept = {"pool": found.pool.code, "grade": grade, "person": person}
    query = urlencode({name: value for name, value in kept.items() if value})
    context = {**shown(asked, found), "page": page, "grade": grade, "person": person, "query": query}
    return render(request, "calibration/table.html", context)


@require_GET
def live(request: HttpRequest, year: int) -> HttpResponse:
    """The board anew if it has changed since the revision that the page shows; 204 if not."""
    review = review_or_404(request, year)
    if request.GET.get("revision") == str(review.revision):
        return HttpResponse(status=204)
    asked = asked_of(request, review)
    since = whole_number(request.GET.get("since", "")) or 0
    found = board_or_404(request, asked)
    ours = {card.pk for card in found.cards}
    fresh = moves_of(asked.review, asked.hidden).filter(pk__gt=since).exclude(by=asked.person)
    news = [move for move in fresh if move.result_id in ours]
    context = {**shown(asked, found), "news": news[-NEWS:], "more": max(0, len(news) - NEWS)}
    return render(request, "calibration/live.html", context)


@require_GET
def place(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """One person: the months, what was said and moved; in the dialog or as a page."""
    asked = asked_for(request, year)
    found = place_or_404(asked, pk)
    whole = not asked.hides_from(found.pool)
    barring = {"barred_by": listed(found.factors.get("barred_by", ()))}
    context = {**head_of(asked), **place_of(found)._asdict(), **barring, "shows_rank": whole}
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "calibration/place.html#dialog" if is_part else "calibration/place.html", context)
