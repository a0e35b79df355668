"""The supervisor: drafts and submits targets, the department approves; then reviews with live totals."""

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_state, form_of, give_levels, give_points, state_of


def test_targets_are_drafted_from_last_month_and_submitted(page: Page, portal: Portal):
    address = form_of(portal, "高雅琪", 1)  # nothing on it yet
    be(page, portal, "周敏")
    page.goto(portal.at("/team/"))
    row = page.locator("tr", has_text="高雅琪")
    expect(row).to_contain_text("还没有起草")

    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="给空表复制上一期").click()
    expect(page.locator("tr", has_text="高雅琪")).not_to_contain_text("还没有起草")

    page.goto(portal.at(f"{address}targets/"))
    expect(page.get_by_text("正好").first).to_be_visible()
    page.get_by_role("button", name="提交审批").click()

    expect(page.locator("h1")).to_contain_text("罗文静")  # on to the next one without targets
    assert state_of(portal, address) == "approval"


def test_weights_that_do_not_fill_are_said_at_once_and_refused(page: Page, portal: Portal):
    address = form_of(portal, "朱文博", 1)
    be(page, portal, "周敏")
    page.goto(portal.at(f"{address}targets/"))

    page.locator("input[name$='points']").first.fill("17")
    page.locator("input[name$='points']").first.press("Tab")
    expect(page.get_by_role("region").filter(has_text="77")).to_be_visible()
    page.get_by_role("button", name="提交审批").click()

    expect(page.get_by_text("77").first).to_be_visible()
    assert state_of(portal, address) == "targets"


def test_the_department_approves_and_the_agent_confirms(page: Page, portal: Portal):
    address = form_of(portal, "高雅琪", 1)
    be(page, portal, "何建国")
    page.goto(portal.at(f"{address}targets/"))

    page.get_by_role("button", name="批准").click()
    expect_state(portal, address, "confirmation")


def test_a_review_moves_the_provisional_coefficient_and_is_submitted(page: Page, portal: Portal):
    address = form_of(portal, "胡雪", 0)
    be(page, portal, "周敏")
    page.goto(portal.at(address))
    bar = page.locator(".total")
    expect(bar).to_contain_text("暂计")
    before = bar.inner_text()

    assert give_points(page, "4.5") == 2
    assert give_levels(page, 4) == 6

    expect(bar).not_to_have_text(before)
    page.get_by_role("button", name="提交复核").click()
    expect(page.locator("h1")).not_to_contain_text("胡雪")  # on to the next one to review
    assert state_of(portal, address) == "ready"


def test_an_end_of_the_scale_asks_for_a_fact(page: Page, portal: Portal):
    be(page, portal, "周敏")
    page.goto(portal.at(form_of(portal, "朱文博", 0)))
    row = page.locator("tr.lv-box:has([data-lv])").first
    expect(row.locator("textarea.fact")).to_be_hidden()

    row.locator("label:has(input[value='5'])").click()

    expect(row.locator("textarea.fact")).to_be_visible()


def test_the_keyboard_alone_scores_and_walks(page: Page, portal: Portal):
    address = form_of(portal, "朱文博", 0)
    be(page, portal, "周敏")
    page.goto(portal.at(address))

    page.locator("tr.lv-box:has([data-lv]) input[type=radio]").nth(5).focus()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("3")
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("j")

    page.wait_for_url(lambda url: not url.endswith(address))


def test_two_windows_never_overwrite_each_other_silently(page: Page, portal: Portal):
    address = portal.at(form_of(portal, "孙磊", 0))
    be(page, portal, "周敏")
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    field = ".step input >> nth=0"

    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator(field).fill("3")
        page.locator(field).press("Tab")
    with other.expect_response(lambda answer: answer.request.method == "POST") as answer:
        other.locator(field).fill("4")
        other.locator(field).press("Tab")

    assert answer.value.status == 409
    expect(other.locator("dialog[open]")).to_contain_text("3")
