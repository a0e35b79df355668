"""Who may read the month as a whole, with or without pay (P6.3a): whole areas, so a refusal is a 403."""

from django.db.models import Q, QuerySet

from appraisals.models import Cycle, Form
from appraisals.permissions import visible_forms
from people.facts import Standing
from people.models import Employee
from scoring.models import Document
from scoring.states import DocumentKind


def can_view_month(standing: Standing) -> bool:
    """HR's page of the month; an auditor reads it without amounts."""
    return standing.is_hr or standing.is_auditor


def can_view_pay(standing: Standing) -> bool:
    """Amounts of others: HR alone."""
    return standing.is_hr


def can_file(standing: Standing) -> bool:
    """HR files results (P6.3a)."""
    return standing.is_hr


def can_download_report(standing: Standing, cycle: Cycle) -> bool:
    """The month's report: HR with pay; the duty officer of that month, the leader, the department and the auditor
    without."""
    return _reads_reports(standing) or standing.is_on_duty(cycle.duty_month)


def can_import(standing: Standing) -> bool:
    """Load a workbook of people, targets, figures and scores: HR."""
    return standing.is_hr


def reported_forms(person: Employee, standing: Standing) -> QuerySet[Form]:
    """Whose rows a report has: everybody's for HR, whose file it is; else what the person may see anyway."""
    return Form.objects.all() if standing.is_hr else visible_forms(person, standing)


def can_read_archive(standing: Standing) -> bool:
    """The archive of the months' documents: the group, the department, HR and the auditor (P5.3)."""
    return _reads_reports(standing) or standing.is_member or bool(standing.duty_months)


def can_view_document(standing: Standing, document: Document) -> bool:
    """Row rule; twin of ``visible_documents``: minutes are the group's; report and open points name people, and are
    for those who download the month's report."""
    if document.kind == DocumentKind.MINUTES and standing.is_member:
        return True
    return can_download_report(standing, document.cycle)


def visible_documents(standing: Standing) -> QuerySet[Document]:
    """List rule; twin of ``can_view_document``."""
    if _reads_reports(standing):
        return Document.objects.all()
    mine = Q(kind=DocumentKind.MINUTES) if standing.is_member else Q(pk__in=())
    for month in standing.duty_months:
        mine |= Q(cycle__ends_on__year=month.year, cycle__ends_on__month=month.month)
    return Document.objects.filter(mine)


def _reads_reports(standing: Standing) -> bool:
    return can_view_month(standing) or standing.is_leader or standing.is_department
