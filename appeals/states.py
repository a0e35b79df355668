"""The words of an appeal (P6.3b)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppealState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待受理")
    SUPPLEMENT = "supplement", _("待补充")
    EXAMINED = "examined", _("调查中")
    RULED = "ruled", _("已裁定")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_APPEAL = (AppealState.SUBMITTED, AppealState.SUPPLEMENT, AppealState.EXAMINED)


class Grounds(models.TextChoices):
    DATA = "data", _("数据有误")
    STANDARD = "standard", _("标准理解不同")
    PROCEDURE = "procedure", _("程序有问题")
    OTHER = "other", _("其他")


class Ruling(models.TextChoices):
    UPHELD = "upheld", _("成立")
    PARTLY = "partly", _("部分成立")
    REJECTED = "rejected", _("不成立")


class NoteKind(models.TextChoices):
    SUPPLEMENT = "supplement", _("补充")
    QUESTION = "question", _("要求补充")
    FINDING = "finding", _("调查记录")
