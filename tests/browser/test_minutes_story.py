"""The minutes' story: typed words are saved, also when the button is pressed at once; then they go out."""

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_to_fit


def _begun(portal: Portal) -> int:
    """The meeting whose minutes are still written."""
    return int(portal.rows("SELECT id FROM development_meeting WHERE state = ?", "prepared")[0][0])


def test_the_leader_writes_and_presses_save_at_once(page: Page, portal: Portal):
    be(page, portal, "方志远")
    page.goto(portal.at(f"/meetings/{_begun(portal)}/"))
    for region in ("R01", "R02", "R03"):
        card = page.locator(f"#r{region}")
        card.get_by_label("改进措施").fill(f"{region}：交接留15分钟")
        card.get_by_label("下期区域目标").fill("积压当日清零")
        with page.expect_navigation():
            card.get_by_role("button", name="保存").click()
        expect(page.locator(f"#r{region}").get_by_label("下期区域目标")).to_have_value("积压当日清零")

    found = portal.rows("SELECT measures FROM development_regionminute WHERE meeting_id = ?", _begun(portal))
    assert {row[0] for row in found} == {f"{region}：交接留15分钟" for region in ("R01", "R02", "R03")}


def test_they_are_not_sent_without_their_day_and_then_kept_as_they_are(page: Page, portal: Portal):
    meeting = _begun(portal)
    be(page, portal, "方志远")
    page.goto(portal.at(f"/meetings/{meeting}/"))
    page.get_by_role("button", name="发出纪要").click()
    expect(page.locator("dialog[open]")).to_contain_text("不能再改")
    page.locator("dialog[open]").get_by_role("button", name="发出纪要").click()
    expect(page.get_by_role("alert")).to_contain_text("写上哪天开的会")

    day = portal.ask("from django.utils import timezone; print(timezone.localdate())")
    page.locator("#held_on").fill(day)
    with page.expect_navigation():
        page.locator("#head").get_by_role("button", name="保存").click()
    page.get_by_role("button", name="发出纪要").click()
    page.locator("dialog[open]").get_by_role("button", name="发出纪要").click()

    expect(page.locator("h1")).to_contain_text("纪要已发")
    assert portal.rows("SELECT state FROM development_meeting WHERE id = ?", meeting) == [("sent",)]
    page.set_viewport_size({"width": 390, "height": 844})
    be(page, portal, "周敏")
    page.goto(portal.at(f"/meetings/{meeting}/"))
    expect(page.locator("main")).to_contain_text("交接留15分钟")
    expect(page.get_by_role("button", name="保存")).to_have_count(0)
    expect_to_fit(page)
