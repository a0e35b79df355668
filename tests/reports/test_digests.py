"""The day's reminders: who gets what on which day, once, and never a score."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from appeals.models import Appeal
from appeals.states import AppealState
from appraisals.models import Figure, Form
from appraisals.states import FormState
from common.selectors import calendar_between
from development.models import Agreement, Checkpoint, Interview, Meeting, Plan
from development.states import InterviewState, MeetingState, PlanState
from incidents.models import Bonus, Involvement
from notices.models import Delivery, DigestRun, Message, NoticeRules, Preference, Robot
from notices.states import Channel
from people.facts import Standing
from people.models import Account, Employee
from quality.states import DrawnWhy
from reports.selectors.digests import digests_of
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import LATE_AGREED
from reports.services import digests as service
from reports.services.digests import claim_run, send_digests
from reports.tasks import send_digests as task
from scoring.models import Document, Result, Signature
from scoring.services.consolidation import consolidate_forms
from scoring.services.publication import publish_results
from scoring.states import DocumentKind
from tests import world
from tests.counting import statements
from tests.scoring.conftest import Month, make_month

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
SCORE_OR_AMOUNT = re.compile(r"\d[.,]\d|\d\s*[%％分元]|[¥￥]|系数|绩效工资|得分")


def at(day: str, clock: str = "09:10") -> travel:
    return travel(datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=SHANGHAI), tick=False)


@pytest.fixture
def month(db) -> Month:
    """October of one team, its meeting held and its documents archived; everybody has an account and an address."""
    made = make_month()
    now = timezone.now()
    Meeting.objects.create(cycle=made.cycle, chair=made.leader, state=MeetingState.SENT, sent_at=now)
    for kind in (DocumentKind.REPORT, DocumentKind.MINUTES):
        Document.objects.create(cycle=made.cycle, kind=kind, size=0, made_at=now)
    for person in Employee.objects.all():
        person.account = Account.objects.create(username=person.number)
        person.email = f"{person.number}@example.com"
        person.save()
    return made


def standing_at(month: Month, state: str, *forms: Form) -> None:
    """These forms in that state, all others far along."""
    Form.objects.update(state=FormState.FILED)
    Form.objects.filter(pk__in=[form.pk for form in forms]).update(state=state)


def run(day: str, clock: str = "09:10") -> int:
    with at(day, clock):
        return send_digests()


def mails(day: str | None = None) -> dict[str, str]:
    """Name → text of what was put into the outbox, of one day."""
    found = Delivery.objects.filter(channel=Channel.EMAIL).select_related("recipient")
    if day:
        found = found.filter(key__startswith=f"digest:{day.replace('-', '')}:")
    return {row.recipient.name: row.text for row in found if row.recipient}


def told() -> set[tuple[str, str]]:
    return {(one.recipient.name, one.detail["who"]) for one in Message.objects.filter(kind="escalated")}


@pytest.mark.parametrize(
    ("day", "hearers", "followers"),
    [
        ("2026-10-29", set(), set()),
        ("2026-10-30", {"吴倩"}, set()),  # a working day before
        ("2026-11-02", {"吴倩"}, set()),  # the last day
        ("2026-11-03", {"吴倩", "周敏"}, {("周敏", "吴倩")}),  # late: the owner knows as well
    ],
)
def test_a_self_score_is_reminded_of_before_and_at_its_term_and_told_on_after_it(month, day, hearers, followers):
    standing_at(month, FormState.ACTIVE, month.form)

    run(day)

    assert set(mails()) == hearers
    assert told() == followers


def test_over_a_long_holiday_the_days_are_working_days_and_a_make_up_saturday_is_one(month):
    standing_at(month, FormState.TARGETS)
    supervisor = month.supervisor
    form = world.form(month.agent, supervisor, month=date(2026, 9, 1), state=FormState.REVIEW)
    assert form.cycle.review_due_on == date(2026, 10, 12)

    heard = {day: run(day) for day in ("2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12", "2026-10-13")}
    assert heard == {"2026-10-08": 0, "2026-10-09": 0, "2026-10-10": 1, "2026-10-12": 1, "2026-10-13": 1}
    assert "2026-10-10" in {f"{row.day}" for row in DigestRun.objects.filter(people=1)}
    assert run("2026-10-11") == 0  # a Sunday
    assert not DigestRun.objects.filter(day=date(2026, 10, 11)).exists()
    assert told() == set()
    run("2026-10-14")  # a whole working day after the term has gone by
    assert told() == {("何建国", "周敏")}


def test_missing_figures_are_told_to_the_providers_superior_and_the_duty_officer(month):
    standing_at(month, FormState.ACTIVE)
    Form.objects.filter(pk=month.form.pk).update(state=FormState.REVIEW, self_submitted_at=None)
    item = month.form.items.filter(part="kpi", data_source="manual").first()
    item.provider = world.person("刘凯", "KFZG", superior=month.manager)
    item.save()
    Figure.objects.filter(item=item).delete()

    run("2026-11-05")

    assert {pair for pair in told() if pair[1] == "刘凯"} == {("何建国", "刘凯"), ("沈玉兰", "刘凯")}


def test_unpublished_results_are_told_to_the_leader(month):
    standing_at(month, FormState.READY, month.form, month.second_form)

    run("2026-11-09")
    assert told() == set()
    run("2026-11-10")
    assert told() == {("李娜", "沈玉兰")}
    assert "/duty/2026-10/" in mails("2026-11-10")["李娜"]


def test_signing_is_told_on_by_side(month):
    standing_at(month, FormState.READY, month.form)
    with at("2026-11-05", "10:00"):
        consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
        publish_results(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    result = month.form.results.get()
    assert result.sign_until == date(2026, 11, 10)

    run("2026-11-11")
    assert told() == set()
    run("2026-11-12")
    assert told() == {("周敏", "吴倩"), ("何建国", "周敏")}
    Signature.objects.create(
        result=result,
        side="appraisee",
        signer=month.agent,
        signed_at=result.published_at,
        digest=result.digest,
        is_agreed=True,
    )
    run("2026-11-13")
    assert "吴倩" not in mails("2026-11-13")
    assert set(mails("2026-11-13")) == {"周敏", "何建国"}


def test_one_digest_a_day_and_word_of_what_is_late_once(month):
    standing_at(month, FormState.ACTIVE, month.form, month.second_form)

    assert run("2026-11-03") == 3
    assert run("2026-11-03", "09:11") == 0
    with at("2026-11-03", "17:00"):
        assert task() == 0
    assert Delivery.objects.count() == 3
    run("2026-11-04")
    assert Delivery.objects.count() == 6
    message = Message.objects.get(kind="escalated")  # both agents in one, and not again on the next day
    assert (message.recipient, message.detail) == (
        month.supervisor,
        {"who": "吴倩、黄佩珊", "month": "2026-10", "step": "self"},
    )
    assert message.path == reverse("appraisals:team_month", args=["2026-10"])


def test_two_schedulers_send_nothing_twice_and_a_run_that_broke_off_is_taken_up_again(month, monkeypatch):
    standing_at(month, FormState.ACTIVE, month.form, month.second_form)
    monkeypatch.setattr(service, "BATCH", 1)
    with at("2026-11-03"):
        now = datetime(2026, 11, 3, 9, 10, tzinfo=SHANGHAI)
        lease = claim_run(now)
        assert lease == 1
        assert send_digests() == 0  # the other one's turn
        found = digests_of(now.date())
        calendar = calendar_between(now.date(), now.date())
        assert service.write_batch(found[:1], today=now.date(), lease=1, calendar=calendar)
    with at("2026-11-03", "09:20"):  # whoever began is gone
        assert send_digests() == 3
        assert not service.write_batch(found[1:], today=now.date(), lease=1, calendar=calendar)
        service.finish_run(found, today=now.date(), lease=1)
    assert Delivery.objects.count() == 3
    assert Message.objects.filter(kind="escalated").count() == 1
    assert DigestRun.objects.get().people == 3


def test_nothing_is_written_before_its_time_in_quiet_hours_and_on_days_off(month):
    standing_at(month, FormState.ACTIVE, month.form)
    assert run("2026-11-02", "09:06") == 0
    assert run("2026-11-02", "20:00") == 0
    assert run("2026-10-31") == 0  # a Saturday
    assert run("2026-11-02", "09:07") == 1

    rules = NoticeRules.objects.create(send_at=time(7, 30), quiet_until=time(8, 0), working_days_only=False)
    Form.objects.filter(pk=month.form.pk).update(state=FormState.ACTIVE)
    assert run("2026-11-07", "07:45") == 0
    assert run("2026-11-07", "08:00") == 2  # late, on a Saturday, with his owner
    rules.by_email = False
    rules.save()
    assert run("2026-11-09") == 2
    assert mails("2026-11-09") == {}


def test_who_has_left_has_no_account_or_wants_no_mail_gets_none(month):
    standing_at(month, FormState.ACTIVE, month.form, month.second_form, month.own_form)
    Employee.objects.filter(pk=month.agent.pk).update(left_on=date(2026, 11, 1))
    Employee.objects.filter(pk=month.second_agent.pk).update(account=None)
    Preference.objects.create(employee=month.manager, by_email=False)

    run("2026-11-03")

    assert set(mails()) == {"周敏"}
    assert told() == {("周敏", "吴倩、黄佩珊"), ("何建国", "周敏")}  # what they owe is known all the same
    Employee.objects.update(email="")
    run("2026-11-04")
    assert mails("2026-11-04") == {}
    assert DigestRun.objects.get(day=date(2026, 11, 4)).people == 2


def test_for_an_owner_who_has_left_the_next_above_is_told(month):
    standing_at(month, FormState.ACTIVE, month.form)
    Employee.objects.filter(pk=month.supervisor.pk).update(left_on=date(2026, 10, 20))

    run("2026-11-03")

    assert told() == {("何建国", "吴倩")}


def test_an_anonymous_rating_is_reminded_of_but_told_to_nobody(month):
    standing_at(month, FormState.REVIEW)
    Form.objects.filter(pk=month.own_form.pk).update(state=FormState.READY)
    month.own_form.upward_turns.create(rater=month.agent)
    Robot.objects.create(name="群", channel=Channel.WECOM, url="wecombot://x", created_by=month.manager)

    run("2026-11-05")

    assert "评管理行为" in mails()["吴倩"]
    assert not Delivery.objects.filter(robot__isnull=False, text__contains="吴倩").exists()
    run("2026-11-13")
    assert "吴倩" not in {who for _to, who in told()}


def test_a_robot_gets_one_message_a_day_with_names_and_counts_of_its_region(month):
    standing_at(month, FormState.ACTIVE, month.form, month.second_form)
    other = world.region("HN", "华南区域")
    Employee.objects.filter(pk=month.second_agent.pk).update(region=other)
    for name, region in (("全公司", None), ("华东", month.agent.region), ("华南", other)):
        Robot.objects.create(name=name, channel=Channel.WECOM, url="wecombot://x", region=region, created_by=month.hr)
    Robot.objects.create(name="停用", channel=Channel.WECOM, url="wecombot://x", is_active=False, created_by=month.hr)

    run("2026-11-03")
    run("2026-11-03", "10:00")

    rows = Delivery.objects.select_related("robot")
    texts = {row.robot.name: row.text.splitlines()[:-1] for row in rows if row.robot}
    assert texts == {
        "全公司": ["吴倩 1 件，逾期 1 件", "黄佩珊 1 件，逾期 1 件"],
        "华东": ["吴倩 1 件，逾期 1 件"],
        "华南": ["黄佩珊 1 件，逾期 1 件"],
    }


def test_appeals_are_reminded_of_by_their_terms(month):
    with at("2026-11-05", "10:00"):
        consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
        publish_results(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    result = month.form.results.get()
    standing_at(month, FormState.FILED)
    Interview.objects.create(
        form=month.form,
        result=result,
        owner=month.supervisor,
        employee=month.agent,
        due_on=result.interview_until,
        state=InterviewState.ACKNOWLEDGED,
    )
    appeal = Appeal.objects.create(
        number="SS-2026-0001", result=result, employee=month.agent, file_until=date(2026, 11, 12)
    )
    run("2026-11-11")
    assert set(mails()) == {"吴倩"}
    assert "提交申诉 SS-2026-0001" in mails()["吴倩"]

    appeal.state, appeal.decide_until = AppealState.SUBMITTED, date(2026, 11, 19)
    appeal.save()
    run("2026-11-18")
    assert set(mails("2026-11-18")) == {"李娜"}  # the leader gives it to somebody
    appeal.handler, appeal.state = month.manager, AppealState.EXAMINED
    appeal.save()
    run("2026-11-19")
    assert set(mails("2026-11-19")) == {"何建国"}


def test_the_text_is_short_plain_and_tells_no_score_or_amount(month):
    Robot.objects.create(name="群", channel=Channel.WECOM, url="wecombot://x", created_by=month.hr)
    for state in (FormState.TARGETS, FormState.APPROVAL, FormState.CONFIRMATION, FormState.ACTIVE, FormState.REVIEW):
        standing_at(month, state, month.form, month.second_form, month.own_form)
        Delivery.objects.all().delete()
        DigestRun.objects.all().delete()
        run("2026-11-12")
        assert Delivery.objects.exists(), state
        for row in Delivery.objects.all():
            assert not SCORE_OR_AMOUNT.search(re.sub(r"http\S+", "", row.subject + row.text)), row.text
            assert 3 <= len(row.text.splitlines()) <= 10 or row.robot_id, row.text

    standing_at(month, FormState.ACTIVE, month.form)
    DigestRun.objects.all().delete()
    Delivery.objects.all().delete()
    run("2026-11-03")
    assert mails()["吴倩"].splitlines() == [
        "吴倩，你好：",
        f"11月2日截止，已逾期1个工作日：自评 10月考核表 http://127.0.0.1:8000/forms/{month.form.pk}/",
        "全部待办：http://127.0.0.1:8000/",
    ]
    assert mails()["周敏"].splitlines()[1:] == [
        "11月2日截止，已逾期1个工作日：跟进吴倩的10月自评 http://127.0.0.1:8000/team/2026-10/",
        "全部待办：http://127.0.0.1:8000/ 要跟进的：http://127.0.0.1:8000/following/",
    ]
    assert Delivery.objects.get(recipient=month.supervisor).subject == "考核提醒：1 件，其中 1 件已逾期"


def test_days_are_told_by_their_date_which_a_late_delivery_leaves_true(month):
    standing_at(month, FormState.ACTIVE, month.form)

    run("2026-11-02")

    text = mails()["吴倩"]
    assert "11月2日截止：自评" in text
    assert "今天" not in text


def test_each_sort_of_matter_is_told_by_its_own_word(month):
    standing_at(month, FormState.REVIEW, month.second_form)
    item = month.second_form.items.filter(part="kpi", data_source="manual").first()
    item.provider = month.supervisor
    item.save()
    Figure.objects.filter(item=item).delete()
    world.call(month.agent, month.supervisor, None, drawn_why=DrawnWhy.RANDOM)
    december = {"month": date(2026, 12, 1)}
    world.form(month.agent, month.supervisor, state=FormState.CONFIRMATION, **december)
    world.form(month.second_agent, month.supervisor, state=FormState.APPROVAL, **december)

    run("2026-12-03")

    texts = mails("2026-12-03")
    assert "跟进吴倩的12月确认目标" in texts["周敏"]
    assert "跟进何建国的12月审批目标" in texts["李娜"]
    assert "跟进周敏的10月监听录音" in texts["沈玉兰"]
    assert "跟进周敏的10月报数据" in texts["沈玉兰"]
    assert {message.detail["step"] for message in Message.objects.filter(recipient=month.officer)} == {"calls", "data"}


def test_what_others_let_pass_is_ordered_by_urgency_and_what_is_cut_is_counted_as_overdue(month):
    standing_at(month, FormState.FILED)
    for n in range(1, 10):
        world.form(month.agent, month.supervisor, month=date(2026, n, 1), state=FormState.ACTIVE)
    soon = world.form(month.supervisor, month.manager, month=date(2026, 12, 1), state=FormState.CONFIRMATION)
    assert soon.cycle.targets_due_on == date(2026, 11, 30)

    run("2026-11-30")

    lines = mails("2026-11-30")["周敏"].splitlines()
    assert len(lines) == 10
    assert lines[1].startswith("2月2日截止，已逾期")
    assert "跟进吴倩的1月自评" in lines[1]
    assert lines[8] == "另有3件，其中2件已逾期"
    assert lines[9].endswith("/following/")
    text = mails("2026-11-30")["周敏"]
    assert text.count("自评") == 7


def test_the_statements_do_not_grow_with_the_people(month):
    standing_at(month, FormState.ACTIVE, month.form, month.second_form)
    few = statements(lambda: digests_of(date(2026, 11, 3)))
    for n in range(12):
        agent = world.person(f"员工{n}", superior=month.supervisor, account=True, email=f"a{n}@example.com")
        world.form(agent, month.supervisor, state=FormState.ACTIVE)
    assert statements(lambda: digests_of(date(2026, 11, 3))) == few <= 8

    assert run("2026-11-03") == 15
    assert "等 14 人" in mails()["周敏"]


def test_a_group_in_which_nothing_is_due_hears_nothing(month):
    standing_at(month, FormState.FILED)
    Robot.objects.create(name="群", channel=Channel.WECOM, url="wecombot://x", created_by=month.hr)

    assert run("2026-11-03") == 0
    assert not Delivery.objects.exists()


def publish_the_agents(month: Month) -> Result:
    """The agent's result of October, published on Thursday 5 November: to be contested until the 12th."""
    with at("2026-11-05", "10:00"):
        consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
        publish_results(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    standing_at(month, FormState.FILED)
    return Result.objects.get(form=month.form)


def lines(day: str, name: str) -> list[str]:
    """What somebody hears of that day."""
    with at(day):
        return [row.what for one in digests_of(date.fromisoformat(day)) if one.person.name == name for row in one.due]


def test_the_end_of_the_appeal_term_is_reminded_of_by_the_scheme_until_one_agrees_or_appeals(month):
    result = publish_the_agents(month)

    heard = {day: "may_appeal" in lines(f"2026-11-{day}", "吴倩") for day in ("09", "10", "11", "12", "13")}
    assert heard == {"09": False, "10": True, "11": False, "12": True, "13": False}
    appeal = Appeal.objects.create(
        number="SS-2026-0001",
        result=result,
        employee=month.agent,
        file_until=date(2026, 11, 12),
        state=AppealState.SUBMITTED,
    )
    assert "may_appeal" not in lines("2026-11-12", "吴倩")
    appeal.delete()
    signature = Signature.objects.create(
        result=result,
        side="appraisee",
        signer=month.agent,
        signed_at=datetime(2026, 11, 6, 9, tzinfo=SHANGHAI),
        digest=result.digest,
        is_agreed=False,
        objection="不服",
    )
    assert "may_appeal" in lines("2026-11-12", "吴倩")
    Signature.objects.filter(pk=signature.pk).update(is_agreed=True, objection="")
    assert "may_appeal" not in lines("2026-11-12", "吴倩")


def test_a_ruling_that_is_late_is_told_to_the_leader_and_the_department(month):
    result = publish_the_agents(month)
    examiner = world.in_group(world.person("郑洁", None, account=True))
    Appeal.objects.create(
        number="SS-2026-0001",
        result=result,
        employee=month.agent,
        file_until=date(2026, 11, 12),
        state=AppealState.EXAMINED,
        handler=examiner,
        decide_until=date(2026, 11, 16),
    )
    run("2026-11-17")
    assert ("李娜", "郑洁") not in told()
    run("2026-11-18")
    assert {("李娜", "郑洁"), ("何建国", "郑洁")} <= told()


def test_what_nobody_examines_in_time_is_told_to_the_department(month):
    result = publish_the_agents(month)
    Appeal.objects.create(
        number="SS-2026-0001",
        result=result,
        employee=month.agent,
        file_until=date(2026, 11, 12),
        state=AppealState.SUBMITTED,
        decide_until=date(2026, 11, 16),
    )
    run("2026-11-18")

    assert ("何建国", "李娜") in told()


def test_events_of_the_month_are_due_with_its_data_and_told_on(month):
    standing_at(month, FormState.FILED)
    Involvement.objects.all().delete()
    share = world.involvement(month.agent, month.second_agent)
    Involvement.objects.filter(pk=share.pk).update(stated_at=share.incident.filed_at)
    claim = world.bonus(month.agent, raised_by=month.agent)

    assert "verify" in lines("2026-11-04", "周敏")
    assert "check_bonus" not in lines("2026-11-04", "周敏")  # nobody has checked it first
    Bonus.objects.filter(pk=claim.pk).update(first_checker=month.officer)
    assert "check_bonus" in lines("2026-11-04", "周敏")
    assert lines("2026-11-02", "周敏") == []
    run("2026-11-06")
    assert ("何建国", "周敏") in told()


def test_an_unsigned_plan_a_record_and_a_checkpoint_are_told_on(month):
    standing_at(month, FormState.FILED)
    plan = Plan.objects.create(
        employee=month.agent,
        owner=month.supervisor,
        state=PlanState.PUBLISHED,
        starts_on=date(2026, 11, 9),
        ends_on=date(2027, 1, 8),
    )
    run("2026-11-11")
    assert ("周敏", "吴倩") in told()
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.RUNNING)
    Checkpoint.objects.create(plan=plan, due_on=date(2026, 11, 16))
    run("2026-11-18")
    assert ("何建国", "周敏") in told()


