"""A listener scores a call with the keys alone, the agent objects on the phone, somebody else rules."""

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_page, expect_to_fit

PRESSES_AT_MOST = 30
NEW = """
import io, wave
from django.core.files.base import ContentFile
from django.utils import timezone
from people.models import Employee
from quality.models import Call
sound = io.BytesIO()
with wave.open(sound, "wb") as file:
    file.setnchannels(1); file.setsampwidth(1); file.setframerate(4000); file.writeframes(bytes([128]) * 4000 * 90)
call = Call(number="{number}", called_on=timezone.localdate(), seconds=90, drawn_why="random",
            employee=Employee.objects.get(name="{agent}"), audio_name="x.wav", audio_kind="wav")
call.audio.save("x.wav", ContentFile(sound.getvalue()))
print(call.pk)
"""


def registered(portal: Portal, number: str, agent: str = "陈思雨") -> int:
    """A drawn call with a minute and a half of silence; its key."""
    return int(portal.ask(NEW.format(number=number, agent=agent)))


def total_of(portal: Portal, number: str) -> float | None:
    total = portal.rows("SELECT total FROM quality_call WHERE number = ?", number)[0][0]
    return None if total is None else float(total)


def test_a_call_is_scored_by_the_keyboard_alone(page: Page, portal: Portal):
    registered(portal, "LY-KEYS")
    be(page, portal, "周敏")
    page.goto(portal.at("/calls/to-score/"))
    page.locator("li", has_text="LY-KEYS").get_by_role("button", name="开始评分").click()
    expect_page(page, ".mon-item.cur")
    expect(page.locator("#bar-sum")).to_contain_text("还差 13 项")
    presses = ["2", "1", "x", *"1111111", "2", "x", "1", "Control+Enter"]

    for press in presses:
        page.keyboard.press(press)
    page.wait_for_url("**/calls/*/")

    assert len(presses) <= PRESSES_AT_MOST
    expect(page.locator("main")).to_contain_text("91.76")  # 2+5+5+5+5+15+15+10+5+6+5 of 85
    assert total_of(portal, "LY-KEYS") == 91.76


def test_a_comment_takes_the_second_of_the_recording_and_nothing_is_lost_on_reload(page: Page, portal: Portal):
    pk = registered(portal, "LY-NOTE")
    be(page, portal, "周敏")
    page.goto(portal.at(f"/calls/{pk}/assess/"))
    page.get_by_role("button", name="开始评分").click()
    expect_page(page, ".mon-item.cur")
    expect(page.locator("#bar-sum")).to_contain_text("还差 13 项")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#player")).to_have_js_property("currentTime", 5)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    page.keyboard.type("抢话 1 次")  # 1 is a letter here, no level
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.locator("#bar-sum")).to_contain_text("还差 12 项")
    expect(page.locator(".saved").last).to_contain_text("已保存")

    page.reload()

    item = page.locator("[data-item]", has_text="聆听能力")
    expect(item.locator("textarea")).to_have_value("抢话 1 次")
    expect(item.locator("[name^='at-']")).to_have_value("0:05")
    expect(item.locator("input:checked")).to_have_value("2")


def test_submitting_too_early_leads_to_what_is_open_and_a_fatal_fault_to_an_incident(page: Page, portal: Portal):
    pk = registered(portal, "LY-FATAL", "胡雪")
    be(page, portal, "周敏")
    page.goto(portal.at(f"/calls/{pk}/assess/"))
    page.get_by_role("button", name="开始评分").click()
    expect_page(page, ".mon-item.cur")
    expect(page.locator("#bar-sum")).to_contain_text("还差 13 项")
    for press in [*"111111111111", "Control+Enter"]:
        page.keyboard.press(press)
    expect(page.locator("#kp-toasts")).to_contain_text("主动服务")
    expect(page.locator(".mon-item.cur")).to_contain_text("主动服务")

    page.keyboard.press("1")
    page.keyboard.press("f")
    page.keyboard.press("4")
    page.keyboard.type("念出他人地址")
    page.keyboard.press("Escape")
    expect(page.locator("#bar-sum")).to_contain_text("0.00")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/calls/*/")

    expect(page.locator("#i-fatal")).to_contain_text("念出他人地址")
    assert portal.rows("SELECT COUNT(*) FROM incidents_incident WHERE origin = ?", "LY-FATAL") == [(1,)]
    assert total_of(portal, "LY-FATAL") == 0


def test_the_agent_objects_on_the_phone(page: Page, portal: Portal):
    page.set_viewport_size({"width": 390, "height": 844})
    be(page, portal, "陈思雨")
    pk = portal.rows("SELECT id FROM quality_call WHERE number = ?", "LY-KEYS")[0][0]
    page.goto(portal.at(f"/calls/{pk}/"))
    expect_to_fit(page)
    page.get_by_role("button", name="知道了").click()
    item = page.locator(".mon-item", has_text="首语及连接语")

    item.get_by_text("对这一项有异议").click()
    item.get_by_label("异议理由").fill("开头语说完整了，听 0:02")
    item.get_by_role("button", name="提交异议").click()

    expect(page.locator(".mon-item", has_text="首语及连接语")).to_contain_text("待裁定")


def test_somebody_else_rules_and_the_old_score_stands_beside_the_new(page: Page, portal: Portal):
    be(page, portal, "周敏")
    page.goto(portal.at("/calls/disputes/"))
    expect(page.locator("main")).not_to_contain_text("开头语说完整了")
    be(page, portal, "沈玉兰")
    page.goto(portal.at("/calls/disputes/"))
    page.locator("li", has_text="开头语说完整了").get_by_role("link").first.click()
    item = page.locator(".mon-item", has_text="首语及连接语")

    item.get_by_label("成立", exact=False).nth(1).check()
    item.locator("[name=level][value='5']").check()
    item.locator("[name=ruling]").fill("复听 0:02，开头语完整")
    item.get_by_role("button", name="裁定").click()

    expect(page.locator("#kp-toasts")).to_contain_text("已裁定")
    expect(page.locator(".mon-old")).to_contain_text("91.76")
    assert total_of(portal, "LY-KEYS") == 95.29
