"""What a person does again and again: sign in, go somewhere, give levels."""

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal


def be(page: Page, portal: Portal, name: str) -> None:
    """Sign in as one of the demo's people by a click; whoever was signed in before is out."""
    page.context.clear_cookies()
    page.goto(portal.at("/login/"))
    page.get_by_role("button", name=name).click()
    expect(page.locator("main")).to_be_visible()
    page.wait_for_load_state()


def form_of(portal: Portal, name: str, ahead: int) -> str:
    """The address of somebody's form, ``ahead`` months from the running one."""
    code = f"""
from django.utils import timezone
from appraisals.models import Form
from reports.management.demo.cast import month_after
month = month_after(timezone.localdate(), {ahead})
print(Form.objects.get(employee__name="{name}", cycle__starts_on=month).get_absolute_url())
"""
    return portal.ask(code)


def state_of(portal: Portal, address: str) -> str:
    """The state of the form at ``address``, read from the database."""
    number = address.strip("/").split("/")[-1]
    return portal.ask(f"from appraisals.models import Form; print(Form.objects.get(pk={number}).state)")


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
