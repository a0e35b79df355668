"""A cycle, its forms and their items: what was agreed, frozen apart from libraries and posts."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisals.models.schemes import LibraryItem, Scheme
from appraisals.states import CycleKind, DataSource, FormState, Part, RemarkKind
from people.models import Employee, Position, Region
from people.states import PositionClass


class Cycle(models.Model):
    """A month, quarter or year of appraisal (P3). Its row is the lock taken first by whatever settles it.

    Terms are dates whose end (24:00 in Shanghai) is the last moment; they are computed once, stored with the days of
    the calendar they were computed on, and afterwards only ever extended.
    """

    kind = models.CharField(max_length=8, choices=CycleKind, default=CycleKind.MONTH)
    starts_on = models.DateField()
    ends_on = models.DateField()
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="cycles")
    targets_due_on = models.DateField()
    self_due_on = models.DateField()
    data_due_on = models.DateField()
    review_due_on = models.DateField()
    publish_due_on = models.DateField()
    calendar = models.JSONField(default=dict, blank=True, help_text=_("算期限时的放假和调班日期"))
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-starts_on", "kind")
        constraints = (
            models.UniqueConstraint(fields=("kind", "starts_on"), name="one_cycle_per_period"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="cycle_ends_after_start"),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """2026-10, 2026-Q4 or 2026: stable in addresses and file names."""
        if self.kind == CycleKind.YEAR:
            return f"{self.starts_on:%Y}"
        if self.kind == CycleKind.QUARTER:
            return f"{self.starts_on:%Y}-Q{(self.starts_on.month + 2) // 3}"
        return f"{self.starts_on:%Y-%m}"

    @property
    def duty_month(self) -> date:
        """The month whose duty officer closes this cycle: its last."""
        return self.ends_on.replace(day=1)


class Form(models.Model):
    """One person's appraisal of one cycle. Region, post and owner are those of the cycle, kept as they were.

    ``version`` rises with every change of what was agreed or of the state; a stale writer is told.
    """

    # No index of its own where one below begins with the same column, or nobody looks by it.
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="forms", db_index=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="forms")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+", db_index=False)
    position_class = models.CharField(max_length=20, choices=PositionClass)
    owner = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="owned_forms", db_index=False)
    state = models.CharField(max_length=12, choices=FormState, default=FormState.TARGETS)
    version = models.PositiveIntegerField(default=1)
    targets_submitted_at = models.DateTimeField(null=True, blank=True)
    targets_approved_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    self_submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    consolidated_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    is_contested = models.BooleanField(default=False, help_text=_("有申诉还没有裁定"))

    class Meta:
        ordering = ("-cycle__starts_on", "employee__number")
        indexes = (
            models.Index(fields=("cycle", "state"), name="form_by_cycle_and_state"),
            models.Index(fields=("owner", "cycle"), name="form_by_owner"),
        )
        constraints = (
            models.UniqueConstraint(fields=("cycle", "employee"), name="one_form_per_person_and_cycle"),
            models.CheckConstraint(condition=~Q(owner=F("employee")), name="nobody_owns_his_own_form"),
            models.CheckConstraint(condition=Q(state__in=FormState.values), name="form_state_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.employee_id} {self.cycle_id}"

    def get_absolute_url(self) -> str:
        return reverse("appraisals:form", args=[self.pk])

    @property
    def is_managerial(self) -> bool:
        return self.position_class == PositionClass.MANAGERIAL


class Item(models.Model):
    """One agreed target or standard; its points are its weight (full marks of a form are 100).

    ``not_applicable_reason`` filled: the item leaves the score and the full marks.
    """

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="items", db_index=False)
    part = models.CharField(_("部分"), max_length=12, choices=Part)
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("指标名称"), max_length=60)
    standard = models.CharField(_("标准"), max_length=200, blank=True)
    points = models.DecimalField(_("权重"), max_digits=6, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    method = models.CharField(_("评分方式"), max_length=20, blank=True)
    parameters = models.CharField(_("评分参数"), max_length=200, blank=True)
    data_source = models.CharField(_("数据来源"), max_length=12, choices=DataSource, default=DataSource.MANUAL)
    provider = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="provided_items"
    )
    library = models.ForeignKey(LibraryItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    anchors = models.JSONField(default=dict, blank=True)
    not_applicable_reason = models.CharField(_("不适用的原因"), max_length=200, blank=True)

    class Meta:
        ordering = ("form", "part", "order", "pk")
        constraints = (
            models.UniqueConstraint(fields=("form", "part", "name"), name="item_named_once_per_part"),
            models.CheckConstraint(condition=Q(points__gt=0, points__lte=100), name="item_points_in_range"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="item_part_is_known"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_not_applicable(self) -> bool:
        return bool(self.not_applicable_reason)


class TargetRevision(models.Model):
    """What the targets were before they were re-adjusted in the period, and why (P6.2)."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("原因"), max_length=200)
    items = models.JSONField()

    class Meta:
        ordering = ("form", "number")
        constraints = (models.UniqueConstraint(fields=("form", "number"), name="revision_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.form_id} #{self.number}"


class Remark(models.Model):
    """A question, an answer or a comment on a form (P6.2). Written once, never changed."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=RemarkKind)
    text = models.CharField(_("内容"), max_length=1000)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.form_id} {self.kind}"
