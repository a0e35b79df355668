"""Long work as rows."""

from django.db import models
from django.db.models import Q

from appraisals.models import Cycle
from people.models import Employee
from scoring.models.replays import Replay
from scoring.states import JobKind, JobState

_GOING = Q(state__in=(JobState.WAITING, JobState.RUNNING))


class Job(models.Model):
    """Long work as a row: written with its cause, claimed by a worker, read by the page. Celery only wakes.

    ``lease`` rises with every claim; a worker that comes back late finds another number and may not write. A job is
    about a cycle, or about a replay.
    """

    kind = models.CharField(max_length=12, choices=JobKind)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, null=True, blank=True, related_name="jobs")
    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, null=True, blank=True, related_name="jobs")
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState, default=JobState.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    message = models.CharField(max_length=300, blank=True)
    requested_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("state", "leased_until"), name="job_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "cycle"), condition=_GOING, name="one_running_job_per_cycle_and_kind"
            ),
            models.UniqueConstraint(fields=("replay",), condition=_GOING, name="one_running_job_per_replay"),
            models.CheckConstraint(
                condition=Q(cycle__isnull=True) ^ Q(replay__isnull=True), name="job_of_a_cycle_or_a_replay"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.cycle_id or self.replay_id} {self.state}"
