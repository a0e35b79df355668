"""Call monitoring (A2): the rubric as versioned data, and the calls scored by it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.wording import in_language
from people.models import Employee


class Rubric(models.Model):
    """A version of the monitoring standard, in force for calls from ``starts_on`` on."""

    version = models.CharField(_("版本"), max_length=20, unique=True)
    starts_on = models.DateField(_("生效日期"))
    source = models.CharField(max_length=10, default="policy")

    class Meta:
        ordering = ("starts_on", "pk")

    def __str__(self) -> str:
        return self.version


class RubricItem(models.Model):
    """One thing a listener scores."""

    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="items")
    category = models.CharField(_("类别"), max_length=40)
    name = models.CharField(_("评分项"), max_length=60)
    points = models.DecimalField(_("满分"), max_digits=6, decimal_places=2)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=10, default="policy")

    class Meta:
        ordering = ("order", "pk")
        constraints = (models.UniqueConstraint(fields=("rubric", "name"), name="rubric_item_named_once"),)

    def __str__(self) -> str:
        return self.name


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


class MonitoredCall(models.Model):
    """A call that was listened to; ``total`` is the sum of its item scores."""

    number = models.CharField(_("录音编号"), max_length=40, unique=True)
    called_on = models.DateField(_("通话日期"))
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="monitored_calls")
    listener = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="calls_listened")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="calls")
    total = models.DecimalField(_("总分"), max_digits=7, decimal_places=2)

    class Meta:
        ordering = ("called_on", "number")
        indexes = (models.Index(fields=("employee", "called_on"), name="call_by_employee_and_day"),)
        constraints = (models.CheckConstraint(condition=Q(total__gte=0), name="call_total_not_negative"),)

    def __str__(self) -> str:
        return self.number


class CallScore(models.Model):
    """The level given to one item of one call."""

    call = models.ForeignKey(MonitoredCall, on_delete=models.CASCADE, related_name="scores")
    item = models.ForeignKey(RubricItem, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(_("得分"), max_digits=6, decimal_places=2)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("call", "item"), name="one_level_per_call_and_item"),)

    def __str__(self) -> str:
        return f"{self.call_id} {self.item_id} {self.points}"
