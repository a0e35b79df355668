"""The pages of pay: HR settles with his password, the manager reads sums, everybody reads his own (P7.1)."""

from decimal import Decimal
from functools import partial

import pytest
from django.test import Client

from appraisals.models import Form
from appraisals.states import FormState
from people.models import Account, Employee
from policy.rounding import ZERO
from scoring.models import PayLine, PayRun
from scoring.services.filing import file_forms
from scoring.services.paying import add_extra, prepare_pay, settle_pay
from tests import world
from tests.appeals.conftest import Cast, as_, make_cast, on, publish, ruled, sign_both, upheld
from tests.counting import statements
from tests.reports.books import formulas, heads, table

PASSWORD = "correct horse battery"
MONTH = "/pay/2026-10/"


@pytest.fixture
def cast(db) -> Cast:
    """October's three forms filed."""
    made = make_cast()
    with on(9):
        sign_both(made.form, made.month)
        Form.objects.filter(cycle=made.month.cycle).update(state=FormState.SIGNED)
        ids = list(made.month.cycle.forms.values_list("pk", flat=True))
        file_forms(made.month.cycle.pk, form_ids=ids, by=made.month.hr)
    for somebody in (made.month.hr, made.second_hr):
        account = Account.objects.get(employee=somebody)
        account.set_password(PASSWORD)
        account.save()
    return made


def get(person: Employee, address: str, day: int = 10):
    with on(day):
        return as_(person).get(address)


def post(person: Employee, address: str, day: int = 10, **told: str):
    client: Client = as_(person)
    with on(day):
        return client.post(address, told)


def prepared(cast: Cast) -> PayRun:
    with on(10):
        return prepare_pay(cast.month.cycle.pk, by=cast.month.hr)


def settled(cast: Cast) -> PayRun:
    run = prepared(cast)
    with on(10, 11):
        return settle_pay(run.pk, digest=run.digest, by=cast.second_hr)


def test_one_prepares_and_the_other_settles_with_his_password(cast):
    assert post(cast.month.hr, f"{MONTH}prepare/").status_code == 302
    run = PayRun.objects.get()
    own, other = (get(one, MONTH).content.decode() for one in (cast.month.hr, cast.second_hr))
    assert "等另一位人力资源同事复核结算" in own
    assert "/settle/" not in own
    assert f"{MONTH}{run.pk}/settle/" in other

    answer = post(cast.second_hr, f"{MONTH}{run.pk}/settle/", digest=run.digest, password=PASSWORD)

    run.refresh_from_db()
    assert (answer.status_code, run.state, run.settled_by) == (302, "settled", cast.second_hr)


def test_a_wrong_password_settles_nothing(cast):
    run = prepared(cast)

    answer = post(cast.second_hr, f"{MONTH}{run.pk}/settle/", digest=run.digest, password="wrong")

    assert answer.status_code == 422
    assert "密码不对，没有结算。" in answer.content.decode()
    run.refresh_from_db()
    assert run.state == "prepared"


def test_a_run_is_handed_back_with_its_reason_on_the_page(cast):
    run = prepared(cast)
    assert post(cast.second_hr, f"{MONTH}{run.pk}/discard/").status_code == 422

    assert post(cast.second_hr, f"{MONTH}{run.pk}/discard/", reason="等申诉").status_code == 302

    assert "原因：等申诉" in get(cast.month.hr, MONTH, day=11).content.decode()
    assert not PayRun.objects.exists()


@pytest.mark.parametrize("who", ["agent", "supervisor", "officer", "leader"])
def test_nobody_else_opens_them(cast, who):
    settled(cast)
    somebody = getattr(cast.month, who)

    for address in ("/pay/", MONTH, f"{MONTH}payroll.xlsx"):
        assert get(somebody, address).status_code == 403
    assert get(cast.auditor, MONTH).status_code == 403


def test_the_manager_reads_the_sums_of_many_and_nobodys_amount(cast):
    for place in range(2):
        form = world.ready_form(world.graded(world.person(f"员工{place}")), cast.month.supervisor)
        with on(9):
            publish(cast.month, form)
        Form.objects.filter(pk=form.pk).update(state=FormState.FILED)
    run = settled(cast)

    page = get(cast.month.manager, MONTH).content.decode()

    assert f"{run.total:,.2f}" in page
    assert cast.agent.name not in page
    assert "4,520.00" not in page
    assert get(cast.month.manager, f"{MONTH}payroll.xlsx").status_code == 403
    assert post(cast.month.manager, f"{MONTH}prepare/").status_code == 403


def test_of_few_people_the_manager_reads_no_sum_either(cast):
    run = settled(cast)

    for address in ("/pay/", MONTH):
        assert f"{run.total:,.2f}" not in get(cast.month.manager, address).content.decode()


def test_who_is_not_in_is_listed_with_whom_it_waits_for(cast):
    Form.objects.filter(pk=cast.form.pk).update(state=FormState.PUBLISHED)

    page = get(cast.month.hr, MONTH).content.decode()

    assert "等双方签认" in page
    assert cast.agent.name in page
    assert "没有考核表" in page  # the stranger works here and has none


