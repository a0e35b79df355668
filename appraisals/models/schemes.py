"""The scheme as a versioned, dated record, and the libraries targets are drafted from (P4, P8, P9)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisals.states import DataSource, ItemSource, Part, SchemeState, SchemeStepKind
from common.wording import in_language
from people.models import Employee, Position


class Scheme(models.Model):
    """A version of the policy. ``parameters`` is what ``policy.schemes.Scheme.from_dict`` reads; once approved
    it never changes, a change is a new version (P8, P9)."""

    version = models.CharField(_("版本"), max_length=20, unique=True)
    effective_on = models.DateField(_("生效日期"))
    state = models.CharField(max_length=10, choices=SchemeState, default=SchemeState.DRAFT)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    drafted_by = models.CharField(_("拟定"), max_length=60, blank=True)
    checked_by = models.CharField(_("审核"), max_length=60, blank=True)
    approved_by = models.CharField(_("批准"), max_length=60, blank=True)
    parameters = models.JSONField()
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("effective_on", "pk")

    def __str__(self) -> str:
        return self.version


class SchemeStep(models.Model):
    """A step of a version's way: who drafted, checked, returned or approved it, when, with which words (P8)."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=SchemeStepKind)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.kind}"


class LibraryItem(models.Model):
    """A ready-made target for a post: drafts start from it, agreed forms keep their own copy."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="library")
    part = models.CharField(_("部分"), max_length=12, choices=Part)
    code = models.CharField(max_length=30)
    name = models.CharField(_("指标名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=90, blank=True)
    standard = models.CharField(_("标准"), max_length=200, blank=True)
    points = models.DecimalField(_("权重"), max_digits=6, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    method = models.CharField(_("评分方式"), max_length=20, blank=True)
    parameters = models.CharField(_("评分参数"), max_length=200, blank=True)
    data_source = models.CharField(_("数据来源"), max_length=12, choices=DataSource, default=DataSource.MANUAL)
    raw_data = models.CharField(_("原始记录"), max_length=60, blank=True)
    provider_hint = models.CharField(_("信息提供人"), max_length=60, blank=True)
    anchors = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=10, choices=ItemSource, default=ItemSource.OWN)
    is_active = models.BooleanField(_("启用"), default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "part", "order", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("position", "part", "code"), name="library_code_once_per_position_and_part"
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="library_points_positive"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        """The name in the language of the page; what is agreed from it keeps the Chinese one."""
        return in_language(self.name, self.name_en)

    @property
    def needs_confirmation(self) -> bool:
        """A default that the appraisal group has not confirmed."""
        return self.source in (ItemSource.PUBLIC, ItemSource.PROPOSED)
