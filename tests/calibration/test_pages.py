"""The pages of the board: who sees what, what they say, and that they don't slow down with their people."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode
from openpyxl import load_workbook

from calibration.models import Move
from calibration.services.moving import Wish, move_person
from calibration.services.noting import note_person
from people.models import Employee, ReportingLine
from scoring.models import AnnualResult
from scoring.states import ReviewState
from tests import world
from tests.calibration.conftest import YEAR, Board, fill, make_board
from tests.counting import statements

pytestmark = pytest.mark.django_db
BOARD = f"/calibration/{YEAR}/"


def asks(person: Employee) -> Client:
    client = Client()
    assert person.account is not None
    client.force_login(person.account)
    return client


def text(client: Client, path: str, headers: dict[str, str] | None = None) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_member_sees_lanes_with_counts_places_and_exact_shares(board):
    page = text(asks(board.member), BOARD)

    assert "2026年 · 全公司" in page
    assert "5% = 0.60人" in page
    assert page.count('class="pc') == 12
    assert f"第 1 名 · {board.at(1).months} 个月" in page
    assert "各等级人数都正好" in page


def test_somebody_is_found_in_the_table_by_name_or_number(board):
    sought, client = board.at(4).employee, asks(board.member)

    for word in (sought.number.lower(), sought.name):
        rows = text(client, f"{BOARD}table/?person={word}")
        assert rows.count("<tr>") == 2, word  # the head's and his
        assert f">{sought.name}</a>" in rows
    assert "这里没有这个人" in text(client, f"{BOARD}table/?person=查无此人")


def test_the_next_page_of_the_table_keeps_grade_and_word(board, monkeypatch):
    monkeypatch.setattr("calibration.views.board.PAGE_SIZE", 1)

    rows = text(asks(board.member), f"{BOARD}table/?grade=C&person=T")

    assert 'rel="next" href="?grade=C&amp;person=T&amp;page=2"' in rows


@pytest.mark.parametrize("who", ["leader", "member", "manager", "hr", "auditor"])
def test_the_group_the_manager_hr_and_the_auditor_read(board, who):
    assert asks(getattr(board, who)).get(BOARD).status_code == 200


def test_a_stranger_finds_no_board(board):
    client = asks(board.supervisor)

    for path in (
        BOARD,
        f"{BOARD}table/",
        f"{BOARD}live/",
        f"{BOARD}changes/",
        f"{BOARD}minutes/",
        f"{BOARD}minutes.xlsx",
    ):
        assert client.get(path).status_code == 404
    assert client.get("/calibration/").status_code == 403
    assert "年度校准" not in text(client, "/")


def test_while_it_is_prepared_nobody_sees_grades_and_the_leader_may_begin():
    board = make_board(state=ReviewState.PREPARING)

    page = text(asks(board.leader), BOARD)
    assert "开始预览" in page
    assert "员工01" not in page
    assert "开始预览</button>" not in text(asks(board.member), BOARD)
    assert asks(board.member).get(f"{BOARD}table/").status_code == 404


def test_without_a_year_the_page_says_why_there_is_none(db):
    leader = world.in_group(world.person("方志远", None, account=True))

    assert "还没有年度可以校准" in text(asks(leader), "/calibration/")


def test_what_must_still_move_is_said_in_words(board):
    move_person(board.at(3).pk, Wish(to_grade="C", reason="投诉"), by=board.member)

    page = text(asks(board.member), BOARD)

    assert "还要动1人：" in page
    assert "B少1人、C多1人。把1人从C移到B" in page
    assert "B→C" in page


def test_nobody_sees_himself_nor_his_superior_and_then_no_places_and_no_ranks(board):
    mine, boss = world.in_group(board.people[3]), board.people[4]
    ReportingLine.objects.filter(employee=mine).update(superior=boss)
    move_person(board.at(3).pk, Wish(to_grade="C", reason="投诉"), by=board.member)
    client = asks(mine)

    page = text(client, BOARD)
    main = page[page.index('id="board"') :]
    assert page.count('class="pc') == 10
    assert mine.name not in main
    assert boss.name not in main
    assert "5% =" not in page
    assert "还要动" not in page
    assert "所以不显示名额和名次" in page
    rows = text(client, f"{BOARD}table/")
    assert '<th class="num">名次</th>' not in rows
    for rank in (4, 5):
        assert client.get(f"{BOARD}people/{board.at(rank).pk}/").status_code == 404
        assert client.get(f"{BOARD}people/{board.at(rank).pk}/move/?to=D").status_code == 404
    sheet = text(client, f"{BOARD}people/{board.at(6).pk}/")
    assert "第 6 名" not in sheet
    dialog = text(client, f"{BOARD}people/{board.at(6).pk}/move/?to=D")
    assert "移后" not in dialog
    assert "请谁授权" in dialog


def test_moves_of_the_hidden_are_neither_in_the_list_nor_in_the_minutes(board):
    move_person(board.at(4).pk, Wish(to_grade="D", reason="年内投诉", authoriser=board.second.number), by=board.member)
    note_person(board.at(4).pk, text="说过的话", by=board.member)
    mine = world.in_group(board.people[3])

    for path in ("changes/", "minutes/"):
        assert "年内投诉" in text(asks(board.member), BOARD + path)
        assert "年内投诉" not in text(asks(mine), BOARD + path)
        assert "说过的话" not in text(asks(mine), BOARD + path)
    assert [row[1] for row in rows_of(asks(board.member), "移动")] == [mine.name]
    assert rows_of(asks(mine), "移动") == []
    assert rows_of(asks(mine), "人数") == []


def test_the_dialog_says_what_will_follow(board):
    dialog = text(asks(board.member), f"{BOARD}people/{board.at(3).pk}/move/?to=C", headers={"hx-request": "true"})

    assert "把员工03从 B 移到 C" in dialog
    assert "B 1 / 2、C 7 / 6，B少1人、C多1人。" in dialog
    assert "年度奖金系数1.2变为1，不影响其他人。" in dialog
    assert "授权" not in dialog
    against = text(asks(board.member), f"{BOARD}people/{board.at(3).pk}/move/?to=A", headers={"hx-request": "true"})
    assert "和名次的先后相反：员工02。" in against
    assert "韩冰" in against
    assert asks(board.member).get(f"{BOARD}people/{board.at(3).pk}/move/?to=F").status_code == 404


def test_a_move_by_the_dialog_closes_it_and_without_a_script_leads_to_the_table(board):
    path = f"{BOARD}people/{board.at(3).pk}/move/"
    told = {"to": "C", "reason": "投诉", "version": str(board.at(3).version)}

    answer = asks(board.member).post(path, told, headers={"hx-request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert "kp:board" in answer["HX-Trigger"]

    answer = asks(board.member).post(path, {"to": "B", "reason": "改回"})
    assert answer["Location"] == f"{BOARD}table/"
    assert board.grades() == "ABBCCCCCCDDE"


def test_a_refused_move_comes_back_with_what_was_typed_and_a_late_one_says_who_was_first(board):
    path = f"{BOARD}people/{board.at(3).pk}/move/"
    hx = {"hx-request": "true"}

    answer = asks(board.member).post(path, {"to": "A", "reason": "全年标兵", "version": "1"}, headers=hx)
    assert answer.status_code == 422
    assert "全年标兵" in answer.content.decode()
    assert "选一位授权人" in answer.content.decode()

    move_person(board.at(3).pk, Wish(to_grade="C", reason="投诉"), by=board.second)
    answer = asks(board.member).post(path, {"to": "D", "reason": "我也要移", "version": "1"}, headers=hx)
    assert answer.status_code == 409
    assert "韩冰" in answer.content.decode()


@pytest.mark.parametrize("who", ["manager", "hr", "auditor"])
def test_who_only_reads_cannot_move_by_any_address(board, who):
    client = asks(getattr(board, who))

    client.post(f"{BOARD}people/{board.at(3).pk}/move/", {"to": "C", "reason": "试试"})
    client.post(f"{BOARD}people/{board.at(3).pk}/note/", {"text": "试试"})
    client.post(f"{BOARD}step/lock/", {"reason": "试试"})

    assert not Move.objects.exists()
    assert not board.at(3).is_discussed
    board.review.refresh_from_db()
    assert board.review.state == "open"


def test_news_come_only_when_there_are_any_and_say_who_moved_whom(board):
    client = asks(board.second)
    assert client.get(f"{BOARD}live/", {"revision": "1", "pool": ""}).status_code == 204

    move_person(board.at(3).pk, Wish(to_grade="C", reason="投诉"), by=board.member)
    page = text(client, f"{BOARD}live/?{urlencode({'revision': '1', 'since': '0', 'pool': ''})}")

    assert "沈玉兰把员工03移到了C" in page
    assert 'data-revision="2"' in page
    assert "移到了" not in text(asks(board.member), f"{BOARD}live/?revision=1&since=0&pool=")


def test_the_asked_answers_on_the_list(board):
    wish = Wish(to_grade="A", reason="标兵", authoriser=board.second.number)
    move = move_person(board.at(3).pk, wish, by=board.member)
    path = f"{BOARD}moves/{move.pk}/answer/"
    assert 'name="answer_is" value="yes"' in text(asks(board.second), f"{BOARD}changes/")
    assert 'name="answer_is" value="yes"' not in text(asks(board.leader), f"{BOARD}changes/")
    assert "答复 员工03的等级移动" in text(asks(board.second), "/")

    asks(board.leader).post(path, {"answer_is": "yes"})
    move.refresh_from_db()
    assert move.state == "waiting"
    asks(board.second).post(path, {"answer_is": "yes"})
    move.refresh_from_db()
    assert move.state == "authorised"


def test_members_find_the_open_board_among_their_to_dos(board):
    assert "校准 2026 年度等级" in text(asks(board.member), "/")
    assert "校准 2026 年度等级" not in text(asks(board.hr), "/")


def rows_of(client: Client, sheet: str) -> list[tuple[object, ...]]:
    answer = client.get(f"{BOARD}minutes.xlsx")
    assert answer.status_code == 200
    rows = load_workbook(BytesIO(answer.content))[sheet].iter_rows(min_row=2, values_only=True)
    return [row for row in rows if any(row)]


def test_the_minutes_have_every_move_with_its_reason_and_answer(board):
    move_person(board.at(3).pk, Wish(to_grade="C", reason="五月投诉"), by=board.member)

    rows = rows_of(asks(board.auditor), "移动")

    assert rows[0][:6] == (board.people[2].number, "员工03", "B", "C", "五月投诉", "沈玉兰")
    lanes = [row[1:] for row in rows_of(asks(board.auditor), "人数")]
    assert lanes[:3] == [("A", 1, 1, 0.6), ("B", 1, 2, 2.4), ("C", 7, 6, 6)]


def test_each_pool_has_its_own_board():
    board = make_board(())
    fill(board, [("甲", "96"), ("乙", "92")], pool="managerial")
    fill(board, [("丙", "80"), ("丁", "70")], pool="non_managerial")
    client = asks(board.member)

    page = text(client, f"{BOARD}?pool=non_managerial")
    assert "2026年 · 非管理" in page
    assert ">丙</a>" in page
    assert ">甲</a>" not in page
    assert client.get(f"{BOARD}?pool=nowhere").status_code == 404


def test_whoever_has_too_few_months_stands_below_with_why(board):
    AnnualResult.objects.filter(pk=board.at(12).pk).update(
        rank=None, grade="", computed_grade="", months=4, factors={"why": "few_months", "need": 6}
    )

    page = text(asks(board.member), BOARD)

    assert page.count('class="pc') == 11
    assert "有4个月的结果，满6个月才参评" in page


def many(count: int) -> Sequence[str]:
    return [str(Decimal(9900 - n) / 100) for n in range(count)]


def test_the_board_takes_as_many_statements_for_many_as_for_few():
    few: Board = make_board(many(10))
    client = asks(few.member)
    client.get(BOARD)
    of_few = statements(lambda: client.get(BOARD))
    fill(few, [(f"多{n}", score) for n, score in enumerate(many(60))])

    assert statements(lambda: client.get(BOARD)) == of_few
    assert statements(lambda: client.get(f"{BOARD}table/")) <= of_few
    assert of_few <= 15
    assert statements(lambda: client.get(f"{BOARD}live/?revision=1&pool=")) <= 5
    assert reverse("calibration:board", args=[YEAR]) == BOARD
