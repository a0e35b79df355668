"""Calls are registered and drawn on a phone; the monitoring standard is edited, compared and published at a desk."""

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_to_fit

SUPERVISOR, LEADER = "周敏", "方志远"


def test_a_supervisor_pastes_the_months_calls_and_has_them_drawn(page: Page, portal: Portal):
    page.set_viewport_size({"width": 390, "height": 844})
    month = portal.ask("from django.utils import timezone; print(f'{timezone.localdate():%Y-%m}')")
    be(page, portal, SUPERVISOR)
    page.goto(portal.at("/calls/new/"))

    page.locator("#pasted").fill(f"NEW1,{month}-01,09:10,E0105,4:05,,是\nNEW2,{month}-01,,X999")
    page.get_by_role("button", name="登记这一批").click()
    expect(page.get_by_role("alert")).to_contain_text("第 2 行：这位不归你监听")
    assert page.locator("#pasted").input_value().endswith("X999")
    page.locator("#pasted").fill(f"NEW1,{month}-01,09:10,E0105,4:05,,是\nNEW2,{month}-01,,E0105")
    page.get_by_role("button", name="登记这一批").click()
    expect(page.locator(".toast-k")).to_contain_text("已登记 2 通")

    page.goto(portal.at("/calls/plan/"))
    page.get_by_role("button", name="抽取").click()
    expect(page.locator(".toast-k").first).to_contain_text("抽了")
    assert portal.rows("SELECT drawn_why FROM quality_call WHERE number = ?", "NEW1") == [("complaint",)]
    page.locator("#agents").get_by_role("link", name="陈思雨").click()
    expect(page.locator("table")).to_contain_text("NEW1")
    expect_to_fit(page)


def test_the_leader_edits_compares_and_publishes_the_standard(page: Page, portal: Portal):
    be(page, portal, LEADER)
    page.goto(portal.at("/rubric/"))
    page.get_by_role("button", name="做新版本").click()

    page.locator("button[value='add_level:0-1']").click()
    fresh = page.locator("[name='c-0-i-1-l-3-points']")
    expect(fresh).to_be_focused()
    fresh.fill("三")
    page.locator("[name='c-0-i-1-l-3-zh']").fill("偶尔要问第二遍")
    page.get_by_role("button", name="去发布").click()
    expect(page.get_by_role("alert")).to_contain_text("等级分要填数字")
    expect(page.locator("[name='c-0-i-1-l-3-zh']")).to_have_value("偶尔要问第二遍")
    page.locator("[name='c-0-i-1-l-3-points']").fill("3")
    page.get_by_role("button", name="去发布").click()

    expect(page.locator("main")).to_contain_text("“聆听能力”新增等级 3：偶尔要问第二遍")
    day = portal.ask(
        "from datetime import timedelta as t; from django.utils.timezone import localdate as d; print(d() + t(1))"
    )
    page.locator("#starts_on").fill(day)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator("h1")).to_contain_text("1.1")
    expect(page.locator(".head")).to_contain_text("还没生效")
