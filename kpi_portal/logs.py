"""Settings of the log: what happened, never to whom or how much, and never a secret address."""

import environ

_env = environ.Env()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.db.backends": {"level": "INFO"},  # statements carry people's figures
        "celery.worker.strategy": {"level": "WARNING"},  # the relay every five seconds
        "celery.app.trace": {"level": "WARNING"},
        "apprise": {"level": "ERROR"},  # its finer lines and those of urllib3 carry the addresses of robots
        "urllib3": {"level": "ERROR"},
    },
}
