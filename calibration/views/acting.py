"""What is done on a board: move, note, answer for a move, and the steps of the year."""

import json
from collections.abc import Callable
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calibration.facts import bonus_words, effect_of_move
from calibration.selectors.authorisers import authorisers_for
from calibration.selectors.board import names_of, seats_of
from calibration.selectors.moves import moves_of
from calibration.services.moving import Wish, answer_move, move_person, needs_authoriser
from calibration.services.noting import note_person
from calibration.services.phases import lock_board, open_board, preview_year, reopen_board
from calibration.views.reading import Asked, asked_for, head_of, place_or_404
from common.errors import ConflictError, RuleError
from common.forms import version_seen
from common.refusals import UNPROCESSABLE, refused
from common.wording import listed
from policy.calibration import overturned
from scoring.models import AnnualResult, AnnualReview

NAMED = 3


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Ask where to and why, saying what will follow; then move."""
    asked = asked_for(request, year)
    place = place_or_404(asked, pk)
    if request.method == "GET":
        return _dialog(request, asked, place, request.GET.get("to", ""))
    typed = request.POST
    wish = Wish(
        to_grade=typed.get("to", ""),
        reason=typed.get("reason", ""),
        seen=version_seen(typed.get("version", "")),
        authoriser=typed.get("authoriser", ""),
    )
    try:
        done = move_person(pk, wish, by=asked.person)
    except ConflictError as error:
        return refused(request, error, back=_table(year), mine=f"{place.employee.name} → {wish.to_grade}")
    except RuleError as error:
        return _dialog(request, asked, place, wish.to_grade, error)
    words = _("%(name)s已移到%(grade)s") % {"name": place.employee.name, "grade": done.to_grade}
    if done.authoriser:
        words = _("%(said)s，等%(who)s授权") % {"said": words, "who": done.authoriser.name}
    return _done(request, words, back=_table(year))


@require_POST
def note(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Write down what was said."""
    asked = asked_for(request, year)
    place_or_404(asked, pk)
    back = reverse("calibration:place", args=[year, pk])
    try:
        note_person(pk, text=request.POST.get("text", ""), by=asked.person)
    except RuleError as error:
        return refused(request, error, back=back)
    return _done(request, _("已记下"), back=back)


@require_POST
def answer(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Authorise a move, or refuse it; take back one's own."""
    asked = asked_for(request, year)
    if not moves_of(asked.review, asked.hidden).filter(pk=pk).exists():
        raise Http404
    consents = request.POST.get("answer_is") == "yes"
    back = reverse("calibration:changes", args=[year])
    try:
        answer_move(pk, consents=consents, answer=request.POST.get("answer", ""), by=asked.person)
    except RuleError as error:
        return refused(request, error, back=back)
    messages.success(request, _("已授权") if consents else _("已移回"))
    return redirect(back)


@require_POST
def step(request: HttpRequest, year: int, name: str) -> HttpResponse:
    """Preview, open, lock, open again."""
    asked = asked_for(request, year, prepared=True)
    person, reason = asked.person, request.POST.get("reason", "")
    steps: dict[str, tuple[Callable[[], AnnualReview], str]] = {
        "preview": (lambda: preview_year(year, by=person), _("已开始预览")),
        "open": (lambda: open_board(year, by=person), _("校准开始了，成员都收到消息")),
        "lock": (lambda: lock_board(year, reason=reason, by=person), _("等级已锁定")),
        "reopen": (lambda: reopen_board(year, reason=reason, by=person), _("已退回校准")),
    }
    if name not in steps:
        raise Http404
    act, said = steps[name]
    back = reverse("calibration:board", args=[year])
    try:
        act()
    except RuleError as error:
        return refused(request, error, back=back)
    messages.success(request, said)
    return redirect(back)


def _dialog(
    request: HttpRequest, asked: Asked, place: AnnualResult, to: str, fault: RuleError | None = None
) -> HttpResponse:
    """The dialog of a move: nothing of what follows for a pool that the asker can't see whole."""
    codes = [rule.code for rule in asked.rules.grades]
    if to not in codes:
        if fault is None:
            raise Http404
        return refused(request, fault, back=_table(asked.review.year))
    seats = seats_of(asked.review, place.pool)
    mine = next(seat for seat in seats if seat.key == place.pk)
    is_whole = not asked.hides_from(place.pool)
    must_ask = needs_authoriser(place, to, asked.rules, by=asked.person)
    wronged = sorted(overturned(seats, mine, to, asked.rules), key=lambda seat: seat.rank) if is_whole else []
    named = names_of([int(seat.key) for seat in wronged[:NAMED]])
    context = {
        **head_of(asked),
        "place": place,
        "deducted": Decimal(place.factors.get("deducted", 0)),
        "added": Decimal(place.factors.get("added", 0)),
        "from_grade": mine.grade,
        "to_rule": asked.rules.grade(to),
        "stand": _clear_of(codes.index(mine.grade), codes.index(to)),
        "effect": effect_of_move(seats, mine, to, asked.rules) if is_whole else "",
        "bonus": bonus_words(place.grade, to, asked.rules),
        "must_ask": must_ask,
        "wronged": named,
        "wronged_names": listed(named),
        "all_wronged": len(wronged),
        "able": authorisers_for(place.employee_id, asked.person, timezone.localdate()) if must_ask else (),
        "shows_rank": is_whole,
        "fault": fault,
        "typed": request.POST,
    }
    is_part = request.headers.get("HX-Request") == "true"
    page = "calibration/move.html#dialog" if is_part else "calibration/move.html"
    return render(request, page, context, status=UNPROCESSABLE if fault else 200)


def _clear_of(source: int, target: int) -> str:
    """Where the dialog stands so that both lanes stay in sight."""
    low, high = sorted((source, target))
    if high <= 2:
        return "right"
    if low >= 2:
        return "left"
    return {(0, 3): "near-left", (1, 4): "near-right"}.get((low, high), "middle")


def _done(request: HttpRequest, words: str, *, back: str) -> HttpResponse:
    """A script gets the words and closes the dialog; a page goes back."""
    if request.headers.get("HX-Request") == "true":
        told = {"kp:toast": {"text": words, "kind": "ok"}, "kp:board": {}}
        return HttpResponse(headers={"HX-Trigger": json.dumps(told)})
    messages.success(request, words)
    return redirect(back)


def _table(year: int) -> str:
    return reverse("calibration:table", args=[year])
