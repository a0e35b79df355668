"""An incident's story on a phone: filed in a minute with a photo, answered by the person, verified by the superior."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_page, expect_to_fit, form_of

PHOTO = b"\x89PNG\r\n\x1a\n1234"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def record_of(portal: Portal, text: str) -> str:
    """The address of the record with that description."""
    found = portal.rows("SELECT id FROM incidents_incident WHERE description = ?", text)
    return portal.at(f"/incidents/{found[0][0]}/")


def filed(page: Page, portal: Portal, about: str, kind: str, text: str) -> str:
    """A record that a colleague of another team files about the person with that number; its address."""
    be(page, portal, "刘凯")
    page.goto(portal.at(f"/incidents/new/?about={about}"))
    expect_page(page, "#person-1")
    page.get_by_placeholder("找一条，比如：迟到").fill(kind)
    page.locator("label.kind", has_text=kind).click()
    page.locator("#id_text").fill(text)
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**/incidents/*/")
    return record_of(portal, text)


def expect_in_ledger(page: Page, portal: Portal, state: str, *words: str) -> None:
    """The ledger, narrowed to a state, has a row that tells these words."""
    page.goto(portal.at(f"/incidents/?state={state}"))
    for word in words:
        expect(page.locator("table")).to_contain_text(word)


def test_a_colleague_files_one_in_six_taps_and_a_fault_loses_nothing(page: Page, portal: Portal, tmp_path: Path):
    photo = tmp_path / "现场.png"
    photo.write_bytes(PHOTO)
    be(page, portal, "刘凯")
    page.goto(portal.at("/incidents/"))
    page.get_by_role("link", name="登记不良事故").first.click()
    expect_page(page, "#person-1")
    expect_to_fit(page)

    page.locator("#person-1").fill("陈思")
    page.locator("[data-pick]", has_text="陈思雨").click()
    page.get_by_placeholder("找一条，比如：迟到").fill("漏记")
    page.locator("label.kind", has_text="漏记或错记工单").click()
    expect(page.locator("#points-1")).to_have_value("2")
    page.locator("#files").set_input_files(photo)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("#id_text:invalid")).to_have_count(1)  # the browser itself asks for the words
    page.locator("#id_text").fill("漏记用户地址，装机延误一天")
    page.get_by_role("button", name="登记", exact=True).click()

    page.wait_for_url("**/incidents/*/")
    expect(page.locator("#files")).to_contain_text("现场.png")
    expect(page.locator("main")).to_contain_text("等当事人陈述")


def test_what_the_server_refuses_comes_back_with_the_photo_and_all_that_was_typed(
    page: Page, portal: Portal, tmp_path: Path
):
    photo = tmp_path / "现场.png"
    photo.write_bytes(PHOTO)
    be(page, portal, "刘凯")
    page.goto(portal.at("/incidents/new/"))

    page.locator("#person-1").fill("X9")
    page.locator("summary", has_text="纪律").click()
    page.locator("label.kind", has_text="迟到或早退").click()
    page.locator("#id_text").fill("迟到二十分钟")
    page.locator("#files").set_input_files(photo)
    page.get_by_role("button", name="再加一个人").click()
    page.locator(".share-row").nth(1).locator("input[name=person]").fill("E0106")
    page.get_by_role("button", name="登记", exact=True).click()

    expect(page.locator(".help.err")).to_contain_text("找不到“X9”")
    expect(page.locator("#id_text")).to_have_value("迟到二十分钟")
    expect(page.locator("input[name=person]").nth(1)).to_have_value("E0106")
    assert page.evaluate("document.querySelector('#files').files.length") == 1
    page.locator("#person-1").fill("E0107")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**/incidents/*/")
    expect(page.locator("main")).to_contain_text("黄佩珊")


def test_the_next_to_file_the_same_is_told_that_it_is_there_and_nothing_more(page: Page, portal: Portal):
    be(page, portal, "高远")
    page.goto(portal.at("/incidents/new/?about=E0105"))

    page.locator("summary", has_text="业务").click()
    page.locator("label.kind", has_text="漏记或错记工单").click()

    hints = page.locator("#hints")
    expect(hints).to_contain_text("这类事已经有人登记")
    expect(hints).not_to_contain_text("BL-")
    expect(hints).not_to_contain_text("漏记用户地址")


def test_the_person_states_a_view_and_the_superior_confirms(page: Page, portal: Portal):
    address = record_of(portal, "漏记用户地址，装机延误一天")
    be(page, portal, "周敏")
    page.goto(address)
    expect(page.get_by_role("button", name="确认扣分")).to_be_disabled()

    be(page, portal, "陈思雨")
    page.goto(portal.at("/incidents/"))
    expect(page.locator("main")).to_contain_text("等你陈述")
    page.goto(address)
    expect_to_fit(page)
    page.get_by_label("你的看法").fill("系统卡住了，没有存上")
    page.get_by_role("button", name="提交陈述").click()
    expect(page.locator("main")).to_contain_text("系统卡住了，没有存上")

    be(page, portal, "周敏")
    page.goto(address)
    expect_to_fit(page)
    points = page.get_by_label("扣分")
    suggested, low, high = points.input_value(), points.get_attribute("min"), points.get_attribute("max")
    given = str((low if low != suggested else high) or "")  # the demo may have given him one like it this year
    points.fill(given)
    page.get_by_role("button", name="确认扣分").click()
    expect(page.get_by_role("alert")).to_contain_text("写一句为什么")
    page.get_by_label("理由").fill("当天补记，没有影响用户")
    page.get_by_role("button", name="确认扣分").click()

    expect(page.locator("main")).to_contain_text(f"−{float(given):.2f}")
    words = "SELECT state, points FROM incidents_involvement s JOIN incidents_incident i ON i.id = s.incident_id"
    rows = portal.rows(f"{words} WHERE i.description = ?", "漏记用户地址，装机延误一天")
    assert [(state, float(points)) for state, points in rows] == [("confirmed", float(given))]


def test_the_second_of_a_kind_moves_up_and_the_form_tells_what_counts_and_what_is_held_by_whom(
    page: Page, portal: Portal
):
    address = filed(page, portal, "E0105", "漏记或错记工单", "又漏记一张")

    be(page, portal, "周敏")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("次同类事故：由轻微升为一般（3–5 分），建议 3 分")
    expect(page.locator(".pt-big")).to_contain_text("建议 −3.00")
    page.goto(portal.at(form_of(portal, "陈思雨", 0)))
    part = page.locator("#p-incidents")
    expect(part).to_contain_text("漏记用户地址，装机延误一天")
    expect(part).to_contain_text("又漏记一张")
    expect(part).to_contain_text("等陈思雨陈述")
    expect_to_fit(page)


def test_what_is_withdrawn_rejected_or_overturned_stays_in_the_ledger_with_its_reason(page: Page, portal: Portal):
    filed(page, portal, "E0107", "迟到或早退", "看错了班表")
    page.get_by_role("button", name="撤回").first.click()
    page.get_by_label("理由").fill("那天是调休")
    page.locator("dialog").get_by_role("button", name="撤回", exact=True).click()
    expect_in_ledger(page, portal, "withdrawn", "看错了班表", "那天是调休")

    be(page, portal, "周敏")
    page.goto(record_of(portal, "又漏记一张"))
    page.get_by_label("理由").fill("工单后来找到了")
    page.get_by_role("button", name="不成立").click()
    expect(page.locator("main")).to_contain_text("不成立")
    expect_in_ledger(page, portal, "rejected", "又漏记一张", "工单后来找到了")

    page.goto(record_of(portal, "漏记用户地址，装机延误一天"))
    page.get_by_label("撤销的理由").fill("是系统的故障")
    page.get_by_role("button", name="撤销确认").click()
    expect(page.locator("main")).to_contain_text("已撤销")
    expect_in_ledger(page, portal, "overturned", "漏记用户地址，装机延误一天", "是系统的故障")
    expect_to_fit(page)
