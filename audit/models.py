"""Who did what, when, from what to what. Rows are added and never changed."""

from django.db import models


class Event(models.Model):
    """One act. ``chain_no`` and ``digest`` are given by the sealer, in its own order (see log.py)."""

    at = models.DateTimeField(db_index=True)
    actor_number = models.CharField(max_length=20, db_index=True)
    actor_name = models.CharField(max_length=60)
    action = models.CharField(max_length=60, db_index=True)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    chain_no = models.PositiveBigIntegerField(null=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (models.Index(fields=("object_type", "object_id"), name="event_by_object"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"
