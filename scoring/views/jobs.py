"""How far a job is; the page asks again by itself until it is over."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from people.requests import person_of, standing_in
from scoring.permissions import visible_jobs
from scoring.states import JobState


@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The job's progress: how many are done, which are refused and why."""
    found = get_object_or_404(visible_jobs(person_of(request), standing_in(request)), pk=pk)
    context = {
        "job": found,
        "is_over": found.state in (JobState.DONE, JobState.FAILED),
        "settled": found.done - len(found.refused),
    }
    is_part = request.headers.get("HX-Request") == "true"
    response = render(request, "scoring/job.html#progress" if is_part else "scoring/job.html", context)
    if is_part and context["is_over"]:
        response.headers["HX-Refresh"] = "true"  # the rest of the page stands as it was before the job
    return response
