"""Appeals against a result (P6.3b): what is contested item by item, who examines it, and how it was ruled.

An upheld item adds an adjustment to the form; it never lowers a score. The old result stays.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appeals.states import AppealState, Grounds, NoteKind, Ruling
from people.models import Employee
from scoring.models import Result


class Appeal(models.Model):
    """One appeal against one version of a result. ``instance`` 1 is ruled by the group, 2 and last by HR."""

    number = models.CharField(_("申诉编号"), max_length=40, unique=True)
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="appeals")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="appeals")
    instance = models.PositiveSmallIntegerField(default=1)
    first = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="second")
    state = models.CharField(max_length=12, choices=AppealState, default=AppealState.DRAFT)
    wish = models.CharField(_("期望结果"), max_length=300, blank=True)
    file_until = models.DateField(help_text=_("申诉期的最后一天"))
    decide_until = models.DateField(null=True, blank=True)
    further_until = models.DateField(null=True, blank=True, help_text=_("再次申诉的最后一天"))
    terms_calendar = models.JSONField(default=dict, blank=True, help_text=_("算这些期限用的放假和调休"))
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    handler = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="appeals_handled"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)
    ruling = models.CharField(_("裁定理由"), max_length=500, blank=True)
    outcome = models.ForeignKey(
        Result, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text=_("裁定后的新版结果")
    )
    chain = models.JSONField(default=dict, blank=True, help_text=_("裁定时算出的前后变化"))
    ended_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=Q(instance__in=(1, 2)), name="two_instances"),
            models.CheckConstraint(
                condition=Q(handler__isnull=True) | ~Q(handler=F("employee")), name="nobody_rules_himself"
            ),
            models.UniqueConstraint(
                fields=("result", "instance"),
                condition=~Q(state=AppealState.WITHDRAWN),
                name="one_appeal_per_result_and_instance",
            ),
        )

    def __str__(self) -> str:
        return self.number


class AppealItem(models.Model):
    """One contested thing of the result: a line by its ``key``, an incident or bonus by its number, or the procedure.

    ``points`` is what an upheld or partly upheld item adds, marks.
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=40, help_text=_("line:ID, event:编号 或 procedure"))
    name = models.CharField(_("申诉项目"), max_length=120)
    grounds = models.CharField(_("申诉类型"), max_length=12, choices=Grounds)
    reason = models.CharField(_("理由"), max_length=500)
    wanted = models.DecimalField(_("认为应得"), max_digits=6, decimal_places=2, null=True, blank=True)
    scored = models.DecimalField(_("原得分"), max_digits=6, decimal_places=2, null=True, blank=True)
    full = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    ruling = models.CharField(max_length=10, choices=Ruling, blank=True)
    ruling_reason = models.CharField(_("裁定理由"), max_length=300, blank=True)
    points = models.DecimalField(_("调整加分"), max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("appeal", "key"), name="item_contested_once"),
            models.CheckConstraint(condition=Q(points__isnull=True) | Q(points__gte=0), name="an_appeal_never_lowers"),
        )

    def __str__(self) -> str:
        return self.name


class AppealNote(models.Model):
    """What was added on the way: a supplement, a question to the appellant, a finding of the handler."""

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=12, choices=NoteKind)
    text = models.CharField(max_length=500)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.kind}"


class AppealFile(models.Model):
    """Evidence, handed out as a download to the appellant and to who examines the appeal.

    Without an ``item`` it speaks for the whole appeal.
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="files")
    item = models.ForeignKey(AppealItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="files")
    file = models.FileField(upload_to="appeals/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name
