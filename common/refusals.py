"""How a refusal reaches the person: a toast's words, the two values of a conflict, or a message and a way back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from common.errors import ConflictError, RuleError

UNPROCESSABLE = 422
CONFLICT = 409


def refused(request: HttpRequest, error: RuleError, *, back: str, mine: str = "") -> HttpResponse:
    """Answer a request that a rule refused; nothing was written.

    htmx gets words for a toast (422) or, for a conflict, the dialog with both values (409); a page gets the
    message and is sent ``back``. ``mine`` is what the person had typed.
    """
    if request.headers.get("HX-Request") != "true":
        messages.error(request, " ".join([str(error), *error.problems]))
        return redirect(safe_back(request, back))
    if isinstance(error, ConflictError):
        words = {"message": error, "theirs": error.theirs, "mine": mine}
        return render(request, "components/conflict.html", words, status=CONFLICT)
    text = " ".join([str(error), *error.problems])
    return HttpResponse(text, status=UNPROCESSABLE, content_type="text/plain; charset=utf-8")


def safe_back(request: HttpRequest, back: str) -> str:
    """``back`` if it stays on this site, else the home page."""
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if inside else "/"
