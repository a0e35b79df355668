"""The home page: what waits for whom, the month's steps, the last result; and the frame around every page."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from time_machine import travel

from appeals.models import Appeal, AppealItem
from appeals.states import AppealState, Ruling
from appraisals.models import Figure, Form, UpwardTurn
from appraisals.states import FormState
from common.selectors import calendar_between
from development.models import Amendment, Interview, Meeting, Plan, TrainingRequest
from development.states import AmendmentState, InterviewState, PlanState, TrainingState
from people.models import Account, DutySwap, DutyTurn, RoleGrant
from people.selectors import standing_of
from people.states import Role, SwapState
from reports.facts.todos import Days, todo_lines
from reports.selectors import waiting as what
from reports.selectors.home import current_form
from reports.selectors.terms import own_terms
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import MARKS
from scoring.models import Result
from scoring.services.consolidation import consolidate_forms
from scoring.services.publication import publish_results
from scoring.services.signing import sign_result
from tests import world
from tests.counting import statements
from tests.scoring.board import signed_in
from tests.scoring.conftest import make_month

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 4)


@pytest.fixture
def month(db):
    """October of one team, everything ready to be consolidated."""
    return make_month()


def waiting(person, today=TODAY) -> dict[str, int]:
    rows = waiting_for(person, standing_of(person, today), today)
    found: dict[str, int] = {}
    for row in rows:
        if row.what not in MARKS:
            found[row.what] = found.get(row.what, 0) + row.n
    return found


def put(form, state):
    form.state = state
    form.save()


def published(month, form):
    consolidate_forms(form.cycle_id, form_ids=[form.pk], by=month.leader)
    publish_results(form.cycle_id, form_ids=[form.pk], by=month.leader)
    return form.results.get(superseded_at=None)


def set_rota(month) -> None:
    """The next months have their officer."""
    for first in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)):
        DutyTurn.objects.create(month=first, officer=month.officer)


def test_nothing_waits_for_whoever_has_done_his_part(month):
    set_rota(month)
    assert [waiting(person) for person in (month.agent, month.supervisor, month.hr, month.leader)] == [{}] * 4


@pytest.mark.parametrize(
    ("state", "who", "what"),
    [
        (FormState.TARGETS, "supervisor", "targets"),
        (FormState.APPROVAL, "manager", "approve"),
        (FormState.CONFIRMATION, "agent", "confirm"),
        (FormState.ACTIVE, "agent", "self"),
        (FormState.REVIEW, "supervisor", "review"),
        (FormState.SIGNED, "hr", "file"),
    ],
)
def test_each_state_waits_for_whoever_has_the_next_step(month, state, who, what):
    put(month.form, state)

    people = ("manager", "hr", "supervisor", "agent", "second_agent")
    assert {name: found for name in people if (found := waiting(getattr(month, name)))} == {who: {what: 1}}


def test_the_duty_officer_consolidates_and_publishes_what_is_ready(month):
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)

    assert waiting(month.officer) == {"consolidate": 2, "publish": 1}


def test_a_result_waits_for_both_signatures_until_each_is_given(month):
    result = published(month, month.form)
    assert waiting(month.agent) == {"sign": 1}
    assert waiting(month.supervisor) == {"sign_team": 1, "interview": 1}

    sign_result(month.form.pk, digest=result.digest, by=month.supervisor)

    assert waiting(month.supervisor) == {"interview": 1}
    assert waiting(month.agent) == {"sign": 1}


def test_a_provider_owes_the_figures_of_months_that_have_begun(month):
    Figure.objects.filter(item__form=month.form).delete()

    assert waiting(month.supervisor) == {"figures": 2}
    assert waiting(month.supervisor, date(2026, 9, 30)) == {}


def test_a_subordinate_is_asked_to_rate_until_he_has(month):
    turn = UpwardTurn.objects.create(form=month.own_form, rater=month.agent)
    assert waiting(month.agent) == {"rate": 1}

    turn.is_done = True
    turn.save()

    assert waiting(month.agent) == {}


def test_an_incident_waits_for_the_superior_it_is_asked_of_and_for_nobody_else(month):
    world.involvement(month.agent, month.second_agent)

    people = ("manager", "leader", "officer", "hr", "supervisor", "agent", "second_agent")
    asked = [name for name in people if "verify" in waiting(getattr(month, name))]
    assert asked == ["supervisor"]


def test_a_bonus_waits_for_its_first_check_and_then_for_the_direct_superior(month):
    trainer = world.person("罗文静", "PXZG", superior=month.manager)
    bonus = world.bonus(month.agent, raised_by=month.agent)
    people = {name: getattr(month, name) for name in ("leader", "hr", "supervisor", "agent")} | {"trainer": trainer}

    assert [name for name, one in people.items() if "check_bonus" in waiting(one)] == ["leader", "trainer"]
    bonus.first_checker = trainer
    bonus.save()
    assert [name for name, one in people.items() if "check_bonus" in waiting(one)] == ["supervisor"]


def test_everything_that_waits_is_read_in_one_statement(month):
    standing = standing_of(month.manager, TODAY)

    assert statements(lambda: waiting_for(month.manager, standing, TODAY)) == 1


def test_late_things_come_first_and_those_without_a_term_last(month):
    put(month.form, FormState.REVIEW)
    put(month.second_form, FormState.TARGETS)
    share = world.involvement(month.agent, month.second_agent)
    rows = waiting_for(month.supervisor, standing_of(month.supervisor, TODAY), TODAY)

    lines = todo_lines(rows, Days(today=TODAY, calendar=calendar_between(TODAY, TODAY), sign_days=3))

    assert [(line.title, line.left, line.icon) for line in lines] == [
        ("给 黄佩珊定 10月目标", -21, "alert-triangle-f"),
        ("核实 10月不良事故：吴倩", 1, "clock"),
        ("复核 吴倩的 10月考核表", 2, "clock"),
    ]
    assert [line.url for line in lines] == [
        "/team/2026-10/",
        reverse("incidents:incident", args=[share.incident_id]),
        reverse("appraisals:form", args=[month.form.pk]),
    ]


def test_signing_is_due_three_working_days_after_the_publication(month, client):
    with travel(datetime(2026, 11, 6, 17, tzinfo=SHANGHAI), tick=False):
        published(month, month.form)
        signed_in(client, month.agent)
        todo = client.get("/").context["todos"][0]

    assert (todo.title, todo.due_on, todo.left) == ("签认 10月考核结果", date(2026, 11, 11), 4)
    assert todo.url == f"/results/{month.form.pk}/"


def test_an_empty_list_says_so(month, client):
    signed_in(client, month.agent)

    page = client.get("/").text

    assert "现在没有等你办的" in page
    assert "还没有结果" in page


@pytest.mark.parametrize(
    ("role", "words", "ways"),
    [
        (Role.AUDITOR, "审计只查阅，不办考核", ("reports:archive", "reports:hr_month")),
        (Role.ADMINISTRATOR, "考核不归系统管理员办", ("people:employees", "people:calendar", "notices:robots")),
    ],
)
def test_whoever_stands_outside_the_month_is_told_so_and_led_to_his_work(db, client, role, words, ways):
    signed_in(client, world.with_role(world.person("孙悦", None), role))

    page = client.get("/").text

    assert words in page
    assert "到你这一步时" not in page
    for way in map(reverse, ways):
        assert f'class="btn" href="{way}"' in page
        assert client.get(way).status_code == 200


def test_an_auditor_who_is_appraised_himself_has_steps_as_everybody(month, client):
    signed_in(client, world.with_role(month.agent, Role.AUDITOR))

    assert "到你这一步时" in client.get("/").text


def test_the_last_result_is_shown_with_its_amount_hidden_until_asked_for(month, client):
    published(month, world.ready_form(month.agent, month.supervisor, month=date(2026, 9, 1), share="0.95"))
    published(month, month.form)
    signed_in(client, month.agent)

    page = client.get("/")

    assert "比 9月低 15.00" in page.text
    assert "<details" in page.text.partition("1,120.00")[0].rpartition("<footer>")[2]
    assert {(tally.title, tally.have) for tally in page.context["tallies"] if tally.have} == {("高于 90%", 1)}


def test_the_month_one_is_in_is_the_earliest_that_is_not_filed(month):
    november = world.ready_form(month.agent, month.supervisor, month=date(2026, 11, 1))
    day = date(2026, 11, 20)

    assert current_form(month.agent.pk, day) == month.form
    put(month.form, FormState.FILED)
    assert current_form(month.agent.pk, day) == november
    assert current_form(month.agent.pk, date(2026, 9, 1)) is None


def test_the_steps_of_the_month_follow_the_form(month, client):
    signed_in(client, month.agent)
    with travel(datetime(2026, 11, 6, 9, tzinfo=SHANGHAI), tick=False):
        published(month, month.form)
        client.force_login(month.agent.account)
        flow = client.get("/").context["flow"]

    assert [(step.name, step.state) for step in flow] == [
        ("定目标", "done"),
        ("自评", "done"),
        ("报数据", "done"),
        ("复核", "done"),
        ("出结果", "done"),
        ("签认", "now"),
        ("申诉期", "wait"),
        ("备案", "wait"),
    ]
    assert [step.when for step in flow[5:7]] == ["11月11日前", "11月13日止"]


ENTRIES = {
    "agent": [
        *("首页", "我的考核表", "我的结果", "消息", "申诉", "面谈", "改进计划", "培训需求", "不良事故", "加分"),
        *("考核方案", "事故与加分标准"),
    ],
    "officer": [
        *("首页", "消息", "申诉", "不良事故", "加分", "录音监听", "值班看板", "考核档案", "值班表"),
        *("方案试算", "年度校准", "考核交流会", "考核方案", "事故与加分标准"),
    ],
    "leader": [
        *("首页", "消息", "申诉", "培训需求", "不良事故", "加分", "录音监听", "值班看板", "考核档案"),
        *("考核周期", "指标库", "值班表", "方案试算", "年度校准", "考核交流会"),
        *("奖惩建议", "年度考核", "员工", "考核方案", "事故与加分标准"),
    ],
}


@pytest.mark.parametrize("name", ENTRIES)
def test_everybody_sees_his_own_entries_and_no_others(month, client, name):
    signed_in(client, getattr(month, name))

    page = client.get("/")

    assert [str(entry.label) for group in page.context["nav"] for entry in group.entries] == ENTRIES[name]
    assert [entry.url for group in page.context["nav"] for entry in group.entries if entry.current] == ["/"]


@pytest.mark.parametrize("name", ["agent", "supervisor", "officer", "leader", "manager", "hr"])
def test_every_entry_leads_somewhere(month, client, name):
    signed_in(client, getattr(month, name))

    for group in client.get("/").context["nav"]:
        for entry in group.entries:
            page = client.get(entry.url)
            assert page.status_code == 200, entry.url
            assert [one.url for some in page.context["nav"] for one in some.entries if one.current] == [entry.url]


def test_counts_stand_at_the_entries_and_late_ones_are_marked(month, client):
    put(month.form, FormState.REVIEW)
    signed_in(client, month.supervisor)
    with travel(datetime(2026, 11, 9, 9, tzinfo=SHANGHAI), tick=False):
        client.force_login(month.supervisor.account)
        nav = client.get("/").context["nav"]

    entries = {str(entry.label): entry for group in nav for entry in group.entries}
    assert (entries["团队考核"].count, entries["团队考核"].hot) == (1, True)
    assert (entries["加分"].count, entries["加分"].hot) == (0, False)


def test_an_account_without_a_person_gets_a_page_that_says_so(db, client):
    client.force_login(Account.objects.create(username="nobody"))

    page = client.get("/")

    assert page.status_code == 403
    assert "打不开这一页" in page.text


def test_the_demo_log_in_does_not_exist_outside_the_demo(db, client):
    assert client.post("/demo/", {"username": "E0001"}).status_code in {302, 404}
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("role", [None, Role.DEPARTMENT])
def test_home_takes_as_many_statements_for_many_as_for_few(month, client, role):
    person = world.with_role(month.supervisor, role) if role else month.supervisor
    for number in (7, 8):
        published(month, world.ready_form(person, month.manager, month=date(2026, number, 1)))
    put(month.form, FormState.REVIEW)
    put(month.second_form, FormState.APPROVAL)
    signed_in(client, person).get("/")
    few = statements(lambda: client.get("/"))

    for number in range(1, 7):
        published(month, world.ready_form(person, month.manager, month=date(2026, number, 1)))
    for number in range(20):
        state = (FormState.TARGETS, FormState.REVIEW, FormState.APPROVAL)[number % 3]
        world.ready_form(world.person(f"员工{number}", superior=person), person, state=state)
    Figure.objects.all().delete()

    assert statements(lambda: client.get("/")) == few <= 15


def test_the_frame_of_a_page_takes_five_statements(month, client):
    signed_in(client, month.officer)

    # session, account, person, standing, and one for all that waits; the page itself is refused
    assert statements(lambda: client.get("/approvals/")) == 5


def test_interviews_wait_for_the_owner_then_for_the_appraisee(month):
    with travel(datetime(2026, 11, 6, 10, tzinfo=SHANGHAI)):
        result = published(month, month.form)
    assert waiting(month.supervisor)[what.INTERVIEW] == 1
    assert what.INTERVIEW not in waiting(month.agent)
    rows = waiting_for(month.supervisor, standing_of(month.supervisor, TODAY), TODAY)
    row = next(one for one in rows if one.what == what.INTERVIEW)
    assert (row.key, row.due_on, row.ident, row.name) == ("2026-10", result.interview_until, month.form.pk, "吴倩")
    line = next(one for one in lines_of(rows) if "面谈" in one.title)
    assert (line.title, line.url) == ("和 吴倩面谈 10月考核", f"/interviews/of/{month.form.pk}/")

    interview = Interview.objects.create(
        form=month.form,
        result=result,
        owner=month.supervisor,
        employee=month.agent,
        due_on=result.interview_until,
        state=InterviewState.SHARED,
    )
    assert what.INTERVIEW not in waiting(month.supervisor)
    rows = waiting_for(month.agent, standing_of(month.agent, TODAY), TODAY)
    line = next(one for one in lines_of(rows) if "面谈" in one.title)
    assert (line.title, line.url) == ("确认 10月面谈记录", f"/interviews/{interview.pk}/")
    interview.state = InterviewState.ACKNOWLEDGED
    interview.save()
    assert what.AGREE_INTERVIEW not in waiting(month.agent)


def test_appeals_wait_for_whoever_acts_next(month):
    with travel(datetime(2026, 11, 6, 10, tzinfo=SHANGHAI)):
        result = published(month, month.form)
    appeal = Appeal.objects.create(
        number="SS-2026-0001", result=result, employee=month.agent, file_until=result.appeal_until
    )
    everybody = (month.agent, month.supervisor, month.leader, month.manager, month.hr, month.officer)

    def waits(**fields: object) -> list[tuple[str, str]]:
        for name, value in fields.items():
            setattr(appeal, name, value)
        appeal.save()
        sorts = (what.SUBMIT_APPEAL, what.SUPPLEMENT, what.EXAMINE, what.ASSIGN)
        return [(one.name, sort) for one in everybody for sort in sorts if sort in waiting(one)]

    assert waits() == [("吴倩", what.SUBMIT_APPEAL)]
    assert waits(state=AppealState.SUBMITTED, decide_until=date(2026, 11, 19)) == [("李娜", what.ASSIGN)]
    assert waits(state=AppealState.EXAMINED, handler=month.manager) == [("何建国", what.EXAMINE)]
    asked = [("吴倩", what.SUPPLEMENT), ("何建国", what.EXAMINE)]
    assert waits(state=AppealState.SUPPLEMENT) == asked
    assert waits(state=AppealState.SUBMITTED, handler=None, instance=2) == [("赵琳", what.ASSIGN)]
    assert waits(state=AppealState.RULED) == []


def test_what_was_not_upheld_in_full_may_be_taken_further_until_its_term(month):
    with travel(datetime(2026, 11, 6, 10, tzinfo=SHANGHAI)):
        result = published(month, month.form)
    appeal = Appeal.objects.create(
        number="SS-2026-0001",
        result=result,
        employee=month.agent,
        file_until=result.appeal_until,
        state=AppealState.RULED,
        further_until=TODAY + timedelta(days=1),
    )
    item = AppealItem.objects.create(appeal=appeal, key="line:1", name="差错", grounds="data", ruling=Ruling.UPHELD)
    assert what.TAKE_FURTHER not in waiting(month.agent)
    AppealItem.objects.filter(pk=item.pk).update(ruling=Ruling.PARTLY)

    rows = waiting_for(month.agent, standing_of(month.agent, TODAY), TODAY)
    line = next(line for line in lines_of(rows) if "再次申诉" in line.title)
    assert (line.title, line.due_on, line.url) == (
        "申诉 SS-2026-0001可以再次申诉",
        TODAY + timedelta(days=1),
        reverse("appeals:appeal", args=[appeal.pk]),
    )
    assert "take_further-all" in {term.name for term in own_terms(month.agent, standing_of(month.agent, TODAY), TODAY)}
    assert what.TAKE_FURTHER not in waiting(month.agent, TODAY + timedelta(days=2))
    Appeal.objects.create(
        number="SS-2026-0002", result=result, employee=month.agent, instance=2, first=appeal, file_until=TODAY
    )
    assert what.TAKE_FURTHER not in waiting(month.agent)


def test_filing_waits_for_hr_with_its_term(month):
    with travel(datetime(2026, 11, 6, 10, tzinfo=SHANGHAI)):
        result = published(month, month.form)
    Form.objects.filter(pk=month.form.pk).update(state=FormState.SIGNED)

    rows = waiting_for(month.hr, standing_of(month.hr, TODAY), TODAY)
    assert [row.due_on for row in rows if row.what == what.FILE] == [result.file_until]
    assert result.file_until == date(2026, 11, 16)


def test_an_appeal_of_the_leaders_own_form_waits_for_the_manager(month):
    with travel(datetime(2026, 11, 6, 10, tzinfo=SHANGHAI)):
        result = published(month, month.form)
    Form.objects.filter(pk=month.form.pk).update(owner=month.leader)
    Appeal.objects.create(
        number="SS-2026-0001",
        result=result,
        employee=month.agent,
        state=AppealState.SUBMITTED,
        file_until=result.appeal_until,
        decide_until=date(2026, 11, 19),
    )

    assert what.ASSIGN not in waiting(month.leader)
    assert waiting(month.manager)[what.ASSIGN] == 1
    RoleGrant.objects.filter(employee=month.manager).delete()
    assert waiting(month.hr)[what.ASSIGN] == 1


def test_a_record_of_an_interview_shared_after_its_term_is_not_late_for_the_appraisee(month):
    with travel(datetime(2026, 11, 6, 10, tzinfo=SHANGHAI)):
        result = published(month, month.form)
    interview = Interview.objects.create(
        form=month.form,
        result=result,
        owner=month.supervisor,
        employee=month.agent,
        due_on=date(2026, 11, 13),
        state=InterviewState.SHARED,
        shared_at=datetime(2026, 11, 13, 18, tzinfo=SHANGHAI),
    )

    def due() -> date | None:
        rows = waiting_for(month.agent, standing_of(month.agent, TODAY), TODAY)
        return next(row.due_on for row in rows if row.what == what.AGREE_INTERVIEW)

    assert due() == date(2026, 11, 13)
    interview.shared_at = datetime(2026, 11, 14, 1, tzinfo=SHANGHAI)
    interview.save()
    assert due() is None


def test_proposals_wait_for_whose_consent_is_asked_and_training_for_hr(month):
    meeting = Meeting.objects.create(cycle=month.cycle, chair=month.leader)
    amendment = Amendment.objects.create(
        meeting=meeting, text="改权重", reason="太重", proposed_by=month.leader, asked=month.manager
    )
    request = TrainingRequest.objects.create(
        employee=month.agent, requested_by=month.agent, passed_by=month.supervisor, topic="话术", why="不熟"
    )
    assert waiting(month.manager)[what.CONSENT] == 1
    assert waiting(month.supervisor)[what.PASS_TRAINING] == 1
    assert what.ARRANGE_TRAINING not in waiting(month.hr)
    request.passed_at = month.cycle.opened_at
    request.save()
    assert waiting(month.hr)[what.ARRANGE_TRAINING] == 1
    found = {}
    for person in (month.manager, month.hr):
        rows = waiting_for(person, standing_of(person, TODAY), TODAY)
        found[person.name] = [(line.title, line.url) for line in lines_of(rows)]
    assert found == {
        "何建国": [("答复 李娜的修订提议", f"/meetings/{meeting.pk}/")],
        "赵琳": [("安排 吴倩的培训", f"/training/{request.pk}/")],
    }
    amendment.state, request.state = AmendmentState.CONSENTED, TrainingState.ARRANGED
    amendment.save()
    request.save()
    assert what.CONSENT not in waiting(month.manager)
    assert what.ARRANGE_TRAINING not in waiting(month.hr)


def test_who_is_asked_to_take_over_the_duty_finds_the_question(month):
    set_rota(month)
    DutySwap.objects.create(month=date(2026, 10, 1), asked_by=month.officer, asked=month.leader, reason="出差")
    rows = waiting_for(month.leader, standing_of(month.leader, TODAY), TODAY)

    assert [(line.title, line.url, line.left) for line in lines_of(rows) if "值班" in line.title] == [
        ("答复 10月值班交接", "/duty/2026-10/handover/", None)
    ]
    assert what.TAKE_DUTY not in waiting(month.officer)


def test_whoever_is_asked_to_trade_months_finds_the_question_until_a_month_begins(month):
    trade = DutySwap.objects.create(
        month=date(2026, 12, 1), other_month=date(2027, 2, 1), asked_by=month.officer, asked=month.leader
    )
    rows = waiting_for(month.leader, standing_of(month.leader, TODAY), TODAY)

    assert [(line.title, line.detail, line.url, line.left) for line in lines_of(rows) if "换班" in line.title] == [
        ("答复 沈玉兰的换班", "对方让出 12月，换你的月份；你同意才换", "/rota/?year=2026#swaps", None)
    ]
    assert what.ANSWER_SWAP not in waiting(month.officer)
    assert what.ANSWER_SWAP not in waiting(month.leader, date(2026, 12, 1))
    trade.state = SwapState.REFUSED
    trade.save()
    assert what.ANSWER_SWAP not in waiting(month.leader)


def test_a_plan_that_is_owed_waits_for_the_owner_until_it_is_published(month):
    with travel(datetime(2026, 11, 6, 10, tzinfo=SHANGHAI)):
        result = published(month, month.form)
    assert what.WRITE_PLAN not in waiting(month.supervisor)
    Result.objects.filter(pk=result.pk).update(coefficient="59.99")

    rows = waiting_for(month.supervisor, standing_of(month.supervisor, TODAY), TODAY)
    assert [(line.title, line.url, line.left) for line in lines_of(rows) if "计划" in line.title] == [
        ("给 吴倩定改进计划", "/plans/#owed", 8)
    ]
    for somebody in (month.agent, month.manager, month.hr, month.leader):
        assert what.WRITE_PLAN not in waiting(somebody)

    plan = Plan.objects.create(employee=month.agent, owner=month.supervisor, result=result, why="coefficient")
    assert waiting(month.supervisor)[what.WRITE_PLAN] == 1
    plan.state = PlanState.PUBLISHED
    plan.save()
    assert what.WRITE_PLAN not in waiting(month.supervisor)


def test_the_list_is_late_then_today_then_soon_then_later_then_what_has_no_term(month):
    put(month.form, FormState.ACTIVE)  # due on 2 November
    put(month.second_form, FormState.READY)
    world.form(month.agent, month.supervisor, month=date(2026, 12, 1), state=FormState.CONFIRMATION)
    incident = world.involvement(month.agent, month.officer, statement_due_on=TODAY)
    call = world.call(month.agent, month.supervisor)
    call.assessments.update(dispute_until=date(2026, 11, 6))

    rows = waiting_for(month.agent, standing_of(month.agent, TODAY), TODAY)
    found = [line.title for line in lines_of(rows)]

    assert found == [
        "自评 10月考核表",
        f"陈述不良事故 {incident.incident.number}",
        "看录音 LY-1的评分",
        "确认 12月考核目标",
    ]


def lines_of(rows):
    return todo_lines(rows, Days(today=TODAY, calendar=calendar_between(TODAY, date(2026, 12, 1)), sign_days=3))
