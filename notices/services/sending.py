"""The outbox, worked off: claim a row, hand it over, write what came of it (trust: the row is the truth).

Between handing over and writing a crash can fall. An e-mail is then handed over again under the same Message-ID, by
which mail servers know it; a robot's group has no such thing, so to a robot nothing is handed over twice.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notices.models import Delivery
from notices.services.channels import HandOverError, hand_over
from notices.services.steps import after_quiet, rules_now
from notices.states import Channel, DeliveryState

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
WAITS = (1, 5, 15, 60, 180, 360, 720)
"""Minutes until the next try; after the last one it is given up, and the inbox has the message anyway."""


def send_waiting(limit: int = 200) -> int:
    """Hand over what is due, one after the other; returns how many were taken."""
    for taken in range(limit):
        delivery = claim_delivery(timezone.now())
        if delivery is None:
            return taken
        error = ""
        try:
            hand_over(delivery)
        except HandOverError as problem:
            logger.warning("Delivery %s could not be handed over: %s", delivery.pk, problem)
            error = str(problem)
        finish_delivery(delivery.pk, lease=delivery.lease, error=error)
    return limit


@transaction.atomic(durable=True)
def claim_delivery(now: datetime) -> Delivery | None:
    """Take the next row that is due for a while; two senders never hold the same."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("recipient", "robot")
    for delivery in rows.filter(free, state=DeliveryState.WAITING, not_before__lte=now).order_by("not_before", "pk")[
        :20
    ]:
        if delivery.leased_until is not None and delivery.channel != Channel.EMAIL:
            _close(delivery, DeliveryState.GIVEN_UP, now, "interrupted while it was handed over")
            continue
        delivery.lease += 1
        delivery.attempts += 1
        delivery.leased_until = now + LEASE
        delivery.save(update_fields=["lease", "attempts", "leased_until"])
        return delivery
    return None


@transaction.atomic(durable=True)
def finish_delivery(delivery_id: int, *, lease: int, error: str = "") -> None:
    """Write what came of it, unless the row belongs to another sender by now."""
    now = timezone.now()
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.lease != lease or delivery.state != DeliveryState.WAITING:
        return
    if not error:
        _close(delivery, DeliveryState.SENT, now, "")
    elif delivery.attempts > len(WAITS):
        _close(delivery, DeliveryState.GIVEN_UP, now, error)
    else:
        wait = timedelta(minutes=WAITS[delivery.attempts - 1])
        delivery.not_before = after_quiet(now + wait, rules_now())
        delivery.leased_until, delivery.error = None, error[:200]
        delivery.save(update_fields=["not_before", "leased_until", "error"])


def _close(delivery: Delivery, state: DeliveryState, now: datetime, error: str) -> None:
    delivery.state, delivery.error, delivery.leased_until = state, error[:200], None
    delivery.sent_at = now if state == DeliveryState.SENT else None
    delivery.save(update_fields=["state", "error", "leased_until", "sent_at"])
