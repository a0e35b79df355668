"""What HR's month page shows, put together once: figures, proposals, people near a rule, regions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from appraisals.models import Cycle
from appraisals.permissions import HR_SEES
from appraisals.selectors.schemes import rules_of
from appraisals.states import FormState
from consequences.permissions import Reader, counted_people
from consequences.selectors.counters import Near, nearly_there
from consequences.selectors.desk import Suggestion, month_proposals, suggestions
from people.facts import Standing
from people.models import Employee
from reports.permissions import can_file
from reports.selectors.months import (
    Filing,
    RegionRow,
    Spread,
    coefficients,
    filing_of,
    may_file_unsigned,
    mean_of,
    median,
    region_row,
    region_rows,
    spread_of,
)
from scoring.selectors.reports import MonthRow


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPage:
    """A month as HR reads it; ``change`` is the mean coefficient against the month before."""

    cycle: Cycle
    before: Cycle | None
    after: Cycle | None
    whole: RegionRow
    regions: list[RegionRow]
    median: Decimal | None
    change: Decimal | None
    spread: Spread
    filing: Filing
    suggestions: list[Suggestion]
    near: list[Near]
    today: date

    @property
    def unfiled(self) -> int:
        """How many results are still on their way to the file."""
        return self.filing.total - self.filing.filed


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A line of the list of forms, and what can be done with it now. ``sign_due_on`` while it waits for signatures."""

    row: MonthRow
    look: str
    state: str
    can_open: bool
    can_file: bool
    can_file_unsigned: bool
    can_unfile: bool
    sign_due_on: date | None


LOOKS = {FormState.PUBLISHED: "wait", FormState.SIGNED: "ok", FormState.FILED: "hold"}


def chosen(cycles: Sequence[Cycle], key: str, today: date) -> Cycle | None:
    """The month asked for; without a key the last one that has ended, else the first there is."""
    if key:
        return next((cycle for cycle in cycles if cycle.key == key), None)
    ended = [cycle for cycle in cycles if cycle.ends_on < today]
    return ended[-1] if ended else cycles[0] if cycles else None


def month_page(
    cycle: Cycle, cycles: Sequence[Cycle], rows: Sequence[MonthRow], *, reader: Reader, with_pay: bool, today: date
) -> MonthPage:
    """Everything above the list; nobody finds his own proposal here."""
    place = cycles.index(cycle)
    before = cycles[place - 1] if place else None
    whole, ordered = region_row("", rows), coefficients(rows)
    mean_before = mean_of(before) if before else None
    known = whole.coefficient is not None and mean_before is not None
    return MonthPage(
        cycle=cycle,
        before=before,
        after=cycles[place + 1] if place + 1 < len(cycles) else None,
        whole=whole,
        regions=region_rows(rows),
        median=median(ordered),
        change=whole.coefficient - mean_before if known else None,  # type: ignore[operator]  # both are known
        spread=spread_of(ordered, rules_of(cycle.scheme)),
        filing=filing_of(rows, today=today),
        suggestions=suggestions(month_proposals(reader, cycle), with_pay=with_pay, today=today),
        near=nearly_there(counted_people(reader, today), cycle),
        today=today,
    )


def in_sight(rows: Sequence[MonthRow], *, state: str, region: str, text: str) -> list[MonthRow]:
    """The rows that were asked for: by state, region, name or number."""
    return [
        row
        for row in rows
        if (not state or row.state == state)
        and (not region or row.region == region)
        and (not text or text.lower() in row.name.lower() or text.lower() in row.number.lower())
    ]


def person_lines(rows: Iterable[MonthRow], *, person: Employee, standing: Standing, today: date) -> list[PersonLine]:
    """The lines of a page of the list."""
    return [_line(row, person=person, standing=standing, today=today) for row in rows]


def _line(row: MonthRow, *, person: Employee, standing: Standing, today: date) -> PersonLine:
    state = FormState(row.state)
    files = can_file(standing) and row.employee_id != person.pk
    return PersonLine(
        row=row,
        look="case" if row.is_contested else LOOKS.get(state, "now"),
        state=_("申诉中") if row.is_contested else str(state.label),
        can_open=standing.is_auditor or row.state in HR_SEES,
        can_file=files and state == FormState.SIGNED and not row.is_contested,
        can_file_unsigned=files and not row.is_contested and may_file_unsigned(row, today),
        can_unfile=files and state == FormState.FILED,
        sign_due_on=row.sign_until if state == FormState.PUBLISHED else None,
    )
