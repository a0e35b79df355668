"""The words of interviews, improvement plans, training requests and the exchange meeting (P6.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InterviewState(models.TextChoices):
    DRAFT = "draft", _("准备中")
    SHARED = "shared", _("待确认")
    ACKNOWLEDGED = "acknowledged", _("已确认")


class PlanState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("待签收")
    RUNNING = "running", _("进行中")
    PAUSED = "paused", _("暂停")
    ACHIEVED = "achieved", _("达成")
    MISSED = "missed", _("未达成")


OPEN_PLAN = (PlanState.DRAFT, PlanState.PUBLISHED, PlanState.RUNNING, PlanState.PAUSED)


class TrainingState(models.TextChoices):
    REQUESTED = "requested", _("已提出")
    COLLECTED = "collected", _("已汇总")
    ARRANGED = "arranged", _("已安排")
    DECLINED = "declined", _("不安排")


class MeetingState(models.TextChoices):
    PREPARED = "prepared", _("筹备中")
    SENT = "sent", _("纪要已发")


class AmendmentState(models.TextChoices):
    PROPOSED = "proposed", _("待上级同意")
    CONSENTED = "consented", _("同意修订")
    DECLINED = "declined", _("不同意")
