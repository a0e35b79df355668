"""The working-day calendar: the table always wins over what a library computes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day that differs from the plain week: a holiday on a weekday or a made-up working day."""

    class Source(models.TextChoices):
        SEED = "seed", _("随系统")
        ADMINISTRATOR = "administrator", _("管理员")

    date = models.DateField(unique=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=20, choices=Source, default=Source.SEED)

    class Meta:
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
