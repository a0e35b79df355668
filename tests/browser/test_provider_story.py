"""The data provider: figures owed are entered at once, a fault loses nothing, a correction keeps the old one."""

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be


def test_figures_owed_are_entered_and_a_fault_keeps_the_others(page: Page, portal: Portal):
    be(page, portal, "赵琳")
    page.goto(portal.at("/figures/"))
    month = page.locator("details.menu a", has_text="欠").last
    if page.locator("details.menu summary.btn").count():
        page.locator("details.menu summary.btn").first.click()
        with page.expect_navigation():
            month.click()
    fields = page.locator("input[name^='value-']")
    expect(page.get_by_role("button", name="保存填好的")).to_be_visible()
    owed = fields.count()
    assert owed >= 2

    fields.nth(0).fill("4.2")
    fields.nth(1).fill("百分之三")
    page.get_by_role("button", name="保存填好的").click()

    expect(page.get_by_role("alert")).to_contain_text("1 行没有存")
    expect(fields.first).to_have_value("百分之三")
    expect(fields).to_have_count(owed - 1)


def test_a_correction_supersedes_and_says_why(page: Page, portal: Portal):
    be(page, portal, "赵琳")
    page.goto(portal.at("/figures/"))
    page.get_by_role("link", name="已报").first.click()
    page.get_by_role("link", name="更正").first.click()

    page.locator("#value").fill("5.5")
    page.locator("#why").fill("源表更新")
    page.get_by_role("button", name="更正").click()

    expect(page.locator("main")).to_contain_text("源表更新")
    assert portal.rows("SELECT COUNT(*) FROM appraisals_figure WHERE correction_reason = ?", "源表更新") == [(1,)]
    assert portal.rows("SELECT COUNT(*) FROM appraisals_figure WHERE superseded_at IS NOT NULL") == [(1,)]