def test_lines_are_found_by_name_region_and_what_is_special(cast):
    with on(9):
        add_extra(
            cast.agent.pk,
            kind="excellence",
            amount=Decimal(500),
            paid_month=cast.month.cycle.starts_on,
            reason="好",
            by=cast.month.hr,
        )
    settled(cast)

    def names(query: str) -> set[str]:
        return {line.employee.name for line in get(cast.month.hr, f"{MONTH}?{query}").context["page"]}

    everybody = {cast.agent.name, cast.month.second_agent.name, cast.month.supervisor.name}
    assert names("") == names("region=HD") == everybody
    assert names(f"text={cast.agent.number}") == names("only=extra") == {cast.agent.name}
    assert names("only=difference") == names("only=beside") == names("region=XX") == set()


def test_the_payroll_has_every_factor_and_sums_to_the_cent(cast):
    run = settled(cast)

    answer = get(cast.month.hr, f"{MONTH}payroll.xlsx")

    content = answer.content
    assert (
        "%E5%AE%A2%E6%9C%8D%E7%BB%A9%E6%95%88%E5%B7%A5%E8%B5%84%E8%A1%A8_2026-10.xlsx" in answer["Content-Disposition"]
    )
    assert formulas(content) == []
    *rows, total = table(content, "绩效工资表")
    line = next(row for row in rows if row["工号"] == cast.agent.number)
    assert [line[name] for name in ("次", "绩效上限额", "绩效系数(%)", "计薪系数(%)")] == [1, 1400, 80, 80]
    assert [line[name] for name in ("月绩效工资", "岗位工资", "应发合计", "状态")] == [1120, 3400, 4520, "已结算"]
    assert Decimal(str(total["应发合计"])) == run.total == sum((line.total for line in PayLine.objects.all()), ZERO)
    assert heads(content, "差额和奖金") == ["工号", "姓名", "种类", "原月份", "已发", "应发", "金额", "原因"]
    assert get(cast.month.hr, "/pay/2026-11/payroll.xlsx").status_code == 404


# --- one's own ------------------------------------------------------------------------------------


def test_ones_pay_is_provisional_until_it_is_settled(cast):
    before = get(cast.agent, "/pay/mine/").content.decode()
    settled(cast)
    after = get(cast.agent, "/pay/mine/").content.decode()

    assert "暂计" in before
    assert "已结算" in after
    for page in (before, after):
        assert "1,120.00" in page
        assert "4,520.00" in page
    assert "1,330.00" not in after  # the other agent's


def test_a_prepared_run_is_not_shown_as_paid(cast):
    prepared(cast)

    assert "暂计" in get(cast.agent, "/pay/mine/").content.decode()


def test_the_result_shows_what_was_paid_and_what_follows_with_another_month(cast):
    settled(cast)
    address = f"/results/{cast.form.pk}/"
    assert "已结算" in get(cast.agent, address).content.decode()

    ruled(cast, upheld("2"))

    page = get(cast.agent, address, day=13).content.decode()
    assert "+28.00" in page
    assert "随 2026年11月发" in page
    assert "1,148.00" in page
    old = get(cast.agent, f"{address}?version=1", day=13).content.decode()
    assert "1,120.00" in old
    assert "按结果第 1 版" in old


def test_the_coefficient_held_at_the_ceiling_is_shown_with_both(cast):
    result = cast.form.results.get()
    result.coefficient = Decimal("104.50")
    result.performance_pay, result.base_pay = Decimal(1400), Decimal(4800)
    result.save()
    settled(cast)

    assert "104.50%，封顶按 100.00%" in get(cast.agent, "/pay/mine/").content.decode()


# --- the month of HR, to-dos, statements ----------------------------------------------------------


def test_hrs_month_leads_to_the_settlement_and_offers_no_way_back_of_what_is_paid(cast):
    before = get(cast.month.hr, "/hr/2026-10/").content.decode()
    settled(cast)
    after = get(cast.month.hr, "/hr/2026-10/").content.decode()

    assert 'href="/pay/2026-10/"' in before
    assert "撤回备案" in before
    assert "撤回备案" not in after


def test_the_pay_waits_for_hr_and_then_for_the_other(cast):
    first, second = (get(one, "/").content.decode() for one in (cast.month.hr, cast.second_hr))
    assert "准备 10月绩效工资：3 人" in first
    assert "准备 10月绩效工资：3 人" in second

    prepared(cast)

    first, second = (get(one, "/", day=11).content.decode() for one in (cast.month.hr, cast.second_hr))
    assert "绩效工资：" not in first
    assert "复核结算 10月绩效工资" not in first
    assert "复核结算 10月绩效工资" in second
    assert "绩效工资" not in get(cast.stranger, "/").content.decode()


def test_a_month_that_is_not_filed_yet_is_nobodys_to_prepare(cast):
    Form.objects.filter(pk=cast.form.pk).update(state=FormState.SIGNED)

    assert "准备 10月绩效工资" not in get(cast.month.hr, "/").content.decode()


def test_the_pages_take_as_many_statements_for_many_as_for_few(cast):
    settled(cast)
    pages = {"/pay/": as_(cast.month.hr), MONTH: as_(cast.month.hr), "/pay/mine/": as_(cast.agent)}
    few = {}
    with on(10):
        for page, client in pages.items():
            client.get(page)
            few[page] = statements(partial(client.get, page))
    run = PayRun.objects.get()
    for place in range(12):
        PayLine.objects.create(run=run, employee=world.person(f"员工{place}"), total=0)
    with on(10):
        for page, client in pages.items():
            assert statements(partial(client.get, page)) == few[page] <= 16, page
