"""Where a rubric, an assessment of a call, and a dispute stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RubricState(models.TextChoices):
    """A published version is never changed; another one follows it."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")


class AssessmentKind(models.TextChoices):
    """The first counts; the second is blind and only shows how far two listeners are apart."""

    FIRST = "first", _("评分")
    SECOND = "second", _("复听")


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")


class DrawnWhy(models.TextChoices):
    """Why a call is listened to. Not drawn is the listener's own choice, and shown as such."""

    RANDOM = "random", _("随机抽取")
    COMPLAINT = "complaint", _("投诉来电")
    CHOSEN = "chosen", _("自选")


class DisputeState(models.TextChoices):
    """``REFERRED``: answered once the month was consolidated, when no ruling can change a score and an appeal can."""

    OPEN = "open", _("待裁定")
    UPHELD = "upheld", _("成立")
    DISMISSED = "dismissed", _("不成立")
    REFERRED = "referred", _("已汇总，转申诉")
