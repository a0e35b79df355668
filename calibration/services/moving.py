"""Move somebody to another grade, and answer for a move against the order of scores (P7.2). A score never changes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from calibration.models import Move
from calibration.permissions import can_authorise, hidden_from
from calibration.selectors.authorisers import authorisers_for
from calibration.selectors.board import is_anybody_of, seats_of
from calibration.selectors.moves import last_change
from calibration.selectors.years import rules_of_year
from calibration.services.steps import (
    board_path,
    locked_place,
    raise_revision,
    refuse_stranger,
    refuse_unless,
    refuse_unless_in,
    standing_now,
    words_of,
)
from calibration.states import MoveState
from common.errors import ConflictError, RuleError
from common.wording import listed
from notices.log import tell
from people.models import Employee
from policy.calibration import overturned
from policy.schemes import Scheme
from scoring.models import AnnualResult
from scoring.states import ReviewState


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Where to and why; ``seen`` is the version of the moved card; ``authoriser`` the number of whoever is asked."""

    to_grade: str
    reason: str
    seen: int | None = None
    authoriser: str = ""


@transaction.atomic(durable=True)
def move_person(result_id: int, wish: Wish, *, by: Employee) -> Move:
    """Move a card, or decide a tie. Against the order of scores the move waits for the authoriser that ``wish`` names.

    Refused: by a stranger to the board, for oneself or one's own line upwards, while the board isn't open, without a
    reason, for the best grade of whoever has a critical incident in the year, and while an earlier move of the person
    waits for its answer. ``ConflictError`` if somebody has moved him since.
    """
    place = locked_place(result_id)
    refuse_stranger(place, by)
    refuse_unless_in(place.review, ReviewState.OPEN)
    _check_seen(place, wish.seen)
    rules = rules_of_year(place.review.year)
    _check_target(place, wish.to_grade, rules)
    reason = words_of(wish.reason, field="reason", missing=_("写一句为什么移动。"))
    asked = _authoriser(place, wish, rules, by=by)
    state = MoveState.WAITING if asked else MoveState.DONE
    move = _move(place, wish.to_grade, reason, by=by, at=timezone.now(), state=state, authoriser=asked)
    if asked:
        detail = {"who": by.name}
        tell([asked.pk], "move_to_authorise", path=f"{board_path(place.review)}changes/", key=_key(move), detail=detail)
    return move


@transaction.atomic(durable=True)
def answer_move(move_id: int, *, consents: bool, answer: str = "", by: Employee) -> Move:
    """Answer for a move, once, in one's own name; refused or taken back, the person returns to where he lay.

    The authoriser consents or refuses, with words; whoever moved, and the leader, may take the move back. The year
    can't be locked while an answer is owed.
    """
    result_id = Move.objects.values_list("result_id", flat=True).get(pk=move_id)
    place = locked_place(result_id)
    move = Move.objects.select_for_update(of=("self",)).get(pk=move_id)
    standing = standing_now(by)
    may_refuse = by.pk in {move.authoriser_id, move.by_id} or standing.is_leader
    allowed = (by.pk == move.authoriser_id and can_authorise(standing)) if consents else may_refuse
    refuse_unless(allowed and place.employee_id not in hidden_from(by, standing))
    if move.state != MoveState.WAITING:
        raise RuleError(_("这次移动已经答复过了。"), code="answered")
    refuse_unless_in(place.review, ReviewState.OPEN)
    missing = "" if consents else _("写一句为什么移回。")
    move.answer = words_of(answer, field="answer", missing=missing)
    move.state = MoveState.AUTHORISED if consents else MoveState.REFUSED
    move.answered_at = timezone.now()
    move.full_clean()
    move.save(update_fields=["answer", "state", "answered_at"])
    record("board.answered", move, by=by, after={"state": move.state}, reason=move.answer)
    if consents:
        raise_revision(place.review)
    else:
        _move(place, move.from_grade, move.answer, by=by, at=move.answered_at)
    if by.pk != move.by_id:
        tell([move.by_id], "move_answered", path=f"{board_path(place.review)}changes/", key=f"{_key(move)}:answer")
    return move


