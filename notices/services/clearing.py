"""The outbox, cleared of what is long done: what it told stands in the inbox, and a day's key never comes again."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notices.models import Delivery
from notices.selectors.outbox import DAYS_TOLD
from notices.states import DeliveryState

BATCH = 1000
DONE = (DeliveryState.SENT, DeliveryState.GIVEN_UP)


def clear_outbox() -> int:
    """Delete what was sent or given up more than ``OUTBOX_KEPT_DAYS`` days ago; returns how many.

    What waits is never touched, however old, nor what the page of channels still counts.
    """
    kept = max(settings.OUTBOX_KEPT_DAYS, DAYS_TOLD + 1)
    before = timezone.now() - timedelta(days=kept)
    found = Delivery.objects.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=before), not_before__lt=before)
    cleared = 0
    while True:
        with transaction.atomic(durable=True):
            batch = list(found.filter(state__in=DONE).order_by().values_list("pk", flat=True)[:BATCH])
            cleared += Delivery.objects.filter(pk__in=batch, state__in=DONE).delete()[0]
        if len(batch) < BATCH:
            return cleared
