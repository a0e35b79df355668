"""The portal's own programs by the clock: two schedulers, a worker that is killed while it sends, a real mail server.

Nothing of ours is called here. The company has people with something overdue; the programs do the rest.
"""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from celery.beat import PersistentScheduler
from django.conf import settings
from django.db import connection
from django.utils import timezone

from appraisals.models import Cycle
from appraisals.states import FormState
from kpi_portal.celery import app
from kpi_portal.schedule import CELERY_BEAT_SCHEDULE
from notices.models import Delivery, DigestRun, Message, NoticeRules
from notices.services.channels import message_id
from notices.states import DeliveryState
from people.models import Employee
from scripts import programs, services
from tests import world
from tests.notices.sinks import MailSink, mail_sink

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AGENTS = 24
PROCESSES = 2
PATIENCE = 150.0
"""Seconds: a busy machine is slow, not wrong."""
OWN_QUEUES = 8
"""The first database of the queue's server that browser tests leave free."""


def wait_for(true: Callable[[], object], what: str, log: Path) -> None:
    """Ask until it holds; say what was waited for, and what the programs wrote, if it never does."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"{what}\n{log.read_text(errors='replace')[-3000:]}"
        time.sleep(0.05)


def beat_folder(folder: Path, wakes_sender_in: float) -> Path:
    """A scheduler's own folder, in which it ran before: digests are due at once, sending after a while."""
    folder.mkdir()
    clock = PersistentScheduler(app, schedule_filename=str(folder / "beat-schedule"), lazy=False)
    now = app.now()
    for name, wakes_in in (("send-digests", 0.0), ("send-deliveries", wakes_sender_in)):
        ago = CELERY_BEAT_SCHEDULE[name]["schedule"] - wakes_in
        clock.schedule[name].last_run_at = now - timedelta(seconds=ago)
    clock.close()
    return folder


@contextmanager
def running(command: list[str], env: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A program with its children in a group of its own, all gone at the end."""
    with log.open("ab") as file:
        started = subprocess.Popen(
            command, env=env, cwd=programs.ROOT, stdout=file, stderr=file, start_new_session=True
        )
    try:
        yield started
    finally:
        if started.poll() is None:
            kill(started)


def kill(program: "subprocess.Popen[bytes]") -> None:
    """The program and its children at once, in the middle of whatever they do."""
    os.killpg(program.pid, signal.SIGKILL)
    program.wait(10)


@pytest.fixture
def company(transactional_db) -> None:
    """An owner whose people all let their self-scores pass, with addresses; the portal may write at any hour."""
    NoticeRules.objects.create(send_at="00:00", quiet_from="00:00", quiet_until="00:00", working_days_only=False)
    owner = world.person("周敏", "KFZG", account=True, email="owner@example.com")
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    for number in range(AGENTS):
        agent = world.person(f"员工{number}", superior=owner, account=True, email=f"e{number}@example.com")
        world.form(agent, owner, month=month, state=FormState.ACTIVE)
    Cycle.objects.update(self_due_on=timezone.localdate() - timedelta(days=20))


def environment(letters: MailSink, queue: str) -> dict[str, str]:
    """What the programs run with: the portal's settings, on the tests' database, a queue and a mail server."""
    at = connection.settings_dict
    number = OWN_QUEUES + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    queue = urlsplit(queue)._replace(path=f"/{number}").geturl()
    redis.Redis.from_url(queue).flushdb()
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return kept | {
        "DATABASE_URL": f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}",
        "REDIS_URL": queue,
        "EMAIL_URL": f"smtp://127.0.0.1:{letters.port}",
        "EMAIL_DOMAIN": settings.EMAIL_DOMAIN,
    }


def test_two_schedulers_and_a_killed_worker_send_everybody_his_digest_once(company, tmp_path):
    log, everybody = tmp_path / "log", AGENTS + 1
    with ExitStack() as stack:
        letters = stack.enter_context(mail_sink(pause=0.3))
        env = environment(letters, stack.enter_context(services.redis()).url)
        worker = stack.enter_context(running(programs.worker(processes=PROCESSES), env, log))
        wait_for(lambda: b" ready." in log.read_bytes(), "the worker did not start", log)
        for name, phase in (("first", 7.0), ("second", 12.0)):
            folder = beat_folder(tmp_path / name, phase)
            stack.enter_context(running(programs.beat(), env | {"VAR_DIR": str(folder)}, log))

        wait_for(lambda: len(letters.taken) >= AGENTS // 4, "nothing was sent", log)
        kill(worker)
        assert len(letters.taken) < everybody, "killed too late to prove anything"
        # What it held is free once its lease has passed; the next would otherwise wait for that.
        late = timezone.now() - timedelta(seconds=1)
        Delivery.objects.filter(state=DeliveryState.WAITING, leased_until__gt=late).update(leased_until=late)

        stack.enter_context(running(programs.worker(processes=PROCESSES), env, log))
        unsent = Delivery.objects.exclude(state=DeliveryState.SENT)
        wait_for(lambda: not unsent.exists(), "something was never sent", log)
        arrived = Counter(letters.ids)

    assert DigestRun.objects.get().people == everybody
    assert Message.objects.filter(kind="escalated").count() == 1
    assert set(arrived) == {message_id(row) for row in Delivery.objects.all()}
    assert len(arrived) == everybody
    # Those in hand when it was killed may come again: under the same id, by which a mail server knows them.
    assert arrived.total() - everybody <= PROCESSES
    assert {mail["To"] for mail in letters.taken} == {one.email for one in Employee.objects.exclude(email="")}
