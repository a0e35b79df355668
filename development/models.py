"""What follows from a result between people: interviews, improvement plans, training, the exchange meeting (P5, P6)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appraisals.models import Cycle, Form
from development.states import AmendmentState, InterviewState, MeetingState, PlanState, TrainingState
from people.models import Employee, Region
from scoring.models import Result


class Interview(models.Model):
    """The appraisal interview about one form (P6.4a). ``agenda`` is what the result showed when it was prepared."""

    form = models.OneToOneField(Form, on_delete=models.PROTECT, related_name="interview")
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="interviews_held")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="interviews")
    state = models.CharField(max_length=14, choices=InterviewState, default=InterviewState.DRAFT)
    due_on = models.DateField()
    held_on = models.DateField(_("面谈日期"), null=True, blank=True)
    agenda = models.JSONField(default=dict, blank=True)
    achievements = models.CharField(_("主要成绩"), max_length=500, blank=True)
    shortcomings = models.CharField(_("不足与事实"), max_length=500, blank=True)
    causes = models.CharField(_("原因分析"), max_length=500, blank=True)
    support = models.CharField(_("需要的支持与培训"), max_length=500, blank=True)
    next_targets = models.CharField(_("下期目标要点"), max_length=500, blank=True)
    own_words = models.CharField(_("员工自述"), max_length=500, blank=True)
    opinion = models.CharField(_("员工对考核的意见"), max_length=500, blank=True)
    is_agreed = models.BooleanField(_("同意面谈记录"), null=True, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(owner=F("employee")), name="nobody_interviews_himself"),
            models.CheckConstraint(
                condition=~Q(is_agreed=False) | ~Q(opinion=""), name="who_disagrees_with_an_interview_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.form_id}"


class Agreement(models.Model):
    """An action agreed in an interview, with who does it until when."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="agreements")
    text = models.CharField(_("约定的事项"), max_length=200)
    by_owner = models.BooleanField(_("由负责人做"), default=False)
    due_on = models.DateField(_("日期"))
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.text


class Plan(models.Model):
    """An improvement plan: obligatory where the result says so (``why``), with checkpoints and an outcome."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="plans")
    owner = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="plans_owned")
    result = models.ForeignKey(Result, on_delete=models.PROTECT, null=True, blank=True, related_name="plans")
    why = models.CharField(max_length=20, blank=True, help_text=_("空：自愿；否则是哪一条要求"))
    state = models.CharField(max_length=12, choices=PlanState, default=PlanState.DRAFT)
    starts_on = models.DateField(_("开始"), null=True, blank=True)
    ends_on = models.DateField(_("结束"), null=True, blank=True)
    extended_days = models.PositiveSmallIntegerField(default=0)
    paused_on = models.DateField(null=True, blank=True, help_text=_("暂停期间的天数，恢复时顺延"))
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.CharField(_("结论"), max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(owner=F("employee")), name="nobody_plans_himself"),
            models.UniqueConstraint(
                fields=("employee", "result"), condition=Q(result__isnull=False), name="one_plan_per_result"
            ),
        )

    def __str__(self) -> str:
        return f"{self.employee_id} {self.state}"


class PlanItem(models.Model):
    """What is to improve: from where, to where, by doing what, with whose help."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    what = models.CharField(_("待改进项"), max_length=120)
    baseline = models.CharField(_("现状数据"), max_length=120, blank=True)
    target = models.CharField(_("目标值"), max_length=120)
    action = models.CharField(_("行动"), max_length=300)
    support = models.CharField(_("支持人与资源"), max_length=120, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.what


class PlanWaiver(models.Model):
    """Why no improvement plan is needed, though the scheme asks for one: it answers what has asked for it until then.

    ``grounds``: what that was, as pairs of what asked and its period.
    """

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="plan_waivers")
    reason = models.CharField(_("为什么不用计划"), max_length=300)
    grounds = models.JSONField(default=list)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (models.CheckConstraint(condition=~Q(by=F("employee")), name="nobody_waives_his_own_plan"),)

    def __str__(self) -> str:
        return f"{self.employee_id} {self.at:%Y-%m-%d}"


