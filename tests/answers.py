"""Answers that carry a file: read whole and let go, without closing the connection the test's transaction is on.

The end of a request closes the database's old connections, and one within a transaction counts as old. Django's
client holds that back while it reads an answer to its end, and nobody does when an answer is closed by hand.
(SQLite in memory is never closed, so only PostgreSQL tells.)
"""

from django.core import signals
from django.db import close_old_connections
from django.http.response import HttpResponseBase


def let_go(answer: HttpResponseBase) -> None:
    """Close an answer and the file it holds, read or not."""
    signals.request_finished.disconnect(close_old_connections)
    answer.close()
    signals.request_finished.connect(close_old_connections)