def _check_seen(place: AnnualResult, seen: int | None) -> None:
    """Refuse whoever moves a card that isn't where he saw it, and say who moved it where."""
    if seen is not None and seen != place.version:
        words = _("%(name)s的卡片刚变过，你的移动没有存。看过再决定。") % {"name": place.employee.name}
        raise ConflictError(words, theirs=last_change(place))


def _check_target(place: AnnualResult, to: str, rules: Scheme) -> None:
    codes = [rule.code for rule in rules.grades]
    if to not in codes:
        raise RuleError(_("没有这个等级，从方案的等级里选。"), code="no_such_grade", field="to_grade")
    if place.rank is None:
        raise RuleError(_("这个人今年不参评，没有等级可移。"), code="not_graded")
    if to == place.grade:
        raise RuleError(_("已经在%(grade)s了。") % {"grade": to}, code="same_grade", field="to_grade")
    barring = place.factors.get("barred_by")
    if to == codes[0] and barring:
        words = _("当年有重大事故%(numbers)s，不得评%(grade)s。") % {"numbers": listed(barring), "grade": to}
        raise RuleError(words, code="barred", field="to_grade")
    if place.moves.filter(state=MoveState.WAITING).exists():
        raise RuleError(_("上一次移动还在等授权，答复后再移。"), code="waiting")


def _authoriser(place: AnnualResult, wish: Wish, rules: Scheme, *, by: Employee) -> Employee | None:
    """Whoever must answer for the move, None if nobody has to.

    Who has himself or his superior in the pool always needs one: he ranks his own among others, and from which of his
    moves need one he could tell where the hidden card lies.
    """
    if not needs_authoriser(place, wish.to_grade, rules, by=by):
        return None
    able = authorisers_for(place.employee_id, by, timezone.localdate())
    if not wish.authoriser:
        words = _("这样移和名次的先后相反，选一位授权人。")
        if not able:
            words = _("这样移和名次的先后相反，可是没有人能授权：先请组长补上小组成员。")
        raise RuleError(words, code="authoriser_missing", field="authoriser")
    found = next((one for one in able if one.number == wish.authoriser), None)
    if found is None:
        raise RuleError(_("这个人不能授权，另选一位。"), code="authoriser_unfit", field="authoriser")
    return found


def needs_authoriser(place: AnnualResult, to: str, rules: Scheme, *, by: Employee) -> bool:
    """Whether the move stands against the order of scores, or is one's of a pool that one can't see whole."""
    hidden = hidden_from(by, standing_now(by))
    if is_anybody_of(place.review, place.pool, hidden):
        return True
    seats = seats_of(place.review, place.pool)
    mine = next(seat for seat in seats if seat.key == place.pk)
    return bool(overturned(seats, mine, to, rules))


def _move(  # noqa: PLR0913 - a row as it is written
    place: AnnualResult,
    to: str,
    reason: str,
    *,
    by: Employee,
    at: datetime,
    state: MoveState = MoveState.DONE,
    authoriser: Employee | None = None,
) -> Move:
    """Write the move and where the person lies now; ``to`` is empty for a tie that is open again."""
    before = place.grade
    move = Move(
        result=place,
        from_grade=before,
        to_grade=to,
        reason=reason,
        by=by,
        at=at,
        state=state,
        authoriser=authoriser,
    )
    move.full_clean()
    move.save()
    place.grade, place.is_undecided = to, not to
    place.version += 1
    place.full_clean(exclude=("bonus", "factors", "consequences"))  # figures that are empty by right
    place.save(update_fields=["grade", "is_undecided", "version"])
    raise_revision(place.review)
    after = {"grade": to, "authoriser": authoriser.number if authoriser else None}
    record("board.moved", place, by=by, before={"grade": before}, after=after, reason=reason)
    return move


def _key(move: Move) -> str:
    return f"move:{move.pk}"
