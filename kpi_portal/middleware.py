"""Headers that every page needs, and the way to one's own password first."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

API = "/api/v1/"


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


class OwnPasswordFirst:
    """Whoever signed in with a password that HR issued chooses his own before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "must_change_password", False) and not self._is_free(request.path):
            if request.path.startswith(API):  # a program would take the page it is sent to for a success
                return JsonResponse({"detail": _("先登录网站，换掉人力资源部发的密码。")}, status=403)
            return redirect("account_change_password")
        return self.get_response(request)

    def _is_free(self, path: str) -> bool:
        names = ("account_change_password", "account_logout", "set_language", "healthz", "readyz")
        return path.startswith(f"/{settings.STATIC_URL.strip('/')}/") or path in {reverse(name) for name in names}
