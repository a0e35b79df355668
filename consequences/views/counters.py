"""Where people stand with the rules (P7.1)."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from consequences.permissions import counted_people, reads_desk
from consequences.selectors.counters import last_month, standings
from consequences.views.proposals import reader_in
from people.selectors import search_employees

PAGE_SIZE = 25


@require_GET
def counters(request: HttpRequest) -> HttpResponse:
    """Everybody's counters for the desk, an owner's people for him; '2 of 3', with the months."""
    reader, today, month = reader_in(request), timezone.localdate(), last_month()
    text = request.GET.get("text", "").strip()
    people = counted_people(reader, today).filter(position__isnull=False)
    found = search_employees(people, text=text, region="", only_working=today).select_related("region", "position")
    page = Paginator(found.order_by("number"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": standings(page, month) if month else [],
        "month": month,
        "text": text,
        "query": urlencode({"text": text}),
        "on_desk": reads_desk(reader.standing),
    }
    return render(request, "consequences/counters.html", context)
