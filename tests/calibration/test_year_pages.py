"""The pages of the year: who sees what of it and when, and what the file holds."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calibration.models import Move
from calibration.services.correcting import correct_year
from calibration.states import MoveState
from people.models import Employee
from people.selectors import standing_of
from people.states import Role
from reports.selectors.todos import waiting_for
from scoring.models import AnnualResult, AnnualReview, PastGrade
from scoring.states import ReviewState
from tests import world
from tests.calibration.conftest import YEAR, fill, make_board
from tests.calibration.years import THEN, a_team, corrected, published
from tests.counting import statements
from tests.kpi_portal.speaking import Speaker
from tests.reports.books import heads, table

pytestmark = pytest.mark.django_db


def client_of(somebody: Employee) -> Client:
    client = Client()
    assert somebody.account is not None
    client.force_login(somebody.account)
    return client


def page(somebody: Employee, path: str, status: int = 200) -> str:
    answer = client_of(somebody).get(path)
    assert answer.status_code == status, answer.content.decode()[:300]
    return answer.content.decode()


def publish(board, **facts: object) -> None:
    """The year as it stands, published; with bonuses by hand."""
    AnnualReview.objects.filter(pk=board.review.pk).update(state=ReviewState.PUBLISHED, published_at=timezone.now())
    for row in AnnualResult.objects.filter(review=board.review):
        row.bonus = Decimal("3275.21")
        row.factors |= {"completion": "96.50", "factor": "1.0", "base_salary": "3400.00"}
        row.save()


def test_hr_reckons_a_year_and_reads_it_with_bonuses_others_without(board):
    with_pay, without = page(board.hr, f"/year/{YEAR}/"), page(board.manager, f"/year/{YEAR}/")

    assert "年终奖金合计" in with_pay
    assert "年终奖金（元）" in with_pay
    assert "年终奖金合计" not in without
    assert "年终奖金（元）" not in without
    assert "员工01" in without
    assert "公司任务完成率" in with_pay


@pytest.mark.parametrize("who", ["manager", "auditor", "leader"])
def test_who_answers_for_the_year_reads_it_but_may_not_reckon(board, who):
    page(getattr(board, who), f"/year/{YEAR}/")

    answer = client_of(getattr(board, who)).post(f"/year/{YEAR}/reckon/", {"completion": "90"})

    assert answer.status_code == 403


def test_an_employee_and_a_member_do_not_read_the_year_as_a_whole(board):
    for somebody in (board.people[0], board.member, board.supervisor):
        page(somebody, f"/year/{YEAR}/", 403)
        assert client_of(somebody).get(f"/year/{YEAR}/report.xlsx").status_code == 403


def test_the_general_manager_reads_the_year_without_amounts(board):
    chief = world.with_role(world.person("总经理", None, account=True), Role.GENERAL_MANAGER)

    words = page(chief, f"/year/{YEAR}/")

    assert "员工01" in words
    assert "年终奖金（元）" not in words


def test_a_wrong_completion_rate_is_refused_in_words(board):
    client = client_of(board.hr)
    for text in ("", "abc", "-1", "1001", "9.999"):
        answer = client.post(f"/year/{YEAR}/reckon/", {"completion": text}, follow=True)
        assert "完成率" in answer.content.decode()
    assert AnnualReview.objects.get().completion == Decimal("96.5")


def test_what_was_typed_into_a_refused_step_stands_on_the_next_page_once(board):
    hr = client_of(board.hr)
    place = reverse("calibration:step", args=[YEAR, "lock"])

    hr.post(place, {"reason": "区域合并，缺一人", "csrfmiddlewaretoken": "x"})
    first, second = (hr.get(f"/year/{YEAR}/").content.decode() for _time in range(2))

    kept = json.loads(first.split('id="kp-kept" type="application/json">')[1].split("</script>")[0])
    assert kept == {"action": place, "fields": {"reason": ["区域合并，缺一人"]}}
    assert "kp-kept" not in second


def test_before_publication_nobody_finds_himself_nor_what_would_give_him_away(board):
    own = board.people[2]
    world.with_role(own, Role.HR)

    words = page(own, f"/year/{YEAR}/")

    words = words.split("<main")[1]
    assert "员工03" not in words
    assert "名额" not in words.split('id="people"')[1].split("等级带来什么")[0]
    assert "看得到的" in words
    book = client_of(own).get(f"/year/{YEAR}/report.xlsx").content
    rows = table(book, "年度汇总")
    assert [row["名次"] for row in rows] == [None] * 11
    assert {row["姓名"] for row in rows} == {one.name for one in board.people if one != own}
    assert "员工03" in page(board.hr, f"/year/{YEAR}/")


def test_the_file_has_no_bonus_for_who_may_not_see_it(board):
    publish(board)
    full = client_of(board.hr).get(f"/year/{YEAR}/report.xlsx")
    plain = client_of(board.manager).get(f"/year/{YEAR}/report.xlsx")

    assert "年终奖金" in heads(full.content, "年度汇总")
    assert "年终奖金" not in heads(plain.content, "年度汇总")
    assert "%E6%97%A0%E5%A5%96%E9%87%91" in plain.headers["Content-Disposition"]


def test_while_the_group_moves_the_bonus_follows_the_grade_that_stands(board):
    row = board.at(4)
    row.factors |= {"completion": "96.50", "base_salary": "3400.00"}
    row.grade = "B"
    row.save()

    rows = {row["姓名"]: row for row in table(client_of(board.hr).get(f"/year/{YEAR}/report.xlsx").content, "年度汇总")}

    assert (rows["员工04"]["等级"], rows["员工04"]["年终奖金"]) == ("B", 3464.74)


def test_ones_own_year_is_there_from_publication_on_and_never_anothers(board):
    one = board.people[3]
    page(one, f"/year/mine/{YEAR}/", 404)
    assert "还没有公布" in page(one, "/year/mine/")
    publish(board)

    words = page(one, f"/year/mine/{YEAR}/")

    assert "88.00" in words
    assert "中位数 83.00%，从 52.00% 到 96.00%" in words
    assert "3,275.21" in words
    assert "名次" not in words
    page(board.hr, f"/year/mine/{YEAR}/", 404)


def test_moves_are_told_with_their_reason_and_without_who_made_them(board):
    row = board.at(4)
    facts = {"by": board.member, "at": timezone.now()}
    Move.objects.create(result=row, from_grade="C", to_grade="D", reason="误点", **facts)
    Move.objects.create(result=row, from_grade="D", to_grade="C", reason="移回", **facts)
    Move.objects.create(result=row, from_grade="C", to_grade="B", reason="全年无差错", **facts)
    Move.objects.create(
        result=row,
        from_grade="B",
        to_grade="A",
        reason="再高些",
        state=MoveState.REFUSED,
        authoriser=board.leader,
        **facts,
    )
    publish(board)

    words = page(board.people[3], f"/year/mine/{YEAR}/")

    assert "全年无差错" in words
    assert not [one for one in ("误点", "移回", "再高些", board.member.name, board.leader.name) if one in words]


def test_in_a_small_pool_nothing_is_told_of_the_others():
    board = make_board(("90", "80", "70"))
    publish(board)

    assert "中位数" not in page(board.people[1], f"/year/mine/{YEAR}/")


def test_what_follows_is_said_in_soft_words(board):
    row = board.at(12)
    row.consequences = ["no_annual_bonus", "demote_or_dismiss"]
    row.save()
    publish(board)

    words = page(board.people[11], f"/year/mine/{YEAR}/")

    assert "辞退" not in words
    assert "听你的意见" in words


def test_the_page_of_publication_says_what_will_follow_and_publishes_once(board):
    assert "disabled" in page(board.hr, f"/year/{YEAR}/publish/")
    page(board.leader, f"/year/{YEAR}/publish/", 403)
    answer = client_of(board.hr).post(f"/year/{YEAR}/publish/", follow=True)
    assert "组长锁定等级后才能公布" in answer.content.decode()
    board.review.refresh_from_db()
    assert board.review.state == ReviewState.OPEN


def a_published_company():
    board = make_board(())
    somebody = a_team(["吴倩"], board.supervisor)[0]
    months = published(somebody, board.supervisor, ["80.00"] * 6)
    row = AnnualResult.objects.create(
        review=board.review,
        employee=somebody,
        months=6,
        coefficient=Decimal(80),
        rank=1,
        computed_grade="C",
        grade="C",
    )
    AnnualReview.objects.update(closed_at=THEN)
    publish(board)
    corrected(months[0], "86.00", timezone.now())
    return board, row


def test_a_year_overtaken_by_a_correction_is_listed_and_corrected_on_its_page():
    board, row = a_published_company()
    assert "80.00% → <b>81.00%" in page(board.hr, f"/year/{YEAR}/")
    path = f"/year/{YEAR}/people/{row.pk}/correct/"
    assert "81.00%" in page(board.hr, path)
    page(board.manager, path, 404)

    assert client_of(board.hr).post(path, {"reason": ""}).status_code == 422
    answer = client_of(board.hr).post(path, {"reason": "一月的申诉成立"}, follow=True)

    assert "已更正吴倩的年度结果" in answer.content.decode()
    row.refresh_from_db()
    assert (row.coefficient, row.grade, row.bonus) == (Decimal(81), "C", Decimal("2657.61"))
    words = page(row.employee, f"/year/mine/{YEAR}/")
    assert "一月的申诉成立" in words
    assert "后来变了的" not in page(board.hr, f"/year/{YEAR}/")


def test_the_leader_raises_a_grade_on_the_page_and_a_refusal_keeps_what_was_typed():
    board, row = a_published_company()
    path = f"/year/{YEAR}/people/{row.pk}/correct/"
    row.factors |= {"barred_by": ["BL-1"]}
    row.save()
    assert client_of(board.leader).post(path, {"new_grade": "D", "reason": "不降"}).status_code == 422
    early = client_of(board.leader).post(path, {"new_grade": "B", "reason": "按更正后的系数"})
    assert early.status_code == 422
    assert "先由人力资源部更正数字" in early.content.decode()
    correct_year(row.pk, grade=row.grade, reason="一月的申诉成立", by=board.hr)

    answer = client_of(board.leader).post(path, {"new_grade": "B", "reason": "按更正后的系数"})

    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.grade == "B"


def test_hr_is_told_of_the_year_to_close_to_publish_and_to_correct():
    board, row = a_published_company()
    waits = {
        one.what: one for one in waiting_for(board.hr, standing_of(board.hr, date(YEAR, 6, 1)), date(YEAR + 1, 1, 5))
    }
    assert (waits["correct_year"].n, waits["correct_year"].ident, waits["correct_year"].name) == (1, YEAR, "吴倩")
    assert "close_year" not in waits
    AnnualResult.objects.all().delete()
    AnnualReview.objects.all().delete()

    waits = {
        one.what: one for one in waiting_for(board.hr, standing_of(board.hr, date(YEAR, 6, 1)), date(YEAR + 1, 1, 5))
    }

    assert (waits["close_year"].n, waits["close_year"].ident) == (1, YEAR)
    PastGrade.objects.create(year=YEAR, employee=row.employee, grade="C")
    left = {one.what for one in waiting_for(board.hr, standing_of(board.hr, date(YEAR, 6, 1)), date(YEAR + 1, 1, 5))}
    assert "close_year" not in left


def test_the_page_asks_the_same_few_statements_for_ten_and_for_three_hundred():
    few = make_board()
    client = client_of(few.hr)
    client.get(f"/year/{YEAR}/")
    little = statements(lambda: client.get(f"/year/{YEAR}/"))
    fill(few, [(f"更多{n}", f"{60 + n / 10:.2f}") for n in range(300)])

    much = statements(lambda: client.get(f"/year/{YEAR}/"))

    assert much == little <= 15


def test_the_api_reads_reckons_and_corrects_the_year(board):
    hr, manager, agent = Speaker(board.hr), Speaker(board.manager), Speaker(board.people[3])
    assert [row["year"] for row in hr.rows("years/")] == [YEAR]
    assert agent.rows("years/") == []
    assert agent.get(f"years/{YEAR}/rows/").status_code == 404
    assert agent.get(f"years/{YEAR}/mine/").status_code == 404
    assert manager.post(f"years/{YEAR}/reckon/", completion="90").status_code == 403
    publish(board)

    rows = {row["name"]: row for row in hr.rows(f"years/{YEAR}/rows/")}
    assert (rows["员工04"]["bonus"], rows["员工04"]["rank"]) == ("3275.21", 4)
    assert {row["bonus"] for row in manager.rows(f"years/{YEAR}/rows/")} == {None}
    own = agent.get(f"years/{YEAR}/mine/").json()
    assert (own["coefficient"], own["grade"], own["factors"]["base_salary"]) == ("88.00", "C", "3400.00")
    answer = hr.post(f"years/{YEAR}/publish/")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_now")
    answer = hr.post(f"years/{YEAR}/correct/", employee=board.people[3].number, reason="更正")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_results")
