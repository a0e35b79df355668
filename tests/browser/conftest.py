"""A browser, and a portal to use it on.

Everything in this folder is marked ``browser``. A test uses ``portal`` (one for its module) and ``page``;
after each test the page must have broken no rule of the content security policy, raised nothing in its
scripts and asked nobody but the portal.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Request, expect

from scripts.browser import chromium
from tests.browser.portal import Portal, Stage, running

expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo organisation, made once."""
    made = Stage(tmp_path_factory.mktemp("stage"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def portal(stage: Stage, request: pytest.FixtureRequest) -> Iterator[Portal]:
    """A running portal with the demo as it was loaded, for one module's tests in their order."""
    name = f"{request.module.__name__.rsplit('.', 1)[-1]}_{os.getpid()}"
    with running(stage, name) as made:
        yield made


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # the browser's own sandbox runs neither for root nor in most containers; it sees our pages only
    flags = [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
    ]
    return {**browser_type_launch_args, "executable_path": str(chromium()), "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A desk in China; a test that wants a telephone sets its viewport to 390 by 844."""
    desk = {"width": 1440, "height": 900}
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": desk}


@pytest.fixture
def context(context: BrowserContext, portal: Portal) -> Iterator[BrowserContext]:
    """A browser window that takes note of what a page must not do."""
    faults: list[str] = []

    def on_message(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            faults.append(message.text)

    def on_error(error: Error) -> None:
        faults.append(f"script: {error}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((portal.url, "data:", "blob:")):
            faults.append(f"asked another host: {request.url}")

    context.on("console", on_message)
    context.on("weberror", lambda trouble: on_error(trouble.error))
    context.on("request", on_request)
    yield context
    assert faults == []
