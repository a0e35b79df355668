"""The term of an interview, extended with that of its result; never shortened (P6.4a)."""

from django.db import transaction
from django.db.models import F

from appraisals.services.steps import Actor
from audit.log import record
from development.models import Interview
from development.states import InterviewState


@transaction.atomic(durable=True)
def extend_interview_terms(*, by: Actor) -> int:
    """Let interviews that are not confirmed follow the longer term of their result; returns how many got more time.

    What came late was late by the longer term too, or it was not late.
    """
    rows = Interview.objects.select_for_update(of=("self",)).select_related("result").order_by("pk")
    behind = rows.exclude(state=InterviewState.ACKNOWLEDGED).filter(result__interview_until__gt=F("due_on"))
    found = list(behind)
    for interview in found:
        before, interview.due_on = interview.due_on, interview.result.interview_until or interview.due_on
        interview.save(update_fields=["due_on"])
        told = {"due_on": str(interview.due_on)}
        record("interview.term_extended", interview, by=by, before={"due_on": str(before)}, after=told)
    return len(found)
