"""What people decided about a proposal, and what it rests on (P7.1, P7.2)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consequences.states import APPROVED_CHOICES, CHECKED_CHOICES, CheckCode, Choice, DecisionState
from development.models import TrainingRequest
from people.models import Employee, PayStep
from scoring.models import ExtraPay, Proposal


class Decision(models.Model):
    """HR's decision on a proposal. Decided is decided: taking it back keeps the row and says by whom, when and why.

    ``amount`` (yuan) belongs to a bonus or an award, ``effective_from`` (the first day of a month) to what changes pay
    or employment. ``open_checks`` counts the checklist's items not signed yet; ``approved_by`` is a second person.
    What it brought about hangs on it: ``pay_step`` or ``extra``.
    """

    number = models.CharField(_("编号"), max_length=20, unique=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="decisions")
    choice = models.CharField(_("怎么定"), max_length=12, choices=Choice)
    state = models.CharField(max_length=10, choices=DecisionState)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2, null=True, blank=True)
    effective_from = models.DateField(_("从哪个月起"), null=True, blank=True)
    leaves_on = models.DateField(_("离职日期"), null=True, blank=True)
    open_checks = models.PositiveSmallIntegerField(default=0)
    decided_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    approved_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.CharField(max_length=500, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_reason = models.CharField(_("依据没有了仍保留的理由"), max_length=500, blank=True)
    pay_step = models.OneToOneField(PayStep, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    extra = models.OneToOneField(ExtraPay, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    training = models.ForeignKey(
        TrainingRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    read_at = models.DateTimeField(_("本人读到的时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("proposal",),
                condition=Q(state__in=(DecisionState.PREPARING, DecisionState.IN_FORCE)),
                name="one_standing_decision_per_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(choice__in=CHECKED_CHOICES, state=DecisionState.IN_FORCE)
                | Q(open_checks=0, approved_by__isnull=False),
                name="grave_only_through_its_checklist",
            ),
            models.CheckConstraint(
                condition=~Q(choice__in=APPROVED_CHOICES, state=DecisionState.IN_FORCE)
                | Q(approved_by__isnull=False) & ~Q(approved_by=F("decided_by")),
                name="grave_approved_by_another",
            ),
            models.CheckConstraint(condition=~Q(choice=Choice.SET_ASIDE) | ~Q(reason=""), name="set_aside_says_why"),
            models.CheckConstraint(
                condition=~Q(choice=Choice.BONUS) | Q(amount__isnull=False, amount__gt=0), name="bonus_has_an_amount"
            ),
        )

    def __str__(self) -> str:
        return self.number


class CareerReport(models.Model):
    """What the department's manager reports to HR of who was excellent two years running, for a plan (P7.3)."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="career_report")
    text = models.TextField(_("职业发展报告"), max_length=1000)
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.proposal_id)


class CheckItem(models.Model):
    """A point of the checklist: what was found, with files, and who signs for it (P7.1, decided)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="checks", db_index=False)
    code = models.CharField(max_length=12, choices=CheckCode)
    note = models.TextField(_("情况"), max_length=1000, blank=True)
    signed_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_for = models.CharField(_("代表谁签"), max_length=60, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("decision", "code"), name="check_once_per_decision"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(signed_by__isnull=False) & ~Q(note=""), name="signed_with_words"
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision_id} {self.code}"


class CheckFile(models.Model):
    """A file behind a point of the checklist."""

    item = models.ForeignKey(CheckItem, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(upload_to="checks/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name
