"""Steps of the outbox: what is to be sent becomes a row first, and when the portal may write."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from common.db import require_transaction
from common.selectors import calendar_between
from notices.models import Delivery, NoticeRules
from notices.states import Channel
from people.models import Employee
from policy.workdays import Calendar, working_day_after

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
LONGEST_BREAK = timedelta(days=20)
"""Further ahead than any holiday reaches."""


def put_into_outbox(deliveries: Iterable[Delivery]) -> None:
    """Write what is to be sent; what has the key of an earlier one is left out, so a second run sends nothing twice.

    E-mails are left out while the portal sends none (``mails_now``): they would only pile up.
    """
    require_transaction()
    rows = list(deliveries)
    if any(row.channel == Channel.EMAIL for row in rows) and not mails_now(rules_now()):
        rows = [row for row in rows if row.channel != Channel.EMAIL]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def mails_now(rules: NoticeRules) -> bool:
    """Whether e-mail leaves the house: a mail server is configured, and the company wants it."""
    return rules.by_email and settings.EMAIL_BACKEND != NO_MAIL


def takes_mail(person: Employee) -> bool:
    """Whether what is told to the person also goes to his address: there is one, and he has not chosen otherwise."""
    preference = getattr(person, "preference", None)
    return bool(person.email) and (preference is None or preference.by_email)


def rules_now() -> NoticeRules:
    """The company's row, or the defaults while nobody has changed them."""
    return NoticeRules.objects.order_by("pk").first() or NoticeRules()


def next_allowed(moment: datetime, rules: NoticeRules) -> datetime:
    """``moment`` itself, or the first one after it outside the quiet hours and, if so ruled, on a working day."""
    moment = after_quiet(moment, rules)
    if not rules.working_days_only:
        return moment
    day = timezone.localtime(moment).date()
    calendar = calendar_between(day, day + LONGEST_BREAK)
    return moment if calendar.is_working(day) else _next_morning(moment, rules, calendar)


def after_quiet(moment: datetime, rules: NoticeRules) -> datetime:
    """``moment`` itself, or the end of the quiet hours it falls into."""
    local = timezone.localtime(moment)
    start, end, clock = rules.quiet_from, rules.quiet_until, local.time()
    if not is_quiet(clock, start, end):
        return moment
    day = local.date() if clock < end else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, end))


def _next_morning(moment: datetime, rules: NoticeRules, calendar: Calendar) -> datetime:
    day = working_day_after(timezone.localtime(moment).date(), 1, calendar)
    return after_quiet(timezone.make_aware(datetime.combine(day, time(0))), rules)


def is_quiet(clock: time, start: time, end: time) -> bool:
    """Whether the time of day lies in the quiet hours, which may go over midnight."""
    if start == end:
        return False
    return start <= clock < end if start < end else clock >= start or clock < end
