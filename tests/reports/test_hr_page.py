"""HR's month: who may read it, what it sums up, filing from it, and the report as a download."""

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from appraisals.models import Form
from appraisals.states import FormState
from audit.models import Event
from people.facts import SYSTEM
from people.states import Role
from reports.exports import PAY_TITLES
from scoring.models import Proposal, Result
from scoring.selectors.terms import terms_from
from scoring.services.consolidation import consolidate_forms
from scoring.services.publication import publish_results
from tests import world
from tests.counting import statements
from tests.reports.books import heads, table
from tests.reports.conftest import consolidate, publish

pytestmark = pytest.mark.django_db

PAGE = "/hr/2026-10/"
REPORT = "/hr/2026-10/report.xlsx"


def read(client, somebody, path: str = PAGE):
    client.force_login(somebody.account)
    return client.get(path)


def words(client, somebody, path: str = PAGE):
    return read(client, somebody, path).content.decode()


@pytest.mark.parametrize("who", ["manager", "leader", "officer", "supervisor", "agent"])
@pytest.mark.parametrize("path", ["/hr/", PAGE, "/hr/2026-10/file/1/"])
def test_the_area_is_hrs(client, month, who, path):
    assert read(client, getattr(month, who), path).status_code == 403


def test_filing_is_refused_to_everybody_else(client, month, readers):
    publish(month)
    Form.objects.update(state=FormState.SIGNED)
    for somebody in (month.manager, month.leader, month.officer, month.supervisor, month.agent, readers.auditor):
        client.force_login(somebody.account)
        assert client.post("/hr/2026-10/file/", {"form": [month.form.pk]}).status_code == 403
        assert client.post(f"/hr/2026-10/file/{month.form.pk}/", {"reason": "x"}).status_code == 403

    assert set(Form.objects.values_list("state", flat=True)) == {FormState.SIGNED}


def test_hr_reads_sums_and_the_auditor_no_amounts(client, month, readers):
    publish(month)

    hr, auditor = words(client, month.hr), words(client, readers.auditor)

    assert "3,290.00" in hr  # 1400 × (80 + 95 + 60) %
    assert "78.33" in hr
    assert "78.33" in auditor
    for amount in ("3,290.00", "1,120.00", "1,330.00", "840.00"):
        assert amount not in auditor


@pytest.mark.parametrize("key", ["2026-11", "2026-13", "202610", "x"])
def test_a_month_that_is_not_there_is_not_found(client, month, key):
    assert read(client, month.hr, f"/hr/{key}/").status_code == 404
    assert read(client, month.hr, f"/hr/{key}/report.xlsx").status_code == 404


def test_without_any_month_the_page_says_what_to_do(client, db):
    hr = world.with_role(world.person("赵琳", None, account=True), Role.HR)

    assert "还没有月度考核" in words(client, hr, "/hr/")


def test_proposals_stand_gravest_first_in_soft_words(client, month):
    publish(month)
    evidence = [{"month": "2026-10", "coefficient": "48.70"}]
    for rule in ("R3", "R1", "R2"):
        Proposal.objects.create(employee=month.agent, cycle=month.cycle, rule=rule, leads_to=rule, evidence=evidence)

    page = words(client, month.hr)

    assert page.index("辞退评估") < page.index("警告") < page.index("发优异奖金")
    assert "48.70" in page
    assert "已在最高等，不能再升" in page  # one grade only: both top and bottom


def test_who_is_one_month_away_is_listed(client, month):
    for number in (8, 9):
        world.ready_form(month.agent, month.supervisor, month=date(2026, number, 1), share="0.95")
    for form in Form.objects.exclude(cycle=month.cycle):
        consolidate_forms(form.cycle_id, form_ids=[form.pk], by=SYSTEM)
        publish_results(form.cycle_id, form_ids=[form.pk], by=SYSTEM)
    publish(month)

    page = words(client, month.hr)

    assert "快到次数" in page
    assert "2 / 3" in page


def test_hr_files_the_signed_and_leaves_the_rest(client, month):
    publish(month)
    Form.objects.filter(pk=month.form.pk).update(state=FormState.SIGNED)
    client.force_login(month.hr.account)

    client.post("/hr/2026-10/file/", {"form": [month.form.pk, month.second_form.pk]})

    month.form.refresh_from_db()
    month.second_form.refresh_from_db()
    assert (month.form.state, month.second_form.state) == (FormState.FILED, FormState.PUBLISHED)