class Checkpoint(models.Model):
    """A day on which the plan is looked at together, and what was seen."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="checkpoints")
    due_on = models.DateField(_("检查点日期"))
    seen = models.CharField(_("检查结果"), max_length=300, blank=True)
    is_on_track = models.BooleanField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (models.UniqueConstraint(fields=("plan", "due_on"), name="one_checkpoint_per_day"),)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.due_on}"


class Remark(models.Model):
    """What is added to an interview or a plan that is no longer changed: by whom, when; never edited."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, null=True, blank=True, related_name="remarks")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, null=True, blank=True, related_name="remarks")
    text = models.CharField(_("补充"), max_length=500)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(interview__isnull=True) ^ Q(plan__isnull=True), name="a_remark_is_about_one_thing"
            ),
        )

    def __str__(self) -> str:
        return self.text


class TrainingRequest(models.Model):
    """Training that a result or a plan calls for (P5.2, P7.3): proposed by superiors, collected, arranged by HR."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="training_requests")
    requested_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="training_requested")
    interview = models.ForeignKey(Interview, on_delete=models.SET_NULL, null=True, blank=True, related_name="training")
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="training")
    topic = models.CharField(_("培训内容"), max_length=80)
    why = models.CharField(_("为什么需要"), max_length=200)
    wanted_by = models.DateField(_("最好在哪天之前"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=TrainingState, default=TrainingState.REQUESTED)
    passed_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    passed_at = models.DateTimeField(null=True, blank=True, help_text=_("负责人转报的时间；员工自己提的要先转报"))
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    arranged_on = models.DateField(_("培训日期"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.topic


class Meeting(models.Model):
    """The regional exchange meeting about a month (P5.3, P6.4b): agenda, minutes, and to whom they went."""

    cycle = models.OneToOneField(Cycle, on_delete=models.PROTECT, related_name="meeting")
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.PREPARED)
    held_on = models.DateField(_("开会日期"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=80, blank=True)
    chair = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    attendees = models.ManyToManyField(Employee, blank=True, related_name="meetings")
    agenda = models.JSONField(default=dict, blank=True)
    summary = models.CharField(_("会议小结"), max_length=1000, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recipients = models.ManyToManyField(Employee, blank=True, related_name="minutes_received")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-cycle__starts_on",)

    def __str__(self) -> str:
        return str(self.cycle_id)


class RegionMinute(models.Model):
    """What was said of one region: what worked, why something did not, what is done about it, next targets."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="regions")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    practice = models.CharField(_("成功经验"), max_length=500, blank=True)
    causes = models.CharField(_("不足原因"), max_length=500, blank=True)
    measures = models.CharField(_("改进措施"), max_length=500, blank=True)
    next_targets = models.CharField(_("下期区域目标"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("region__code",)
        constraints = (models.UniqueConstraint(fields=("meeting", "region"), name="one_minute_per_region"),)

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.region_id}"


class Addendum(models.Model):
    """What is added to minutes that were sent: they themselves are never changed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="addenda")
    text = models.CharField(_("补记"), max_length=500)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.text


class Amendment(models.Model):
    """A proposal to amend the scheme; nothing comes of it without the next higher superior's consent (P6.4b)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="amendments")
    text = models.CharField(_("修订提议"), max_length=500)
    reason = models.CharField(_("理由"), max_length=300)
    proposed_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    asked = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="amendments_asked")
    state = models.CharField(max_length=10, choices=AmendmentState, default=AmendmentState.PROPOSED)
    answer = models.CharField(_("答复"), max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(asked=F("proposed_by")), name="nobody_consents_to_his_own_proposal"),
        )

    def __str__(self) -> str:
        return self.text
