"""The page of what one follows up: others' overdue things that one was told of (P6)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from common.selectors import Countdown
from people.requests import person_of, standing_in
from reports.facts.following import followed_line
from reports.selectors.following import followed_by, openable

PAGE_SIZE = 40


@require_GET
def following(request: HttpRequest) -> HttpResponse:
    """One's own list, the longest overdue first; empty for whom nothing is passed on to."""
    person, standing, today = person_of(request), standing_in(request), timezone.localdate()
    rows, calendar = followed_by(person, today)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    seen = openable(page, person, standing)
    lines = [followed_line(one, standing, seen) for one in page]
    context = {"page": page, "lines": lines, "days": Countdown(today, calendar)}
    return render(request, "reports/following.html", context)
