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
    REPLAY = "replay", _("试算")


class Side(models.TextChoices):
    OWNER = "owner", _("考核负责人")
    APPRAISEE = "appraisee", _("被考核人")


class ProposalState(models.TextChoices):
    """``WITHDRAWN``: nobody had decided it when its ground went; ``UNDONE``: decided, and taken back since."""

    PROPOSED = "proposed", _("待决定")
    DECIDED = "decided", _("已决定")
    SET_ASIDE = "set_aside", _("不采纳")
    WITHDRAWN = "withdrawn", _("已撤销")
    UNDONE = "undone", _("已撤回")


STANDING_PROPOSALS = (ProposalState.PROPOSED, ProposalState.DECIDED, ProposalState.SET_ASIDE)


class PayRunState(models.TextChoices):
    PREPARED = "prepared", _("待复核")
    SETTLED = "settled", _("已结算")


class ExtraKind(models.TextChoices):
    EXCELLENCE = "excellence", _("优异奖金")
    AWARD = "award", _("年度优秀员工奖")


class DifferenceKind(models.TextChoices):
    CORRECTION = "correction", _("结果更正")
    CAP = "cap", _("上限额更正")
    EXTRA = "extra", _("奖金更正")


class ReviewState(models.TextChoices):
    """A year on its way: reckoned, looked at by the group, calibrated, locked, told."""

    PREPARING = "preparing", _("准备中")
    PREVIEW = "preview", _("预览中")
    OPEN = "open", _("校准中")
    LOCKED = "locked", _("已锁定")
    PUBLISHED = "published", _("已公布")


class DocumentKind(models.TextChoices):
    REPORT = "report", _("月度报表")
    MINUTES = "minutes", _("会议纪要")
    POINTS = "points", _("未了事项")
    OTHER = "other", _("其他")


class FindingCode(models.TextChoices):
    """What the check before consolidation finds: nothing of it is wrong for sure, all of it is worth a look."""

    TWO_SOURCES = "two_sources", _("一项数据两个来源")
    TWICE = "twice", _("同一天同类事故记了两次")
    CLAIMED_TWICE = "claimed_twice", _("同一天同类加分提了两次")
    SAME_FILE = "same_file", _("几个人的数据用同一份凭据")
    FIGURE_FAR = "figure_far", _("数据和以往差得远")
    SCORE_FAR = "score_far", _("评分和以往差得远")
    ALL_ALIKE = "all_alike", _("复核分人人一样")
    SELF_GAP = "self_gap", _("自评和复核差得远")
