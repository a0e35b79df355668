"""What is written on a form's items: figures, evidence, scores and the subordinates' ratings."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisals.models.forms import Form, Item
from appraisals.states import ScoreKind
from people.models import Employee


class Figure(models.Model):
    """A raw figure by its named provider (P4.1c). Append-only: a correction is a new row that supersedes the old.

    The current one has no ``superseded_at``. Not applicable: no value, the reason in ``basis``.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="figures")
    value = models.DecimalField(_("完成值"), max_digits=14, decimal_places=4, null=True, blank=True)
    is_not_applicable = models.BooleanField(_("不适用"), default=False)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    collected_on = models.DateField(_("采集日期"))
    provider = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="figures")
    entered_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    correction_reason = models.CharField(_("更正原因"), max_length=200, blank=True)

    class Meta:
        ordering = ("item", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("item",), condition=Q(superseded_at__isnull=True), name="one_current_figure_per_item"
            ),
            models.CheckConstraint(
                condition=Q(is_not_applicable=False, value__isnull=False)
                | (Q(is_not_applicable=True, value__isnull=True) & ~Q(basis="")),
                name="figure_has_a_value_or_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.value}"


class Evidence(models.Model):
    """A file behind a figure. Kept outside the web root, handed out as a download to those who may see the form."""

    figure = models.ForeignKey(Figure, on_delete=models.CASCADE, related_name="evidence")
    file = models.FileField(upload_to="evidence/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Score(models.Model):
    """A self-score, a review score or the superior's score of an item, in points (P4.2–P4.4).

    ``level`` is filled when it was given as one of five levels; ``version`` tells a stale writer.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="scores", db_index=False)
    kind = models.CharField(max_length=10, choices=ScoreKind)
    rater = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="scores_given")
    points = models.DecimalField(_("得分"), max_digits=6, decimal_places=2)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    fact = models.CharField(_("事实"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("item", "kind")
        constraints = (
            models.UniqueConstraint(fields=("item", "kind"), name="one_score_per_item_and_kind"),
            models.CheckConstraint(condition=Q(points__gte=0), name="score_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.points}"


class UpwardTurn(models.Model):
    """That a subordinate is asked to rate, and has. Neither when nor what: that would name the rater (P4.4)."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="upward_turns", db_index=False)
    rater = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="upward_turns")
    is_done = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("form", "rater"), name="one_upward_turn_per_rater"),)

    def __str__(self) -> str:
        return f"{self.form_id} {self.rater_id}"


class UpwardScore(models.Model):
    """One anonymous rating of one item: no rater, no time, a random key.

    At consolidation the rows are written anew in random order, so that storage order names nobody either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="upward_scores")
    points = models.DecimalField(_("得分"), max_digits=6, decimal_places=2)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(points__gte=0), name="upward_score_not_negative"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.points}"


class Adjustment(models.Model):
    """Points that an upheld appeal adds to a form (P6.3b): who, why, how much; it never lowers a score."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="adjustments")
    ref = models.CharField(max_length=40, unique=True, help_text=_("出自哪一条申诉项目"))
    points = models.DecimalField(_("调整加分"), max_digits=6, decimal_places=2)
    label = models.CharField(max_length=200)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=Q(points__gt=0), name="adjustment_adds"),)

    def __str__(self) -> str:
        return self.ref
