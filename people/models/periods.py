"""Who answers for whom, by what somebody is paid and what he is to the company, from when to when (P2, P5).

Periods are half-open: a row holds from ``starts_on`` up to, not including, ``ends_before``.
"""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models.staff import Employee, Grade
from people.states import Duty, PayStepKind, Role, SwapState


class HeldPeriod(models.Model):
    """From when until before when something holds."""

    starts_on = models.DateField(_("开始日期"))
    ends_before = models.DateField(_("到此日之前"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def last_day(self) -> date | None:
        """The last day it holds; None while it runs."""
        return self.ends_before - timedelta(days=1) if self.ends_before else None


class ReportingLine(HeldPeriod):
    """Who is whose direct superior (P5.1); history is kept, so a past month is judged by its own line."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="lines_up")
    superior = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="lines_down")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("employee",), condition=Q(ends_before__isnull=True), name="one_current_superior"
            ),
            models.UniqueConstraint(fields=("employee", "starts_on"), name="one_line_per_start"),
            models.CheckConstraint(condition=~Q(employee=F("superior")), name="nobody_is_his_own_superior"),
            models.CheckConstraint(
                condition=Q(ends_before__isnull=True) | Q(ends_before__gt=F("starts_on")), name="line_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.employee_id} → {self.superior_id}"


class OwnerAssignment(HeldPeriod):
    """An appraisal owner other than the direct superior (P5.1), with the reason."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="owner_assignments")
    owner = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="owned_assignments")
    reason = models.CharField(_("原因"), max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("employee",), condition=Q(ends_before__isnull=True), name="one_current_owner_assignment"
            ),
            models.CheckConstraint(condition=~Q(employee=F("owner")), name="nobody_owns_his_own_appraisal"),
        )

    def __str__(self) -> str:
        return f"{self.employee_id} ← {self.owner_id}"


class PayStep(HeldPeriod):
    """A rung that somebody decided for a person, from a month on (P7.1, P7.2): his grade, or only the cap or the wage.

    It goes before the grade registered on the person, until it is ended; history is kept, so a past month is paid by
    its own rung. ``source`` names the decision. A later step of the same kind ends it (``ended_by``); when that one is
    taken back, this one runs again. Of two that hold on a day the later begun counts.
    """

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="pay_steps")
    kind = models.CharField(_("改什么"), max_length=8, choices=PayStepKind)
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("依据"), max_length=120)
    recorded_by = models.CharField(max_length=20)
    recorded_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="ended_steps")

    class Meta:
        ordering = ("employee", "starts_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("employee", "kind"), condition=Q(ends_before__isnull=True), name="one_current_pay_step"
            ),
            models.CheckConstraint(
                condition=Q(ends_before__isnull=True) | Q(ends_before__gte=F("starts_on")),
                name="pay_step_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(starts_on__day=1), name="pay_step_starts_a_month"),
        )

    def __str__(self) -> str:
        return f"{self.employee_id} {self.kind} {self.grade_id}"


class RoleGrant(HeldPeriod):
    """A company-wide role: HR, manager of the CS management department, general manager, administrator, auditor."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(_("角色"), max_length=20, choices=Role)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("employee", "role"), condition=Q(ends_before__isnull=True), name="role_granted_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.employee_id} {self.role}"


class GroupMember(HeldPeriod):
    """Membership of the appraisal group (P5.2)."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="memberships")
    duty = models.CharField(_("职责"), max_length=10, choices=Duty)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("employee",), condition=Q(ends_before__isnull=True), name="member_of_the_group_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.employee_id} {self.duty}"


class DutyTurn(models.Model):
    """Who is duty officer for the appraisal of a month (P5.3): rights hold for that month only."""

    month = models.DateField(_("月份"), unique=True, help_text=_("当月1 日"))
    officer = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="duty_turns")

    class Meta:
        ordering = ("month",)
        constraints = (models.CheckConstraint(condition=Q(month__day=1), name="duty_turn_starts_a_month"),)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.officer_id}"


class DutySwap(models.Model):
    """A duty officer asks another to trade months; it takes effect when he agrees, and the leader is told (P5.3).

    Without ``other_month`` nothing is traded: he asks him to take the running month over.
    """

    month = models.DateField(_("让出的月份"))
    other_month = models.DateField(_("换来的月份"), null=True, blank=True)
    asked_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="swaps_asked")
    asked = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="swaps_received")
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=SwapState, default=SwapState.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(asked=F("asked_by")), name="nobody_swaps_with_himself"),
            models.UniqueConstraint(
                fields=("month",), condition=Q(state=SwapState.ASKED), name="one_open_swap_per_month"
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.other_month or self.asked_id}"
