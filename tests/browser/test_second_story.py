"""Second scorings: the group has them drawn, a listener scores blind with the keys, both stand side by side."""

import re

import pytest
from playwright.sync_api import Page, expect

from reports.management.demo.cast import PASSWORD
from tests.browser.portal import Portal
from tests.browser.steps import be, expect_to_fit, month_key

MONTH = -4
"""A month of the demo of which nothing has been drawn yet."""


def _be_numbered(page: Page, portal: Portal, number: str) -> None:
    """Sign in as anybody of the demo: chance has chosen the listener."""
    page.context.clear_cookies()
    page.goto(portal.at("/login/"))
    page.locator("input[name=login]").fill(number)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def _given(portal: Portal, number: str = "") -> list[tuple[str, int, str, str]]:
    """Listener's number, call's key and number, state of the month's second scorings."""
    return portal.rows(
        "SELECT p.number, c.id, c.number, a.state FROM quality_assessment a JOIN quality_call c ON c.id = a.call_id "
        "JOIN people_employee p ON p.id = a.listener_id WHERE a.kind = 'second' AND c.number LIKE ? "
        "AND CAST(c.called_on AS TEXT) LIKE ? ORDER BY c.number",
        f"%{number}",
        f"{month_key(MONTH)}%",
    )


def test_the_leader_has_a_months_second_scorings_drawn(page: Page, portal: Portal):
    be(page, portal, "方志远")
    page.goto(portal.at(f"/calls/drift/?from={month_key(MONTH)}&to={month_key(MONTH)}"))
    expect(page.locator("main")).to_contain_text("不影响任何人的绩效工资")

    page.get_by_role("button", name="抽复听").click()

    expect(page.locator("#kp-toasts")).to_contain_text(re.compile(r"抽了 \d+ 通复听"))
    assert {state for _listener, _pk, _number, state in _given(portal)} == {"draft"}

    page.get_by_role("button", name="抽复听").click()

    expect(page.locator("#kp-toasts")).to_contain_text("已经抽够")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_listener_scores_blind_and_then_sees_both_side_by_side(page: Page, portal: Portal, width: int):
    listener, pk, number, _state = next(one for one in _given(portal) if one[3] == "draft")
    page.set_viewport_size({"width": width, "height": 844})
    _be_numbered(page, portal, listener)
    page.goto(portal.at(f"/calls/drift/?from={month_key(MONTH)}&to={month_key(MONTH)}"))
    expect(page.locator("main")).not_to_contain_text(number)

    page.get_by_role("link", name="去复听").click()
    expect(page.locator("main")).to_contain_text(number)
    page.goto(portal.at(f"/calls/{pk}/assess/"))
    expect(page.locator("main")).to_contain_text("看不到第一次的评分")
    for item in page.locator("[data-item]:has(.mon-levels)").all():
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            item.locator("label.mon-level").nth(1).click()
        assert answer.value.ok
    page.get_by_role("button", name="提交评分").click()
    expect(page).to_have_url(re.compile(rf"/calls/{pk}/$"))

    assert [one[3] for one in _given(portal, number)] == ["submitted"]
    page.goto(portal.at(f"/calls/drift/?from={month_key(MONTH)}&to={month_key(MONTH)}"))
    page.locator("a.nm", has_text="首语及连接语").click()
    expect(page.locator("main")).to_contain_text(number)
    expect_to_fit(page)
