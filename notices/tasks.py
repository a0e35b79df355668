"""The worker's side of the outbox: a message carries nothing, what is to be sent stands in its rows."""

from celery import shared_task

from notices.services.clearing import clear_outbox as clear
from notices.services.sending import send_waiting


@shared_task(name="notices.tasks.send_deliveries")
def send_deliveries() -> int:
    """Hand over what is due. Woken twice, the two share the rows."""
    return send_waiting()


@shared_task(name="notices.tasks.clear_outbox")
def clear_outbox() -> int:
    """Delete what was sent long ago. Woken twice, the second finds nothing."""
    return clear()
