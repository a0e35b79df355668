"""Results and the signatures under them. Nothing decided is overwritten: a correction is a new version."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisals.models import Cycle, Form
from people.models import Employee
from scoring.states import Side


class Result(models.Model):
    """A version of a form's result (P6.3a): the frozen snapshot, its digest, and the figures read most.

    ``snapshot`` is canonical JSON text (see scoring.facts.snapshots); ``digest`` is its SHA-256: what is signed.
    Points are marks, ``coefficient`` is percent, money is yuan. ``coefficient`` is empty when nothing was applicable.

    Of a version only the pay columns ever change, when the rung of the month is decided otherwise afterwards: they are
    neither in the snapshot nor signed. What was paid stands in the pay line, which never does; the audit has both.
    """

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="results", db_index=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="results")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="results", db_index=False)
    version = models.PositiveSmallIntegerField(default=1)
    snapshot = models.TextField()
    digest = models.CharField(max_length=64)
    kpi = models.DecimalField(max_digits=7, decimal_places=2)
    goal = models.DecimalField(max_digits=7, decimal_places=2)
    behaviour = models.DecimalField(max_digits=7, decimal_places=2)
    management = models.DecimalField(max_digits=7, decimal_places=2)
    deduction = models.DecimalField(max_digits=7, decimal_places=2)
    bonus = models.DecimalField(max_digits=7, decimal_places=2)
    full_marks = models.DecimalField(max_digits=7, decimal_places=2)
    score = models.DecimalField(max_digits=7, decimal_places=2)
    coefficient = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    grade_name = models.CharField(max_length=20)
    pay_cap = models.DecimalField(max_digits=12, decimal_places=2)
    post_wage = models.DecimalField(max_digits=12, decimal_places=2)
    performance_pay = models.DecimalField(max_digits=12, decimal_places=2)
    base_pay = models.DecimalField(max_digits=12, decimal_places=2)
    consolidated_at = models.DateTimeField()
    consolidated_by = models.CharField(max_length=20)
    published_at = models.DateTimeField(null=True, blank=True)
    sign_until = models.DateField(null=True, blank=True)
    appeal_until = models.DateField(null=True, blank=True)
    interview_until = models.DateField(null=True, blank=True)
    file_until = models.DateField(null=True, blank=True, help_text=_("备案的期限：申诉期满或裁定后"))
    terms_calendar = models.JSONField(default=dict, blank=True, help_text=_("算这些期限用的放假和调休"))
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("form", "version")
        indexes = (models.Index(fields=("employee", "cycle"), name="result_by_employee"),)
        constraints = (
            models.UniqueConstraint(fields=("form", "version"), name="result_version_once"),
            models.UniqueConstraint(
                fields=("form",), condition=Q(superseded_at__isnull=True), name="one_current_result_per_form"
            ),
            models.CheckConstraint(condition=Q(score__gte=0, full_marks__gte=0), name="result_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.form_id} v{self.version}"

    @property
    def check_code(self) -> str:
        """The part of the digest people read to each other: 7F3A-91C2."""
        return f"{self.digest[:4]}-{self.digest[4:8]}".upper()


class Signature(models.Model):
    """Owner's or appraisee's signature under one version of a result: who, when, exactly what (digest), and how."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="signatures", db_index=False)
    side = models.CharField(max_length=10, choices=Side)
    signer = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    is_agreed = models.BooleanField()
    objection = models.CharField(_("异议"), max_length=500, blank=True)
    confirmed_by = models.CharField(max_length=12, default="password")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("result", "side"), name="one_signature_per_side_and_version"),
            models.CheckConstraint(condition=Q(is_agreed=True) | ~Q(objection=""), name="an_objection_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.result_id} {self.side}"
