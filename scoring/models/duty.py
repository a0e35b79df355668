"""What the duty officer's month leaves behind: reminders, checks with their findings, the archive (P5.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisals.models import Cycle, Form
from people.models import Employee
from scoring.states import DocumentKind, FindingCode


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
