"""What a person does again and again: sign in, go somewhere, give levels."""

import time

from django.utils import timezone
from playwright.sync_api import Page, expect

from reports.management.demo.cast import month_after
from tests.browser.portal import Portal

SOON_SECONDS = 15


def be(page: Page, portal: Portal, name: str) -> None:
    """Sign in as one of the demo's people by a click; whoever was signed in before is out."""
    page.context.clear_cookies()
    page.goto(portal.at("/login/"))
    page.get_by_role("button", name=name).click()
    page.wait_for_url(lambda url: "/login/" not in url)
    expect(page.locator("#side")).to_contain_text(name)


def expect_to_fit(page: Page) -> None:
    """Nothing runs out of the page sideways; asked again while the page is still coming."""
    assert page.viewport_size
    expect(page.locator("html")).to_have_js_property("scrollWidth", page.viewport_size["width"])


def expect_page(page: Page, mark: str) -> None:
    """The page with ``mark`` on it has come and its scripts have run: keys pressed before that are lost on them."""
    expect(page.locator(mark).first).to_be_visible()
    page.wait_for_load_state()


def form_of(portal: Portal, name: str, ahead: int) -> str:
    """The address of somebody's form, ``ahead`` months from the running one."""
    month = month_after(timezone.localdate(), ahead)
    found = portal.rows(
        "SELECT f.id FROM appraisals_form f JOIN people_employee e ON e.id = f.employee_id "
        "JOIN appraisals_cycle c ON c.id = f.cycle_id WHERE e.name = ? AND c.starts_on = ?",
        name,
        month.isoformat(),
    )
    return f"/forms/{found[0][0]}/"


def state_of(portal: Portal, address: str) -> str:
    """The state of the form at ``address``, read from the database."""
    number = int(address.strip("/").split("/")[-1])
    state: str = portal.rows("SELECT state FROM appraisals_form WHERE id = ?", number)[0][0]
    return state


def expect_state(portal: Portal, address: str, state: str) -> None:
    """The form at ``address`` comes to ``state``: a click ends before what it set going has been stored."""
    until = time.monotonic() + SOON_SECONDS
    while (now := state_of(portal, address)) != state and time.monotonic() < until:
        time.sleep(0.1)
    assert now == state


def give_levels(page: Page, level: int) -> int:
    """Choose ``level`` wherever none is chosen; each choice is saved before the next. Returns how many."""
    given = 0
    for row in page.locator("tr.lv-box:has([data-lv])").all():
        if row.locator("input[type=radio]:checked").count() or not row.locator("input[type=radio]").count():
            continue
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            row.locator(f"label:has(input[value='{level}'])").click()
        assert answer.value.ok
        given += 1
    return given


def give_points(page: Page, points: str) -> int:
    """Type ``points`` into every empty field of points. Returns how many."""
    given = 0
    for field in page.locator(".step input").all():
        if field.input_value():
            continue
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            field.fill(points)
            field.press("Tab")
        assert answer.value.ok
        given += 1
    return given


def month_key(ahead: int) -> str:
    """2026-10: the month ``ahead`` of the running one."""
    return f"{month_after(timezone.localdate(), ahead):%Y-%m}"
