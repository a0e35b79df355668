"""The worker's side: a message carries a job's number, everything else stands in its row."""

from typing import Any

from celery import current_app, shared_task
from celery.app.base import Celery
from django.utils import timezone

from common.collector import seldom_collecting
from common.errors import RuleError
from scoring.selectors.jobs import overdue_jobs
from scoring.services.jobs import claim_job, fail_job, run_chunk, wake

QUEUE = "kpi"
MOST_QUEUED = 50
"""Above this many messages the relay keeps still: reminders must not bury what they remind of."""


@shared_task(name="scoring.tasks.run_job")
def run_job(job_id: int) -> None:
    """Work a job through. Woken twice, the second finds nothing to claim."""
    lease = claim_job(job_id)
    if lease is None:
        return
    try:
        with seldom_collecting():
            while run_chunk(job_id, lease=lease):
                pass
    except RuleError as error:
        fail_job(job_id, lease=lease, message=str(error))


@shared_task(name="scoring.tasks.wake_overdue_jobs")
def wake_overdue_jobs() -> int:
    """Send the hint again for jobs nobody works on; returns how many."""
    jobs = list(overdue_jobs(timezone.now()).values_list("pk", flat=True)[:MOST_QUEUED])
    if not jobs or _queued(current_app) >= MOST_QUEUED:
        return 0
    for job in jobs:
        wake(job)
    return len(jobs)


def _queued(app: Celery) -> int:
    """How many messages wait in the queue; a queue that does not exist yet is empty."""
    with app.connection_for_write() as broker:
        # celery-types leaves out what kombu's channels of every transport have
        channel: Any = broker.default_channel
        try:
            return int(channel.queue_declare(queue=QUEUE, passive=True).message_count)
        except broker.channel_errors:
            return 0
