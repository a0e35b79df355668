"""The frame of the portal in a real browser."""

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal


def test_a_stranger_is_asked_to_log_in(page: Page, portal: Portal):
    page.goto(portal.at("/"))

    expect(page.locator("form").first).to_be_visible()
    assert "/login/" in page.url


def test_the_portal_is_alive_and_ready(page: Page, portal: Portal):
    answer = page.request.get(portal.at("/readyz"))

    assert answer.json() == {"database": "ok", "queue": "ok"}


def test_the_interface_explains_itself(page: Page, portal: Portal):
    page.goto(portal.at("/api/docs/"))

    expect(page.locator(".swagger-ui .info")).to_be_visible()
