"""The minutes of a year's calibration as sheets. Heads and states are Chinese in every language: they are kept."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import override

from calibration.models import BoardNote, Move, ReviewStep
from calibration.selectors.moves import Record
from calibration.selectors.tallies import Tally
from calibration.states import MoveState
from reports.workbooks.writing import Column, Kind, Sheet, workbook_bytes
from scoring.models import AnnualReview
from scoring.states import ReviewState

TIED = "并列"
MOVE_COLUMNS: tuple[Column[Move], ...] = (
    Column(title="工号", value=lambda row: row.result.employee.number, width=10),
    Column(title="姓名", value=lambda row: row.result.employee.name, width=10),
    Column(title="从", value=lambda row: row.from_grade or TIED, width=8),
    Column(title="到", value=lambda row: row.to_grade or TIED, width=8),
    Column(title="理由", value=lambda row: row.reason, kind=Kind.LONG, width=44),
    Column(title="移动人", value=lambda row: row.by.name, width=10),
    Column(title="时间", value=lambda row: f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}", width=17),
    Column(title="状态", value=lambda row: str(MoveState(row.state).label), width=18),
    Column(title="授权人", value=lambda row: row.authoriser.name if row.authoriser else None, width=10),
    Column(title="答复", value=lambda row: row.answer or None, kind=Kind.LONG, width=30),
)
NOTE_COLUMNS: tuple[Column[BoardNote], ...] = (
    Column(title="工号", value=lambda row: row.result.employee.number, width=10),
    Column(title="姓名", value=lambda row: row.result.employee.name, width=10),
    Column(title="讨论", value=lambda row: row.text, kind=Kind.LONG, width=60),
    Column(title="记录人", value=lambda row: row.by.name, width=10),
    Column(title="时间", value=lambda row: f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}", width=17),
)
STEP_COLUMNS: tuple[Column[ReviewStep], ...] = (
    Column(title="从", value=lambda row: str(ReviewState(row.before).label), width=10),
    Column(title="到", value=lambda row: str(ReviewState(row.after).label), width=10),
    Column(title="谁", value=lambda row: row.by.name, width=10),
    Column(title="时间", value=lambda row: f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}", width=17),
    Column(title="理由", value=lambda row: row.reason or None, kind=Kind.LONG, width=44),
)
LANE_COLUMNS: tuple[Column[Tally], ...] = (
    Column(title="范围", value=lambda row: row.pool, width=16),
    Column(title="等级", value=lambda row: row.grade, width=8),
    Column(title="人数", value=lambda row: row.people, kind=Kind.COUNT, width=8),
    Column(title="名额", value=lambda row: row.places, kind=Kind.COUNT, width=8),
    Column(title="精确名额", value=lambda row: row.exact, kind=Kind.POINTS, width=10),
)


def minutes_workbook(review: AnnualReview, record: Record, tallies: Sequence[Tally]) -> bytes:
    """The minutes as far as one person may see them; the lanes of a pool only if he may see all of it."""
    sheets: list[Sheet[Move] | Sheet[BoardNote] | Sheet[ReviewStep] | Sheet[Tally]] = [
        Sheet(name="移动", columns=MOVE_COLUMNS, rows=record.moves, frozen=2),
        Sheet(name="讨论", columns=NOTE_COLUMNS, rows=record.notes, frozen=2),
        Sheet(name="人数", columns=LANE_COLUMNS, rows=tallies, portrait=True),
        Sheet(name="步骤", columns=STEP_COLUMNS, rows=record.steps, portrait=True),
    ]
    with override("zh-hans"):
        return workbook_bytes(sheets, footer=f"客服年度校准纪要 {review.year}")
