"""Where an incident or a bonus stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventState(models.TextChoices):
    FILED = "filed", _("核实中")
    CONFIRMED = "confirmed", _("已确认")
    REJECTED = "rejected", _("不成立")
