"""The words of a form: kinds of cycle, parts, states, kinds of score."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CycleKind(models.TextChoices):
    MONTH = "month", _("月度")
    QUARTER = "quarter", _("季度")
    YEAR = "year", _("年度")


class Part(models.TextChoices):
    """The four scored parts in annex order; incidents and bonuses are read, not set as items."""

    KPI = "kpi", _("关键业绩指标")
    GOAL = "goal", _("工作目标")
    BEHAVIOUR = "behaviour", _("工作行为与态度")
    MANAGEMENT = "management", _("管理行为与能力")


class FormState(models.TextChoices):
    """A form's way through its month; see workflow.py for who moves it."""

    TARGETS = "targets", _("定目标")
    APPROVAL = "approval", _("待审批")
    CONFIRMATION = "confirmation", _("待确认")
    ACTIVE = "active", _("自评中")
    REVIEW = "review", _("复核中")
    READY = "ready", _("待汇总")
    CONSOLIDATED = "consolidated", _("已汇总")
    PUBLISHED = "published", _("待签认")
    SIGNED = "signed", _("已签认")
    FILED = "filed", _("已备案")


OPEN_STATES = (
    FormState.TARGETS,
    FormState.APPROVAL,
    FormState.CONFIRMATION,
    FormState.ACTIVE,
    FormState.REVIEW,
    FormState.READY,
)
"""Not consolidated yet: an incident of the month still finds its way onto the form (P4, decided)."""

RESULT_STATES = (FormState.PUBLISHED, FormState.SIGNED, FormState.FILED)
"""The appraisee may read the result."""


class DataSource(models.TextChoices):
    MANUAL = "manual", _("人工")
    MONITORING = "monitoring", _("录音监听")


class ScoreKind(models.TextChoices):
    SELF = "self", _("自评")
    REVIEW = "review", _("复核")
    SUPERIOR = "superior", _("上级")


class RemarkKind(models.TextChoices):
    QUESTION = "question", _("提问")
    ANSWER = "answer", _("答复")
    COMMENT = "comment", _("说明")


class SchemeState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state", "拟定")
    SUBMITTED = "submitted", _("待审核")
    CHECKED = "checked", _("已审核")
    APPROVED = "approved", _("已批准")
    WITHDRAWN = "withdrawn", _("已作废")


class SchemeStepKind(models.TextChoices):
    DRAFTED = "drafted", pgettext_lazy("step", "拟定")
    SUBMITTED = "submitted", pgettext_lazy("step", "提交审核")
    CHECKED = "checked", pgettext_lazy("step", "审核")
    RETURNED = "returned", pgettext_lazy("step", "退回")
    APPROVED = "approved", pgettext_lazy("step", "批准")
    WITHDRAWN = "withdrawn", pgettext_lazy("step", "作废")


class ItemSource(models.TextChoices):
    """Where a library item comes from: the policy itself, or a default still to be confirmed."""

    POLICY = "policy", _("制度原文")
    PUBLIC = "public", _("行业常见取值")
    PROPOSED = "proposed", _("默认值,待确认")
    OWN = "own", _("自定")


class DraftSource(models.TextChoices):
    """What a draft of targets starts from."""

    LAST = "last", _("复制上一期")
    LIBRARY = "library", _("从岗位指标库")
    SCRATCH = "scratch", _("从空白开始")
