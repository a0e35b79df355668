"""Long work as a row (trust: the row is the truth, a message only wakes).

A job is written with its cause, claimed for a while, and done in chunks; each chunk's effect and its progress end in
one transaction. Whoever comes back after its claim has passed to another finds another lease and writes nothing, so a
job may be woken any number of times.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from appraisals.services.steps import Actor
from audit.log import record
from common.errors import RuleError
from people.facts import SYSTEM
from people.models import Employee
from scoring.models import Job
from scoring.selectors.jobs import forms_left
from scoring.services.consolidation import consolidate_batch
from scoring.services.publication import publish_batch
from scoring.services.replay_steps import conclude, score_some
from scoring.services.steps import CHUNK, CONSOLIDATE, PUBLISH, check_company, check_many, locked_cycle
from scoring.states import JobKind, JobState

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
MOST_CLAIMS = 10
"""A job claimed this often is broken work, not bad luck: it stops and says so."""
RUN_TASK = "scoring.tasks.run_job"


class Chunk(NamedTuple):
    """A piece of a job that was done: how much, what was refused, and where to go on."""

    done: int
    refused: tuple[dict[str, Any], ...] = ()
    place: Mapping[str, int] = {}


@transaction.atomic(durable=True)
def request_job(
    cycle_id: int,
    *,
    kind: JobKind,
    by: Employee,
    region_id: int | None = None,
    form_ids: Collection[int] | None = None,
) -> Job:
    """Ask for many forms to be consolidated or published in the background: of one region, some, or all.

    One job of a kind runs per cycle: asked again meanwhile, the running one is returned.
    """
    now = timezone.now()
    cycle = locked_cycle(cycle_id)
    move = CONSOLIDATE if kind == JobKind.CONSOLIDATE else PUBLISH
    check_many(move, cycle, by=by, now=now)
    running = Job.objects.filter(cycle=cycle, kind=kind, state__in=(JobState.WAITING, JobState.RUNNING)).first()
    if running:
        return running
    parameters: dict[str, Any] = {"region": region_id, "after": 0}
    if form_ids is not None:
        parameters["forms"] = sorted(form_ids)
    job = Job(kind=kind, cycle=cycle, parameters=parameters, requested_by=by, requested_at=now)
    job.total = forms_left(job).count()
    if not job.total:
        raise RuleError(_nothing(kind), code="nothing_to_do")
    if job.total == 1:
        check_company(list(forms_left(job).values_list("pk", flat=True)), by=by)
    job.full_clean(exclude=("refused",))  # an empty list is what it starts with
    job.save()
    record("job.requested", job, by=by, after={"kind": kind, "total": job.total, "region": region_id})
    transaction.on_commit(partial(wake, job.pk))
    return job


def wake(job_id: int) -> None:
    """Send the hint. A queue that is down costs only time: the relay sends it again."""
    try:
        current_app.send_task(RUN_TASK, args=[job_id])
    except (OperationalError, OSError):
        logger.warning("The queue can't be reached; job %s waits for the relay.", job_id)


@transaction.atomic(durable=True)
def claim_job(job_id: int) -> int | None:
    """Take the job for a while: the number of the lease, or None when there is nothing to take."""
    now = timezone.now()
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
    if job is None or job.state in (JobState.DONE, JobState.FAILED):
        return None
    if job.state == JobState.RUNNING and job.leased_until and job.leased_until > now:
        return None
    if job.lease >= MOST_CLAIMS:
        _finish(job, JobState.FAILED, _("试了几次都没做完，请联系系统管理员。"))
        return None
    job.lease += 1
    job.state, job.leased_until = JobState.RUNNING, now + LEASE
    job.save(update_fields=["lease", "state", "leased_until"])
    return job.lease


@transaction.atomic(durable=True)
def run_chunk(job_id: int, *, lease: int) -> bool:
    """Do the next chunk and write the progress; False when the job is over or belongs to another by now."""
    now = timezone.now()
    job = Job.objects.select_for_update(of=("self",)).select_related("requested_by").get(pk=job_id)
    if job.lease != lease or job.state != JobState.RUNNING:
        return False
    chunk = WORK[JobKind(job.kind)](job, now)
    if chunk is None:
        _finish(job, JobState.DONE, "")
        return False
    job.refused = [*job.refused, *chunk.refused]
    job.done += chunk.done
    job.total = max(job.total, job.done)  # what came in meanwhile is done as well
    job.parameters = {**job.parameters, **chunk.place}
    job.leased_until = now + LEASE
    job.save(update_fields=["refused", "done", "total", "parameters", "leased_until"])
    return True


@transaction.atomic(durable=True)
def fail_job(job_id: int, *, lease: int, message: str) -> None:
    """Stop a job that a rule refused, unless it belongs to another by now."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.lease == lease and job.state == JobState.RUNNING:
        _finish(job, JobState.FAILED, message)


def forms_cycle(job: Job) -> int:
    """The cycle whose forms the job goes through; it has one unless it is a replay's."""
    if job.cycle_id is None:
        raise LookupError(f"Job {job.pk} is not about the forms of a cycle.")
    return job.cycle_id


def _settle_some(job: Job, now: datetime) -> Chunk | None:
    """Consolidate or publish the next forms; the rights are those of whoever asked, as they are now."""
    ids = list(forms_left(job).values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return None
    cycle = locked_cycle(forms_cycle(job))
    by: Actor = job.requested_by or SYSTEM
    refused: tuple[dict[str, Any], ...] = ()
    if job.kind == JobKind.CONSOLIDATE:
        outcome = consolidate_batch(cycle, ids, by=by, now=now, in_company=True)
        refused = tuple([{**waiting._asdict(), "waits": waiting.words} for waiting in outcome.refused])
    else:
        publish_batch(cycle, ids, by=by, now=now, in_company=True)
    return Chunk(len(ids), refused, {"after": ids[-1]})


def _replay_some(job: Job, now: datetime) -> Chunk | None:
    """Score the next results of a what-if anew; when none is left, compare everybody and be over."""
    if job.replay is None:
        raise LookupError(f"Job {job.pk} is not about a replay.")
    done = score_some(job.replay)
    if done:
        return Chunk(done)
    conclude(job.replay, now=now)
    return None


WORK: Mapping[JobKind, Callable[[Job, datetime], Chunk | None]] = {
    JobKind.CONSOLIDATE: _settle_some,
    JobKind.PUBLISH: _settle_some,
    JobKind.REPLAY: _replay_some,
}
"""Kind → the step that does the next chunk in the transaction it is called in, or ends the work and says None."""


def _finish(job: Job, state: JobState, message: str) -> None:
    job.state, job.message = state, message[:300]
    job.finished_at, job.leased_until = timezone.now(), None
    job.save(update_fields=["state", "message", "finished_at", "leased_until"])
    by: Actor = job.requested_by or SYSTEM
    record("job.finished", job, by=by, after={"state": state, "done": job.done, "refused": len(job.refused)})


def _nothing(kind: JobKind) -> str:
    if kind == JobKind.CONSOLIDATE:
        return _("现在没有待汇总的表。")
    return _("现在没有已汇总、还没出结果的表。")
