"""The career-development report of who was excellent two years running (P7.3)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from consequences.models import CareerReport
from consequences.permissions import can_report_career
from consequences.services.steps import locked_proposal, reader_of, refuse_unless, words_of
from people.models import Employee

TEXT_LIMIT = 1000


@transaction.atomic(durable=True)
def report_career(proposal_id: int, *, text: str, by: Employee) -> CareerReport:
    """The department's manager writes the report, or writes it anew, until HR has decided on the training plan."""
    now = timezone.now()
    proposal = locked_proposal(proposal_id)
    refuse_unless(can_report_career(reader_of(by, now), proposal))
    words = words_of(text, field="text", missing=_("写下职业发展报告。"), most=TEXT_LIMIT)
    before = CareerReport.objects.filter(proposal=proposal).first()
    report = before or CareerReport(proposal=proposal)
    said = {"text": before.text} if before else None
    report.text, report.by, report.at = words, by, now
    report.full_clean()
    report.save()
    record("career.reported", report, by=by, before=said, after={"text": words})
    return report
