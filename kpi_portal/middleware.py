"""What is looked at before and after every page: text that can be kept, headers, one's own password first."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import redirect
from django.template import loader
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

API = "/api/v1/"
NUL = "\0"


class NoNul:
    """Answer 400 to a NUL in an address, a cookie or a form: no text of the database may hold one.

    The bodies of the API are its own: there each field says what is wrong with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = (request.path_info, *request.COOKIES.values(), *_texts(request.GET.lists()))
        if any(NUL in text for text in asked):
            return self._refused(request, _("地址里有一个看不见的字符，打不开。从菜单里重新进。"))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if request.method != "POST" or request.path.startswith(API):
            return None
        try:
            typed = _texts(request.POST.lists())
        except UnreadablePostError:  # whoever sent it is gone
            return None
        if any(NUL in text for text in typed):
            words = _(
                "填的内容里有一个看不见的字符，存不了，什么都没有改。回到上一页，把粘贴的那段删掉，重新打一遍再提交。"
            )
            return self._refused(request, words)
        return None

    def _refused(self, request: HttpRequest, words: str) -> HttpResponse:
        """As whoever asks can read it; the page is made without the request, whose cookies may be what is wrong."""
        if request.path.startswith(API):
            return JsonResponse({"detail": words}, status=400)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")
        return HttpResponse(loader.get_template("400.html").render({"why": words}), status=400)


def _texts(lists: Iterable[tuple[str, list[str]]]) -> list[str]:
    return [text for name, values in lists for text in (name, *values)]


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
