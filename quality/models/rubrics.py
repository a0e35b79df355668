"""The monitoring standard (A2) as versioned data: items, levels, fatal faults, and the sampling plan."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.wording import in_language
from incidents.models import IncidentKind
from people.models import Employee
from quality.states import RubricState


class Rubric(models.Model):
    """A version of the monitoring standard, in force for calls from ``starts_on`` on; a draft has no day yet.

    The plan's numbers are calls per agent and month; ``second_share`` is the percentage of each listener's calls
    that somebody else scores blind.
    """

    version = models.CharField(_("版本"), max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=RubricState, default=RubricState.PUBLISHED)
    starts_on = models.DateField(_("生效日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    per_agent = models.PositiveSmallIntegerField(_("每人每月几通"), default=5)
    new_agent = models.PositiveSmallIntegerField(_("新人每月几通"), default=10)
    new_days = models.PositiveSmallIntegerField(_("入职多少天内算新人"), default=90)
    min_for_kpi = models.PositiveSmallIntegerField(_("少于几通要提醒"), default=3)
    pass_mark = models.DecimalField(_("合格线"), max_digits=6, decimal_places=2, default=80)
    second_share = models.PositiveSmallIntegerField(_("复听比例"), default=10, help_text=_("百分比"))
    dispute_days = models.PositiveSmallIntegerField(_("提异议期限"), default=3, help_text=_("工作日"))
    source = models.CharField(max_length=10, default="policy")
    edited_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("starts_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=RubricState.DRAFT) | Q(starts_on__isnull=False), name="published_rubric_has_a_day"
            ),
            models.CheckConstraint(condition=Q(second_share__lte=100), name="second_share_is_a_percentage"),
        )

    def __str__(self) -> str:
        return self.version


class RubricItem(models.Model):
    """One thing a listener scores; ``may_not_apply`` lets it leave a call's score and full marks."""

    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="items")
    category = models.CharField(_("类别"), max_length=40)
    category_en = models.CharField(max_length=60, blank=True)
    name = models.CharField(_("评分项"), max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    points = models.DecimalField(_("满分"), max_digits=6, decimal_places=2)
    may_not_apply = models.BooleanField(_("可以不适用"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=10, default="policy")

    class Meta:
        ordering = ("order", "pk")
        constraints = (models.UniqueConstraint(fields=("rubric", "name"), name="rubric_item_named_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name, self.name_en)

    @property
    def display_category(self) -> str:
        """The category in the language of the page."""
        return in_language(self.category, self.category_en)


class RubricLevel(models.Model):
    """An allowed level of an item with its description."""

    item = models.ForeignKey(RubricItem, on_delete=models.CASCADE, related_name="levels")
    points = models.DecimalField(_("等级分"), max_digits=6, decimal_places=2)
    description = models.CharField(_("说明"), max_length=300, blank=True)
    description_en = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=10, default="policy")

    class Meta:
        ordering = ("-points",)
        constraints = (models.UniqueConstraint(fields=("item", "points"), name="level_points_once_per_item"),)

    def __str__(self) -> str:
        return f"{self.points}"

    @property
    def display_description(self) -> str:
        """The description in the language of the page."""
        return in_language(self.description, self.description_en)


class FatalFault(models.Model):
    """A fault that makes the whole call 0 and files an incident of ``incident_kind`` to be verified."""

    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="fatal_faults")
    code = models.CharField(_("代码"), max_length=10)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    incident_kind = models.ForeignKey(IncidentKind, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")
        constraints = (models.UniqueConstraint(fields=("rubric", "code"), name="fatal_fault_once_per_rubric"),)

    def __str__(self) -> str:
        return self.code

    @property
    def display_name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name, self.name_en)