def test_hr_files_all_the_signed_at_once(client, month):
    publish(month)
    Form.objects.filter(pk__in=(month.form.pk, month.own_form.pk)).update(state=FormState.SIGNED)
    client.force_login(month.hr.account)

    client.post("/hr/2026-10/file/", {"all": "1"})

    filed = Form.objects.filter(state=FormState.FILED).values_list("pk", flat=True)
    assert set(filed) == {month.form.pk, month.own_form.pk}


def test_an_unsigned_result_is_filed_with_a_reason_after_its_term_only(client, month):
    publish(month)
    client.force_login(month.hr.account)
    path = f"/hr/2026-10/file/{month.form.pk}/"

    early = client.post(path, {"reason": "联系不上"}, follow=True)
    month.form.refresh_from_db()
    assert month.form.state == FormState.PUBLISHED
    assert "签认到" in early.content.decode()

    long_ago = timezone.now() - timedelta(days=30)
    Form.objects.update(published_at=long_ago)
    Result.objects.update(published_at=long_ago, **terms_from(month.cycle, long_ago))
    assert client.post(path, {"reason": " "}).status_code == 422
    client.post(path, {"reason": "联系不上"})
    month.form.refresh_from_db()
    assert month.form.state == FormState.FILED

    client.post(path, {"reason": "补签"})
    month.form.refresh_from_db()
    assert month.form.state == FormState.PUBLISHED
    assert list(Event.objects.filter(reason__in=("联系不上", "补签")).values_list("reason", flat=True)) == [
        "联系不上",
        "补签",
    ]


def test_hr_downloads_the_report_with_pay_under_its_name(client, month):
    publish(month)

    answer = read(client, month.hr, REPORT)

    assert answer["Content-Disposition"] == (
        f"attachment; filename*=utf-8''{quote('客服KPI绩效考核报表_2026-10.xlsx')}"
    )
    assert set(PAY_TITLES) < set(heads(answer.content, "月度汇总"))
    assert [row["月绩效工资"] for row in table(answer.content, "月度汇总")] == [840, 1120, 1330]


@pytest.mark.parametrize("who", ["manager", "leader", "officer", "auditor"])
def test_who_answers_for_the_month_gets_it_without_pay(client, month, readers, who):
    publish(month)
    somebody = readers.auditor if who == "auditor" else getattr(month, who)

    answer = read(client, somebody, REPORT)

    assert quote("_2026-10_无薪酬.xlsx") in answer["Content-Disposition"]
    assert not set(PAY_TITLES) & set(heads(answer.content, "月度汇总"))
    assert "月绩效工资合计" not in heads(answer.content, "区域汇总")
    assert len(table(answer.content, "月度汇总")) == 3


def test_the_report_is_nobody_elses(client, month, readers):
    other_month = world.on_duty(
        world.in_group(world.person("韩冰", None, account=True)), world.cycle().starts_on.replace(month=9)
    )
    for somebody in (month.supervisor, month.agent, readers.stranger, readers.administrator, other_month):
        assert read(client, somebody, REPORT).status_code == 403


def test_nobody_reads_his_own_result_in_a_report_before_it_is_published(client, month):
    world.on_duty(month.second_agent, month.cycle.starts_on.replace(month=9))
    month.officer.duty_turns.update(officer=month.second_agent)
    consolidate(month)

    rows = {row["工号"]: row for row in table(read(client, month.second_agent, REPORT).content, "月度汇总")}
    assert rows[month.second_agent.number]["绩效系数(%)"] is None
    assert rows[month.agent.number]["绩效系数(%)"] == 80

    publish(month)
    rows = {row["工号"]: row for row in table(read(client, month.second_agent, REPORT).content, "月度汇总")}
    assert rows[month.second_agent.number]["绩效系数(%)"] == 95


def test_the_page_takes_as_many_statements_for_a_hundred_as_for_ten(client, month):
    def grow(count: int) -> int:
        forms = [
            world.ready_form(world.graded(world.person(f"员工{n}", superior=month.supervisor)), month.supervisor)
            for n in range(count)
        ]
        publish(month, *forms)
        client.force_login(month.hr.account)
        client.get(PAGE)
        return statements(lambda: client.get(PAGE))

    few = grow(10)
    assert grow(40) == few
    assert few <= 15


def test_the_page_writes_nothing(client, month):
    publish(month)
    before = Event.objects.count(), list(Form.objects.values_list("pk", "version"))

    read(client, month.hr)
    read(client, month.hr, REPORT)
    assert client.get("/hr/2026-10/file/").status_code == 405

    assert (Event.objects.count(), list(Form.objects.values_list("pk", "version"))) == before
    assert reverse("reports:hr_month", args=["2026-10"]) == PAGE
