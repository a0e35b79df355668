"""The hour at which something of the demo was done: services ask Django for it, and are told the one they play in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Whatever is done inside is done at ``moment``, which is never later than a minute ago. Not to be nested."""
    django, real = vars(timezone), timezone.now
    then = min(moment, real() - timedelta(minutes=1))
    django["now"] = lambda: then
    try:
        yield then
    finally:
        django["now"] = real
