"""Things to send, and rules that let them leave at any hour."""

from datetime import time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from notices.models import Delivery, NoticeRules, Robot
from notices.services.steps import put_into_outbox
from notices.states import Channel
from people.models import Employee
from tests import world

KEYS = {
    Channel.WECOM: "wecombot://key?key=693a91f6-7bc4-4bc4-97a0-0ec2aaaaaaaa",
    Channel.DINGTALK: "dingtalk://token/?token=0a1b2c3d4e5f6071&secret=SECabcdef0123456789",
    Channel.FEISHU: "feishu://token?token=0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0",
}


def any_hour() -> NoticeRules:
    """No quiet hours, no days off."""
    return NoticeRules.objects.create(quiet_from=time(0), quiet_until=time(0), working_days_only=False)


def robot(by: Employee, channel: Channel = Channel.WECOM, url: str = "") -> Robot:
    return Robot.objects.create(name=f"{channel.label}群", channel=channel, url=url or KEYS[channel], created_by=by)


def put(*, to: Employee | Robot, key: str = "k", text: str = "有1件事等你办", **facts: object) -> Delivery:
    """One thing in the outbox, due since a minute ago."""
    goes = {"robot": to, "channel": to.channel} if isinstance(to, Robot) else {"recipient": to, "channel": "email"}
    due = {"not_before": timezone.now() - timedelta(minutes=1)}
    with transaction.atomic():
        put_into_outbox([Delivery(key=key, subject="今天的提醒", text=text, **{**goes, **due, **facts})])
    return Delivery.objects.get(key=key)


@pytest.fixture
def person(db) -> Employee:
    return world.person("陈思雨", email="siyu@example.com", account=True)
