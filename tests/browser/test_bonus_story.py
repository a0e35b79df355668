"""A bonus from a phone to the form: raised, checked first, confirmed by the superior; and the standard it goes by."""

import re

from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_to_fit, form_of

PHONE: ViewportSize = {"width": 390, "height": 844}
GROUNDS = "客户来电感谢：连夜查清重复扣费并当天退回"


def raised_in(portal: Portal) -> tuple[int, str]:
    """Key and state of the claim of this story."""
    return portal.rows("SELECT id, state FROM incidents_bonus WHERE grounds = ?", GROUNDS)[0]


def test_an_agent_applies_on_the_phone(page: Page, portal: Portal):
    be(page, portal, "陈思雨")
    page.set_viewport_size(PHONE)
    page.goto(portal.at("/bonuses/"))
    page.get_by_role("link", name="申请或提加分").first.click()

    expect(page.get_by_label("给谁加分")).to_have_value("陈思雨 E0105")
    with page.expect_response(lambda answer: "/hints/" in answer.url):
        page.get_by_label("加分标准").select_option(label="+3.00 成功化解重大投诉避免升级")
    expect(page.locator("#hints")).to_contain_text("最多 6.00 分")
    expect_to_fit(page)
    page.get_by_label("依据", exact=True).fill(GROUNDS)
    photo: FilePayload = {"name": "来电记录.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n0000"}
    page.locator("input[type=file]").first.set_input_files([photo])
    page.get_by_role("button", name="提交").click()

    expect(page.locator("h1")).to_contain_text("+3.00")
    expect(page.locator("body")).to_contain_text("来电记录.png")
    expect(page.locator(".flow [aria-current=step]")).to_contain_text("等考核小组或本区域主管")
    expect_to_fit(page)


def test_a_colleague_who_reports_the_same_is_told_there_is_one(page: Page, portal: Portal):
    be(page, portal, "刘凯")
    page.goto(portal.at("/bonuses/new/?about=E0105"))

    expect(page.get_by_label("给谁加分")).to_have_value("陈思雨 E0105")
    expect(page.locator("#hints")).to_contain_text("别重复提")


def test_a_member_of_the_group_checks_first_and_the_superior_confirms(page: Page, portal: Portal):
    be(page, portal, "沈玉兰")
    page.goto(portal.at("/bonuses/"))
    page.locator("#waiting li", has_text=GROUNDS).get_by_role("link", name="去审核").click()
    page.get_by_role("button", name="初核通过").click()
    expect(page.locator(".flow [aria-current=step]")).to_contain_text("等周敏")

    be(page, portal, "周敏")
    page.set_viewport_size(PHONE)
    page.goto(portal.at(f"/bonuses/{raised_in(portal)[0]}/"))
    expect(page.locator("#check")).to_contain_text("本职KPI已计分的事项不重复加分")
    expect_to_fit(page)
    page.get_by_role("button", name="确认加分 +3.00").click()

    expect(page.locator("h1")).to_contain_text("已确认")
    assert raised_in(portal)[1] == "confirmed"


def test_a_second_claim_of_the_same_event_is_joined_and_turned_down_and_the_form_shows_both(page: Page, portal: Portal):
    be(page, portal, "周敏")
    page.goto(portal.at("/bonuses/new/?about=E0105"))
    with page.expect_response(lambda answer: "/hints/" in answer.url):
        page.get_by_label("加分标准").select_option(label="+3.00 成功化解重大投诉避免升级")
    with page.expect_response(lambda answer: "/hints/" in answer.url):
        page.locator("#id_same").select_option(value=str(raised_in(portal)[0]))
    page.get_by_label("依据", exact=True).fill("化解了重复扣费的投诉")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("h1")).to_contain_text("+3.00")
    expect(page.locator("main")).to_contain_text("同一件事")
    claim = page.url

    page.goto(portal.at(form_of(portal, "陈思雨", 0)))
    part = page.locator("#p-bonuses")
    expect(part).to_contain_text(GROUNDS)
    expect(part).to_contain_text("化解了重复扣费的投诉")
    expect(part).to_contain_text("等考核小组或本区域主管初核")

    be(page, portal, "沈玉兰")
    page.goto(claim)
    expect(page.locator("#check")).to_contain_text("一件事只计一次")
    page.locator("#check summary").click()
    expect(page.get_by_label("为什么不成立")).to_have_value(re.compile("同一件事已由"))
    page.get_by_role("button", name="记为不成立").click()
    expect(page.locator("h1")).to_contain_text("不成立")
    page.goto(portal.at("/bonuses/?state=rejected"))
    expect(page.locator("table")).to_contain_text("化解了重复扣费的投诉")
    expect(page.locator("table")).to_contain_text("同一件事已由")


def test_the_superior_overturns_it_with_a_reason_and_it_stays_in_the_ledger(page: Page, portal: Portal):
    be(page, portal, "周敏")
    page.goto(portal.at(f"/bonuses/{raised_in(portal)[0]}/"))
    page.locator("summary", has_text="撤销加分").click()
    page.get_by_label("为什么撤销").fill("客户后来撤回了表扬")
    page.get_by_role("button", name="撤销加分").click()

    expect(page.locator("h1")).to_contain_text("已撤销")
    page.goto(portal.at("/bonuses/?state=overturned"))
    expect(page.locator("table")).to_contain_text("客户后来撤回了表扬")


def test_everybody_reads_the_standards_and_the_leader_changes_one(page: Page, portal: Portal):
    be(page, portal, "陈思雨")
    page.set_viewport_size(PHONE)
    page.goto(portal.at("/standards/"))
    expect(page.locator("#incident h2").first).to_contain_text("27 条")
    expect(page.locator("#bonus h2").first).to_contain_text("15 条")
    expect_to_fit(page)

    be(page, portal, "方志远")
    page.set_viewport_size(PHONE)
    page.goto(portal.at("/standards/"))
    page.locator("tr", has_text="无故挂断客户电话").get_by_role("link", name="改").click()
    page.get_by_label("扣分").fill("6")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".help.err")).to_contain_text("3.00 到 5.00")
    page.get_by_label("扣分").fill("4")
    page.get_by_role("button", name="保存").click()

    expect(page.locator("tr", has_text="无故挂断客户电话")).to_contain_text("4")
    expect(page.locator("#changes")).to_contain_text("方志远")
