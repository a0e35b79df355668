"""Settings, all from the environment. Numbers of the policy are data in the database, not here."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from kpi_portal.api.settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401
from kpi_portal.logs import *  # noqa: F403
from kpi_portal.mailing import *  # noqa: F403
from kpi_portal.schedule import *  # noqa: F403

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- where things are kept ---------------------------------------------------------------------
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _generated_key(path: Path) -> str:
    """Return the key kept in ``path``, made on first use; two processes at once get the same one."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii")


# --- what kind of place this is ----------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # invented people, and one click to be one of them
HTTPS = env.bool("HTTPS", default=False)  # people reach the portal over TLS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)  # a proxy of ours ends TLS and sets X-Forwarded-*

SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_IS_GENERATED = not SECRET_KEY
if SECRET_KEY_IS_GENERATED:  # enough for commands; kpi_portal.wsgi serves nobody with it
    SECRET_KEY = _generated_key(VAR_DIR / "secret_key")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- applications ------------------------------------------------------------------------------
ROOMS = [
    *("common", "audit", "people", "notices", "incidents", "quality", "appraisals", "scoring", "appeals"),
    *("development", "consequences", "calibration", "reports"),
]
INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "django_filters",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "kpi_portal.middleware.NoNul",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kpi_portal.middleware.PrivatePages",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "kpi_portal.middleware.OwnPasswordFirst",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "kpi_portal.urls"
WSGI_APPLICATION = "kpi_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.template.context_processors.i18n",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "kpi_portal.context.shell",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
]

# --- database ----------------------------------------------------------------------------------
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",  # a write lock from the start: no "database is locked" halfway
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def _postgres_options() -> dict[str, Any]:
    """A pool per process, and no statement, lock or forgotten transaction that hangs for ever."""
    limits = {
        "statement_timeout": env.int("DB_STATEMENT_TIMEOUT_MS", default=30_000),
        "lock_timeout": env.int("DB_LOCK_TIMEOUT_MS", default=10_000),
        "idle_in_transaction_session_timeout": 60_000,
        # Of 10,000 people, compiling the statement of what waits for somebody took 0.6 s, running it 0.1 s.
        "jit": "off",
    }
    return {
        "pool": {"min_size": 1, "max_size": env.int("DB_POOL_SIZE", default=8), "timeout": 10},
        "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
    }


_database: dict[str, Any] = env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'kpi_portal.sqlite3'}")
_is_sqlite = _database["ENGINE"].endswith("sqlite3")
_database["OPTIONS"] = _database.get("OPTIONS", {}) | (SQLITE_OPTIONS if _is_sqlite else _postgres_options())
DATABASES = {"default": _database}

# --- queue and cache ---------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_TASK_DEFAULT_QUEUE = "kpi"
CELERY_TASK_IGNORE_RESULT = True  # the outcome of a job stands in its row
CELERY_TASK_ACKS_LATE = False  # a lost message is sent again by the relay, never worked twice
CELERY_TASK_PUBLISH_RETRY = False  # a page does not wait for a queue that is down
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "global_keyprefix": "kpi:",
        "socket_connect_timeout": 2,
        "socket_timeout": 20,
    }
    CACHES: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "kpi-cache",
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
    }
else:  # the embedded queue: files, so that nothing has to be installed
    _messages, _control = VAR_DIR / "queue" / "messages", VAR_DIR / "queue" / "control"
    _messages.mkdir(parents=True, exist_ok=True)
    _control.mkdir(exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_messages),
        "data_folder_out": str(_messages),
        "control_folder": str(_control),
        "polling_interval": 0.05,
    }
    _cache = "django.core.cache.backends.filebased.FileBasedCache"
    CACHES = {"default": {"BACKEND": _cache, "LOCATION": str(VAR_DIR / "cache")}}

# --- signing in --------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}  # the employee number
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # no sign-up page is routed
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # the address belongs to the employee
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "5/15m/key,60/15m/ip"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "kpi_portal.signing_in.AccountAdapter"
ACCOUNT_FORMS = {"change_password": "people.forms.OwnPasswordForm"}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
]
if BEHIND_PROXY:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- what the browser may do -------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **dict.fromkeys(("default-src", "frame-ancestors", "base-uri"), (NONE,)),
        **dict.fromkeys(("script-src", "style-src", "font-src", "connect-src"), (SELF,)),
        **dict.fromkeys(("manifest-src", "form-action", "media-src"), (SELF,)),
        "img-src": [SELF, "data:"],
    },
}
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day, counted from signing in
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
if HTTPS:  # the prefix makes the browser refuse a cookie set by a neighbouring host
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- language, time, files ---------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TZ", default="Asia/Shanghai")  # terms end at 24:00 of this zone, wherever the server stands
CELERY_TIMEZONE = TIME_ZONE
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"  # no URL: a view checks who asks, then sends an attachment
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "map")
WHITENOISE_USE_FINDERS, WHITENOISE_MANIFEST_STRICT = DEBUG, not DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- questions that a lower room leaves to a higher one ---------------------------------------
MONITORED_PEOPLE = "appraisals.selectors.libraries.monitored_people"  # whose calls are listened to in a time
ACCOUNT_RESET_TOLD = "notices.services.resets.tell_reset"  # who hears that HR reset somebody's password
BONUS_LIMIT = "appraisals.selectors.schemes.bonus_limit_of"  # the most that all bonuses of a month add
INCIDENT_SOURCE = "quality.selectors.faults.source_of"  # the call whose fatal fault filed an incident, for who may see
LEAVING_GUARD = "consequences.selectors.leaving.held_from_leaving"  # whose leaving waits for an open case
LEAVING_TOLD = "consequences.services.leaving.tell_leavings"  # who hears of a last day after a dismissal set aside
