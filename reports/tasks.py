"""The worker's side of reminders and terms: a message only wakes; what stands in the rows says what is to do."""

from celery import shared_task

from people.facts import SYSTEM
from reports.services.digests import send_digests as write_digests
from reports.services.terms import extend_all_terms
from scoring.services.terms import tell_missing_calendar


@shared_task(name="reports.tasks.send_digests")
def send_digests() -> int:
    """Write today's reminders if it is time. Woken every minute and by any number of schedulers."""
    return write_digests()


@shared_task(name="reports.tasks.extend_terms")
def extend_terms() -> None:
    """Give more time where the calendar has got a day off since the terms were computed; and tell who must know that
    next year's arrangement is missing. Twice changes nothing."""
    extend_all_terms(by=SYSTEM)
    tell_missing_calendar()
