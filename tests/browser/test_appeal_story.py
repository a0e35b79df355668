"""An appeal from the filed and paid result to the difference line in the next month's report."""

import io

import openpyxl
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from reports.management.demo.cast import month_after
from tests.browser.portal import Portal
from tests.browser.steps import be, expect_page, expect_to_fit

PHONE: ViewportSize = {"width": 390, "height": 844}
REASON = "11月导出少算三条评价，记录在附件"
MOST_LOST = """
from appeals.selectors.contested import contestable_of
from scoring.models import Result
result = Result.objects.get(form_id={form}, superseded_at=None)
lines = [one for one in contestable_of(result).values() if one.key.startswith("line:")]
lost = max(lines, key=lambda one: one.most or 0)
print(lost.name, lost.full, sep="|")
"""
"""The line of a form on which most was lost, and its full marks."""


def last_result(portal: Portal) -> tuple[int, str]:
    """Form of 陈思雨's newest published result, and its state."""
    return portal.rows(
        "SELECT f.id, f.state FROM appraisals_form f JOIN people_employee e ON e.id = f.employee_id "
        "JOIN appraisals_cycle c ON c.id = f.cycle_id WHERE e.number = 'E0105' AND c.kind = 'month' "
        "AND c.starts_on = ?",
        month_after(timezone.localdate(), -1).isoformat(),
    )[0]


def appeal_in(portal: Portal) -> tuple[int, str, str]:
    """Key, number and state of the appeal of this story."""
    return portal.rows(
        "SELECT a.id, a.number, a.state FROM appeals_appeal a JOIN appeals_appealitem i ON i.appeal_id = a.id "
        "WHERE i.reason = ?",
        REASON,
    )[0]


def test_the_result_is_signed_and_filed(page: Page, portal: Portal):
    form, _state = last_result(portal)
    be(page, portal, "陈思雨")
    page.goto(portal.at(f"/results/{form}/"))
    page.get_by_text("同意结果").click()
    page.locator("#sign input[type=password]").fill("demo-2026")
    page.locator("#sign").get_by_role("button", name="签认").click()
    expect(page.locator("body")).to_contain_text("已签认")

    be(page, portal, "赵琳")
    key = f"{month_after(timezone.localdate(), -1):%Y-%m}"
    page.goto(portal.at(f"/hr/{key}/?text=E0105#people"))
    page.locator("#people input[name=form]").check()
    page.locator("#file button[type=submit]").first.click()
    expect(page.locator("body")).to_contain_text("已备案")
    assert last_result(portal) == (form, "filed")


def test_one_of_hr_prepares_the_pay_and_another_settles_it(page: Page, portal: Portal):
    key = f"{month_after(timezone.localdate(), -1):%Y-%m}"
    be(page, portal, "赵琳")
    page.goto(portal.at(f"/hr/{key}/"))
    page.get_by_role("link", name="结算绩效工资").click()
    page.get_by_role("button", name="准备结算").click()
    expect(page.locator("main")).to_contain_text("等另一位人力资源同事复核结算")
    expect(page.get_by_role("button", name="结算", exact=True)).to_have_count(0)

    be(page, portal, "钱慧")
    page.set_viewport_size(PHONE)
    page.goto(portal.at(f"/pay/{key}/"))
    expect_to_fit(page)
    page.locator("#settle input[type=password]").fill("demo-2026")
    page.get_by_role("button", name="结算", exact=True).click()
    expect(page.locator("h1")).to_contain_text("绩效工资")
    expect(page.locator("body")).to_contain_text("已结算")

    be(page, portal, "陈思雨")
    page.goto(portal.at("/pay/mine/"))
    slip = page.locator("details.hush").first
    expect(slip.locator("dl")).to_be_hidden()
    slip.locator("summary").click()
    expect(slip.locator("dl")).to_contain_text("绩效上限额")
    expect(slip).to_contain_text("已结算")
    expect_to_fit(page)


