"""The page of our own mistakes: it carries a number that stands in the log too."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template import loader

logger = logging.getLogger(__name__)
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is misheard on the telephone


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a number for the duty officer; Django logs the trace right after this line."""
    number = "-".join("".join(secrets.choice(ALPHABET) for _n in range(4)) for _n in range(2))
    logger.error("fault %s at %s %s", number, request.method, request.path)
    page = loader.get_template("500.html").render({"number": number})
    return HttpResponse(page, status=500, headers={"X-Error-Number": number})
