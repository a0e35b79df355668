"""What is paid for results: a month's pay lines, frozen when HR settles, and what is paid beside them (P7.1, P6.3b)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Round
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from appraisals.models import Cycle, Form
from people.models import Employee
from scoring.models.results import Result
from scoring.states import DifferenceKind, ExtraKind, PayRunState


def _adds_up(name: str, parts: CombinedExpression) -> Exact:
    """That the column is its parts to the cent; rounded, since SQLite reckons in floats."""
    return Exact(Round(F(name) - parts, precision=2), 0)


class PayRun(models.Model):
    """A settlement of a month: prepared by one person of HR, settled by another, from then on frozen.

    ``number`` 1 is the month's own; what was filed later is settled by the next one. Money is yuan; ``digest`` is the
    SHA-256 of the lines as settled.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="pay_runs", db_index=False)
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=PayRunState, default=PayRunState.PREPARED)
    people = models.PositiveIntegerField(default=0)
    performance_pay = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    base_pay = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    differences = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    extras = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    digest = models.CharField(max_length=64)
    prepared_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    settled_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("cycle", "number")
        constraints = (
            models.UniqueConstraint(fields=("cycle", "number"), name="pay_run_numbered_once"),
            models.UniqueConstraint(
                fields=("cycle",), condition=Q(state=PayRunState.PREPARED), name="one_prepared_pay_run_per_month"
            ),
            models.CheckConstraint(
                condition=Q(state=PayRunState.PREPARED, settled_by__isnull=True, settled_at__isnull=True)
                | Q(state=PayRunState.SETTLED, settled_at__isnull=False) & ~Q(settled_by=F("prepared_by")),
                name="pay_run_settled_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cycle_id} #{self.number}"

    @property
    def beside(self) -> Decimal:
        """Differences and extras together, yuan."""
        return self.differences + self.extras

    @property
    def check_code(self) -> str:
        """The part of the digest people read to each other: 7F3A-91C2."""
        return f"{self.digest[:4]}-{self.digest[4:8]}".upper()


class PayLine(models.Model):
    """What one person is paid by a run, yuan, with every factor as used.

    A line without a form carries only differences and extras (of somebody whose month is not filed yet, or who left).
    ``counted`` is the coefficient after the pay ceiling; ``total`` = base pay + differences + extras.
    """

    run = models.ForeignKey(PayRun, on_delete=models.CASCADE, related_name="lines", db_index=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="pay_lines")
    form = models.OneToOneField(Form, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_line")
    result = models.OneToOneField(Result, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_line")
    grade_name = models.CharField(max_length=20, blank=True)
    post_wage = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    pay_cap = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    coefficient = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    counted = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    performance_pay = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    base_pay = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    differences = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    extras = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ("run", "employee__number")
        constraints = (
            models.UniqueConstraint(fields=("run", "employee"), name="one_pay_line_per_person_and_run"),
            models.CheckConstraint(
                condition=Q(form__isnull=True, result__isnull=True) | Q(form__isnull=False, result__isnull=False),
                name="pay_line_names_its_result",
            ),
            models.CheckConstraint(
                condition=_adds_up("total", F("base_pay") + F("differences") + F("extras")), name="pay_line_adds_up"
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.employee_id}"


class ExtraPay(models.Model):
    """An amount beside the coefficient, yuan: an excellence bonus that HR granted (P7.1), an annual award (P7.2)."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="extra_pay")
    kind = models.CharField(max_length=12, choices=ExtraKind)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    paid_month = models.DateField(help_text=_("随哪个月发, 当月 1 日"))
    reason = models.CharField(max_length=200)
    run = models.ForeignKey(PayRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="extra_items")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="extra_pay_above_nothing"),)

    def __str__(self) -> str:
        return f"{self.employee_id} {self.amount}"


class PayDifference(models.Model):
    """What is owed, or owed back, for something already paid, yuan: a line of a later run (P6.3b).

    Of a corrected result (``before`` and ``after``), or of a decision taken back: a cap change (``before`` alone is
    the result that was paid under it) or an extra. ``amount`` = ``due`` − ``paid``.
    """

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="pay_differences")
    kind = models.CharField(max_length=12, choices=DifferenceKind, default=DifferenceKind.CORRECTION)
    before = models.ForeignKey(Result, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    after = models.OneToOneField(Result, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_difference")
    extra = models.ForeignKey(
        ExtraPay, on_delete=models.PROTECT, null=True, blank=True, related_name="differences", db_index=False
    )
    paid = models.DecimalField(max_digits=12, decimal_places=2)
    due = models.DecimalField(max_digits=12, decimal_places=2)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.CharField(max_length=200)
    paid_month = models.DateField(help_text=_("哪个月的报表里补发, 当月 1 日"))
    run = models.ForeignKey(PayRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="difference_items")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=DifferenceKind.CORRECTION, before__isnull=False, after__isnull=False)
                | Q(kind=DifferenceKind.CAP, before__isnull=False)
                | Q(kind=DifferenceKind.EXTRA, extra__isnull=False),
                name="difference_says_of_what",
            ),
            models.CheckConstraint(condition=_adds_up("amount", F("due") - F("paid")), name="difference_adds_up"),
        )

    def __str__(self) -> str:
        return f"{self.employee_id} {self.amount}"
