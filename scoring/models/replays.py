"""What-if: a past period replayed under a draft of the scheme (P8). A replay changes nothing but its own rows."""

from django.db import models

from appraisals.models import Form, Scheme
from people.models import Employee
from scoring.models.results import Result


class Replay(models.Model):
    """The question: these months, under these numbers (``rules`` is the draft as it was when asked), and a year or not.

    ``summary`` is the answer in sums (see scoring.facts.replays); ``completion`` is the company's rate in percent for
    the year's bonus.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="replays")
    rules = models.JSONField()
    first_month = models.DateField()
    last_month = models.DateField()
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    completion = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    summary = models.JSONField(default=dict)
    requested_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.first_month:%Y-%m}–{self.last_month:%Y-%m}"


class ReplayLine(models.Model):
    """One form as it came out and as it would: coefficients in percent, performance pay in yuan.

    ``result`` is the version it was reckoned from; another version asks for another line.
    """

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="lines", db_index=False)
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="+", db_index=False)
    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="+")
    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    coefficient_before = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    coefficient_after = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    deduction_after = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    bonus_after = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    pay_before = models.DecimalField(max_digits=12, decimal_places=2)
    pay_after = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("replay", "form"), name="replayed_once"),)
        indexes = (models.Index(fields=("replay", "employee"), name="replay_by_person"),)

    def __str__(self) -> str:
        return f"{self.replay_id} {self.form_id}"


class ReplayPerson(models.Model):
    """One person over the whole period: proposals as month and rule, the year as grade, rank, coefficient, bonus.

    Coefficients are the means of the months, percent; ``change`` is the greatest difference of a month, in points of a
    percent. The four flags say what is another under the draft.
    """

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="persons", db_index=False)
    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+", db_index=False)
    proposals_before = models.JSONField(default=list)
    proposals_after = models.JSONField(default=list)
    year_before = models.JSONField(default=dict)
    year_after = models.JSONField(default=dict)
    coefficient_before = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    coefficient_after = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    pay_before = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    pay_after = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    change = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    moves_coefficient = models.BooleanField(default=False)
    moves_pay = models.BooleanField(default=False)
    moves_proposals = models.BooleanField(default=False)
    moves_grade = models.BooleanField(default=False)
    is_moved = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("replay", "employee"), name="replayed_person_once"),)
        indexes = (models.Index(fields=("replay", "-change"), name="replay_by_change"),)

    def __str__(self) -> str:
        return f"{self.replay_id} {self.employee_id}"
