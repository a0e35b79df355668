"""The worker's side of the day's reminders: a message only wakes; the day's row says whether they are written."""

from celery import shared_task

from reports.services.digests import send_digests as write_digests


@shared_task(name="reports.tasks.send_digests")
def send_digests() -> int:
    """Write today's reminders if it is time. Woken every minute and by any number of schedulers."""
    return write_digests()
