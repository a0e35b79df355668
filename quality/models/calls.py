"""Calls (A2): registered, drawn, scored by a listener, disputed by the agent, scored a second time blind."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Employee
from quality.models.rubrics import FatalFault, Rubric, RubricItem
from quality.states import AssessmentKind, AssessmentState, DisputeState, DrawnWhy


class Call(models.Model):
    """A registered call. ``total`` is that of its submitted first assessment, None while nobody has scored it.

    ``drawn_why`` is empty until it is drawn or somebody chooses it; ``counted_month`` is written when the month's
    form is consolidated with it.
    """

    number = models.CharField(_("录音编号"), max_length=40, unique=True)
    called_on = models.DateField(_("通话日期"))
    called_at = models.TimeField(_("通话时间"), null=True, blank=True)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="calls")
    seconds = models.PositiveIntegerField(_("时长"), null=True, blank=True, help_text=_("秒"))
    link = models.URLField(_("录音链接"), max_length=500, blank=True)
    audio = models.FileField(upload_to="calls/%Y/%m/", blank=True)
    audio_name = models.CharField(max_length=120, blank=True)
    audio_kind = models.CharField(max_length=8, blank=True)
    audio_size = models.PositiveIntegerField(null=True, blank=True)
    audio_sha256 = models.CharField(max_length=64, blank=True)
    is_complaint = models.BooleanField(_("投诉来电"), default=False)
    registered_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    registered_at = models.DateTimeField(auto_now_add=True)
    drawn_why = models.CharField(max_length=10, choices=DrawnWhy, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    total = models.DecimalField(_("总分"), max_digits=7, decimal_places=2, null=True, blank=True)
    counted_month = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("called_on", "number")
        # none on the month it counted in: settling sets it for every call, and a person's calls are few
        indexes = (models.Index(fields=("employee", "called_on"), name="call_by_employee_and_day"),)
        constraints = (
            models.CheckConstraint(condition=Q(total__isnull=True) | Q(total__gte=0), name="call_total_ge_0"),
        )

    def __str__(self) -> str:
        return self.number


class Assessment(models.Model):
    """One listener's scoring of a call by a rubric: a draft of his own until it is submitted.

    ``version`` tells a stale writer; ``acknowledged_at`` is when the agent took note of the first assessment.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="assessments")
    kind = models.CharField(max_length=8, choices=AssessmentKind, default=AssessmentKind.FIRST)
    state = models.CharField(max_length=10, choices=AssessmentState, default=AssessmentState.DRAFT)
    listener = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="assessments")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="assessments")
    total = models.DecimalField(_("总分"), max_digits=7, decimal_places=2, null=True, blank=True)
    fatal_fault = models.ForeignKey(FatalFault, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    fatal_note = models.CharField(_("一票否决的事实"), max_length=300, blank=True)
    remark = models.CharField(_("总评"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    dispute_until = models.DateField(null=True, blank=True)
    terms_calendar = models.JSONField(null=True, blank=True, help_text=_("算异议期限用的放假和调休"))
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("call", "kind")
        indexes = (models.Index(fields=("listener", "state"), name="assessment_by_listener"),)
        constraints = (
            models.UniqueConstraint(fields=("call", "kind"), name="one_assessment_per_call_and_kind"),
            models.CheckConstraint(
                condition=~Q(state=AssessmentState.SUBMITTED) | Q(total__isnull=False),
                name="submitted_assessment_has_a_total",
            ),
        )

    def __str__(self) -> str:
        return f"{self.call_id} {self.kind}"


class AssessmentScore(models.Model):
    """The level given to one item, or that it does not apply to this call."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    item = models.ForeignKey(RubricItem, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(_("得分"), max_digits=6, decimal_places=2, null=True, blank=True)
    is_not_applicable = models.BooleanField(_("不适用"), default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "item"), name="one_level_per_assessment_and_item"),
            models.CheckConstraint(
                condition=Q(points__isnull=False, is_not_applicable=False)
                | Q(points__isnull=True, is_not_applicable=True),
                name="a_level_or_not_applicable",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.item_id} {self.points}"


class CallNote(models.Model):
    """What a listener says of an item or of the call, at a second of the recording where there is one."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="notes")
    item = models.ForeignKey(RubricItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at_second = models.PositiveIntegerField(null=True, blank=True)
    text = models.CharField(_("评语"), max_length=300)

    class Meta:
        ordering = ("at_second", "pk")

    def __str__(self) -> str:
        return self.text


class Dispute(models.Model):
    """The agent's objection to one item of his call (``item`` None: to the fatal fault), and how it was ruled.

    Once per item; to the fatal fault anew when the incident it filed turns out untrue. Somebody else than listener and
    agent rules. ``old_points`` stays what the listener gave; None on either side is
    'does not apply', or the fatal fault, which ``old_fault`` then keeps.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="disputes")
    item = models.ForeignKey(RubricItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("异议"), max_length=300)
    raised_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=DisputeState, default=DisputeState.OPEN)
    ruled_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)
    ruling = models.CharField(_("裁定理由"), max_length=300, blank=True)
    old_points = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    new_points = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    old_total = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    old_fault = models.ForeignKey(FatalFault, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("assessment", "item"), name="one_dispute_per_item"),
            models.UniqueConstraint(
                fields=("assessment",),
                condition=Q(item__isnull=True, state=DisputeState.OPEN),
                name="one_open_dispute_of_the_fatal_fault",
            ),
            models.CheckConstraint(
                condition=Q(state=DisputeState.OPEN) | Q(ruled_by__isnull=False), name="ruled_dispute_has_a_judge"
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.item_id}"
