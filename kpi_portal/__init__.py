"""The wiring of the portal: settings, URLs, the Celery app, health. No business rules."""

from kpi_portal.celery import app as celery_app

__all__ = ["celery_app"]
