"""Settings. What differs by machine comes from the environment; each variable is in the README."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def _read(reader: str, name: str, **options):
    """Read one variable; a value that cannot be understood stops the start and is named."""
    try:
        return getattr(env, reader)(name, **options)
    except Exception as error:
        raise ImproperlyConfigured(f"Environment variable {name}: {error}") from error


def _read_switch(name: str) -> bool:
    value = _read("str", name, default="no").casefold()
    # The reader for booleans takes a slip of the pen for "no".
    if value not in {"yes", "true", "on", "1", "no", "false", "off", "0", ""}:
        raise ImproperlyConfigured(f"Environment variable {name} must be yes or no, not {value!r}.")
    return value in {"yes", "true", "on", "1"}


DEBUG = _read_switch("DEBUG")

SECRET_KEY = _read("str", "SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "Environment variable SECRET_KEY is missing. Set it to a long random text, "
            "or set DEBUG=yes on a developer's machine."
        )
    SECRET_KEY = "for-development-only-" + "x" * 40

# Secrets under which what names a sender of feedback is stored, the newest first; older ones only open.
PERSONAL_DATA_KEYS = _read("list", "PERSONAL_DATA_KEYS", default=[])
if not PERSONAL_DATA_KEYS:
    if not DEBUG:
        raise ImproperlyConfigured(
            "Environment variable PERSONAL_DATA_KEYS is missing. Set it to a long random text and keep a copy "
            "elsewhere: without it nobody can read who sent feedback."
        )
    PERSONAL_DATA_KEYS = ["for-development-only-" + "y" * 40]

ALLOWED_HOSTS = _read("list", "ALLOWED_HOSTS", default=["*"] if DEBUG else ["localhost", "127.0.0.1"])
# Where the public reaches the portal; in mails, feeds and on printed pages.
BASE_URL = _read("str", "BASE_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith(("http://", "https://")) else []
if not CSRF_TRUSTED_ORIGINS:
    raise ImproperlyConfigured("Environment variable BASE_URL must begin with http:// or https://")

DATA_DIR = Path(_read("str", "DATA_DIR", default=str(BASE_DIR / "var")))
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"Environment variable DATA_DIR: {error}") from error

INSTALLED_APPS = [
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "post_office",
    "reversion",
    "ckeditor",
    "portal",
    "procedures",
    "news",
    "feedback",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.PermissionsPolicyMiddleware",
    "procedures.middleware.TakeEffectMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.RefusedMethodMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
            "builtins": ["portal.templatetags.vietnamese"],
        },
    },
]

_database_url = _read("str", "DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")
if not _database_url.startswith(("sqlite:///", "postgres://", "postgresql://")):
    raise ImproperlyConfigured("Environment variable DATABASE_URL must begin with sqlite:/// or postgres://")
DATABASES = {"default": _read("db_url", "DATABASE_URL", default=_database_url)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A writer waits for its turn instead of failing, and readers never wait for it. What is erased is overwritten.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=FAST",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": _read("cache", "CACHE_URL", default="locmemcache://")}

vars().update(_read("email", "EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25"))
EMAIL_TIMEOUT = 10  # seconds; Django waits for ever
# Mails wait in the database and are sent by `manage.py work`.
POST_OFFICE = {
    "BACKENDS": {"default": vars()["EMAIL_BACKEND"]},
    # What was sent is noted once a batch: killed in between, one mail goes out twice at most.
    "BATCH_SIZE": 1,
    "THREADS_PER_PROCESS": 1,
    "SENDING_ORDER": ["-priority", "pk"],
    "MAX_RETRIES": 1000,  # a week
    "RETRY_INTERVAL": timedelta(minutes=10),
    "BATCH_DELIVERY_TIMEOUT": 60,  # seconds
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": urlsplit(BASE_URL).hostname,
    "LOG_LEVEL": 1,
}
EMAIL_BACKEND = "post_office.EmailBackend"
DEFAULT_FROM_EMAIL = _read("str", "DEFAULT_FROM_EMAIL", default="khong-tra-loi@localhost")

AUTH_USER_MODEL = "portal.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14},  # TCVN 14423:2026 level 2, without a second factor
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# The card asks for django-ckeditor, whose check only says that CKEditor 4 gets no more repairs. What it
# makes is sanitised when it is stored (portal/richtext.py), and the public never loads it.
SILENCED_SYSTEM_CHECKS = ["ckeditor.W001"]

# The short list of formats for news. Alignment and the like become classes, as the portal keeps no style
# attribute; what the portal adds when the page is asked for is in portal/richtext.py.
CKEDITOR_CONFIGS = {
    "default": {
        "toolbar": [
            ["Undo", "Redo"],
            ["Format", "Bold", "Italic", "Subscript", "Superscript", "RemoveFormat"],
            ["Link", "Unlink"],
            ["BulletedList", "NumberedList", "Outdent", "Indent", "Blockquote"],
            ["JustifyLeft", "JustifyCenter", "JustifyRight"],
            ["Image", "Table", "HorizontalRule", "SpecialChar"],
            ["PasteText", "PasteFromWord", "Maximize"],
        ],
        "format_tags": "p;h2;h3;h4",
        "extraPlugins": "image2,uploadimage",
        "removePlugins": "exportpdf,image,scayt,wsc,elementspath,iframe,forms,flash,smiley,div,language,templates",
        "extraAllowedContent": "h1;th[scope];ol[start,type]",
        "justifyClasses": ["text-left", "text-center", "text-right", "text-justify"],
        "indentClasses": ["indent-1", "indent-2", "indent-3"],
        "image2_alignClasses": ["align-left", "text-center", "align-right"],
        "image2_captionedClass": "image",
        "clipboard_handleImages": False,  # uploadimage takes them
        "linkShowAdvancedTab": False,
        "linkShowTargetTab": False,
        "entities": False,
        "basicEntities": True,
        "disableNativeSpellChecker": False,
        "versionCheck": False,
        "width": "100%",
        "height": 480,
    },
}

LANGUAGE_CODE = "vi"
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = _read("str", "MEDIA_URL", default="/media/")
MEDIA_ROOT = Path(_read("str", "MEDIA_ROOT", default=str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Pictures as they came, less what the camera wrote: nobody is served from here.
    "originals": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "originals", "base_url": None},
    },
    # What came with feedback: served by a view to who may see it.
    "attachments": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "attachments", "base_url": None},
    },
    # Copies of reports as they were sent: served by a view to the staff.
    "reports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "reports", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}
# Forms of the staff have a row of fields for each photo of an album; Django refuses from the thousandth field on.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
# Only forms set it; it goes when the browser is closed.
CSRF_COOKIE_AGE = None
if BASE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no-codes": {"()": "portal.logging_filters.HideReceiptCodes"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no-codes"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Its lines hold addresses of people; failures are kept with each mail, and the worker counts them.
    "loggers": {
        "post_office": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
        # They tell of each page and each font that goes into a PDF.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
