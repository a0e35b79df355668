"""Moving a card: what it needs, what refuses it, and who answers for it."""

import pytest

from audit.models import Event
from calibration.models import Move
from calibration.services.moving import Wish, answer_move, move_person
from calibration.services.noting import note_person
from calibration.states import MoveState
from common.errors import ConflictError, RuleError
from notices.models import Message
from people.models import GroupMember, ReportingLine
from scoring.models import AnnualResult
from scoring.states import ReviewState
from tests import world
from tests.calibration.conftest import fill, make_board

pytestmark = pytest.mark.django_db


def refusal(act) -> str:
    with pytest.raises(RuleError) as refused:
        act()
    return refused.value.code


def wish(to: str, reason: str = "五月有一次有效投诉", **more) -> Wish:
    return Wish(to_grade=to, reason=reason, **more)


def test_a_member_moves_somebody_with_a_reason_and_no_score_changes(board):
    place = board.at(3)

    move = move_person(place.pk, wish("C"), by=board.member)

    after = board.at(3)
    assert (move.from_grade, move.to_grade, move.state) == ("B", "C", MoveState.DONE)
    assert (after.grade, after.computed_grade) == ("C", "B")
    assert (after.coefficient, after.rank, after.bonus) == (place.coefficient, place.rank, place.bonus)
    assert after.version == place.version + 1
    board.review.refresh_from_db()
    assert board.review.revision == 2
    event = Event.objects.get(action="board.moved")
    assert (event.before, event.reason) == ({"grade": "B"}, "五月有一次有效投诉")
    assert event.after == {"grade": "C", "authoriser": None}


def test_nobody_else_is_changed_by_a_move(board):
    move_person(board.at(3).pk, wish("C"), by=board.member)

    assert board.grades() == "ABCCCCCCCDDE"


def test_a_move_without_a_reason_is_refused(board):
    assert refusal(lambda: move_person(board.at(3).pk, wish("C", " "), by=board.member)) == "reason_missing"
    assert refusal(lambda: move_person(board.at(3).pk, wish("C", "长" * 301), by=board.member)) == "too_long"
    assert not Move.objects.exists()


@pytest.mark.parametrize("who", ["manager", "hr", "auditor", "supervisor"])
def test_only_the_group_moves(board, who):
    assert refusal(lambda: move_person(board.at(3).pk, wish("C"), by=getattr(board, who))) == "not_allowed"


@pytest.mark.parametrize(
    "state", [ReviewState.PREPARING, ReviewState.PREVIEW, ReviewState.LOCKED, ReviewState.PUBLISHED]
)
def test_cards_move_only_while_the_board_is_open(board, state):
    board.review.state = state
    board.review.published_at = board.review.closed_at
    board.review.save()

    assert refusal(lambda: move_person(board.at(3).pk, wish("C"), by=board.member)) == "not_now"


def test_a_grade_that_the_scheme_has_not_and_the_one_he_has_are_refused(board):
    assert refusal(lambda: move_person(board.at(3).pk, wish("F"), by=board.member)) == "no_such_grade"
    assert refusal(lambda: move_person(board.at(3).pk, wish("B"), by=board.member)) == "same_grade"


def test_who_comes_late_hears_who_moved_the_card_where(board):
    seen = board.at(3).version
    move_person(board.at(3).pk, wish("C", seen=seen), by=board.member)

    with pytest.raises(ConflictError) as refused:
        move_person(board.at(3).pk, wish("D", seen=seen), by=board.second)

    assert "沈玉兰" in refused.value.theirs
    assert refused.value.theirs.endswith("移到C")
    assert board.at(3).grade == "C"


def test_nobody_moves_himself_nor_his_own_line_upwards(board):
    mine, boss = board.people[3], board.people[4]
    world.in_group(mine)
    ReportingLine.objects.filter(employee=mine).update(superior=boss)

    for rank in (4, 5):
        able = {"authoriser": board.member.number}
        assert refusal(lambda rank=rank, able=able: move_person(board.at(rank).pk, wish("D", **able), by=mine)) == (
            "not_allowed"
        )


def test_whoever_is_ungraded_cannot_be_moved(board):
    AnnualResult.objects.filter(pk=board.at(3).pk).update(rank=None, grade="", computed_grade="", months=4)

    assert refusal(lambda: move_person(board.at(3).pk, wish("C"), by=board.member)) == "not_graded"


def test_a_critical_incident_keeps_from_the_best_grade_and_from_no_other():
    board = make_board(())
    fill(board, [("甲", "96"), ("乙", "92"), ("丙", "91"), ("丁", "80"), ("戊", "70")] * 2, barred="乙")
    place = AnnualResult.objects.filter(employee__name="乙").earliest("pk")

    assert refusal(lambda: move_person(place.pk, wish("A"), by=board.member)) == "barred"


def test_against_the_order_a_move_waits_for_its_authoriser(board):
    place = board.at(3)
    assert refusal(lambda: move_person(place.pk, wish("A"), by=board.member)) == "authoriser_missing"

    move = move_person(place.pk, wish("A", authoriser=board.second.number), by=board.member)

    assert (move.state, move.authoriser, board.at(3).grade) == (MoveState.WAITING, board.second, "A")
    message = Message.objects.get(kind="move_to_authorise")
    assert (message.recipient, message.path) == (board.second, "/calibration/2026/changes/")
    assert refusal(lambda: move_person(place.pk, wish("C"), by=board.leader)) == "waiting"


