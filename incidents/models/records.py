"""Incident records and bonus claims (P4.5, P4.6). They know people, not forms: an open form reads what is confirmed."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.models.catalogue import BonusKind, IncidentKind, Severity
from incidents.states import EventState
from people.models import Employee


class CountedEvent(models.Model):
    """What counts on one person's form: points, how it was decided, and the month it counted in."""

    points = models.DecimalField(_("分数"), max_digits=6, decimal_places=2)
    state = models.CharField(max_length=12, choices=EventState, default=EventState.FILED)
    counted_month = models.DateField(null=True, blank=True, help_text=_("计入哪个月的考核, 当月 1 日; 汇总时写下"))
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(_("理由"), max_length=200, blank=True)

    class Meta:
        abstract = True


class Incident(models.Model):
    """A record of something that went wrong: found by one, shared by one or several persons (P4.5)."""

    number = models.CharField(_("记录单号"), max_length=40, unique=True)
    occurred_on = models.DateField(_("发生日期"), db_index=True)
    occurred_time = models.TimeField(_("发生时间"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=80, blank=True)
    description = models.CharField(_("内容描述"), max_length=500)
    kind = models.ForeignKey(IncidentKind, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents")
    found_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="incidents_found")
    filed_by = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents_filed"
    )
    filed_at = models.DateTimeField(auto_now_add=True)
    origin = models.CharField(_("来源"), max_length=40, blank=True, help_text=_("出自哪一通录音"))

    class Meta:
        ordering = ("occurred_on", "number")

    def __str__(self) -> str:
        return self.number


class Involvement(CountedEvent):
    """One person's share in an incident: his view of it, the points it costs him, who verified it.

    ``severity`` is the one it was judged by, after repetition; ``repeats`` counts the earlier ones of the same kind.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="involvements")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="involvements")
    severity = models.ForeignKey(Severity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    filed_points = models.DecimalField(_("登记时扣分"), max_digits=6, decimal_places=2)
    repeats = models.PositiveSmallIntegerField(default=0)
    statement = models.CharField(_("当事人陈述"), max_length=500, blank=True)
    stated_at = models.DateTimeField(null=True, blank=True)
    statement_due_on = models.DateField(null=True, blank=True)
    terms_calendar = models.JSONField(null=True, blank=True, help_text=_("算陈述期限用的放假和调休"))
    verified_by = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="involvements_verified"
    )

    class Meta:
        ordering = ("incident", "pk")
        indexes = (models.Index(fields=("employee", "state"), name="involvement_by_employee"),)
        constraints = (
            models.UniqueConstraint(fields=("incident", "employee"), name="one_involvement_per_person"),
            models.CheckConstraint(condition=Q(points__gte=0), name="involvement_points_not_negative"),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("employee")), name="nobody_verifies_himself"
            ),
            models.CheckConstraint(
                condition=~Q(state=EventState.CONFIRMED) | Q(verified_by__isnull=False),
                name="confirmed_involvement_has_a_verifier",
            ),
        )

    def __str__(self) -> str:
        return f"{self.incident_id} {self.employee_id}"

    @property
    def occurred_on(self) -> date:
        """The incident's day."""
        return self.incident.occurred_on


class Bonus(CountedEvent):
    """A bonus claim: counted once both checks are there, the second by the direct superior (P4.6).

    ``event`` names what happened by the number of the first claim about it: of one event one claim counts.
    ``cap`` is the kind's, as it was when the claim was raised.
    """

    number = models.CharField(_("编号"), max_length=40, unique=True)
    occurred_on = models.DateField(_("发生日期"), db_index=True)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="bonuses")
    kind = models.ForeignKey(BonusKind, on_delete=models.PROTECT, null=True, blank=True, related_name="bonuses")
    cap = models.DecimalField(_("每月最多"), max_digits=6, decimal_places=2, null=True, blank=True)
    event = models.CharField(_("同一事件"), max_length=40, blank=True)
    grounds = models.CharField(_("加分依据"), max_length=500)
    raised_by = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="bonuses_raised"
    )
    filed_at = models.DateTimeField(auto_now_add=True)
    first_checker = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="bonuses_first_checked"
    )
    first_checked_at = models.DateTimeField(null=True, blank=True)
    second_checker = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="bonuses_second_checked"
    )

    class Meta:
        ordering = ("occurred_on", "number")
        indexes = (models.Index(fields=("employee", "occurred_on"), name="bonus_by_employee"),)
        constraints = (
            models.CheckConstraint(condition=Q(points__gte=0), name="bonus_points_not_negative"),
            models.CheckConstraint(
                condition=(Q(first_checker__isnull=True) | ~Q(first_checker=F("employee")))
                & (Q(second_checker__isnull=True) | ~Q(second_checker=F("employee"))),
                name="nobody_checks_his_own_bonus",
            ),
            models.CheckConstraint(
                condition=~Q(state=EventState.CONFIRMED) | Q(first_checker__isnull=False, second_checker__isnull=False),
                name="confirmed_bonus_has_both_checks",
            ),
            models.UniqueConstraint(
                fields=("employee", "event"),
                condition=Q(state=EventState.CONFIRMED) & ~Q(event=""),
                name="one_event_counts_once",
            ),
        )

    def __str__(self) -> str:
        return self.number


class EventFile(models.Model):
    """A file or photo behind an incident or a bonus claim; handed out as a download to those who may see the record."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, null=True, blank=True, related_name="files")
    bonus = models.ForeignKey(Bonus, on_delete=models.CASCADE, null=True, blank=True, related_name="files")
    file = models.FileField(upload_to="events/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(incident__isnull=False, bonus__isnull=True) | Q(incident__isnull=True, bonus__isnull=False),
                name="file_belongs_to_one_record",
            ),
        )

    def __str__(self) -> str:
        return self.name
