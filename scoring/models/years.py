"""The year (P7.2): its review, everybody's result in it, and what was corrected afterwards."""

from django.db import models
from django.db.models import Q

from people.models import Employee
from scoring.states import ReviewState


class AnnualReview(models.Model):
    """A year with the company's completion rate in percent.

    While it is prepared it may be reckoned anew; from the preview on the grades are the group's. ``revision`` rises
    with whatever the calibration board shows. ``excess_reason`` is why it was locked though the quotas did not hold.
    """

    year = models.PositiveSmallIntegerField(unique=True)
    completion = models.DecimalField(max_digits=7, decimal_places=2)
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.PREPARING)
    revision = models.PositiveIntegerField(default=1)
    excess_reason = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=20)
    locked_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("year",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=ReviewState.PUBLISHED) | Q(published_at__isnull=False), name="published_when"
            ),
        )

    def __str__(self) -> str:
        return str(self.year)


class AnnualResult(models.Model):
    """One person's year: coefficient (percent), rank in the pool, grade, bonus (yuan) with every factor as used.

    ``computed_grade`` is what the distribution gave (empty: tied, or not graded); ``grade`` is what stands after the
    group's moves, which never touch the coefficient. ``is_undecided``: tied across a boundary and not decided yet.
    """

    review = models.ForeignKey(AnnualReview, on_delete=models.PROTECT, related_name="results")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="annual_results")
    pool = models.CharField(max_length=40, blank=True)
    months = models.PositiveSmallIntegerField()
    coefficient = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    rank = models.PositiveIntegerField(null=True)
    computed_grade = models.CharField(max_length=1, blank=True)
    grade = models.CharField(max_length=1, blank=True)
    is_undecided = models.BooleanField(default=False)
    is_discussed = models.BooleanField(default=False)
    bonus = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    factors = models.JSONField(default=dict)
    consequences = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("review", "employee__number")
        constraints = (models.UniqueConstraint(fields=("review", "employee"), name="one_annual_result_per_person"),)

    def __str__(self) -> str:
        return f"{self.review_id} {self.employee_id}"


class AnnualCorrection(models.Model):
    """A published year corrected for one person, since a month of it was: what stood, what stands, what it owes.

    ``amount`` is the difference of the year-end bonus in yuan. Other people's grades stay (P6.3b, decided).
    """

    result = models.ForeignKey(AnnualResult, on_delete=models.PROTECT, related_name="corrections")
    before = models.JSONField()
    after = models.JSONField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.result_id} {self.amount}"


class PastGrade(models.Model):
    """A grade of a year before the portal (历年等级)."""

    year = models.PositiveSmallIntegerField()
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="past_grades")
    grade = models.CharField(max_length=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("year", "employee"), name="one_past_grade_per_year"),)

    def __str__(self) -> str:
        return f"{self.year} {self.employee_id} {self.grade}"
