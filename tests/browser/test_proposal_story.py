"""The desk's story: HR decides a cap change and its letter prints; a dismissal waits for its checklist and approval."""

import re

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_to_fit

PAPER: FilePayload = {"name": "意见.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 words"}


def _case(portal: Portal) -> str:
    """The page of the demo's dismissal that is half way through its checklist."""
    found = portal.rows(
        "SELECT proposal_id FROM consequences_decision WHERE choice = ? AND state = ?", "dismiss", "preparing"
    )
    return f"/proposals/{found[0][0]}/"


def test_hr_decides_a_cap_change_seeing_the_figures_and_the_letter_prints(page: Page, portal: Portal):
    be(page, portal, "赵琳")
    page.goto(portal.at("/proposals/"))
    expect(page.locator("tbody tr").first).to_contain_text("核对单 3 / 6")
    page.locator("tr", has_text="上调一等或发优异奖金").first.get_by_role("link").last.click()
    up = page.locator("label.radio", has_text="绩效上限额升一等")
    expect(up).to_contain_text(re.compile(r"[\d,.]+ → [\d,.]+ 元"))
    up.click()
    expect(page.get_by_label("金额（元）")).to_be_hidden()
    page.locator("#id_reason").fill("服务稳定")
    page.locator("#decide").get_by_role("button", name="决定").click()
    expect(page.get_by_text("已生效").first).to_be_visible()
    page.get_by_role("link", name="通知书").click()
    expect(page.locator("h1")).to_have_text("绩效上限额调整通知书")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    assert page.pdf()


def test_a_dismissal_is_refused_until_its_checklist_and_approval_are_complete(page: Page, portal: Portal):
    here = _case(portal)
    be(page, portal, "何建国")
    page.goto(portal.at(here))
    expect(page.get_by_text("签完才能批准")).to_be_visible()
    expect(page.get_by_role("button", name="批准，生效")).to_have_count(0)

    be(page, portal, "赵琳")
    for point, who in (("听取本人意见", ""), ("法务意见", "法务 李明"), ("工会意见", "工会 王芳")):
        page.goto(portal.at(here))
        opened = page.locator("details.cq-check", has_text=point)
        opened.locator("summary").first.click()
        opened.locator("textarea").fill("已当面听取，没有异议")
        if who:
            opened.get_by_role("button", name="签字").click()
            expect(page.get_by_role("alert")).to_be_visible()
            opened = page.locator("details.cq-check", has_text=point)
            expect(opened.locator("textarea")).to_have_value("已当面听取，没有异议")
            opened.get_by_label("谁的意见").fill(who)
            opened.locator("input[type=file]").set_input_files(PAPER)
        opened.get_by_role("button", name="签字").click()
        expect(page.locator("#checks")).not_to_contain_text(f"{point}没签")
    expect(page.locator("#checks header")).to_contain_text("都签了")

    be(page, portal, "何建国")
    page.goto(portal.at(here))
    page.get_by_role("button", name="批准，生效").click()
    expect(page.get_by_text("已生效").first).to_be_visible()
    number = int(here.strip("/").split("/")[-1])
    left = portal.rows(
        "SELECT e.left_on FROM people_employee e JOIN scoring_proposal p ON p.employee_id = e.id WHERE p.id = ?", number
    )
    assert left[0][0] is not None


def test_the_desk_is_usable_on_a_phone(page: Page, portal: Portal):
    page.set_viewport_size({"width": 390, "height": 844})
    be(page, portal, "赵琳")
    for address in ("/proposals/", "/proposals/?tab=near", "/proposals/counters/", _settled(portal)):
        page.goto(portal.at(address))
        expect_to_fit(page)


def _settled(portal: Portal) -> str:
    found = portal.rows("SELECT proposal_id FROM consequences_decision WHERE state = ? LIMIT 1", "in_force")
    return f"/proposals/{found[0][0]}/"
