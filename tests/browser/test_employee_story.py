"""The employee's story on a phone 390 pixels wide: confirm targets with a question, score oneself, sign the result."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_state, expect_to_fit, form_of, give_levels, give_points


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_targets_are_read_questioned_and_confirmed(page: Page, portal: Portal):
    address = form_of(portal, "陈思雨", 1)
    be(page, portal, "陈思雨")
    page.goto(portal.at(f"{address}targets/"))
    expect_to_fit(page)

    page.locator("textarea[name=text]").fill("知识库条目按提交日还是通过日算？")
    page.get_by_role("button", name="问考核负责人").click()
    expect(page.locator("#talk")).to_contain_text("按提交日还是通过日算")
    page.get_by_role("button", name="确认目标").click()

    expect_state(portal, address, "active")


def test_self_scores_are_saved_as_they_are_given_and_submitted(page: Page, portal: Portal):
    address = form_of(portal, "陈思雨", 0)
    be(page, portal, "陈思雨")
    page.goto(portal.at(address))
    expect_to_fit(page)
    expect(page.locator(".total")).to_contain_text("还差 8 项")

    assert give_points(page, "4.5") == 2
    assert give_levels(page, 4) == 6
    page.reload()
    expect(page.locator(".total")).not_to_contain_text("还差")
    page.get_by_role("button", name="提交自评").click()

    expect_state(portal, address, "review")


def test_the_superiors_scores_stay_hidden_until_the_result(page: Page, portal: Portal):
    address = form_of(portal, "陈思雨", 0)
    be(page, portal, "周敏")
    page.goto(portal.at(address))
    give_points(page, "3.5")

    be(page, portal, "陈思雨")
    page.goto(portal.at(address))

    expect(page.locator("section.part", has_text="工作目标")).not_to_contain_text("3.50")


def test_somebody_elses_form_is_not_found(page: Page, portal: Portal):
    address = form_of(portal, "黄佩珊", 0)
    be(page, portal, "陈思雨")

    for path in (address, f"{address}targets/", f"{address}print/"):
        answer = page.goto(portal.at(path))
        assert answer is not None
        assert answer.status == 404
    expect(page.locator("main")).to_contain_text("打不开这一页")
