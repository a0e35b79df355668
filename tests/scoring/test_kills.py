"""A worker is killed in the middle of a job: what it had done stands, the rest is done by the next, nothing twice."""

import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from audit.models import Event
from scoring.models import Job, ReplayLine, ReplayPerson, Result
from scoring.services.consolidation import settle_forms
from scoring.services.jobs import request_job
from scoring.services.replaying import ask_replay
from scoring.states import JobKind, JobState
from tests import world
from tests.scoring.conftest import Month, make_month
from tests.scoring.test_replays import draft_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

KILLS = 8
PEOPLE = 60
WORKER = """
import os, sys
import django
django.setup()
from scoring import tasks
from scoring.services import jobs, replay_steps
jobs.CHUNK = replay_steps.CHUNK = 1  # as many places to die in as there are forms
print("working", flush=True)
tasks.run_job(int(sys.argv[1]))
"""


def start_worker(job: Job) -> "subprocess.Popen[bytes]":
    """A worker of its own on the tests' database; returns once it is about to claim the job."""
    at = connection.settings_dict
    address = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    environment = {**os.environ, "TEST_DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(job.pk)],
        cwd=Path(settings.BASE_DIR),
        env=environment,
        stdout=subprocess.PIPE,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"working\n"
    return worker


def make_large_month() -> Month:
    """October of ``PEOPLE``, ready."""
    month = make_month()
    for number in range(PEOPLE - 3):
        somebody = world.graded(world.person(f"员工{number}", superior=month.supervisor))
        world.ready_form(somebody, month.supervisor)
    return month


def test_a_killed_worker_loses_and_doubles_nothing(transactional_db):
    month = make_large_month()
    job = request_job(month.cycle.pk, kind=JobKind.CONSOLIDATE, by=month.officer)
    seed = random.randrange(10_000)
    print("seed", seed)  # noqa: T201  # to replay the kills
    moments = random.Random(seed)

    for _kill in range(KILLS):
        with start_worker(job) as worker:
            time.sleep(moments.uniform(0.02, 0.25))
            worker.kill()
        job.refresh_from_db()
        print("killed after", job.done)  # noqa: T201
        assert Result.objects.count() == job.done  # the effect and its progress end together
        # Its lease has passed; a second claim would otherwise wait for that.
        Job.objects.filter(state=JobState.RUNNING).update(leased_until=timezone.now() - timedelta(seconds=1))
    with start_worker(job) as worker:
        assert worker.wait(60) == 0

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, PEOPLE, PEOPLE)
    assert Result.objects.values("form").distinct().count() == Result.objects.count() == PEOPLE


def test_a_what_if_survives_its_workers(transactional_db):
    month = make_large_month()
    settle_forms(month.cycle.pk, form_ids=[form.pk for form in month.cycle.forms.all()], by=month.leader)
    job = ask_replay(draft_of(pay_ceiling="70").pk, year=2026, completion=Decimal(90), by=month.leader)
    moments = random.Random(7)

    for _kill in range(KILLS):
        with start_worker(job) as worker:
            time.sleep(moments.uniform(0.02, 0.25))
            worker.kill()
        job.refresh_from_db()
        assert ReplayLine.objects.count() == job.done
        Job.objects.filter(state=JobState.RUNNING).update(leased_until=timezone.now() - timedelta(seconds=1))
    with start_worker(job) as worker:
        assert worker.wait(60) == 0

    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, PEOPLE)
    assert ReplayLine.objects.count() == ReplayPerson.objects.count() == PEOPLE
    assert Event.objects.filter(action="replay.finished").count() == 1
    assert not ReplayPerson.objects.filter(moves_pay=False, pay_before__gt=980).exists()
