"""Steps of the outbox: what is to be sent becomes a row first."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone

from common.db import require_transaction
from notices.models import Delivery, NoticeRules


def put_into_outbox(deliveries: Iterable[Delivery]) -> None:
    """Write what is to be sent; what has the key of an earlier one is left out, so a second run sends nothing twice."""
    require_transaction()
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=500)


def rules_now() -> NoticeRules:
    """The company's row, or the defaults while nobody has changed them."""
    return NoticeRules.objects.order_by("pk").first() or NoticeRules()


def after_quiet(moment: datetime, rules: NoticeRules) -> datetime:
    """``moment`` itself, or the end of the quiet hours it falls into."""
    local = timezone.localtime(moment)
    start, end, clock = rules.quiet_from, rules.quiet_until, local.time()
    if not _is_quiet(clock, start, end):
        return moment
    day = local.date() if clock < end else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, end))


def _is_quiet(clock: time, start: time, end: time) -> bool:
    if start == end:
        return False
    return start <= clock < end if start < end else clock >= start or clock < end
