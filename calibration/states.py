"""The words of the calibration board."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MoveState(models.TextChoices):
    """``WAITING``: against the order of scores, its authoriser hasn't answered; the year can't be locked meanwhile."""

    DONE = "done", _("已移动")
    WAITING = "waiting", _("待授权")
    AUTHORISED = "authorised", _("已授权")
    REFUSED = "refused", _("没有授权，已移回")
