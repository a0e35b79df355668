"""The agenda of an exchange meeting as its page shows it, region by region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from development.models import Meeting, RegionMinute
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
    """A region with what its month showed; ``mean``, ``last`` and ``spread`` are of coefficients, percent."""

    minute: RegionMinute
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


def agenda_rows(meeting: Meeting) -> list[RegionRow]:
    """Every region of the meeting with the agenda as it was when it was prepared; one statement."""
    minutes = meeting.regions.select_related("region").order_by("region__code")
    return [_row(minute, meeting.agenda.get(str(minute.region_id), {})) for minute in minutes]


def _row(minute: RegionMinute, told: Mapping[str, Any]) -> RegionRow:
    return RegionRow(
        minute=minute,
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
