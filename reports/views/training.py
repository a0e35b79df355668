"""The training requests as a workbook, for the training centre (P7.3)."""

from operator import attrgetter

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import override
from django.views.decorators.http import require_GET

from development.models import TrainingRequest
from development.permissions import reads_training
from development.selectors.training import Topic, all_training, topics
from development.states import TrainingState
from people.requests import person_of, standing_in
from reports.workbooks.writing import MIME_TYPE, Column, Kind, Sheet, workbook_bytes

MOST = 5000


@require_GET
def training_workbook(request: HttpRequest) -> HttpResponse:
    """Everything passed on, and how often each topic is asked for; heads are Chinese in every language."""
    person, standing = person_of(request), standing_in(request)
    if not reads_training(standing):
        raise PermissionDenied
    rows = list(all_training(person, standing, request.GET.get("state", ""))[:MOST])
    sheets: list[Sheet[TrainingRequest] | Sheet[Topic]] = [
        Sheet(name="培训需求", columns=_columns(), rows=rows, frozen=2),
        Sheet(name="按内容统计", columns=_TOPICS, rows=topics(person, standing), portrait=True),
    ]
    name = f"培训需求_{timezone.localdate():%Y-%m-%d}.xlsx"
    answer = HttpResponse(workbook_bytes(sheets, footer="培训需求"), content_type=MIME_TYPE)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def _columns() -> tuple[Column[TrainingRequest], ...]:
    with override("zh-hans"):
        states = {state.value: str(state.label) for state in TrainingState}
    return (
        Column(title="工号", value=attrgetter("employee.number"), width=10),
        Column(title="姓名", value=attrgetter("employee.name"), width=10),
        Column(title="区域", value=lambda row: row.employee.region.name if row.employee.region else "", width=14),
        Column(title="岗位", value=lambda row: row.employee.position.name if row.employee.position else "", width=14),
        Column(title="培训内容", value=attrgetter("topic"), kind=Kind.LONG, width=24),
        Column(title="为什么需要", value=attrgetter("why"), kind=Kind.LONG, width=36),
        Column(title="希望日期", value=attrgetter("wanted_by"), width=12),
        Column(title="提出人", value=attrgetter("requested_by.name"), width=10),
        Column(title="状态", value=lambda row: states[row.state], width=10),
        Column(title="培训日期", value=attrgetter("arranged_on"), width=12),
        Column(title="答复", value=attrgetter("answer"), kind=Kind.LONG, width=30),
    )


_TOPICS: tuple[Column[Topic], ...] = (
    Column(title="培训内容", value=attrgetter("name"), kind=Kind.LONG, width=30),
    Column(title="需求条数", value=attrgetter("requests"), kind=Kind.COUNT),
    Column(title="人数", value=attrgetter("people"), kind=Kind.COUNT),
    Column(title="已安排", value=attrgetter("arranged"), kind=Kind.COUNT),
    Column(title="不安排", value=attrgetter("declined"), kind=Kind.COUNT),
)
