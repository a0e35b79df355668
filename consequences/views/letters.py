"""A decision as a letter to print (P7.1)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from consequences.permissions import can_read_letter
from consequences.selectors.case import decision_for
from consequences.selectors.letters import letter_of
from consequences.views.proposals import reader_in


@require_GET
def letter(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """The notice on paper; to the employee and to HR."""
    reader = reader_in(request)
    found = decision_for(reader, decision)
    if found is None or found.proposal_id != pk or not can_read_letter(reader, found):
        raise Http404
    return render(request, "consequences/letter.html", {"letter": letter_of(found), "is_own": found.read_at is None})
