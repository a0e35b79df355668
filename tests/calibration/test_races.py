"""Two at once on the board, on PostgreSQL where locks are real: one wins, the other is told, nothing is doubled."""

from functools import partial

import pytest

from calibration.models import Move, ReviewStep
from calibration.services.moving import Wish, answer_move, move_person
from calibration.services.phases import lock_board
from calibration.states import MoveState
from scoring.models import AnnualResult, AnnualReview
from scoring.states import ReviewState
from tests.calibration.conftest import YEAR, Board, make_board
from tests.scoring.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 8


@pytest.fixture
def committed(transactional_db) -> Board:
    """The board, committed, so that other connections see it."""
    return make_board()


def test_of_two_who_move_the_same_card_one_wins_and_the_other_hears_it(committed):
    for _round in range(ROUNDS):
        place = committed.at(3)
        one = Wish(to_grade="C", reason="投诉", seen=place.version)
        other = Wish(to_grade="D", reason="投诉", seen=place.version, authoriser=committed.leader.number)

        outcomes = at_once(
            partial(move_person, place.pk, one, by=committed.member),
            partial(move_person, place.pk, other, by=committed.second),
        )

        assert sorted(outcomes) == ["changed_meanwhile", "done"]
        assert committed.at(3).version == place.version + 1
        assert Move.objects.filter(result=place).count() == 1
        Move.objects.all().delete()
        AnnualResult.objects.filter(pk=place.pk).update(grade="B")


def test_a_move_and_the_lock_at_once_leave_no_unseen_move_behind(committed):
    for _round in range(ROUNDS):
        place = committed.at(3)

        outcomes = at_once(
            partial(move_person, place.pk, Wish(to_grade="C", reason="投诉"), by=committed.member),
            lambda: lock_board(YEAR, by=committed.leader),
        )

        review = AnnualReview.objects.get()
        if outcomes[1] == "done":
            assert (outcomes[0], review.state, committed.at(3).grade) == ("not_now", "locked", "B")
        else:
            assert (outcomes, review.state, committed.at(3).grade) == (["done", "reason_missing"], "open", "C")
        Move.objects.all().delete()
        ReviewStep.objects.all().delete()
        AnnualResult.objects.filter(pk=place.pk).update(grade="B")
        AnnualReview.objects.update(state=ReviewState.OPEN, locked_at=None)


def test_two_answers_at_once_leave_one(committed):
    for _round in range(ROUNDS):
        wish = Wish(to_grade="A", reason="标兵", authoriser=committed.second.number)
        move = move_person(committed.at(3).pk, wish, by=committed.member)

        outcomes = at_once(
            partial(answer_move, move.pk, consents=True, by=committed.second),
            partial(answer_move, move.pk, consents=False, answer="弄错了", by=committed.member),
        )

        assert sorted(outcomes) == ["answered", "done"]
        move.refresh_from_db()
        stands = {MoveState.AUTHORISED: "A", MoveState.REFUSED: "B"}[MoveState(move.state)]
        assert committed.at(3).grade == stands
        Move.objects.all().delete()
        AnnualResult.objects.update(version=1)
        AnnualResult.objects.filter(employee=committed.people[2]).update(grade="B")
