"""One's own year, once it is published."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from calibration.permissions import visible_own_years
from calibration.selectors.mine import my_year
from people.requests import person_of


@require_GET
def mine(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The newest published year, or the one asked for; not found while it isn't published."""
    results = list(visible_own_years(person_of(request)))
    if year is None and not results:
        return render(request, "calibration/my_year_empty.html")
    result = next((row for row in results if year in (None, row.review.year)), None)
    if result is None:
        raise Http404
    context = {"mine": my_year(result, [row.review.year for row in results])}
    return render(request, "calibration/my_year.html", context)
