"""The steps of a year up to the lock: who takes them, what they need, what they leave."""

import pytest

from calibration.models import Move, ReviewStep
from calibration.services.moving import Wish, answer_move, move_person
from calibration.services.phases import lock_board, open_board, preview_year, reopen_board
from common.errors import RuleError
from notices.models import Message
from scoring.models import AnnualResult
from scoring.states import ReviewState
from tests.calibration.conftest import YEAR, make_board

pytestmark = pytest.mark.django_db
TIED = ("96", "92", "91", "88", "86", "84", "82", "80", "75", "75", "70", "52")


def refusal(act) -> RuleError:
    with pytest.raises(RuleError) as refused:
        act()
    return refused.value


def test_the_leader_leads_the_year_from_the_preview_to_the_lock():
    board = make_board(state=ReviewState.PREPARING)

    preview_year(YEAR, by=board.leader)
    open_board(YEAR, by=board.leader)
    lock_board(YEAR, by=board.leader)

    board.review.refresh_from_db()
    assert (board.review.state, board.review.excess_reason) == ("locked", "")
    assert board.review.locked_at
    steps = list(ReviewStep.objects.values_list("before", "after"))
    assert steps == [("preparing", "preview"), ("preview", "open"), ("open", "locked")]
    told = set(Message.objects.filter(kind="board_opened").values_list("recipient__name", flat=True))
    assert told == {"沈玉兰", "韩冰"}
    locked = set(Message.objects.filter(kind="board_locked").values_list("recipient__name", flat=True))
    assert locked == {"沈玉兰", "韩冰", "赵琳"}


@pytest.mark.parametrize("who", ["member", "hr", "manager", "auditor"])
def test_nobody_but_the_leader_takes_these_steps(board, who):
    by = getattr(board, who)

    assert refusal(lambda: lock_board(YEAR, by=by)).code == "not_allowed"
    assert refusal(lambda: preview_year(YEAR, by=by)).code == "not_allowed"


def test_no_step_can_be_left_out_or_taken_twice():
    board = make_board(state=ReviewState.PREPARING)

    assert refusal(lambda: open_board(YEAR, by=board.leader)).code == "not_now"
    assert refusal(lambda: lock_board(YEAR, by=board.leader)).code == "not_now"
    preview_year(YEAR, by=board.leader)
    assert refusal(lambda: preview_year(YEAR, by=board.leader)).code == "not_now"
    assert refusal(lambda: reopen_board(YEAR, reason="再看", by=board.leader)).code == "not_now"


def test_a_year_without_anybody_graded_has_no_preview():
    board = make_board(state=ReviewState.PREPARING)
    AnnualResult.objects.update(rank=None)

    assert refusal(lambda: preview_year(YEAR, by=board.leader)).code == "nobody"


def test_a_year_that_was_never_closed_has_no_board(board):
    assert refusal(lambda: lock_board(2031, by=board.leader)).code == "no_such_year"


def test_the_lock_is_refused_while_the_quotas_do_not_hold_and_says_where(board):
    move_person(board.at(3).pk, Wish(to_grade="C", reason="投诉"), by=board.member)

    error = refusal(lambda: lock_board(YEAR, by=board.leader))

    assert error.code == "reason_missing"
    assert "B少1人" in str(error)
    assert "C多1人" in str(error)


def test_with_words_for_the_excess_it_locks_and_keeps_them(board):
    move_person(board.at(3).pk, Wish(to_grade="C", reason="投诉"), by=board.member)

    lock_board(YEAR, reason="没有第二个够得上B的人", by=board.leader)

    board.review.refresh_from_db()
    assert (board.review.state, board.review.excess_reason) == ("locked", "没有第二个够得上B的人")


def test_the_lock_waits_for_every_authoriser(board):
    wish = Wish(to_grade="A", reason="全年服务标兵", authoriser=board.second.number)
    move = move_person(board.at(3).pk, wish, by=board.member)
    assert refusal(lambda: lock_board(YEAR, reason="超额", by=board.leader)).code == "waiting"

    answer_move(move.pk, consents=False, answer="不同意", by=board.second)
    lock_board(YEAR, by=board.leader)
    assert board.grades() == "ABBCCCCCCDDE"


def test_ties_left_stay_in_their_lane_with_the_leaders_words():
    board = make_board(TIED)
    error = refusal(lambda: lock_board(YEAR, by=board.leader))
    assert "并列" in str(error)

    lock_board(YEAR, reason="两人都按D", by=board.leader)

    assert board.grades() == "ABBCCCCCDDDE"
    assert not AnnualResult.objects.filter(is_undecided=True).exists()
    moves = list(Move.objects.values_list("from_grade", "to_grade", "reason", "by__name"))
    assert moves == [("", "D", "两人都按D", "方志远")] * 2


def test_back_from_the_lock_needs_a_reason_and_leaves_decided_ties_decided():
    board = make_board(TIED)
    lock_board(YEAR, reason="两人都按D", by=board.leader)
    assert refusal(lambda: reopen_board(YEAR, reason="", by=board.leader)).code == "reason_missing"

    reopen_board(YEAR, reason="漏看了一份申诉", by=board.leader)

    board.review.refresh_from_db()
    assert (board.review.state, board.review.locked_at, board.review.excess_reason) == ("open", None, "")
    assert board.grades() == "ABBCCCCCDDDE"


def test_a_leader_who_is_in_the_pool_himself_is_not_told_how_many_lie_where(board):
    move_person(board.at(3).pk, Wish(to_grade="C", reason="投诉"), by=board.member)
    AnnualResult.objects.filter(pk=board.at(4).pk).update(employee=board.leader)

    error = refusal(lambda: lock_board(YEAR, by=board.leader))

    assert "人数不合比例" in str(error)
    assert "B" not in str(error)
    lock_board(YEAR, reason="理由在此", by=board.leader)
