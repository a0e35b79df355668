"""The portal's settings for tests: the same, on a database of the tests' own, in memory where it can be.

TEST_DATABASE_URL chooses the database server; without it tests run on SQLite.
"""

import os
import tempfile
from pathlib import Path

_here = Path(tempfile.gettempdir()) / f"kpi-portal-tests-{os.getuid()}"
os.environ["VAR_DIR"] = str(_here)
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or "sqlite://:memory:"
os.environ["SECRET_KEY"] = "tests only, long enough for every signer of the portal to accept it"
os.environ["DB_STATEMENT_TIMEOUT_MS"] = "120000"  # commands run here too, and the machine may be busy
os.environ["TZ"] = "Asia/Shanghai"
for _name in ("REDIS_URL", "DEBUG", "DEMO", "HTTPS", "BEHIND_PROXY", "ALLOWED_HOSTS", "LOG_LEVEL"):
    os.environ.pop(_name, None)

from kpi_portal.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed: nothing here is secret
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = "memory://"  # a job is run in place by calling its service
CELERY_BROKER_TRANSPORT_OPTIONS = {}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # whitenoise warns when it is missing
