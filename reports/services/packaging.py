"""The month's documents put into the archive together, and handed out again (P5.3). What is kept is never replaced."""

import hashlib
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from appraisals.models import Cycle, Form
from appraisals.states import RESULT_STATES
from audit.log import record
from common.errors import RuleError
from development.selectors.minutes import record_of
from people.models import Employee
from people.selectors import standing_of
from reports.exports import month_workbook
from reports.facts.monthly import CHINESE, minutes_workbook, points_workbook
from reports.permissions import can_view_document
from reports.selectors.points import open_points
from scoring.models import Document
from scoring.permissions import can_run_board
from scoring.selectors.reports import month_rows
from scoring.states import DocumentKind

ENDING = ".xlsx"


class Made(NamedTuple):
    """A document before it is kept."""

    kind: DocumentKind
    name: str
    content: bytes


@transaction.atomic(durable=True)
def make_package(cycle_id: int, *, by: Employee) -> list[Document]:
    """Put report, open points and, once they were sent, the minutes of the meeting into the archive, as new versions.

    The report has published results alone, and no pay: it is read by people who see no amounts; HR's stays its own.
    """
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=cycle_id)
    if not can_run_board(standing_of(by, timezone.localdate()), cycle):
        raise RuleError(_("月度文档由这个月的值班主任或组长来出。"), code="not_allowed")
    published = Form.objects.filter(state__in=RESULT_STATES)
    with override(CHINESE):
        made = [
            Made(
                DocumentKind.REPORT, _("月度报表"), month_workbook(cycle, month_rows(cycle, published), with_pay=False)
            ),
            Made(DocumentKind.POINTS, _("未了事项"), points_workbook(cycle, open_points(cycle))),
            *_minutes(cycle),
        ]
        kept = [_keep(cycle, one, by) for one in made]
    after = {"documents": [{"id": one.pk, "name": one.name, "sha256": one.sha256} for one in kept]}
    record("documents.made", cycle, by=by, after=after)
    return kept


def _minutes(cycle: Cycle) -> list[Made]:
    """The minutes if they were sent; again when something has come to them since they were put into the archive."""
    minutes = record_of(cycle)
    if minutes is None:
        return []
    known = Document.objects.filter(cycle=cycle, kind=DocumentKind.MINUTES)
    if minutes.changed_at and known.filter(made_at__gte=minutes.changed_at).exists():
        return []
    return [Made(DocumentKind.MINUTES, _("会议纪要"), minutes_workbook(minutes))]


def _keep(cycle: Cycle, made: Made, by: Employee) -> Document:
    number = Document.objects.filter(cycle=cycle, kind=made.kind).count() + 1
    document = Document(
        cycle=cycle,
        kind=made.kind,
        name=f"{made.name}_{cycle.key}_v{number}{ENDING}",
        size=len(made.content),
        sha256=hashlib.sha256(made.content).hexdigest(),
        made_by=by,
        made_at=timezone.now(),
    )
    document.file.save(f"{cycle.key}-{made.kind}-v{number}{ENDING}", ContentFile(made.content), save=False)
    document.full_clean()
    document.save()
    return document


def hand_out(document_id: int, *, by: Employee) -> tuple[Document, bytes]:
    """A document for somebody who may read it, after its digest was checked; who took it when is recorded.

    ``RuleError`` for a file that is gone or is no longer what was kept.
    """
    document, content = _checked_out(document_id, by)
    if content is None:
        words = _("“%(name)s”和归档时不一样或者不见了，没有下载。请系统管理员从备份里取回。")
        raise RuleError(words % {"name": document.name}, code="damaged")
    return document, content


@transaction.atomic(durable=True)
def _checked_out(document_id: int, by: Employee) -> tuple[Document, bytes | None]:
    """The refusal comes after the commit: that a document is damaged must be on record too."""
    document = Document.objects.select_related("cycle").get(pk=document_id)
    if not can_view_document(standing_of(by, timezone.localdate()), document):
        raise RuleError(_("这份文档不归你看。"), code="not_allowed")
    content = _read(document)
    is_whole = content is not None and hashlib.sha256(content).hexdigest() == document.sha256
    action = "document.downloaded" if is_whole else "document.damaged"
    record(action, document, by=by, after={"name": document.name, "sha256": document.sha256})
    return document, content if is_whole else None


def _read(document: Document) -> bytes | None:
    try:
        with document.file.open("rb") as file:
            content: bytes = file.read()
    except OSError:
        return None
    return content
