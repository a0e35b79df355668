"""Everybody's home on a desk and on a phone: what waits for him is there, the page fits, and nothing of it is empty."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from kpi_portal.demo import ROLES
from tests.browser.portal import Portal
from tests.browser.steps import be, expect_to_fit

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.mark.parametrize("name", ROLES)
def test_home_shows_its_to_dos_and_fits_on_a_desk_and_a_phone(portal: Portal, page: Page, name: str) -> None:
    be(page, portal, name)
    for screen in (DESK, PHONE):
        page.set_viewport_size(screen)
        page.goto(portal.at("/"))
        main = page.locator("main")
        todos = main.locator(".card").filter(has=page.get_by_role("heading", name="待办", exact=True))
        expect(todos.locator("ul.todo > li, .void h3").first).to_be_visible()
        for todo in todos.locator("ul.todo > li").all():
            expect(todo.locator(".t")).not_to_be_empty()
            expect(todo.locator("a[href]").first).to_be_attached()
        expect_to_fit(page)
