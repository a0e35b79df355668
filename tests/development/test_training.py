"""Training requests: asked for, passed on, collected, answered, exported (P5.2, P7.3)."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from development.models import TrainingRequest
from development.permissions import can_view_training, visible_training
from development.services.training import (
    Wanted,
    arrange_training,
    collect_training,
    decline_training,
    pass_training_on,
    request_training,
)
from development.states import TrainingState
from notices.models import Message
from people.selectors import standing_of
from tests.counting import statements
from tests.development.conftest import acknowledged, as_, on, refusal

WANTED = Wanted(topic="投诉处理", why="差错多在投诉单")


def asked(cast) -> TrainingRequest:
    """The agent asks for herself."""
    with on(12):
        return request_training(cast.agent.pk, WANTED, by=cast.agent)


def passed(cast) -> TrainingRequest:
    """The supervisor asks for the agent."""
    with on(12):
        return request_training(cast.agent.pk, WANTED, by=cast.month.supervisor)


def test_the_superior_asks_at_once_and_the_employee_through_him(cast):
    assert passed(cast).passed_at is not None
    own = asked(cast)
    assert own.passed_at is None
    assert Message.objects.get(kind="training_requested").recipient == cast.month.supervisor
    assert refusal(pass_training_on, own.pk, by=cast.agent).code == "not_allowed"
    assert refusal(collect_training, [own.pk], by=cast.month.leader).code == "nothing_to_do"
    with on(12):
        assert pass_training_on(own.pk, by=cast.month.supervisor).passed_at is not None


def test_nobody_asks_for_somebody_elses_people(cast):
    for somebody in (cast.month.second_agent, cast.month.manager, cast.month.hr):
        assert refusal(request_training, cast.agent.pk, WANTED, by=somebody).code == "not_allowed"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(topic=" ", why="x"), "topic_missing"),
        (Wanted(topic="x", why=""), "why_missing"),
        (Wanted(topic="x" * 81, why="x"), "too_long"),
        (Wanted(topic="x", why="x", wanted_by=date(2026, 11, 1)), "date_passed"),
    ],
)
def test_a_request_says_what_and_why(cast, wanted, code):
    with on(12):
        assert refusal(request_training, cast.agent.pk, wanted, by=cast.month.supervisor).code == code


def test_it_is_tied_to_an_interview_of_the_same_person_only(cast):
    made = acknowledged(cast)
    tied = Wanted(topic="投诉处理", why="面谈说好的", interview_id=made.pk)
    with on(12):
        assert request_training(cast.agent.pk, tied, by=cast.month.supervisor).interview == made
        assert request_training(cast.month.second_agent.pk, tied, by=cast.month.supervisor).interview is None


def test_the_group_collects_and_hr_answers(cast):
    one, other = passed(cast), passed(cast)
    assert refusal(collect_training, [one.pk], by=cast.month.supervisor).code == "nothing_to_do"
    assert len(collect_training([one.pk], by=cast.month.leader)) == 1
    assert refusal(collect_training, [one.pk], by=cast.month.leader).code == "nothing_to_do"
    day = date(2026, 12, 1)
    assert refusal(arrange_training, one.pk, day=day, answer="", by=cast.month.leader).code == "not_allowed"
    assert refusal(arrange_training, one.pk, day=None, answer="", by=cast.month.hr).code == "day_missing"
    assert arrange_training(one.pk, day=day, answer="", by=cast.month.hr).state == TrainingState.ARRANGED
    assert refusal(decline_training, other.pk, answer="", by=cast.month.hr).code == "answer_missing"
    assert decline_training(other.pk, answer="名额满了", by=cast.month.hr).state == TrainingState.DECLINED
    assert refusal(decline_training, one.pk, answer="晚了", by=cast.month.hr).code == "not_allowed"
    assert Message.objects.filter(kind="training_answered", recipient=cast.agent).count() == 2


def test_a_superior_says_why_he_does_not_pass_it_on(cast):
    own = asked(cast)
    assert refusal(decline_training, own.pk, answer="", by=cast.month.supervisor).code == "answer_missing"
    assert decline_training(own.pk, answer="上月刚培训过", by=cast.month.supervisor).state == TrainingState.DECLINED


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (asked, {"吴倩", "周敏"}),
        (passed, {"吴倩", "周敏", "何建国", "李娜", "赵琳", "钱进", "孙悦"}),
    ],
)
def test_who_sees_a_request_alike_for_row_and_list(cast, make, expected):
    made, month = make(cast), cast.month
    group = (month.manager, month.leader, month.officer, month.hr, cast.second_hr, cast.auditor, cast.administrator)
    rows, lists = set(), set()
    for somebody in (cast.agent, month.supervisor, month.second_agent, cast.stranger, *group):
        standing = standing_of(somebody, date(2026, 11, 12))
        rows |= {somebody.name} if can_view_training(somebody, made, standing) else set()
        lists |= {somebody.name} if visible_training(somebody, standing).exists() else set()
    assert rows == lists == expected


def test_the_file_has_chinese_heads_and_counts_by_topic(cast):
    passed(cast)
    asked(cast)
    with on(12):
        assert as_(cast.agent).get("/training/export.xlsx").status_code == 403
        answer = as_(cast.month.hr).get("/training/export.xlsx")
    book = load_workbook(BytesIO(answer.content))
    rows = list(book["培训需求"].values)
    assert rows[0][:5] == ("工号", "姓名", "区域", "岗位", "培训内容")
    assert [row[4] for row in rows[1:]] == ["投诉处理"]  # what is not passed on is not in it
    assert list(book["按内容统计"].values)[1][:3] == ("投诉处理", 1, 1)


def test_training_goes_its_way_in_the_browser(cast):
    agent, owner, hr = as_(cast.agent), as_(cast.month.supervisor), as_(cast.month.hr)
    typed = {"employee": cast.agent.pk, "topic": "投诉处理", "why": "差错多"}
    with on(12):
        assert "谁要学" in owner.get("/training/new/").content.decode()
        assert agent.post("/training/new/", typed | {"topic": ""}).status_code == 422
        assert agent.post("/training/new/", typed | {"employee": cast.month.second_agent.pk}).status_code == 404
        assert agent.post("/training/new/", typed).status_code == 302
        made = TrainingRequest.objects.get()
        assert "等你转报" in owner.get("/training/").content.decode()
        assert hr.get(f"/training/{made.pk}/").status_code == 404
        assert owner.post(f"/training/{made.pk}/pass/").status_code == 302
        assert "投诉处理" in hr.get("/training/").content.decode()
        assert owner.post("/training/collect/", {"request": made.pk}).status_code == 403
        assert as_(cast.month.leader).post("/training/collect/", {"request": made.pk}).status_code == 302
        assert hr.post(f"/training/{made.pk}/decline/", {"answer": ""}).status_code == 422
        assert hr.post(f"/training/{made.pk}/arrange/", {"arranged_on": "2026-12-01"}).status_code == 302
        assert "12月1日" in agent.get(f"/training/{made.pk}/").content.decode().replace("2026年", "")
        assert statements(lambda: hr.get("/training/")) <= 15
        assert statements(lambda: owner.get("/training/")) <= 15
        assert statements(lambda: owner.get("/training/new/")) <= 15


def test_the_result_leads_to_a_request_for_training(cast):
    way, path = f"/training/new/?employee={cast.agent.pk}", f"/results/{cast.form.pk}/"
    with on(10):
        for somebody in (cast.agent, cast.month.supervisor):
            assert way in as_(somebody).get(path).content.decode()
            assert as_(somebody).get(way).status_code == 200
        for somebody in (cast.month.hr, cast.auditor):
            assert way not in as_(somebody).get(path).content.decode()
