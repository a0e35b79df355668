"""The incident standard and the bonus standard (P4.5, P4.6): severities, kinds, points, and the rules around them.

A record keeps the points and the severity it was decided by, so a change here never touches what has been decided.
``version`` rises with each change: two who edit the same entry at once can't overwrite each other.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.wording import in_language
from people.models import Employee


class EventRules(models.Model):
    """The rules of both standards in force from ``starts_on`` on; a change is a new row, never an edit."""

    version = models.CharField(_("版本"), max_length=20, unique=True)
    starts_on = models.DateField(_("生效日期"))
    statement_days = models.PositiveSmallIntegerField(
        _("当事人陈述期限"), default=2, help_text=_("工作日，从登记的次日算起")
    )
    repeat_months = models.PositiveSmallIntegerField(_("同类事故往前看几个月"), default=12, help_text=_("0 是不看以往"))
    repeat_moves_up = models.BooleanField(_("同类再犯按上一档扣分"), default=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    created_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("starts_on", "pk")

    def __str__(self) -> str:
        return self.version


class Severity(models.Model):
    """How grave an incident is: the points it may cost, and what a critical one brings besides."""

    code = models.CharField(_("代码"), max_length=10, unique=True)
    name = models.CharField(_("名称"), max_length=20)
    name_en = models.CharField(max_length=40, blank=True)
    rank = models.PositiveSmallIntegerField(_("次序"), unique=True, help_text=_("从轻到重"))
    low = models.DecimalField(_("最少扣分"), max_digits=6, decimal_places=2)
    high = models.DecimalField(_("最多扣分"), max_digits=6, decimal_places=2)
    voids_bonus = models.BooleanField(_("当月不计加分"), default=False)
    bars_top_grade = models.BooleanField(_("当年不得评 A"), default=False)
    source = models.CharField(max_length=10, default="policy")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("rank",)
        constraints = (
            models.CheckConstraint(condition=Q(low__gt=0) & Q(high__gte=F("low")), name="severity_range_in_order"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def display_name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name, self.name_en)


class IncidentKind(models.Model):
    """An entry of the incident standard: what happened, how grave it is and what it costs."""

    code = models.CharField(_("代码"), max_length=10, unique=True)
    category = models.CharField(_("类别"), max_length=20)
    category_en = models.CharField(max_length=40, blank=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    severity = models.ForeignKey(Severity, on_delete=models.PROTECT, related_name="kinds")
    points = models.DecimalField(_("扣分"), max_digits=6, decimal_places=2)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("在用"), default=True)
    source = models.CharField(max_length=10, default="policy")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order", "code")
        constraints = (models.CheckConstraint(condition=Q(points__gt=0), name="incident_kind_costs_points"),)

    def __str__(self) -> str:
        return self.code

    @property
    def display_category(self) -> str:
        """The category in the language of the page."""
        return in_language(self.category, self.category_en)

    @property
    def display_name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name, self.name_en)


class BonusKind(models.Model):
    """An entry of the bonus standard; ``cap`` is the most it adds in one month, None: no cap of its own."""

    code = models.CharField(_("代码"), max_length=10, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    cap = models.DecimalField(_("每月最多"), max_digits=6, decimal_places=2, null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("在用"), default=True)
    source = models.CharField(max_length=10, default="policy")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order", "code")
        constraints = (models.CheckConstraint(condition=Q(cap__isnull=True) | Q(cap__gt=0), name="bonus_cap_above_0"),)

    def __str__(self) -> str:
        return self.code

    @property
    def display_name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name, self.name_en)


class BonusStep(models.Model):
    """The points a kind of bonus may give: one, or several by place (first, second, third)."""

    kind = models.ForeignKey(BonusKind, on_delete=models.CASCADE, related_name="steps")
    label = models.CharField(_("名次"), max_length=20, blank=True)
    label_en = models.CharField(max_length=40, blank=True)
    points = models.DecimalField(_("加分"), max_digits=6, decimal_places=2)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(points__gt=0), name="bonus_step_above_0"),
            models.UniqueConstraint(fields=("kind", "label"), name="bonus_step_once_per_kind"),
        )

    def __str__(self) -> str:
        return f"{self.points}"

    @property
    def display_label(self) -> str:
        """The label in the language of the page."""
        return in_language(self.label, self.label_en)
