import re
import runpy
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SETTINGS = settings.BASE_DIR / "portal" / "settings.py"
VARIABLES = (
    "DEBUG",
    "SECRET_KEY",
    "PERSONAL_DATA_KEYS",
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DATABASE_URL",
    "CACHE_URL",
    "EMAIL_URL",
)
SECRETS = {"SECRET_KEY": "k" * 50, "PERSONAL_DATA_KEYS": "p" * 50}


@pytest.fixture
def read_settings(monkeypatch, tmp_path):
    """Read the settings anew, as a machine with just these variables would."""
    # Nor those that stand in the .env file of a developer.
    monkeypatch.setattr("environ.Env.read_env", lambda *args, **kwargs: None)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    def read(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return read


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_stops_the_start(read_settings, name):
    with pytest.raises(ImproperlyConfigured, match=name):
        read_settings(**{key: value for key, value in SECRETS.items() if key != name})


@pytest.mark.parametrize("name", SECRETS)
def test_a_developer_needs_no_secret(read_settings, name):
    assert read_settings(DEBUG="yes")[name]


def test_the_keys_of_personal_data_stand_in_their_order(read_settings):
    result = read_settings(**{**SECRETS, "PERSONAL_DATA_KEYS": "new,old"})

    assert result["PERSONAL_DATA_KEYS"] == ["new", "old"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://server/portal"),
        ("DATABASE_URL", "postgres://portal@server:port/portal"),
        ("EMAIL_URL", "nonsense"),
        ("CACHE_URL", "nonsense"),
        ("BASE_URL", "dichvucong.example.vn"),
        ("DATA_DIR", "/proc/nowhere"),
    ],
)
def test_a_value_that_cannot_be_understood_stops_the_start_and_is_named(read_settings, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        read_settings(**{**SECRETS, name: value})


def test_everything_but_the_secrets_has_a_safe_default(read_settings, tmp_path):
    result = read_settings(**SECRETS)

    assert result["DEBUG"] is False
    assert "*" not in result["ALLOWED_HOSTS"]
    assert result["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"
    assert Path(result["DATABASES"]["default"]["NAME"]).parent == tmp_path


def test_sqlite_lets_a_writer_wait_and_readers_go_on(read_settings):
    options = read_settings(**SECRETS)["DATABASES"]["default"]["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert options["timeout"] > 0


def test_a_secure_address_makes_cookies_secure(read_settings):
    result = read_settings(**SECRETS, BASE_URL="https://tthc.example.vn")

    assert result["SESSION_COOKIE_SECURE"]
    assert result["CSRF_COOKIE_SECURE"]


def test_the_readme_explains_every_variable():
    readme = (settings.BASE_DIR / "README.md").read_text()

    names = set(re.findall(r'_read(?:_switch)?\((?:"[a-z_]+", )?"([A-Z_]+)"', SETTINGS.read_text()))

    assert {*VARIABLES, "DATA_DIR"} <= names
    assert [name for name in sorted(names) if f"`{name}`" not in readme] == []
