"""The words of decisions on what results call for."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Choice(models.TextChoices):
    """What a proposal is decided to lead to; ``SET_ASIDE`` is no consequence, with a reason."""

    WARNING = "warning", _("警告")
    DISMISS = "dismiss", pgettext_lazy("decision", "辞退")
    DEMOTE = "demote", _("降级留用")
    CAP_DOWN = "cap_down", _("绩效上限额降一等")
    CAP_UP = "cap_up", _("绩效上限额升一等")
    BONUS = "bonus", _("发优异奖金")
    GRADE_UP = "grade_up", _("晋升一等")
    WAGE_UP = "wage_up", _("岗位工资上调一等")
    AWARD = "award", _("授予年度优秀员工奖")
    CAREER = "career", _("做职业发展培训计划")
    SET_ASIDE = "set_aside", _("不采纳")


class DecisionState(models.TextChoices):
    """``PREPARING``: a checklist or an approval is still open; nothing holds before ``IN_FORCE``."""

    PREPARING = "preparing", _("办理中")
    IN_FORCE = "in_force", _("已生效")
    DROPPED = "dropped", _("不办了")
    UNDONE = "undone", _("已撤回")


class CheckCode(models.TextChoices):
    """What must be settled before anybody is dismissed or demoted (P7.1, decided)."""

    EVIDENCE = "evidence", _("逐月的考核证据")
    TRAINING = "training", _("培训或调岗的记录")
    SECOND = "second", _("培训或调岗后的再次考核")
    STATEMENT = "statement", _("听取本人意见")
    LEGAL = "legal", _("法务意见")
    UNION = "union", _("工会意见")


CHECKED_CHOICES = (Choice.DISMISS, Choice.DEMOTE)
APPROVED_CHOICES = (Choice.DISMISS, Choice.DEMOTE, Choice.GRADE_UP, Choice.WAGE_UP)
"""What a second person approves: leaving and demotion the department's manager, promotion the general manager."""
