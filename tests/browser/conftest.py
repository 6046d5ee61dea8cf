"""Chromium against a live server. Each test here runs at both widths, unless it names its own.

A test may ask for `@pytest.mark.parametrize("width", [320])`, for a browser without scripts by
`@pytest.mark.browser_context_args(java_script_enabled=False)`, and for a member of staff by
`sign_in(user)`.

What costs time is the content and the loading of pages. So a module makes its content in a plain
function, and `filled` calls it once a process; after that the database file, and the folder of the
search index, are copied back for each test (files under MEDIA_ROOT stay where they are):

    def load():
        OrganisationFactory()

    @pytest.fixture(autouse=True)
    def _content(filled):
        filled(load)

And what must hold of a page at several widths is asked of one loading of it, in a test of one width:

    @pytest.mark.parametrize("width", [1280])
    def test_pages_are_accessible_and_fit(page, holds_in_every_window):
        for address in PAGES:
            page.goto(address)
            holds_in_every_window(page)
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect
from pytest_django.plugin import DjangoDbBlocker

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
def _kept(django_db_setup: None) -> Iterator[dict[object, sqlite3.Connection]]:
    """Whole databases, by what filled them; None stands for what the migrations leave."""
    if connection.vendor != "sqlite":
        pytest.fail("Browser tests copy the file of the database: run them on SQLite.")
    kept = {None: _copy_of_the_database()}
    yield kept
    for rows in kept.values():
        rows.close()


def _copy_of_the_database() -> sqlite3.Connection:
    rows = sqlite3.connect(":memory:")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as file:
        file.backup(rows)
    return rows


def _put_back(rows: sqlite3.Connection) -> None:
    # SQLite sees to it that every open connection, the live server's too, reads the copy from then on.
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as file:
        rows.backup(file)


@pytest.fixture
def transactional_db(_kept: dict[object, sqlite3.Connection], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's, which empties every table and writes anew what migrations brought."""
    with django_db_blocker.unblock():
        _put_back(_kept[None])
        yield
        connections.close_all()


@pytest.fixture
def filled(
    page: Page,  # first: a connection belongs to the event loop that Playwright starts
    transactional_db: None,
    _kept: dict[object, sqlite3.Connection],
    settings: Any,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Callable[[], object]], None]:
    """`filled(load)` leaves the database and DATA_DIR as `load()` does, which is called once a process."""
    settings.DATA_DIR = tmp_path / "data"

    def fill(load: Callable[[], object]) -> None:
        # Content may lie so many days before or after today.
        key = (load, timezone.localdate())
        files = tmp_path_factory.getbasetemp() / "kept" / load.__module__ / load.__qualname__ / str(key[1])
        if key in _kept:
            _put_back(_kept[key])
            shutil.copytree(files, settings.DATA_DIR)
        else:
            settings.DATA_DIR.mkdir()
            load()
            _kept[key] = _copy_of_the_database()
            shutil.copytree(settings.DATA_DIR, files)

    return fill


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
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        rules = {"color-contrast-enhanced": {"enabled": enhanced_contrast}, "target-size": {"enabled": True}}
        # Preloading would copy sheets that import others into the page, which its own policy forbids.
        # What passes is not described.
        options = {"rules": rules, "preload": False, "resultTypes": ["violations"]}
        violations = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
        found = [
            f"{violation['id']}: {violation['help']}\n  {node['html']}\n  {node['failureSummary']}"
            for violation in violations
            for node in violation["nodes"]
        ]
        assert not found, "\n".join([page.url, *found])

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
        assert wide <= window, f"the page {page.url} is {wide} px wide in a window of {window} px"

    return check


@pytest.fixture
def holds_in_every_window(
    page: Page, axe: Callable[..., None], fits_its_width: Callable[[Page], None]
) -> Callable[..., None]:
    """`holds_in_every_window(page)`: `axe` at 390 and 1280 px, `fits_its_width` at 320, 390 and 1280 px.

    The latter with letters of 16 and of 32 px, as a reader sets them in the browser: widths in em follow,
    which a size set on the page would not do. `sizes=[16]` leaves out the large ones.
    """
    devtools = page.context.new_cdp_session(page)

    def arrange(page: Page, width: int, size: int) -> None:
        # Playwright would also make the window around the page as large, which nobody looks at.
        metrics = {"width": width, "height": 900, "screenWidth": width, "screenHeight": 900}
        devtools.send("Emulation.setDeviceMetricsOverride", {**metrics, "deviceScaleFactor": 1, "mobile": False})
        page.wait_for_function(
            "([width, size]) => { const box = document.createElement('p'); box.style.fontSize = 'medium';"
            " document.body.append(box); const now = parseFloat(getComputedStyle(box).fontSize); box.remove();"
            " return innerWidth === width && now === size }",
            arg=[width, size],
        )

    def check(page: Page, *, enhanced_contrast: bool = True, sizes: Sequence[int] = (16, 32)) -> None:
        for size in sorted({16, *sizes}):
            devtools.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
            for width in (320, 390, 1280):
                arrange(page, width, size)
                if size in sizes:
                    fits_its_width(page)
                if size == 16 and width != 320:
                    axe(page, enhanced_contrast=enhanced_contrast)

    return check
