"""Where an incident's involvement or a bonus claim stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventState(models.TextChoices):
    """Only ``CONFIRMED`` counts. Nothing leaves the ledger: what ended otherwise keeps its row and its reason."""

    FILED = "filed", _("核实中")
    CONFIRMED = "confirmed", _("已确认")
    REJECTED = "rejected", _("不成立")
    WITHDRAWN = "withdrawn", _("已撤回")
    OVERTURNED = "overturned", _("已撤销")


class RaisedAs(models.TextChoices):
    """How a bonus claim came up (P4.6)."""

    SELF = "self", _("本人申请")
    COLLEAGUE = "colleague", _("同事反映")
    SUPERIOR = "superior", _("上级提出")
    WORKBOOK = "workbook", _("表格导入")
