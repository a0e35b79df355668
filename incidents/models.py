"""Incident records and bonus claims (P4.5, P4.6). They know people, not forms: an open form reads what is confirmed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.states import EventState
from people.models import Employee


class CountedEvent(models.Model):
    """What an incident and a bonus share: a number, a day, a person, points, and the month they counted in."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    occurred_on = models.DateField(_("发生日期"), db_index=True)
    points = models.DecimalField(_("分数"), max_digits=6, decimal_places=2)
    state = models.CharField(max_length=12, choices=EventState, default=EventState.FILED)
    counted_month = models.DateField(null=True, blank=True, help_text=_("计入哪个月的考核, 当月 1 日; 汇总时写下"))
    filed_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(_("理由"), max_length=200, blank=True)

    class Meta:
        abstract = True


class Incident(CountedEvent):
    """An incident record: anyone files it, one who is neither finder nor concerned verifies it (P4.5)."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="incidents")
    description = models.CharField(_("内容描述"), max_length=500)
    found_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="incidents_found")
    verified_by = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents_verified"
    )

    class Meta:
        ordering = ("occurred_on", "number")
        indexes = (models.Index(fields=("employee", "occurred_on"), name="incident_by_employee"),)
        constraints = (
            models.CheckConstraint(condition=Q(points__gte=0), name="incident_points_not_negative"),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | (~Q(verified_by=F("found_by")) & ~Q(verified_by=F("employee"))),
                name="verifier_is_neither_finder_nor_concerned",
            ),
            models.CheckConstraint(
                condition=~Q(state=EventState.CONFIRMED) | Q(verified_by__isnull=False),
                name="confirmed_incident_has_a_verifier",
            ),
        )

    def __str__(self) -> str:
        return self.number


class Bonus(CountedEvent):
    """A bonus claim: counted once both checks are there, the second by the direct superior (P4.6)."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="bonuses")
    grounds = models.CharField(_("加分依据"), max_length=500)
    raised_by = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="bonuses_raised"
    )
    first_checker = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="bonuses_first_checked"
    )
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
        )

    def __str__(self) -> str:
        return self.number
