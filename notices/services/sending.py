"""The outbox, worked off: claim a row, hand it over, write what came of it (trust: the row is the truth).

Between handing over and writing a crash can fall. An e-mail is then handed over again under the same Message-ID, by
which mail servers know it; a robot's group has no such thing, so to a robot nothing is handed over twice.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notices.models import Delivery
from notices.services.channels import HandOverError, hand_over
from notices.services.steps import next_allowed, rules_now
from notices.states import Channel, DeliveryState

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
"""Longer than the slowest conversation with a mail server or a robot."""
SPELL = 15.0
"""Seconds one call works: the next comes after twenty, and others wait in the same queue."""
WAITS = (1, 5, 15, 60, 180, 360, 720)
"""Minutes until the next try; after the last one it is given up, and the inbox has the message anyway."""
INTERRUPTED = "interrupted while it was handed over"


def send_waiting(*, seconds: float = SPELL) -> int:
    """Hand over what is due, one after the other, for a while; returns how many were taken.

    In the quiet hours, and on days off if so ruled, nothing leaves, however long it has waited.
    """
    now = timezone.now()
    if next_allowed(now, rules_now()) != now:
        return 0
    taken, end = 0, time.monotonic() + seconds
    while time.monotonic() < end and (delivery := claim_delivery(timezone.now())) is not None:
        taken += 1
        problem = None
        try:
            hand_over(delivery)
        except HandOverError as refused:
            logger.warning("Delivery %s could not be handed over: %s", delivery.pk, refused)
            problem = refused
        finish_delivery(delivery.pk, lease=delivery.lease, problem=problem)
    return taken


@transaction.atomic(durable=True)
def claim_delivery(now: datetime) -> Delivery | None:
    """Take the next row that is due for a while; two senders never hold the same."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("recipient", "robot")
    due = rows.filter(free, state=DeliveryState.WAITING, not_before__lte=now).order_by("not_before", "pk")
    for delivery in due[:20]:
        was_held = delivery.leased_until is not None
        if was_held and (delivery.channel != Channel.EMAIL or delivery.attempts > len(WAITS)):
            _close(delivery, DeliveryState.GIVEN_UP, now, INTERRUPTED)
            continue
        delivery.lease += 1
        delivery.attempts += 1
        delivery.leased_until = now + LEASE
        delivery.save(update_fields=["lease", "attempts", "leased_until"])
        return delivery
    return None


@transaction.atomic(durable=True)
def finish_delivery(delivery_id: int, *, lease: int, problem: HandOverError | None = None) -> None:
    """Write what came of it, unless the row belongs to another sender by now."""
    now = timezone.now()
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.lease != lease or delivery.state != DeliveryState.WAITING:
        return
    if problem is None:
        _close(delivery, DeliveryState.SENT, now, "")
    elif problem.is_final or delivery.attempts > len(WAITS):
        _close(delivery, DeliveryState.GIVEN_UP, now, str(problem))
    else:
        wait = timedelta(minutes=WAITS[delivery.attempts - 1])
        delivery.not_before = next_allowed(now + wait, rules_now())
        delivery.leased_until, delivery.error = None, str(problem)[:200]
        delivery.save(update_fields=["not_before", "leased_until", "error"])


def _close(delivery: Delivery, state: DeliveryState, now: datetime, error: str) -> None:
    delivery.state, delivery.error, delivery.leased_until = state, error[:200], None
    delivery.sent_at = now if state == DeliveryState.SENT else None
    delivery.save(update_fields=["state", "error", "leased_until", "sent_at"])
