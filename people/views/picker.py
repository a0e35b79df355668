"""What a person field offers while somebody types a name or a number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from people.selectors import employees_found

MOST = 8


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """At most eight people by name or number, for anybody signed in: no pay, no role, nobody who has left.

    ``field`` says under which name the text comes, as a field sends itself; without it, ``q``.
    """
    text = request.GET.get(request.GET.get("field", "q"), "")
    hits = employees_found(text, timezone.localdate(), MOST)
    return render(request, "people/hits.html", {"hits": hits, "asked": text.strip()})
