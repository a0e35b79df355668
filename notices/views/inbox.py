"""The inbox: what one was told, and the way to what it is about."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from common.forms import whole_number
from common.refusals import safe_back
from notices.selectors.inbox import inbox_of, lines_of
from notices.services.reading import open_message, read_everything
from people.requests import person_of

PAGE_SIZE = 30
UNREAD = "unread"


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """All messages or the unread ones, newest first."""
    only_new = request.GET.get("show") == UNREAD
    page = Paginator(inbox_of(person_of(request), unread=only_new), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = lines_of(page.object_list)
    context = {
        "page": page,
        "lines": lines,
        "newest": max((line.pk for line in lines), default=0),
        "only_new": only_new,
        "query": f"show={UNREAD}" if only_new else "",
    }
    return render(request, "notices/inbox.html", context)


@require_POST
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a message as read and go to its place: one click, and no address that writes when it is looked at."""
    try:
        message = open_message(pk, by=person_of(request))
    except RuleError as refusal:
        raise Http404(str(refusal)) from refusal
    return redirect(safe_back(request, message.path))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page showed."""
    until = whole_number(request.POST.get("until", ""))
    if until is not None:
        read_everything(until=until, by=person_of(request))
    return redirect(safe_back(request, request.POST.get("back") or reverse("notices:inbox")))
