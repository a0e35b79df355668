"""The year's report as a file."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from calibration.permissions import reads_year, sees_bonuses
from calibration.selectors.yearly import rows_seen
from people.requests import person_of, standing_in
from reports.exports import year_workbook
from reports.workbooks.writing import MIME_TYPE
from scoring.selectors.reports import annual_review
from scoring.selectors.years import corrections_of


@require_GET
def year_report(request: HttpRequest, year: int) -> HttpResponse:
    """With bonuses for HR, without for the others; before publication without oneself and one's superiors."""
    person, standing = person_of(request), standing_in(request)
    if not reads_year(standing):
        raise PermissionDenied
    review = annual_review(year)
    if review is None:
        raise Http404
    rows, with_pay = rows_seen(review, person, standing).rows, sees_bonuses(standing)
    content = year_workbook(review, rows, with_pay=with_pay, corrections=corrections_of(review))
    name = f"客服年度考核汇总_{year}{'' if with_pay else '_无奖金'}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    return HttpResponse(content, content_type=MIME_TYPE, headers={"Content-Disposition": disposition})
