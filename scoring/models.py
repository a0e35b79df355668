"""Results and what follows from them. Nothing decided is overwritten: a correction is a new version."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisals.models import Cycle, Form
from people.models import Employee
from scoring.states import DocumentKind, FindingCode, JobKind, JobState, ProposalState, Side


class Result(models.Model):
    """A version of a form's result (P6.3a): the frozen snapshot, its digest, and the figures read most.

    ``snapshot`` is canonical JSON text (see scoring.facts.snapshots); ``digest`` is its SHA-256: what is signed.
    Points are marks, ``coefficient`` is percent, money is yuan. ``coefficient`` is empty when nothing was applicable.
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


class Proposal(models.Model):
    """A fired rule with its evidence (P7.1). HR decides; nothing happens by itself."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="proposals")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="proposals")
    rule = models.CharField(max_length=4)
    evidence = models.JSONField()
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("cycle", "employee", "rule")
        constraints = (
            models.UniqueConstraint(
                fields=("employee", "cycle", "rule"),
                condition=Q(state=ProposalState.PROPOSED),
                name="rule_fires_once_per_month",
            ),
        )

    def __str__(self) -> str:
        return f"{self.employee_id} {self.rule}"


class Job(models.Model):
    """Long work as a row: written with its cause, claimed by a worker, read by the page. Celery only wakes.

    ``lease`` rises with every claim; a worker that comes back late finds another number and may not write.
    """

    kind = models.CharField(max_length=12, choices=JobKind)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="jobs")
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState, default=JobState.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    message = models.CharField(max_length=300, blank=True)
    requested_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("state", "leased_until"), name="job_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "cycle"),
                condition=Q(state__in=(JobState.WAITING, JobState.RUNNING)),
                name="one_running_job_per_cycle_and_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.cycle_id} {self.state}"


class PayDifference(models.Model):
    """What a corrected result owes for a month already settled, yuan: a line in the next month's report (P6.3b)."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="pay_differences")
    before = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="+")
    after = models.OneToOneField(Result, on_delete=models.PROTECT, related_name="pay_difference")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.CharField(max_length=200)
    paid_month = models.DateField(help_text=_("哪个月的报表里补发, 当月 1 日"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.employee_id} {self.amount}"


class Nudge(models.Model):
    """A reminder the duty officer sent: to whom, about which step of which month, and when it was read."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="nudges")
    step = models.CharField(max_length=12)
    recipient = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="nudges")
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
        indexes = (models.Index(fields=("cycle", "recipient"), name="nudge_by_recipient"),)

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.recipient_id}"


class CheckRun(models.Model):
    """The check before consolidation as it was run: by whom, when (P5.3). Its findings are those that point to it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="check_runs")
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.at}"


class Finding(models.Model):
    """Something the check found, with the last run that found it. ``key`` says what, with its value: another value is
    another finding. Looked at once, with a note that is kept. ``person`` is whom it is about."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="findings", db_index=False)
    run = models.ForeignKey(CheckRun, on_delete=models.PROTECT, related_name="findings")
    code = models.CharField(max_length=14, choices=FindingCode)
    key = models.CharField(max_length=120)
    person = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    detail = models.JSONField(default=dict)
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("看过的说明"), max_length=200, blank=True)

    class Meta:
        ordering = ("code", "pk")
        constraints = (models.UniqueConstraint(fields=("cycle", "key"), name="found_once"),)

    def __str__(self) -> str:
        return self.key


class Document(models.Model):
    """A document of the month put into its archive (P5.3): report, minutes, open points; never replaced."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    file = models.FileField(upload_to="archive/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("cycle", "kind", "pk")

    def __str__(self) -> str:
        return self.name


class AnnualReview(models.Model):
    """A closed year with the company's completion rate in percent (P7.2)."""

    year = models.PositiveSmallIntegerField(unique=True)
    completion = models.DecimalField(max_digits=7, decimal_places=2)
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=20)

    class Meta:
        ordering = ("year",)

    def __str__(self) -> str:
        return str(self.year)


class AnnualResult(models.Model):
    """One person's year: coefficient (percent), rank in the pool, grade, bonus (yuan) with every factor as used."""

    review = models.ForeignKey(AnnualReview, on_delete=models.PROTECT, related_name="results")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="annual_results")
    months = models.PositiveSmallIntegerField()
    coefficient = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    rank = models.PositiveIntegerField(null=True)
    grade = models.CharField(max_length=1, blank=True)
    is_undecided = models.BooleanField(default=False)
    bonus = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    factors = models.JSONField(default=dict)
    consequences = models.JSONField(default=list)

    class Meta:
        ordering = ("review", "employee__number")
        constraints = (models.UniqueConstraint(fields=("review", "employee"), name="one_annual_result_per_person"),)

    def __str__(self) -> str:
        return f"{self.review_id} {self.employee_id}"


class PastGrade(models.Model):
    """A grade of a year before the portal (历年等级)."""

    year = models.PositiveSmallIntegerField()
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="past_grades")
    grade = models.CharField(max_length=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("year", "employee"), name="one_past_grade_per_year"),)

    def __str__(self) -> str:
        return f"{self.year} {self.employee_id} {self.grade}"
