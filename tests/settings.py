"""The portal's settings as tests use them: nothing of the developer's own, and every file in a folder of its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

# Before the real settings are read, so that neither a shell nor a .env file changes what tests see.
# DATABASE_URL alone stays: the same tests run on SQLite and on PostgreSQL.
os.environ.update(
    {
        "SECRET_KEY": "for-tests-only-" + "x" * 40,
        "PERSONAL_DATA_KEYS": "for-tests-only-" + "y" * 40,
        "DEBUG": "no",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "BASE_URL": "http://testserver",
        "DATA_DIR": str(_folder),
        "MEDIA_ROOT": str(_folder / "media"),
        "MEDIA_URL": "/media/",
        "CACHE_URL": "locmemcache://",
        "EMAIL_URL": "memorymail://",
        "DEFAULT_FROM_EMAIL": "khong-tra-loi@localhost",
    }
)

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATABASES, STORAGES, TEMPLATES  # noqa: E402
from tests.template_variables import UndefinedVariable  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in real life: in memory, SQLite knows neither WAL nor waiting for a writer.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Static files come straight from their folders, as nobody collects them for a test.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()
