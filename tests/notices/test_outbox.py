"""The outbox: claimed, handed over, tried again, given up; never in the quiet hours, never twice."""

import smtplib
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from time_machine import travel

from common.models import CalendarDay
from kpi_portal.schedule import CELERY_BEAT_SCHEDULE
from notices.models import Delivery, NoticeRules
from notices.services.channels import HandOverError, message_id
from notices.services.sending import LEASE, WAITS, claim_delivery, finish_delivery, send_waiting
from notices.services.steps import next_allowed, put_into_outbox
from notices.states import DeliveryState
from notices.tasks import clear_outbox, send_deliveries
from tests import world
from tests.notices.conftest import any_hour, put, robot

pytestmark = pytest.mark.django_db(transaction=True)
SHANGHAI = ZoneInfo("Asia/Shanghai")
BROKEN = "tests.notices.test_outbox.Broken"


class Broken(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):  # noqa: ARG002
        raise smtplib.SMTPServerDisconnected


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def row(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


def test_what_is_due_is_handed_over_once_by_two_wakes(person):
    any_hour()
    delivery = put(to=person)

    assert (send_deliveries(), send_deliveries()) == (1, 0)

    [letter] = mail.outbox
    assert (letter.to, letter.subject, letter.body) == (["siyu@example.com"], "今天的提醒", "有1件事等你办")
    assert letter.extra_headers["Message-ID"] == message_id(delivery)
    assert (row(delivery).state, delivery.attempts, delivery.error) == (DeliveryState.SENT, 1, "")
    assert delivery.sent_at is not None


def test_the_same_key_is_sent_once_however_often_it_is_put_in(person):
    any_hour()
    for _beat in range(2):
        put(to=person, key="digest:2026-11-27:E0105:email")
    send_waiting()
    put(to=person, key="digest:2026-11-27:E0105:email")
    send_waiting()

    assert len(mail.outbox) == 1


def test_nothing_is_put_in_outside_a_transaction(person):
    with pytest.raises(transaction.TransactionManagementError):
        put_into_outbox([Delivery(key="k", channel="email", recipient=person, not_before=timezone.now())])


def test_what_was_sent_or_given_up_long_ago_is_deleted_and_nothing_else(person, settings):
    long_ago, lately = timezone.now() - timedelta(days=91), timezone.now() - timedelta(days=89)
    done: dict[str, Any] = {"state": DeliveryState.SENT, "not_before": long_ago}
    put(to=person, key="sent", sent_at=long_ago, **done)
    put(to=person, key="given up", state=DeliveryState.GIVEN_UP, not_before=long_ago)
    put(to=person, key="sent lately", state=DeliveryState.SENT, not_before=lately, sent_at=lately)
    put(to=person, key="sent late", sent_at=lately, **done)
    put(to=person, key="waiting", not_before=long_ago)

    assert (clear_outbox(), clear_outbox()) == (2, 0)
    assert set(Delivery.objects.values_list("key", flat=True)) == {"sent lately", "sent late", "waiting"}

    settings.OUTBOX_KEPT_DAYS = 0
    put(to=person, key="of this week", state=DeliveryState.SENT, sent_at=timezone.now(), not_before=timezone.now())
    assert clear_outbox() == 2
    assert set(Delivery.objects.values_list("key", flat=True)) == {"of this week", "waiting"}


def test_a_large_outbox_is_cleared_in_batches(person, monkeypatch):
    monkeypatch.setattr("notices.services.clearing.BATCH", 2)
    for number in range(5):
        past = timezone.now() - timedelta(days=100)
        put(to=person, key=f"{number}", state=DeliveryState.SENT, not_before=past, sent_at=past)

    assert clear_outbox() == 5


def test_the_clock_wakes_the_clearing():
    assert "notices.tasks.clear_outbox" in {one["task"] for one in CELERY_BEAT_SCHEDULE.values()}


def test_what_is_not_due_yet_waits(person):
    any_hour()
    put(to=person, not_before=timezone.now() + timedelta(minutes=5))

    assert send_waiting() == 0


@pytest.mark.parametrize("off", ["settings", "rules"])
def test_while_no_mail_is_sent_none_is_put_in_and_robots_are_told_all_the_same(person, settings, off):
    rules = any_hour()
    if off == "settings":
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    else:
        rules.by_email = False
        rules.save()
    group, now = robot(person), timezone.now()
    letter = Delivery(key="a", channel="email", recipient=person, not_before=now)
    with transaction.atomic():
        put_into_outbox([letter, Delivery(key="b", channel="wecom", robot=group, not_before=now)])

    assert list(Delivery.objects.values_list("key", flat=True)) == ["b"]


def test_a_server_that_is_down_is_tried_again_later_and_given_up_in_the_end(person, settings):
    any_hour()
    settings.EMAIL_BACKEND = BROKEN
    delivery = put(to=person)
    with travel(timezone.now(), tick=False) as clock:
        for attempt, minutes in enumerate(WAITS, 1):
            before = timezone.now()
            assert send_waiting() == 1
            assert (row(delivery).state, delivery.attempts) == (DeliveryState.WAITING, attempt)
            assert delivery.not_before - before == timedelta(minutes=minutes)
            assert delivery.leased_until is None
            clock.shift(timedelta(minutes=minutes) - timedelta(seconds=1))
            assert send_waiting() == 0
            clock.shift(1)
        send_waiting()

    assert (row(delivery).state, delivery.error) == (DeliveryState.GIVEN_UP, "SMTPServerDisconnected")


def test_who_has_no_address_is_given_up_at_once_and_stops_nobody_else(person):
    any_hour()
    nobody = put(to=world.person("没有邮箱"), key="a")
    other = put(to=person, key="b")

    assert send_waiting() == 2
    assert (row(nobody).state, nobody.error) == (DeliveryState.GIVEN_UP, "no address")
    assert row(other).state == DeliveryState.SENT


def test_a_message_that_breaks_the_library_stops_nobody_else(person):
    any_hour()
    odd = put(to=person, key="a")
    Delivery.objects.filter(pk=odd.pk).update(subject="a\nBcc: everybody@example.com")
    other = put(to=person, key="b")

    assert send_waiting() == 2
    assert (row(odd).state, odd.error) == (DeliveryState.WAITING, "BadHeaderError")
    assert row(other).state == DeliveryState.SENT
    assert [letter.subject for letter in mail.outbox] == ["今天的提醒"]


def test_a_letter_whose_sender_died_is_taken_again_when_its_lease_is_over(person):
    any_hour()
    delivery, now = put(to=person), timezone.now()
    assert claim_delivery(now) is not None
    assert claim_delivery(now + LEASE) is None

    assert claim_delivery(now + LEASE + timedelta(seconds=1)) is not None
    assert (row(delivery).lease, delivery.attempts) == (2, 2)


def test_a_robot_whose_sender_died_is_told_no_second_time(person):
    any_hour()
    delivery, now = put(to=robot(person)), timezone.now()
    assert claim_delivery(now) is not None

    assert claim_delivery(now + LEASE + timedelta(seconds=1)) is None
    assert row(delivery).state == DeliveryState.GIVEN_UP
    assert delivery.error.startswith("interrupted")


def test_a_letter_that_kills_its_sender_each_time_is_given_up(person):
    any_hour()
    delivery, now = put(to=person), timezone.now()
    for _attempt in range(len(WAITS) + 1):
        assert claim_delivery(now) is not None
        now += LEASE + timedelta(seconds=1)

    assert claim_delivery(now) is None
    assert row(delivery).state == DeliveryState.GIVEN_UP


@pytest.mark.parametrize("problem", [None, HandOverError("late")])
def test_a_sender_that_comes_back_late_writes_nothing(person, problem):
    any_hour()
    delivery, now = put(to=person), timezone.now()
    first = claim_delivery(now)
    second = claim_delivery(now + LEASE + timedelta(seconds=1))
    assert first is not None
    assert second is not None

    finish_delivery(delivery.pk, lease=first.lease, problem=problem)
    assert (row(delivery).state, delivery.leased_until) == (DeliveryState.WAITING, second.leased_until)

    finish_delivery(delivery.pk, lease=second.lease)
    assert row(delivery).state == DeliveryState.SENT


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-27 07:59:59", "2026-11-27 08:00"),  # a Friday
        ("2026-11-27 08:00", "2026-11-27 08:00"),
        ("2026-11-27 19:59:59", "2026-11-27 19:59:59"),
        ("2026-11-27 20:00", "2026-11-30 08:00"),
        ("2026-11-28 12:00", "2026-11-30 08:00"),
        ("2026-09-25 09:00", "2026-09-28 08:00"),  # the autumn festival
        ("2026-10-10 09:00", "2026-10-10 09:00"),  # a Saturday worked to make up
        ("2026-10-01 09:00", "2026-10-08 08:00"),
    ],
)
def test_nothing_leaves_in_the_quiet_hours_or_on_a_day_off(person, now, then):
    put(to=person, not_before=at("2026-09-01 09:00"))
    rules = NoticeRules()
    assert next_allowed(at(now), rules) == at(then)

    with travel(at(now), tick=False):
        assert send_waiting() == (1 if now == then else 0)
    with travel(at(then), tick=False):
        assert send_waiting() == (0 if now == then else 1)


def test_the_rules_decide_when_it_is_quiet():
    sunday = at("2026-11-29 03:00")
    always = any_hour()
    assert next_allowed(sunday, always) == sunday
    always.quiet_from, always.quiet_until = at("2026-11-29 02:00").time(), at("2026-11-29 05:00").time()
    assert next_allowed(sunday, always) == at("2026-11-29 05:00")
    CalendarDay.objects.create(date=sunday.date(), is_workday=True, source=CalendarDay.Source.ADMINISTRATOR)
    always.working_days_only = True
    assert next_allowed(sunday, always) == at("2026-11-29 05:00")


def test_a_try_that_falls_into_the_quiet_hours_waits_for_the_morning(person, settings):
    settings.EMAIL_BACKEND = BROKEN
    delivery = put(to=person, not_before=at("2026-11-27 09:00"))
    with travel(at("2026-11-27 19:59:30"), tick=False):
        send_waiting()

    assert row(delivery).not_before == at("2026-11-30 08:00")


def test_a_call_stops_after_its_time_and_the_next_goes_on(person):
    any_hour()
    put(to=person)

    assert send_waiting(seconds=0) == 0
    assert send_waiting() == 1
