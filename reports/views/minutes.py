"""The minutes of a year's calibration as a workbook."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from calibration.permissions import hidden_from, visible_boards
from calibration.selectors.moves import record_of
from calibration.selectors.tallies import tallies_of
from calibration.selectors.years import rules_of_year
from people.requests import person_of, standing_in
from reports.facts.minutes import minutes_workbook
from reports.workbooks.writing import MIME_TYPE


@require_GET
def board_minutes(request: HttpRequest, year: int) -> HttpResponse:
    """Moves, notes, steps and the lanes, as far as the person may see them."""
    person, standing = person_of(request), standing_in(request)
    review = visible_boards(standing).filter(year=year).first()
    if review is None:
        raise Http404
    hidden = hidden_from(person, standing)
    tallies = tallies_of(review, rules_of_year(year), hidden)
    content = minutes_workbook(review, record_of(review, hidden), tallies)
    disposition = content_disposition_header(as_attachment=True, filename=f"客服年度校准纪要_{year}.xlsx") or ""
    return HttpResponse(content, content_type=MIME_TYPE, headers={"Content-Disposition": disposition})
