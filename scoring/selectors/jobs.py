"""Jobs: what is left to do, which are overdue, how far one is."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from appraisals.models import Form
from appraisals.states import FormState
from scoring.models import Job
from scoring.states import JobKind, JobState

PATIENCE = timedelta(seconds=5)
"""How long a job may wait for the worker that its first message should wake."""


def forms_left(job: Job) -> QuerySet[Form]:
    """The forms the job has still to go through, in the order it takes them."""
    state = FormState.READY if job.kind == JobKind.CONSOLIDATE else FormState.CONSOLIDATED
    forms = Form.objects.filter(cycle=job.cycle, state=state, pk__gt=job.parameters.get("after", 0))
    if job.parameters.get("region"):
        forms = forms.filter(region_id=job.parameters["region"])
    if "forms" in job.parameters:
        forms = forms.filter(pk__in=job.parameters["forms"])
    return forms.order_by("pk")


def overdue_jobs(now: datetime) -> QuerySet[Job]:
    """Jobs nobody works on though somebody should: never woken, or left by a worker that died."""
    waiting = Q(state=JobState.WAITING, requested_at__lt=now - PATIENCE)
    left = Q(state=JobState.RUNNING, leased_until__lt=now)
    return Job.objects.filter(waiting | left).order_by("pk")


def jobs_running(cycle_id: int) -> QuerySet[Job]:
    """The cycle's jobs under way, for its board."""
    return Job.objects.filter(cycle_id=cycle_id, state__in=(JobState.WAITING, JobState.RUNNING))


def latest_job(cycle_id: int) -> Job | None:
    """The cycle's last job, under way or over."""
    return Job.objects.filter(cycle_id=cycle_id).select_related("cycle", "requested_by").order_by("-pk").first()
