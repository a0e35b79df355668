"""What a draft of the scheme would have changed: asked by its drafter, reckoned by the worker, read by the approver."""

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_to_fit

TRIED = "SELECT r.id, r.finished_at FROM scoring_replay r ORDER BY r.id DESC"


def test_a_member_tries_a_draft_and_sees_how_far_it_is_and_who_would_move(page: Page, portal: Portal):
    be(page, portal, "沈玉兰")
    page.goto(portal.at("/what-if/"))
    page.get_by_label("方案").select_option(index=1)
    page.get_by_role("radio", name="一整年").check()
    page.get_by_label("公司任务完成率").fill("98")
    page.get_by_role("button", name="开始试算").click()

    expect(page.locator("#progress, dl.stats").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("会变的人", timeout=60_000)
    expect(page.locator("main")).to_contain_text("下调绩效上限")
    expect(page.locator("main")).not_to_contain_text("绩效工资合计")  # by drafts of one's own sums tell single caps
    assert portal.rows(TRIED)[0][1] is not None


def test_who_approves_reads_on_a_phone_what_it_would_cost(page: Page, portal: Portal):
    number = portal.rows(TRIED)[0][0]
    page.set_viewport_size({"width": 390, "height": 844})
    be(page, portal, "高远")
    page.goto(portal.at(f"/what-if/{number}/"))

    expect(page.locator("main")).to_contain_text("绩效工资合计")
    expect(page.locator("main")).to_contain_text("年终奖金合计")
    expect(page.locator("main")).not_to_contain_text("绩效工资（元）")  # nobody's own
    expect_to_fit(page)
