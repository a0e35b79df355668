"""What the scheduler wakes, and when: the one place. Each task may be woken twice; its rows say what is still to do."""

from typing import Any

CELERY_TASK_ROUTES = {
    "scoring.tasks.wake_overdue_jobs": {"queue": "kpi-relay"},
    "notices.tasks.send_deliveries": {"queue": "kpi-relay"},
}


def _every(seconds: float, task: str) -> dict[str, Any]:
    """A task by the clock, whose message is worth nothing once the next one is due: a busy worker finds no pile."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


CELERY_BEAT_SCHEDULE = {
    "wake-overdue-jobs": _every(5.0, "scoring.tasks.wake_overdue_jobs"),
    "extend-terms": _every(600.0, "reports.tasks.extend_terms"),
    # At the company's time of day, which stands in its rules: asked every minute, done once a day.
    "send-digests": _every(60.0, "reports.tasks.send_digests"),
    "send-deliveries": _every(20.0, "notices.tasks.send_deliveries"),
    "clear-outbox": _every(3600.0, "notices.tasks.clear_outbox"),
    "seal-audit": _every(300.0, "audit.tasks.seal"),
}
