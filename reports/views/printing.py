"""The form on A4, in the words of annex 1."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import loader
from django.utils import timezone
from django.views.decorators.http import require_GET

from appraisals.permissions import hats_on, visible_forms
from common.selectors import countdown
from people.requests import person_of, standing_in
from reports.selectors.paper_parts import named_parts
from reports.selectors.papers import paper_of


@require_GET
def print_form(request: HttpRequest, pk: int) -> HttpResponse:
    """One form, ready for the printer; whoever may not see it finds nothing."""
    person, standing = person_of(request), standing_in(request)
    forms = visible_forms(person, standing).select_related("cycle__scheme", "employee", "owner", "position", "region")
    form = get_object_or_404(forms, pk=pk)
    paper = paper_of(form, hats_on(form, person, standing), person.pk)
    # No request: the sheet stands alone, without the frame and what the frame reads.
    today = timezone.localdate()
    context = {"paper": paper, "parts": named_parts(paper.parts), "today": today}
    if paper.appeal_until and paper.appeal_until >= today:
        context["left"] = max(1, countdown(today, [paper.appeal_until]).left(paper.appeal_until))
    return HttpResponse(loader.render_to_string("reports/print_form.html", context))
