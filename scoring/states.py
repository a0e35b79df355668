"""The words of results: jobs, signatures, proposals, annual grades."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("没做完")


class JobKind(models.TextChoices):
    CONSOLIDATE = "consolidate", _("汇总")
    PUBLISH = "publish", _("出结果")


class Side(models.TextChoices):
    OWNER = "owner", _("考核负责人")
    APPRAISEE = "appraisee", _("被考核人")


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("待决定")
    WITHDRAWN = "withdrawn", _("已撤销")


class DocumentKind(models.TextChoices):
    REPORT = "report", _("月度报表")
    MINUTES = "minutes", _("会议纪要")
    POINTS = "points", _("未了事项")
    OTHER = "other", _("其他")