def test_the_agent_appeals_on_the_phone_item_by_item(page: Page, portal: Portal):
    form, _state = last_result(portal)
    be(page, portal, "陈思雨")
    page.set_viewport_size(PHONE)
    page.goto(portal.at(f"/results/{form}/"))
    page.get_by_role("button", name="提出申诉").click()
    expect_page(page, "details.ap-it")
    expect_to_fit(page)
    name, full = portal.ask(MOST_LOST.format(form=form)).split("|")
    line = page.locator("details.ap-it", has_text=name)
    page.get_by_role("button", name="提交申诉").click()
    expect(page.locator("#kp-toasts")).to_contain_text("至少选一项")
    line.locator("summary").click()
    line.locator("textarea").fill(REASON)
    line.get_by_label("认为应得").fill(full)
    page.get_by_role("button", name="提交申诉").click()

    expect(page.locator("h1")).to_contain_text("待受理")
    expect_to_fit(page)
    assert appeal_in(portal)[2] == "submitted"
    page.goto(portal.at(f"/results/{form}/"))
    expect(page.locator("h1")).to_contain_text("申诉中")


def test_the_leader_gives_it_to_a_stranger_to_the_form(page: Page, portal: Portal):
    be(page, portal, "方志远")
    page.goto(portal.at("/appeals/"))
    page.locator("#to-assign").get_by_role("link").first.click()
    expect(page.locator("#assign")).not_to_contain_text("周敏")
    page.locator("#assign label", has_text="方志远").click()
    page.get_by_role("button", name="分给他").click()

    assert appeal_in(portal)[2] == "examined"


def test_the_handler_sees_what_would_change_before_it_does_and_no_amount(page: Page, portal: Portal):
    be(page, portal, "方志远")
    page.goto(portal.at(f"/appeals/{appeal_in(portal)[0]}/"))
    page.get_by_text("部分成立").click()
    page.get_by_label("加几分").fill("0.3")
    page.locator("textarea[name^=why]").fill("三条里有两条确实漏计")
    page.locator("#reason").fill("调取原始记录核对过")
    page.get_by_role("button", name="先看影响").click()

    expect(page.locator("#weighed")).to_contain_text("绩效系数")
    expect(page.locator("#weighed")).to_contain_text("数额只有本人和人力资源部看得到")
    assert appeal_in(portal)[2] == "examined"
    page.get_by_role("button", name="就这样裁定").click()
    expect(page.locator("h1")).to_contain_text("已裁定")


def test_both_versions_are_read_and_the_new_one_waits_to_be_signed(page: Page, portal: Portal):
    form, state = last_result(portal)
    number = appeal_in(portal)[1]
    be(page, portal, "陈思雨")
    page.goto(portal.at(f"/results/{form}/"))

    expect(page.locator("h1")).to_contain_text("待你签认")
    (name,) = portal.rows("SELECT name FROM appeals_appealitem WHERE reason = ?", REASON)[0]
    expect(page.locator(".wf")).to_contain_text(f"{number} {name}")
    expect(page.locator("#versions")).to_contain_text(f"更正：申诉{number}")
    assert state == "published"
    page.locator("#versions").get_by_role("link", name="第 1 版").click()
    expect(page.locator("body")).to_contain_text("更正了")


def test_the_difference_stands_in_the_next_months_report(page: Page, portal: Portal):
    number, key = appeal_in(portal)[1], f"{timezone.localdate():%Y-%m}"
    (amount,) = portal.rows("SELECT amount FROM scoring_paydifference WHERE reason = ?", f"申诉{number}")[0]
    be(page, portal, "赵琳")
    page.goto(portal.at(f"/hr/{key}/"))
    expect(page.locator("#differences")).to_contain_text("陈思雨")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 KPI 报表").click()

    content = download.value.path().read_bytes()
    rows = list(openpyxl.load_workbook(io.BytesIO(content))["差额"].iter_rows(values_only=True))
    assert rows[0] == ("工号", "姓名", "原月份", "原绩效工资", "更正后", "差额", "原因")
    assert rows[1][0] == "E0105"
    assert rows[1][6] == f"申诉{number}"
    difference = rows[1][5]
    assert isinstance(difference, int | float)
    assert round(difference, 2) == round(float(amount), 2) > 0