def test_a_plan_that_is_owed_is_reminded_of_and_told_to_the_next_above(month):
    result = publish_the_agents(month)
    Result.objects.filter(pk=result.pk).update(coefficient="50.00", interview_until=date(2026, 11, 16))
    standing_at(month, FormState.FILED)
    with at("2026-11-13"):
        Interview.objects.create(
            form=month.form, result=result, owner=month.supervisor, employee=month.agent,
            state=InterviewState.ACKNOWLEDGED, due_on=date(2026, 11, 16),
        )  # fmt: skip
    assert lines("2026-11-12", "周敏") == []
    assert lines("2026-11-13", "周敏") == lines("2026-11-17", "周敏") == ["write_plan"]
    run("2026-11-18")
    assert ("何建国", "周敏") in told()
    assert lines("2027-11-18", "周敏") == ["write_plan"]  # it does not go away by itself


def test_what_an_interview_agreed_on_is_reminded_of_and_told_on(month):
    result = publish_the_agents(month)
    standing_at(month, FormState.FILED)
    talk = Interview.objects.create(
        form=month.form, result=result, owner=month.supervisor, employee=month.agent,
        state=InterviewState.SHARED, shared_at=datetime(2026, 11, 20, tzinfo=SHANGHAI), due_on=date(2026, 11, 16),
    )  # fmt: skip
    Agreement.objects.create(interview=talk, text="每周复盘", due_on=date(2026, 11, 20))
    promise = Agreement.objects.create(interview=talk, text="安排跟听", due_on=date(2026, 11, 25), by_owner=True)
    assert lines("2026-11-20", "吴倩") == []  # not agreed to before it is confirmed
    Interview.objects.filter(pk=talk.pk).update(state=InterviewState.ACKNOWLEDGED)

    assert lines("2026-11-19", "吴倩") == lines("2026-11-20", "吴倩") == ["do_agreed"]
    assert lines("2026-11-20", "周敏") == []
    assert lines("2026-11-24", "周敏") == ["do_promised"]
    run("2026-11-24")
    assert ("周敏", "吴倩") in told()
    run("2026-11-27")
    assert ("何建国", "周敏") in told()
    standing = Standing()
    with at("2026-11-24"):
        assert LATE_AGREED in [row.what for row in waiting_for(month.supervisor, standing, date(2026, 11, 24))]
        assert LATE_AGREED not in [row.what for row in waiting_for(month.supervisor, standing, date(2026, 11, 20))]
    Agreement.objects.update(done_on=date(2026, 11, 24))
    assert lines("2026-11-25", "周敏") == lines("2026-11-25", "吴倩") == []
    assert promise.due_on == date(2026, 11, 25)