def test_the_department_manager_may_authorise_but_no_stranger_nor_oneself(board):
    place = board.at(3)
    for who in (board.member, board.hr, board.supervisor):
        unfit = wish("A", authoriser=who.number)
        assert refusal(lambda unfit=unfit: move_person(place.pk, unfit, by=board.member)) == "authoriser_unfit"

    move = move_person(place.pk, wish("A", authoriser=board.manager.number), by=board.member)
    assert answer_move(move.pk, consents=True, by=board.manager).state == MoveState.AUTHORISED


def test_nobody_answers_for_a_move_of_his_own_superior(board):
    ReportingLine.objects.create(employee=board.second, superior=board.people[2], starts_on=world.LONG_AGO)

    unfit = wish("A", authoriser=board.second.number)
    assert refusal(lambda: move_person(board.at(3).pk, unfit, by=board.member)) == "authoriser_unfit"


def test_an_authorised_move_stands_with_its_words(board):
    move = move_person(board.at(3).pk, wish("A", authoriser=board.second.number), by=board.member)

    done = answer_move(move.pk, consents=True, answer="同意", by=board.second)

    assert (done.state, done.answer, board.at(3).grade) == (MoveState.AUTHORISED, "同意", "A")
    assert Message.objects.filter(kind="move_answered", recipient=board.member).exists()
    assert refusal(lambda: answer_move(move.pk, consents=False, answer="再想想", by=board.second)) == "answered"


def test_a_refused_move_is_moved_back_by_a_row_of_its_own(board):
    move = move_person(board.at(3).pk, wish("A", authoriser=board.second.number), by=board.member)
    assert refusal(lambda: answer_move(move.pk, consents=False, by=board.second)) == "answer_missing"

    answer_move(move.pk, consents=False, answer="系数低于第二名", by=board.second)

    moves = list(Move.objects.values_list("from_grade", "to_grade", "state", "by__name"))
    assert moves == [("B", "A", "refused", "沈玉兰"), ("A", "B", "done", "韩冰")]
    assert board.grades() == "ABBCCCCCCDDE"


@pytest.mark.parametrize("who", ["leader", "hr", "manager", "member"])
def test_only_who_was_asked_consents(board, who):
    move = move_person(board.at(3).pk, wish("A", authoriser=board.second.number), by=board.member)

    assert refusal(lambda: answer_move(move.pk, consents=True, by=getattr(board, who))) == "not_allowed"


def test_an_authoriser_who_has_left_the_group_cannot_consent_any_more(board):
    move = move_person(board.at(3).pk, wish("A", authoriser=board.second.number), by=board.member)
    GroupMember.objects.filter(employee=board.second).delete()

    assert refusal(lambda: answer_move(move.pk, consents=True, by=board.second)) == "not_allowed"
    assert answer_move(move.pk, consents=False, answer="没人授权", by=board.leader).state == MoveState.REFUSED


def test_whoever_moved_takes_a_waiting_move_back(board):
    move = move_person(board.at(3).pk, wish("A", authoriser=board.second.number), by=board.member)

    answer_move(move.pk, consents=False, answer="弄错了", by=board.member)

    assert board.at(3).grade == "B"
    assert not Message.objects.filter(kind="move_answered").exists()


def test_a_tie_is_decided_by_a_move_and_open_again_when_that_is_refused():
    board = make_board(("96", "92", "91", "88", "86", "84", "82", "80", "75", "75", "70", "52"))
    assert board.grades() == "ABBCCCCC--DE"

    move_person(board.at(9).pk, wish("C"), by=board.member)
    assert (board.at(9).grade, board.at(9).is_undecided) == ("C", False)
    assert Move.objects.get().from_grade == ""

    move = move_person(board.at(10).pk, wish("B", authoriser=board.second.number), by=board.member)
    answer_move(move.pk, consents=False, answer="不合适", by=board.second)
    assert (board.at(10).grade, board.at(10).is_undecided) == ("", True)


def test_who_has_himself_in_the_pool_moves_only_with_an_authoriser(board):
    mine = world.in_group(board.people[3])

    assert refusal(lambda: move_person(board.at(9).pk, wish("D"), by=mine)) == "authoriser_missing"
    assert refusal(lambda: move_person(board.at(12).pk, wish("D"), by=mine)) == "authoriser_missing"
    move = move_person(board.at(9).pk, wish("D", authoriser=board.member.number), by=mine)
    assert move.state == MoveState.WAITING


def test_a_note_marks_the_card_and_moves_nobody(board):
    note_person(board.at(5).pk, text="讨论过两次迟报", by=board.member)

    assert board.at(5).is_discussed
    assert board.grades() == "ABBCCCCCCDDE"


def test_a_note_needs_words_a_member_and_an_open_board(board):
    assert refusal(lambda: note_person(board.at(5).pk, text=" ", by=board.member)) == "text_missing"
    assert refusal(lambda: note_person(board.at(5).pk, text="看过", by=board.hr)) == "not_allowed"
    board.review.state = ReviewState.LOCKED
    board.review.save()
    assert refusal(lambda: note_person(board.at(5).pk, text="看过", by=board.member)) == "not_now"
