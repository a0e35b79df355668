"""Headers that every page needs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


class PrivatePages:
    """Keep a signed-in person's pages out of every cache, the browser's included.

    A shared desk must not show the last person's pay after "back"; and one URL answers with a page or
    with its htmx part, so caches have to tell the two apart.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ("HX-Request",))
        return response
