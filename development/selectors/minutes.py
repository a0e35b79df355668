"""The agenda of an exchange meeting as its page shows it, region by region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Subquery

from appraisals.models import Cycle
from development.models import Addendum, Amendment, Meeting, RegionMinute
from development.states import MeetingState
from people.models import Employee
from policy.rounding import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An indicator of a region beside the company's: shares of the points, percent."""

    name: str
    share: Decimal
    company: Decimal

    @property
    def lead(self) -> Decimal:
        """Percentage points ahead of the company."""
        return self.share - self.company


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """A region with what its month showed; ``mean``, ``last`` and ``spread`` are of coefficients, percent.

    ``before``: what the last sent minutes say of it, to look back on.
    """

    minute: RegionMinute
    before: RegionMinute | None
    forms: int
    mean: Decimal | None
    last: Decimal | None
    spread: Decimal | None
    best: list[Shown]
    weak: list[Shown]
    incidents: Sequence[tuple[str, int]]
    bonus: Decimal
    figures: int
    late: int
    contested: int

    @property
    def change(self) -> Decimal | None:
        """Against the month before."""
        return None if self.mean is None or self.last is None else self.mean - self.last

    @property
    def on_time(self) -> int:
        """Figures by the term."""
        return self.figures - self.late

    @property
    def incident_count(self) -> int:
        """All of them."""
        return sum(n for _category, n in self.incidents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Sent minutes as they are kept; ``changed_at`` when something was last added to them."""

    meeting: Meeting
    attendees: list[Employee]
    recipients: list[Employee]
    regions: list[RegionMinute]
    amendments: list[Amendment]
    addenda: list[Addendum]

    @property
    def changed_at(self) -> datetime | None:
        """Sent, added to, or an amendment answered, whichever came last."""
        moments = [
            self.meeting.sent_at,
            *(one.at for one in self.addenda),
            *(one.decided_at for one in self.amendments),
        ]
        return max((moment for moment in moments if moment is not None), default=None)


def record_of(cycle: Cycle) -> Record | None:
    """The minutes of a month's meeting with all that belongs to them; None before they were sent."""
    sent = Meeting.objects.filter(cycle=cycle, state=MeetingState.SENT).select_related("chair", "cycle")
    meeting = sent.first()
    if meeting is None:
        return None
    return Record(
        meeting=meeting,
        attendees=list(meeting.attendees.order_by("number")),
        recipients=list(meeting.recipients.order_by("number")),
        regions=list(meeting.regions.select_related("region")),
        amendments=list(meeting.amendments.select_related("proposed_by", "asked")),
        addenda=list(meeting.addenda.select_related("by")),
    )


def agenda_rows(meeting: Meeting) -> list[RegionRow]:
    """Every region of the meeting with the agenda as it was when it was prepared; two statements."""
    minutes = meeting.regions.select_related("region").order_by("region__code")
    earlier = Meeting.objects.filter(state=MeetingState.SENT, cycle__starts_on__lt=meeting.cycle.starts_on)
    last = earlier.order_by("-cycle__starts_on").values("pk")[:1]
    said = RegionMinute.objects.filter(meeting=Subquery(last)).select_related("meeting__cycle")
    before = {minute.region_id: minute for minute in said}
    return [
        _row(minute, meeting.agenda.get(str(minute.region_id), {}), before.get(minute.region_id)) for minute in minutes
    ]


def _row(minute: RegionMinute, told: Mapping[str, Any], before: RegionMinute | None) -> RegionRow:
    return RegionRow(
        minute=minute,
        before=before,
        forms=told.get("forms", 0),
        mean=_number(told.get("mean")),
        last=_number(told.get("last")),
        spread=_number(told.get("spread")),
        best=_shown(told.get("best", ())),
        weak=_shown(told.get("weak", ())),
        incidents=[(category, n) for category, n in told.get("incidents", ())],
        bonus=_number(told.get("bonus")) or ZERO,
        figures=told.get("figures", 0),
        late=told.get("late", 0),
        contested=told.get("contested", 0),
    )


def _shown(rows: Sequence[Sequence[str]]) -> list[Shown]:
    return [Shown(name=name, share=Decimal(share), company=Decimal(company)) for name, share, company in rows]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
