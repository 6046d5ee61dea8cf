"""What every test may use, and what it may not leave behind."""

import gc
import os
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import SimpleTestCase

from news import column
from procedures import catalogue, deciding

IN_CI = os.environ.get("CI", "").casefold() in {"true", "yes", "1"}

# Their tests take the longest, and begin first.
LONG = {"test_migrations.py", "test_real_data.py", "test_search_quality.py"}

# The same examples in every run; `--hypothesis-profile=explore` looks for new ones.
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.register_profile("default", deadline=None, derandomize=True)
hypothesis.settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="leave out the tests that ask no database, or only what is the same on every one",
    )


def pytest_configure() -> None:
    # Of so many objects that stay, a collection costs much and finds little; freed is most without it.
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("only_database"):
        left_out = [item for item in items if not asks_a_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if asks_a_database(item)]
    # A long test that begins last leaves the other processes idle.
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    # Modules, tests and models live until the end: no collection need look at them again.
    gc.collect()
    gc.freeze()


def asks_a_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("any_database"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    own_case = getattr(item, "cls", None)
    return bool(
        item.get_closest_marker("django_db")
        or fixtures & {"db", "transactional_db", "live_server"}
        or (own_case and issubclass(own_case, SimpleTestCase))
    )


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give each test that really commits the rows that migrations brought (roles, calendar) again.

    Django empties every table after such a test, so the next one would miss them. A browser test
    puts whole databases back instead (tests/browser/conftest.py).
    """
    if item.get_closest_marker("browser"):
        return
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    if (marker and marker.kwargs.get("transaction")) or fixtures & {"transactional_db", "live_server"}:
        options = {**(marker.kwargs if marker else {}), "transaction": True, "serialized_rollback": True}
        item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.fixture(autouse=True)
def _nothing_kept_in_memory() -> None:
    """Forget what the process derived from rows that the last test rolled back."""
    cache.clear()
    catalogue.forget()
    column.forget()
    deciding.forget()


@pytest.fixture(scope="session")
def tthc_data() -> Path:
    """The folder of real procedures that were collected for this project, which are not part of it."""
    folder = Path(os.environ.get("TTHC_DATA") or settings.BASE_DIR.parent / "shared" / "data" / "tthc")
    if not folder.is_dir():
        reason = "The real procedures are not there: put them in ../shared/data/tthc or name their folder in TTHC_DATA."
        if IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
