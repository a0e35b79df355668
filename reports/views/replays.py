"""A what-if as a workbook."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import override
from django.views.decorators.http import require_GET

from calibration.permissions import hidden_from, sees_bonuses
from calibration.selectors.replays import (
    all_in_sight,
    lines_in_sight,
    person_lines,
    rule_names,
    rules_before,
    sums_of,
)
from people.requests import person_of, standing_in
from reports.facts.replays import replay_workbook
from reports.workbooks.writing import MIME_TYPE
from scoring.permissions import reads_replays, visible_replays


@require_GET
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody the person may see, before and after; with amounts for HR."""
    person, standing = person_of(request), standing_in(request)
    if not reads_replays(standing):
        raise PermissionDenied
    found = visible_replays(standing).filter(pk=pk, finished_at__isnull=False).first()
    if found is None:
        raise Http404
    hidden, with_pay = hidden_from(person, standing), sees_bonuses(standing)
    with override("zh-hans"):
        names = rule_names(found, rules_before(found))
        content = replay_workbook(
            found,
            sums_of(found, hidden, names, with_pay=with_pay),
            person_lines(all_in_sight(found, hidden), names, with_pay=with_pay),
            lines_in_sight(found, hidden),
            with_pay=with_pay,
        )
    name = f"方案试算_{found.scheme.version}_{found.pk}{'' if with_pay else '_无金额'}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    return HttpResponse(content, content_type=MIME_TYPE, headers={"Content-Disposition": disposition})
