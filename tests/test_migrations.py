import os
import subprocess
import sys
import uuid

import pytest
from django.conf import settings
from django.db import connection


@pytest.fixture
def empty_database(tmp_path, django_db_blocker):
    """The DATABASE_URL of a new database, of the kind and on the server of the tests' own."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    name, values = f"empty_{uuid.uuid4().hex[:8]}", connection.settings_dict
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{name}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(*commands, database):
    """Run the commands one after another in a process of their own, and return what they print."""
    calls = "".join(f"call_command(*{command.split()!r}, skip_checks=False)\n" for command in commands)
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import django; django.setup()\nfrom django.core.management import call_command\n{calls}",
        ],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_migrations_go_forwards_and_back_to_nothing_and_forwards_again(empty_database):
    listed = manage(
        "migrate --verbosity=0",
        "migrate --verbosity=0 portal zero",
        "showmigrations portal procedures",
        database=empty_database,
    )
    assert "[ ] 0001_initial" in listed
    assert "[X]" not in listed

    manage("migrate --verbosity=0", "migrate --check", database=empty_database)


def test_no_change_of_a_model_lacks_its_migration(empty_database):
    manage("makemigrations --check --dry-run", database=empty_database)
