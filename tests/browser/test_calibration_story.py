"""The board's story: two members at once, by mouse and by keyboard, an authorised move, the lock, the minutes."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect

from reports.management.demo.cast import PASSWORD
from tests.browser.portal import Portal
from tests.browser.steps import be, expect_to_fit

SOON = 12_000
"""Others' moves come within seconds; a busy machine takes longer."""


@pytest.fixture
def other(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A second member's browser."""
    context: BrowserContext = browser.new_context(**browser_context_args)
    yield context.new_page()
    context.close()


def enter(page: Page, portal: Portal, number: str, name: str) -> None:
    """Sign in with number and password, as somebody whom the demo doesn't offer by a click."""
    page.context.clear_cookies()
    page.goto(portal.at("/login/"))
    page.locator("input[name=login]").fill(number)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    expect(page.locator("#side")).to_contain_text(name)


def board_of(page: Page, portal: Portal) -> str:
    """Open the latest year's board; its address."""
    page.goto(portal.at("/calibration/"))
    expect(page.locator("#board .pc").first).to_be_visible()
    return page.url


def lane(page: Page, grade: str) -> str:
    """The number in the head of a lane: "12 / 11"."""
    return page.locator(f".lane[data-grade='{grade}'] .cnt").inner_text()


def drag(page: Page, card: str, grade: str) -> None:
    """Take a card with the mouse and drop it into a lane."""
    taken = page.locator(f"#{card}")
    taken.scroll_into_view_if_needed()
    box, head = taken.bounding_box(), page.locator(f".lane[data-grade='{grade}'] header").bounding_box()
    assert box
    assert head
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(head["x"] + head["width"] / 2, box["y"] + 30, steps=6)
    expect(page.locator(".drop")).to_contain_text("放到这里")
    page.mouse.up()


def test_the_leader_answers_for_the_move_that_waits_for_him(page: Page, portal: Portal):
    be(page, portal, "方志远")
    board_of(page, portal)
    page.get_by_role("button", name="锁定等级").click()
    page.get_by_label("超额或并列的理由").fill("区域合并，缺一人")
    page.locator("#lock").get_by_role("button", name="锁定等级").click()
    expect(page.get_by_role("alert")).to_contain_text("还有移动在等授权")
    page.get_by_role("button", name="锁定等级").click()
    expect(page.get_by_label("超额或并列的理由")).to_have_value("区域合并，缺一人")  # nothing typed is lost
    page.keyboard.press("Escape")

    page.get_by_role("link", name="改动").click()
    page.get_by_role("button", name="授权", exact=True).click()
    expect(page.locator("#kp-toasts")).to_contain_text("已授权")


def test_a_member_drags_a_card_and_the_other_sees_it(page: Page, other: Page, portal: Portal):
    be(page, portal, "沈玉兰")
    enter(other, portal, "E0004", "韩冰")
    board_of(page, portal)
    board_of(other, portal)
    before = lane(page, "C")

    # one drags the best D to C, in the order of scores
    card = page.locator(".lane[data-grade='D'] .pc").first
    pk = card.get_attribute("id") or ""
    name = card.locator("a").inner_text()
    drag(page, pk, "C")
    dialog = page.locator("#kp-dialog")
    expect(dialog).to_contain_text(f"把{name}从 D 移到 C")
    expect(dialog).to_contain_text("不影响其他人")
    dialog.get_by_label("理由").fill("最后一个季度每月都在C线以上。")
    dialog.get_by_role("button", name="移到 C").click()
    expect(page.locator(f".lane[data-grade='C'] #{pk}")).to_be_visible()
    expect(page.locator(".lane[data-grade='C'] .cnt")).not_to_have_text(before)

    # the other sees it by itself, with who did it
    expect(other.locator(f".lane[data-grade='C'] #{pk}")).to_be_visible(timeout=SOON)
    expect(other.locator("#kp-toasts")).to_contain_text(f"沈玉兰把{name}移到了C")


def test_a_member_moves_with_the_keyboard_alone_and_the_other_sees_it(page: Page, other: Page, portal: Portal):
    be(page, portal, "沈玉兰")
    enter(other, portal, "E0004", "韩冰")
    board_of(page, portal)
    board_of(other, portal)
    first = other.locator(".lane[data-grade='E'] .pc").first
    key = first.get_attribute("id") or ""
    first.focus()
    other.keyboard.press("ArrowDown")
    other.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    other.keyboard.press("4")
    asks = other.locator("#kp-dialog")
    expect(asks).to_contain_text("移到 D")
    expect(asks.get_by_label("理由")).to_be_focused()
    other.keyboard.type("七月以后没有再出过事故。")
    asks.get_by_role("button", name="移到 D").click()
    expect(other.locator(f".lane[data-grade='D'] #{key}")).to_be_focused()
    expect(page.locator(f".lane[data-grade='D'] #{key}")).to_be_visible(timeout=SOON)


def test_a_member_finds_somebody_by_name_and_goes_on_from_there(page: Page, portal: Portal):
    be(page, portal, "沈玉兰")
    board_of(page, portal)
    card = page.locator(".lane[data-grade='D'] .pc").last
    name, key = card.locator("a").inner_text(), card.get_attribute("id") or ""
    find = page.get_by_label("找人：姓名或工号")

    find.fill(name)
    expect(page.locator("#board-found")).to_contain_text("找到 1 人")
    expect(page.locator(".pc.found")).to_have_count(1)
    find.press("Enter")
    expect(page.locator(f"#{key}")).to_be_focused()
    expect(page.locator(f"#{key}")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(find).to_be_focused()
    find.fill("查无此人")
    expect(page.locator("#board-found")).to_contain_text("这块看板上没有")
    find.press("Escape")
    expect(page.locator("#board.finding")).to_have_count(0)


def test_who_comes_late_hears_who_was_first(page: Page, other: Page, portal: Portal):
    be(page, portal, "沈玉兰")
    enter(other, portal, "E0004", "韩冰")
    address = board_of(page, portal)
    card = page.locator(".lane[data-grade='B'] .pc").last
    pk = (card.get_attribute("id") or "")[1:]
    for member in (page, other):
        member.goto(f"{address}people/{pk}/move/?to=C")
    page.get_by_label("理由").fill("两次有效投诉。")
    if page.get_by_label("请谁授权").count():
        page.get_by_label("请谁授权").select_option(label="郑洁")
    page.get_by_role("button", name="移到 C").click()
    expect(page.locator("#kp-toasts")).to_contain_text("已移到C")

    other.get_by_label("理由").fill("我也看到了。")
    if other.get_by_label("请谁授权").count():
        other.get_by_label("请谁授权").select_option(label="郑洁")
    other.get_by_role("button", name="移到 C").click()
    expect(other.locator("#kp-toasts")).to_contain_text("刚变过")


def test_against_the_order_somebody_else_answers_in_his_own_name(page: Page, other: Page, portal: Portal):
    be(page, portal, "沈玉兰")
    address = board_of(page, portal)
    card = page.locator(".lane[data-grade='D'] .pc").nth(3)
    name, pk = card.locator("a").inner_text(), card.get_attribute("id") or ""
    card.focus()
    page.keyboard.press("2")
    dialog = page.locator("#kp-dialog")
    expect(dialog).to_contain_text("和名次的先后相反")
    dialog.get_by_label("理由").fill("救回两个要走的大客户。")
    dialog.get_by_label("请谁授权").select_option(label="韩冰")
    dialog.get_by_role("button", name="移到 B").click()
    expect(page.locator(f".lane[data-grade='B'] #{pk}")).to_contain_text("待授权")

    enter(other, portal, "E0004", "韩冰")
    expect(other.locator("main")).to_contain_text(f"答复 {name}的等级移动")
    other.goto(f"{address}changes/")
    row = other.locator(".cal-log li").filter(has_text="救回两个要走的大客户")
    row.get_by_label("答复").fill("核过了，属实。")
    row.get_by_role("button", name="授权", exact=True).click()
    expect(other.locator("#kp-toasts")).to_contain_text("已授权")
    expect(page.locator(f".lane[data-grade='B'] #{pk}")).not_to_contain_text("待授权", timeout=SOON)


def test_the_lock_waits_for_the_quotas_or_for_words_and_the_minutes_tell_all(page: Page, portal: Portal):
    for move in portal.rows("SELECT id FROM calibration_move WHERE state = ?", "waiting"):
        enter(page, portal, "E0006", "郑洁")
        board_of(page, portal)
        page.get_by_role("link", name="改动").click()
        page.locator(f"#m{move[0]}").get_by_role("button", name="授权", exact=True).click()
        expect(page.locator("#kp-toasts")).to_contain_text("已授权")
    be(page, portal, "方志远")
    address = board_of(page, portal)
    expect(page.locator("[data-live=banner]")).to_contain_text("还要动")
    page.get_by_role("button", name="锁定等级").click()
    page.locator("#lock").get_by_role("button", name="锁定等级").click()
    expect(page.get_by_role("alert")).to_contain_text("写明理由才能锁定")

    page.get_by_role("button", name="锁定等级").click()
    page.get_by_label("超额或并列的理由").fill("区域合并，D档缺一人，经小组一致同意。")
    page.locator("#lock").get_by_role("button", name="锁定等级").click()
    expect(page.locator("h1")).to_contain_text("已锁定")
    assert portal.rows("SELECT state FROM scoring_annualreview") == [("locked",)]

    page.goto(f"{address}changes/")
    with page.expect_download() as got:
        page.get_by_role("link", name="下载纪要").click()
    path = got.value.path()
    rows = list(load_workbook(BytesIO(path.read_bytes()))["移动"].iter_rows(min_row=2, values_only=True))
    assert [row[4] for row in rows if row[4] == "救回两个要走的大客户。"]
    assert len(rows) == portal.rows("SELECT COUNT(*) FROM calibration_move")[0][0]


def test_a_phone_gets_the_table_without_sideways_scroll(page: Page, portal: Portal):
    page.set_viewport_size({"width": 390, "height": 844})
    be(page, portal, "方志远")
    page.goto(portal.at("/calibration/"))

    expect(page).to_have_url(re.compile(r"/table/"))
    expect(page.locator("tbody tr").first).to_be_visible()
    expect_to_fit(page)
