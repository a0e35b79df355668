"""Senders are killed in the middle: every letter arrives, doubled at most under its own id; no robot is told twice."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from notices.models import Delivery
from notices.services.channels import message_id
from notices.states import Channel, DeliveryState
from tests import world
from tests.notices.conftest import any_hour, put, robot
from tests.notices.sinks import MailSink, RobotSink, mail_sink, robot_sink

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

KILLS = 3
LETTERS = 40
CALLS = 20
SENDER = """
import os
import django
django.setup()
from django.conf import settings
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["MAIL_PORT"])
from notices.services import channels
channels.wecombot.NotifyWeComBot.notify_url = os.environ["ROBOT"] + "/cgi-bin/webhook/send?key={key}"
from notices.tasks import send_deliveries
print("sending", flush=True)
send_deliveries()
"""


def start_sender(letters: MailSink, calls: RobotSink) -> "subprocess.Popen[bytes]":
    """A sender of its own on the tests' database, as the worker runs it; returns once it is about to claim."""
    at = connection.settings_dict
    address = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    sender = subprocess.Popen(
        [sys.executable, "-c", SENDER],
        cwd=Path(settings.BASE_DIR),
        env={
            **os.environ,
            "TEST_DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "MAIL_PORT": str(letters.port),
            "ROBOT": calls.at,
        },
        stdout=subprocess.PIPE,
    )
    assert sender.stdout is not None
    assert sender.stdout.readline() == b"sending\n"
    return sender


@pytest.fixture
def outbox(transactional_db) -> list[Delivery]:
    """Letters and calls mixed, all due."""
    any_hour()
    group = robot(world.person("秦朗", None))
    people = [world.person(f"员工{number}", email=f"e{number}@example.com") for number in range(LETTERS)]
    rows = [put(to=somebody, key=f"letter:{somebody.pk}") for somebody in people]
    rows += [put(to=group, key=f"call:{number}", text=f"第{number}条") for number in range(CALLS)]
    due = timezone.now() - timedelta(hours=1)
    random.Random(7).shuffle(rows)
    for minute, row in enumerate(rows):
        Delivery.objects.filter(pk=row.pk).update(not_before=due + timedelta(seconds=minute))
    return rows


def letter_ids(rows: list[Delivery]) -> set[str]:
    return {message_id(row) for row in rows if row.channel == Channel.EMAIL}


def test_a_killed_sender_loses_and_doubles_nothing(outbox):
    seed = random.randrange(10_000)
    moments = random.Random(seed)
    with ExitStack() as stack:
        letters = stack.enter_context(mail_sink(pause=0.008))
        calls = stack.enter_context(robot_sink(pause=0.008))
        for _kill in range(KILLS):
            with start_sender(letters, calls) as sender:
                time.sleep(moments.uniform(0.1, 0.4))
                sender.kill()
            # Its lease has passed; the next would otherwise wait for that.
            late = timezone.now() - timedelta(seconds=1)
            Delivery.objects.filter(state=DeliveryState.WAITING, leased_until__gt=late).update(leased_until=late)
        with start_sender(letters, calls) as sender:
            assert sender.wait(60) == 0
        arrived, told = Counter(letters.ids), Counter(said["text"]["content"] for _path, said in calls.taken)

    states = Counter(Delivery.objects.values_list("channel", "state"))
    broken = states[Channel.WECOM, DeliveryState.GIVEN_UP]
    again = arrived.total() - len(arrived)
    print(  # noqa: T201  # the numbers, and the seed to replay the kills
        f"seed {seed}: {KILLS} kills, {len(arrived)} letters arrived, {again} handed over again under the same id;"
        f" {told.total()} calls arrived, {broken} given up"
    )
    assert set(arrived) == letter_ids(outbox)
    assert states[Channel.EMAIL, DeliveryState.SENT] == LETTERS
    assert again <= KILLS
    assert max(told.values()) == 1
    assert states[Channel.WECOM, DeliveryState.SENT] + broken == CALLS
    assert CALLS - broken <= told.total() <= CALLS
    assert again + broken <= KILLS


def test_two_senders_share_the_rows_and_each_arrives_once(outbox):
    with ExitStack() as stack:
        letters = stack.enter_context(mail_sink(pause=0.005))
        calls = stack.enter_context(robot_sink(pause=0.005))
        first = stack.enter_context(start_sender(letters, calls))
        second = stack.enter_context(start_sender(letters, calls))
        assert (first.wait(60), second.wait(60)) == (0, 0)

    assert Counter(letters.ids) == Counter(letter_ids(outbox))
    assert len({said["text"]["content"] for _path, said in calls.taken}) == len(calls.taken) == CALLS
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
