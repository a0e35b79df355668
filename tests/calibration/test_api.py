"""The board by the API: the same rows, the same acts, the same refusals."""

import pytest

from calibration.models import Move
from calibration.services.moving import Wish, move_person
from people.models import Employee, ReportingLine
from tests import world
from tests.calibration.conftest import YEAR
from tests.calibration.test_pages import asks

pytestmark = pytest.mark.django_db
BOARD = f"/api/v1/boards/{YEAR}/"


def post(person: Employee, path: str, body: dict[str, object]) -> tuple[int, dict[str, object]]:
    answer = asks(person).post(BOARD + path, body, content_type="application/json")
    return answer.status_code, answer.json() if answer.content else {}


def test_a_member_reads_lanes_with_cards_and_what_must_move(board):
    move_person(board.at(3).pk, Wish(to_grade="C", reason="投诉"), by=board.member)

    told = asks(board.member).get(BOARD).json()

    assert told["review"] == {
        **told["review"],
        "year": YEAR,
        "state": "open",
        "revision": 2,
    }
    assert told["shifts"] == [{"from_grade": "C", "to_grade": "B", "people": 1}]
    best, good = told["lanes"][:2]
    assert (best["grade"], best["count"], best["places"], best["exact"]) == ("A", 1, 1, "0.60")
    assert (good["count"], good["places"]) == (1, 2)
    card = best["cards"][0]
    assert (card["name"], card["coefficient"], card["rank"], card["computed"]) == ("员工01", "96.00", 1, "A")
    assert [row["number"] for row in asks(board.member).get(f"{BOARD}moves/").json()["results"]] == [
        board.people[2].number
    ]


def test_nobody_finds_himself_or_his_superior_on_it(board):
    mine, boss = world.in_group(board.people[3]), board.people[4]
    ReportingLine.objects.filter(employee=mine).update(superior=boss)

    told = asks(mine).get(BOARD).json()

    cards = [card for lane in told["lanes"] for card in lane["cards"]]
    assert {mine.number, boss.number}.isdisjoint(card["number"] for card in cards)
    assert told["is_partial"]
    assert told["shifts"] == []
    assert {lane["places"] for lane in told["lanes"]} == {None}
    assert {card["rank"] for card in cards} == {None}
    body = {"card": board.at(4).pk, "to_grade": "A", "reason": "我", "version": 1}
    assert post(mine, "move/", body)[0] == 404


def test_who_has_no_board_finds_none(board):
    client = asks(board.supervisor)

    assert client.get("/api/v1/boards/").json()["results"] == []
    assert client.get(BOARD).status_code == 404
    assert client.get(f"{BOARD}?pool=nowhere").status_code == 404
    assert post(board.supervisor, "move/", {})[0] == 404


def test_a_member_moves_and_a_reader_may_not(board):
    body = {"card": board.at(3).pk, "to_grade": "C", "reason": "投诉", "version": 1}
    status, told = post(board.hr, "move/", body)
    assert (status, told["code"]) == (422, "not_allowed")

    status, told = post(board.member, "move/", body)

    assert (status, told["from_grade"], told["to_grade"], told["state"]) == (200, "B", "C", "done")
    status, told = post(board.second, "move/", {**body, "to_grade": "D"})
    assert (status, told["code"]) == (409, "changed_meanwhile")
    assert board.at(3).grade == "C"


def test_against_the_order_it_needs_an_authoriser_who_answers(board):
    body = {"card": board.at(3).pk, "to_grade": "A", "reason": "标兵", "version": 1}
    status, told = post(board.member, "move/", body)
    assert (status, told["code"], told["field"]) == (422, "authoriser_missing", "authoriser")

    status, told = post(board.member, "move/", {**body, "authoriser": board.second.number})
    assert (status, told["state"], told["authoriser"]) == (200, "waiting", board.second.number)
    answer = {"move": told["id"], "consents": True}
    assert post(board.leader, "answer/", answer)[1]["code"] == "not_allowed"
    assert post(board.second, "answer/", answer)[1]["state"] == "authorised"
    assert post(board.second, "answer/", answer)[1]["code"] == "answered"


def test_a_note_is_written_and_an_unknown_field_refused(board):
    assert post(board.member, "note/", {"card": board.at(3).pk, "text": "看过"}) == (204, {})
    assert board.at(3).is_discussed
    status, told = post(board.member, "note/", {"card": board.at(3).pk, "text": "看过", "grade": "A"})
    assert (status, list(told)) == (400, ["grade"])
    assert post(board.member, "note/", {"card": 10**9, "text": "看过"})[0] == 404
    assert not Move.objects.exists()


def test_the_leader_locks_and_opens_again_and_a_member_may_not(board):
    status, told = post(board.member, "lock/", {})
    assert (status, told["code"]) == (422, "not_allowed")

    status, told = post(board.leader, "lock/", {"reason": "人数合比例"})
    assert (status, told["state"]) == (200, "locked")
    assert post(board.leader, "reopen/", {})[1]["field"] == "reason"
    assert post(board.leader, "reopen/", {"reason": "漏看一人"})[1]["state"] == "open"
    assert post(board.leader, "open/", {})[0] == 422
    assert post(board.leader, "preview/", {})[0] == 422
