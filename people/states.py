"""The words for people: classes of post, roles, duties in the group."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PositionClass(models.TextChoices):
    MANAGERIAL = "managerial", _("管理")
    NON_MANAGERIAL = "non_managerial", _("非管理")


class Role(models.TextChoices):
    """Company-wide roles; everybody is also just an employee on his own form."""

    HR = "hr", _("人力资源")
    DEPARTMENT = "department", _("客服管理部经理")
    GENERAL_MANAGER = "general", _("总经理")
    ADMINISTRATOR = "administrator", _("系统管理员")
    AUDITOR = "auditor", _("审计")


class PayStepKind(models.TextChoices):
    """Which rung of the ladder a decision changes."""

    GRADE = "grade", _("等级")
    CAP = "cap", _("绩效上限额")
    WAGE = "wage", _("岗位工资")


class Duty(models.TextChoices):
    LEADER = "leader", _("组长")
    MEMBER = "member", _("组员")


class SwapState(models.TextChoices):
    """A trade of duty months."""

    ASKED = "asked", _("待答复")
    AGREED = "agreed", _("已换")
    REFUSED = "refused", _("不同意")
    WITHDRAWN = "withdrawn", _("已撤回")
    UNDONE = "undone", _("组长撤销了")
