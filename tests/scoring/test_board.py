"""The duty board: who sees it, its numbers and lists, and what can be done from it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from appraisals.models import Cycle, Figure, Form, Item
from appraisals.states import FormState
from people.facts import Standing
from people.selectors import standing_of
from quality.models import Call, Dispute
from quality.states import DisputeState
from scoring.models import Job, Result
from scoring.permissions import can_view_board, visible_boards
from scoring.selectors.board import board_months, board_of
from scoring.selectors.checks import Asked, checks_of, forms_asked
from scoring.selectors.owed import Owed, debts
from scoring.services.consolidation import consolidate_forms
from scoring.services.publication import publish_results
from scoring.states import JobKind
from tests import world
from tests.counting import statements
from tests.scoring.board import rules_in, signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 4)


def matrix(month, today=TODAY) -> dict[str, tuple[int, int, bool]]:
    board = board_of(month.cycle, today)
    assert len(board.rows) == 1
    return {cell.step: (cell.done, cell.open, cell.is_late) for cell in board.rows[0].cells}


def owed(cycle, **narrowed) -> list[tuple[str, str, int]]:
    rows = [Owed._make(row) for row in debts(cycle, **narrowed)]
    return sorted((row.name, row.what, row.forms) for row in rows)


def found(month, **asked) -> list[str]:
    forms = forms_asked(month.cycle, rules_in(month.cycle), None, Asked(**asked))
    return [form.employee.name for form in forms]


def put(form, state):
    form.state = state
    form.save()


def test_a_ready_month_stands_at_consolidation(month):
    assert matrix(month) == {
        "targets": (3, 0, False),
        "self": (3, 0, False),
        "data": (3, 0, False),
        "review": (3, 0, False),
        "consolidate": (0, 3, False),
        "sign": (0, 0, False),
        "file": (0, 0, False),
    }


def test_whoever_stands_at_a_step_after_its_term_is_late(month):
    put(month.form, FormState.ACTIVE)
    put(month.second_form, FormState.REVIEW)

    cells = matrix(month)
    assert cells["self"] == (2, 1, True)  # the first working day is over
    assert cells["review"] == (1, 1, False)  # the fourth is not
    assert matrix(month, date(2026, 11, 6))["review"] == (1, 1, True)


def test_a_missing_figure_is_counted_by_form_and_owed_by_its_provider(month):
    Figure.objects.filter(item__form__in=(month.form, month.second_form)).delete()

    assert matrix(month)["data"] == (1, 2, False)
    assert owed(month.cycle) == [("周敏", "data", 2)]
    assert found(month, step="data") == ["吴倩", "黄佩珊"]
    assert found(month, step="data", who=str(month.supervisor.pk)) == ["吴倩", "黄佩珊"]
    assert found(month, step="data", who=str(month.manager.pk)) == []


def test_the_list_names_every_missing_figure_with_its_provider(month, client):
    other = world.person("刘凯", "KFZG")
    Figure.objects.filter(item__form=month.form).delete()
    Item.objects.filter(form=month.form, name="差错").update(provider=other)
    Item.objects.filter(form=month.form, name="接通率").update(data_source="monitoring")

    answer = signed_in(client, month.officer).get("/duty/2026-10/?step=data&view=forms")

    line = next(row["line"] for row in answer.context["lines"])
    told = {who: [(row.item, row.what) for row in rows] for who, rows in line.missing.items()}
    assert told == {"周敏": [("接通率", "calls")], "刘凯": [("差错", "data")]}
    assert "没有监听录音" in answer.text
    assert found(month, step="data", who=str(other.pk)) == ["吴倩"]


def test_what_does_not_apply_is_owed_by_nobody(month):
    Figure.objects.filter(item__form=month.form).delete()
    Item.objects.filter(form=month.form, part="kpi").update(not_applicable_reason="整月休假")

    assert owed(month.cycle) == []


def test_a_monitored_figure_is_missing_until_a_call_was_monitored(month):
    Figure.objects.filter(item__form=month.form, item__name="接通率").delete()
    Item.objects.filter(form=month.form, name="接通率").update(data_source="monitoring")

    assert owed(month.cycle) == [("周敏", "calls", 1)]
    assert found(month, step="data") == ["吴倩"]
    world.call(month.agent, month.supervisor)
    assert owed(month.cycle) == []


def test_every_step_is_owed_by_whoever_holds_it(month):
    put(month.form, FormState.CONFIRMATION)
    put(month.second_form, FormState.REVIEW)
    put(month.own_form, FormState.APPROVAL)

    assert owed(month.cycle) == [("", "approval", 1), ("吴倩", "confirmation", 1), ("周敏", "review", 1)]
    assert owed(month.cycle, step="review") == [("周敏", "review", 1)]
    assert owed(month.cycle, region="HB") == []


def test_published_results_are_owed_two_signatures_and_late_after_their_term(month):
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    publish_results(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)

    assert owed(month.cycle, step="sign") == [("吴倩", "sign", 1), ("周敏", "sign", 1)]
    today = timezone.localdate()
    assert matrix(month, today)["sign"] == (0, 1, False)
    assert matrix(month, world.days_after(today, 20))["sign"] == (0, 1, True)


def test_the_checks_count_what_needs_a_look(month):
    Item.objects.filter(form=month.form, name="差错").update(points=19)
    Figure.objects.filter(item__form=month.second_form, item__name="差错").update(value=99)
    Figure.objects.filter(item__form=month.own_form, item__name="差错").delete()
    month.agent.grade = None
    month.agent.save()
    world.involvement(month.agent, month.supervisor, day=date(2026, 10, 9))
    world.bonus(month.second_agent, day=date(2026, 10, 9))
    world.bonus(world.person("没有表的人"), number="JF-2", day=date(2026, 10, 9))

    counted = {check.code: check.n for check in checks_of(month.cycle, rules_in(month.cycle), None)}

    forms = {"weights": 1, "missing": 1, "range": 1, "grade": 1, "few_calls": 0, "jump": 0}
    assert counted == {**forms, "events": 1, "claims": 1, "disputes": 0}
    assert found(month, check="weights") == found(month, check="grade") == ["吴倩"]
    assert found(month, check="range") == ["黄佩珊"]


def test_open_disputes_and_too_few_calls_are_checks(month):
    Item.objects.filter(form=month.form, name="接通率").update(data_source="monitoring")
    for n in range(2):
        world.call(month.agent, month.supervisor, number=f"LY-{n}")
    for call in (world.call(month.agent, month.supervisor, number="LY-9", called_on=date(2026, 9, 30)),
                 Call.objects.get(number="LY-0")):  # fmt: skip
        assessment = call.assessments.get()
        Dispute.objects.create(assessment=assessment, item=assessment.rubric.items.first(), reason="听错了")

    def counted() -> dict[str, int]:
        return {check.code: check.n for check in checks_of(month.cycle, rules_in(month.cycle), None)}

    assert (counted()["disputes"], counted()["few_calls"]) == (1, 1)
    assert found(month, check="few_calls") == ["吴倩"]
    world.call(month.agent, month.supervisor, number="LY-2")
    Dispute.objects.update(state=DisputeState.DISMISSED, ruled_by=month.supervisor)
    assert (counted()["disputes"], counted()["few_calls"]) == (0, 0)


def test_what_finds_no_form_after_somebody_left_is_a_check_while_it_waits(month):
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    late = date(2026, 10, 30)
    world.involvement(month.agent, month.officer, month.supervisor, day=late)
    world.bonus(month.agent, month.officer, month.supervisor, day=late)

    def homeless() -> dict[str, int]:
        checks = checks_of(month.cycle, rules_in(month.cycle), None)
        return {check.code: check.n for check in checks if check.code.startswith("homeless")}

    assert homeless() == {}  # November will take them
    month.agent.left_on = date(2026, 11, 1)
    month.agent.save()
    assert homeless() == {"homeless": 1, "homeless_claims": 1}
    world.ready_form(month.agent, month.supervisor, month=date(2026, 11, 1))
    assert homeless() == {}


@pytest.mark.parametrize(("share", "jumps"), [("0.50", 1), ("0.51", 0)])
def test_a_coefficient_thirty_points_from_last_month_is_a_jump(month, share, jumps):
    last = world.ready_form(month.agent, month.supervisor, month=date(2026, 9, 1), share=share)
    for form in (last, month.form):
        consolidate_forms(form.cycle_id, form_ids=[form.pk], by=month.leader)

    checks = {check.code: check.n for check in checks_of(month.cycle, rules_in(month.cycle), last.cycle)}
    assert checks["jump"] == jumps


def test_forms_are_found_by_name_number_region_and_step(month):
    assert found(month, text="佩珊") == ["黄佩珊"]
    assert found(month, text=month.agent.number.lower()) == ["吴倩"]
    assert found(month, region="HD", step="consolidate") == ["周敏", "吴倩", "黄佩珊"]
    assert found(month, region="HB") == []


def test_the_rule_for_a_board_and_the_rule_for_the_list_agree(month):
    world.cycle(date(2026, 11, 1))
    expected = {"officer": 1, "leader": 2, "manager": 2, "hr": 2, "supervisor": 0, "agent": 0}
    for name, count in expected.items():
        standing = standing_of(getattr(month, name), timezone.localdate())
        rows = set(visible_boards(standing).values_list("pk", flat=True))
        assert rows == {cycle.pk for cycle in Cycle.objects.all() if can_view_board(standing, cycle)}
        assert len(rows) == count


def test_the_board_opens_at_the_earliest_month_whose_results_are_not_out(month):
    later = world.cycle(date(2026, 11, 1))
    reads_all = Standing(is_leader=True)
    today = date(2026, 11, 20)

    months = board_months(reads_all, "", today)
    assert months is not None
    assert (months.cycle, months.later) == (month.cycle, later)
    for form in (month.form, month.second_form, month.own_form):
        put(form, FormState.PUBLISHED)
    following = board_months(reads_all, "", today)
    assert following is not None
    assert following.cycle == later
    assert board_months(reads_all, "2026-08", today) is None


@pytest.mark.parametrize(
    ("name", "status"),
    [("officer", 200), ("leader", 200), ("manager", 200), ("hr", 200), ("supervisor", 403), ("agent", 403)],
)
def test_the_board_is_for_those_who_answer_for_the_month(month, client, name, status):
    signed_in(client, getattr(month, name))

    for view in ("", "?view=forms", "?step=data&region=HD", "?check=jump", "?text=吴"):
        assert client.get(f"/duty/2026-10/{view}").status_code == status


def test_a_month_one_is_not_on_duty_for_does_not_exist(month, client):
    world.cycle(date(2026, 11, 1))
    signed_in(client, month.officer)

    assert client.get("/duty/2026-11/").status_code == 404
    for name in ("consolidate", "publish"):
        assert client.post(f"/duty/2026-11/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["manager", "hr"])
def test_readers_have_no_buttons_and_no_rights(month, client, name):
    signed_in(client, getattr(month, name))

    page = client.get("/duty/2026-10/?view=forms").text
    assert reverse("scoring:consolidate", args=["2026-10"]) not in page
    assert reverse("scoring:publish", args=["2026-10"]) not in page
    assert client.get("/duty/2026-10/publish/").status_code == 403
    client.post("/duty/2026-10/consolidate/")
    assert not Job.objects.exists()


def test_one_ticked_form_is_consolidated_at_once(month, client):
    signed_in(client, month.officer)

    page = client.post("/duty/2026-10/consolidate/", {"form": month.form.pk, "query": "view=forms"}, follow=True)

    assert page.redirect_chain == [("/duty/2026-10/?view=forms#list", 302)]
    assert "已汇总 1 张" in page.text
    assert Result.objects.get().form == month.form


def test_one_incomplete_form_is_refused_with_what_is_missing(month, client):
    Figure.objects.filter(item__form=month.form, item__name="差错").delete()
    signed_in(client, month.officer)

    page = client.post("/duty/2026-10/consolidate/", {"form": month.form.pk}, follow=True)

    assert "吴倩没有汇总：“差错”缺数据（周敏）" in page.text
    assert not Result.objects.exists()


def test_all_or_a_region_become_a_job_shown_on_the_board(month, client):
    signed_in(client, month.officer)

    page = client.post("/duty/2026-10/consolidate/", {"region": "HD"}, follow=True)

    job = Job.objects.get()
    assert (job.kind, job.total, job.parameters["region"]) == (JobKind.CONSOLIDATE, 3, month.form.region_id)
    assert reverse("scoring:job", args=[job.pk]) in page.text
    assert "every 1s" in page.text


def test_publishing_says_first_what_follows_and_then_is_a_job(month, client):
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    signed_in(client, month.officer)

    asked = client.get("/duty/2026-10/publish/").text
    assert "给 1 人出 10月结果" in asked
    assert "还有 2 张没汇总" in asked
    client.post("/duty/2026-10/publish/")
    assert Job.objects.get().kind == JobKind.PUBLISH


def test_a_consolidation_is_withdrawn_with_a_reason_and_not_without(month, client):
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    signed_in(client, month.officer)
    address = f"/duty/2026-10/withdraw/{month.form.pk}/"

    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "数据更正"})

    month.form.refresh_from_db()
    assert month.form.state == FormState.READY
    assert Result.objects.get().superseded_reason == "数据更正"
    assert client.get(address).status_code == 404  # nothing left to withdraw


def test_a_published_result_is_withdrawn_by_the_leader_alone(month, client):
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    publish_results(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    address = f"/duty/2026-10/withdraw/{month.form.pk}/"

    signed_in(client, month.officer)
    assert client.post(address, {"reason": "数据更正"}).status_code == 404
    signed_in(client, month.leader)
    client.post(address, {"reason": "数据更正"})

    assert Result.objects.get().superseded_reason == "数据更正"


@pytest.mark.parametrize("address", ["/duty/2026-10/", "/duty/2026-10/?view=forms"])
def test_the_board_takes_as_many_statements_for_many_as_for_few(month, client, address):
    signed_in(client, month.officer)
    Figure.objects.filter(item__form=month.form, item__name="差错").delete()
    client.get(address)
    few = statements(lambda: client.get(address))

    for number in range(25):
        world.ready_form(world.graded(world.person(f"员工{number}", superior=month.supervisor)), month.supervisor)
    Figure.objects.filter(item__name="差错").delete()

    assert statements(lambda: client.get(address)) == few <= 15


def test_filing_is_due_by_the_term_that_is_stored_and_late_by_each_results_own(month):
    forms = [month.form, month.second_form]
    consolidate_forms(month.cycle.pk, form_ids=[form.pk for form in forms], by=month.leader)
    publish_results(month.cycle.pk, form_ids=[form.pk for form in forms], by=month.leader)
    Form.objects.filter(pk__in=[form.pk for form in forms]).update(state=FormState.SIGNED)
    term, later = date(2026, 11, 17), date(2026, 11, 27)  # later: a ruling restarted it
    Result.objects.filter(form=month.form).update(file_until=later)
    Result.objects.filter(form=month.second_form).update(file_until=term)

    assert board_of(month.cycle, later).terms["file"] == later
    assert matrix(month, term)["file"] == (0, 2, False)
    assert matrix(month, later)["file"] == (0, 1, True)
    Form.objects.filter(pk=month.second_form.pk).update(is_contested=True)
    assert matrix(month, later)["file"] == (0, 2, False)  # what is contested can't be filed
