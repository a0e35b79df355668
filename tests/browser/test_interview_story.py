"""The interview's story: prepared from the result, written down and shared at the desk, confirmed on the phone."""

import re

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_to_fit


def _pending(portal: Portal) -> tuple[str, str]:
    """Somebody of 周敏's with a published result and no interview: name, address of the preparation."""
    found = portal.rows(
        "SELECT e.name, r.form_id FROM scoring_result r JOIN appraisals_form f ON f.id = r.form_id "
        "JOIN people_employee e ON e.id = f.employee_id JOIN people_employee o ON o.id = f.owner_id "
        "JOIN appraisals_cycle c ON c.id = r.cycle_id LEFT JOIN development_interview i ON i.form_id = f.id "
        "WHERE o.name = ? AND e.name = ? AND r.superseded_at IS NULL AND r.published_at IS NOT NULL AND i.id IS NULL "
        "ORDER BY c.starts_on DESC",
        "周敏",
        "陈思雨",
    )
    return found[0][0], f"/interviews/of/{found[0][1]}/prepare/"


def test_the_supervisor_prepares_writes_and_shares(page: Page, portal: Portal):
    name, action = _pending(portal)
    be(page, portal, "周敏")
    page.goto(portal.at("/interviews/"))
    page.locator(f"form[action='{action}'] button").click()
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator("main")).to_contain_text("做得好的")

    with page.expect_response(lambda answer: answer.url.endswith("/save/")) as answer:
        page.locator("#n-shortcomings").fill("结案比目标慢")
        page.locator("#n-shortcomings").press("Tab")
    assert answer.value.ok
    page.get_by_role("button", name="发给本人").click()
    expect(page.locator("main")).to_contain_text("填上面谈日期")
    expect(page.locator("#n-shortcomings")).to_have_value("结案比目标慢")

    today = page.locator("#held_on").get_attribute("max") or ""
    page.locator("#held_on").fill(today)
    page.locator("input[name=agreed-0]").fill("每周复盘一次结案")
    page.locator("input[name=agreed-0]").press("Tab")
    page.get_by_role("button", name="发给本人").click()

    expect(page.locator("main")).to_contain_text(re.compile(rf"发给 {name}，等本人确认"))
    expect(page.locator("#agreed")).to_contain_text("每周复盘一次结案")


def test_the_agent_reads_and_disagrees_on_the_phone(page: Page, portal: Portal):
    page.set_viewport_size({"width": 390, "height": 844})
    page.context.clear_cookies()
    be(page, portal, "陈思雨")
    page.goto(portal.at("/interviews/"))
    page.locator("#own a.nm").first.click()
    expect(page.locator("main")).to_contain_text("结案比目标慢")
    expect_to_fit(page)

    page.locator("#confirm textarea[name=opinion]").fill("旺季量大")
    page.locator("#confirm label", has_text="不同意记录").click()
    page.locator("#confirm button[type=submit]").click()

    expect(page.locator("#words")).to_contain_text("旺季量大")
    expect(page.locator("#confirm")).to_have_count(0)
    page.locator("#remarks textarea").fill("下月再看")
    page.locator("#remarks button").click()
    expect(page.locator("#remarks")).to_contain_text("下月再看")
    expect_to_fit(page)
