"""Is the portal alive, and can it work?"""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from kpi_portal.celery import app

QUEUE_SECONDS = 2


@login_not_required  # asked by a load balancer, which has no account
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer while the process can answer at all."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required  # asked by a load balancer, which has no account
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database and the queue can be reached, else 503 and which one cannot."""
    state = {"database": _reached(_ask_database), "queue": _reached(_ask_queue)}
    ready = all(state.values())
    words = {name: "ok" if reached else "unreachable" for name, reached in state.items()}
    return JsonResponse(words, status=200 if ready else 503)


def _reached(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except (DatabaseError, OperationalError, OSError):
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_queue() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=QUEUE_SECONDS)
