"""Settings of mail, from the environment: without EMAIL_URL nothing is mailed, and the inbox has everything."""

import environ

_env = environ.Env()
_mail = _env.email_url("EMAIL_URL", default="dummymail://")

EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"] or ""
EMAIL_PORT = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # seconds for each word of the conversation; all of them end within a sender's lease
EMAIL_DOMAIN = _env.str("EMAIL_DOMAIN", default="localhost")
DEFAULT_FROM_EMAIL = _env.str("EMAIL_FROM", default=f"kpi@{EMAIL_DOMAIN}")
OUTBOX_KEPT_DAYS = _env.int("OUTBOX_KEPT_DAYS", default=90)  # how long what was sent stays in the outbox
PORTAL_URL = _env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")  # how links in messages begin
