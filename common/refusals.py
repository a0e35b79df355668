"""How a refusal reaches the person: a toast's words, the two values of a conflict, or a message and a way back."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from common.errors import ConflictError, RuleError

UNPROCESSABLE = 422
CONFLICT = 409
KEPT = "kept_input"
MOST_KEPT = 20_000
"""Characters of what was typed that wait for the next page."""


def refused(request: HttpRequest, error: RuleError, *, back: str, mine: str = "") -> HttpResponse:
    """Answer a request that a rule refused; nothing was written.

    htmx gets words for a toast (422) or, for a conflict, the dialog with both values (409); a page gets the
    message and is sent ``back``, where what was typed stands in its form again (``kept_input``). ``mine`` is what the
    person had typed.
    """
    if request.headers.get("HX-Request") != "true":
        _keep_input(request)
        messages.error(request, " ".join([str(error), *error.problems]))
        return redirect(safe_back(request, back))
    if isinstance(error, ConflictError):
        words = {"message": error, "theirs": error.theirs, "mine": mine}
        return render(request, "components/conflict.html", words, status=CONFLICT)
    text = " ".join([str(error), *error.problems])
    return HttpResponse(text, status=UNPROCESSABLE, content_type="text/plain; charset=utf-8")


def kept_input(request: HttpRequest) -> dict[str, Any] | None:
    """What was typed into the form that was just refused: its address and fields; told once."""
    found: dict[str, Any] | None = request.session.pop(KEPT, None)
    return found


def _keep_input(request: HttpRequest) -> None:
    """Passwords are typed again, and files can't be given back."""
    fields = {name: values for name, values in request.POST.lists() if "password" not in name and "csrf" not in name}
    if len(json.dumps(fields)) <= MOST_KEPT:
        request.session[KEPT] = {"action": request.path, "fields": fields}


def safe_back(request: HttpRequest, back: str) -> str:
    """``back`` if it stays on this site, else the home page."""
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if inside else "/"
