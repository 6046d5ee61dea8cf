"""Chromium against a live server. Each test here runs at both widths, unless it names its own.

A test may ask for `@pytest.mark.parametrize("width", [320])`, for a browser without scripts by
`@pytest.mark.browser_context_args(java_script_enabled=False)`, and for a member of staff by
`sign_in(user)`.
"""

import os
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from portal.models import User

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

# Milliseconds; a busy machine is slow, not wrong.
expect.set_options(timeout=20_000)


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker("browser")


@pytest.fixture(scope="session", autouse=True)
def _database_beside_the_event_loop() -> Iterator[None]:
    """Let tests use the database, although Playwright keeps an event loop in the same thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # Chromium's own sandbox does not run as root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": sandbox}


@pytest.fixture(params=[390, 1280])
def width(request: pytest.FixtureRequest) -> int:
    """The width of the window in CSS pixels: a phone's and a desk's."""
    return request.param


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    return live_server.url


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], width: int) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": width, "height": 900},
        "locale": "vi-VN",
        "timezone_id": settings.TIME_ZONE,
    }


@pytest.fixture
def page(page: Page, base_url: str) -> Iterator[Page]:
    """A page that may neither complain in the console nor ask another host for anything."""
    problems: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        # The browser also reports the status of an error page that the test opened on purpose.
        opened_on_purpose = "Failed to load resource" in message.text and message.location["url"] == page.url
        if message.type == "error" and not opened_on_purpose:
            problems.append(message.text)

    def note_request(address: str) -> None:
        if not address.startswith((base_url, "data:", "blob:", "about:")):
            problems.append(f"asked another host: {address}")

    page.on("console", note_message)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: note_request(request.url))
    yield page
    assert problems == []


@pytest.fixture
def axe() -> Callable[..., None]:
    """`axe(page)` fails on any violation that axe-core finds, best practices included.

    Public pages keep a contrast of 7:1; `enhanced_contrast=False` asks only for WCAG's AA.
    """

    def check(page: Page, *, enhanced_contrast: bool = True) -> None:
        page.evaluate(AXE)
        rules = {"color-contrast-enhanced": {"enabled": enhanced_contrast}, "target-size": {"enabled": True}}
        # Preloading would copy sheets that import others into the page, which its own policy forbids.
        violations = page.evaluate("rules => axe.run({rules, preload: false}).then(result => result.violations)", rules)
        found = [
            f"{violation['id']}: {violation['help']}\n  {node['html']}\n  {node['failureSummary']}"
            for violation in violations
            for node in violation["nodes"]
        ]
        assert not found, "\n".join(found)

    return check


@pytest.fixture
def sign_in(context: BrowserContext, base_url: str) -> Callable[[User], None]:
    """`sign_in(user)` opens a session for the browser without the log-in form."""

    def open_session(user: User) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": session.key, "value": session.value, "url": base_url}])

    return open_session


@pytest.fixture
def fits_its_width() -> Callable[[Page], None]:
    """`fits_its_width(page)` fails when a page can be scrolled sideways."""

    def check(page: Page) -> None:
        wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window, f"the page is {wide} px wide in a window of {window} px"

    return check
