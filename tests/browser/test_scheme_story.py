"""The scheme's story: a draft with two numbers changed goes through three hands, and the next cycle uses it."""

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_page, expect_to_fit

HERE = "/scheme/3/"
"""The demo has the first version, and one on its way."""


def _take(page: Page, name: str) -> None:
    """Press the button of a step, and confirm in its dialog."""
    page.locator("header, .head").get_by_role("button", name=name).first.click()
    with page.expect_navigation():
        page.locator("dialog[open]").get_by_role("button", name=name).click()


def test_a_draft_says_what_is_wrong_while_it_is_typed_and_loses_nothing(page: Page, portal: Portal):
    be(page, portal, "沈玉兰")
    page.goto(portal.at("/scheme/versions/"))
    page.get_by_role("button", name="拟新版").click()
    expect(page).to_have_url(portal.at(f"{HERE}edit/"))
    page.locator('[name="grades.A.quota"]').fill("10")
    expect(page.locator('[data-sum-for="grades"]')).to_have_text("合计105，多了5")
    page.get_by_label("改了什么、为什么").fill("优秀多一些，并加一条规则")
    page.get_by_role("button", name="加一条规则").click()
    expect(page.locator('[name="triggers.4.code"]')).to_be_focused()
    page.locator('[name="triggers.4.code"]').fill("R5")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("还没有保存")
    expect(page.locator('[name="grades.A.quota"]')).to_have_value("10")
    page.get_by_role("button", name="删掉这条").last.click()
    expect(page.locator('[name="triggers.4.code"]')).to_have_count(0)

    page.locator('[name="grades.B.quota"]').fill("15")
    expect(page.locator('[data-sum-for="grades"]')).to_have_text("合计100")
    with page.expect_navigation():
        page.get_by_role("button", name="保存并看改动").click()
    changes = page.locator("#changes")
    expect(changes).to_contain_text("A · 比例")
    expect(changes.locator("ins", has_text="15%")).to_be_visible()
    _take(page, "提交审核")
    expect(page.get_by_text("等审核，可以审核的：")).to_be_visible()
    expect(page.get_by_role("button", name="审核通过")).to_have_count(0)


def test_two_others_check_and_approve_it_and_the_next_cycle_uses_it(page: Page, portal: Portal):
    be(page, portal, "方志远")
    page.goto(portal.at("/"))
    expect(page.locator("main")).to_contain_text("考核方案")
    page.goto(portal.at(HERE))
    _take(page, "审核通过")
    be(page, portal, "何建国")
    page.goto(portal.at(HERE))
    _take(page, "批准")
    expect(page.locator("h1")).to_contain_text("1.2")
    expect(page.get_by_text("已经批准，")).to_be_visible()
    expect(page.get_by_role("link", name="编辑")).to_have_count(0)

    begun = portal.rows("SELECT effective_on FROM appraisals_scheme WHERE version = ?", "1.2")[0][0]
    month = f"{begun}"[:7]
    code = (
        "from datetime import date; from appraisals.services.cycles import open_cycle; from people.facts import SYSTEM;"
        f"print(open_cycle('month', date.fromisoformat('{month}-01'), by=SYSTEM).cycle.scheme.version)"
    )
    assert portal.ask(code) == "1.2"
    assert portal.rows(
        "SELECT DISTINCT version FROM appraisals_cycle JOIN appraisals_scheme ON scheme_id = appraisals_scheme.id"
        " WHERE starts_on < ?",
        f"{begun}",
    ) == [("1.0",)]


def test_on_a_phone_it_can_be_read_and_edited(page: Page, portal: Portal):
    page.set_viewport_size({"width": 390, "height": 844})
    be(page, portal, "沈玉兰")
    page.goto(portal.at("/scheme/versions/"))
    page.get_by_role("button", name="拟新版").click()
    expect_page(page, "#sheet")
    expect_to_fit(page)
    small = page.evaluate(
        "[...document.querySelectorAll('#sheet .inp, #sheet button')].filter((one) => one.offsetParent"
        " && one.getBoundingClientRect().height < 43.5).map((one) => one.name || one.textContent.trim())"
    )
    assert small == []
    page.goto(portal.at("/scheme/diff/?a=1.0&b=1.1"))
    expect(page.locator("main")).to_contain_text("每月加分上限")
    expect_to_fit(page)
