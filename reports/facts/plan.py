"""What loading a workbook would do: every fault, every warning, and the changes sheet by sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reports.facts.calls import CallPlan, plan_calls
from reports.facts.changes import Counts
from reports.facts.entries import EntriesPlan, plan_entries
from reports.facts.events import EventsPlan, plan_events
from reports.facts.faults import Fault, Faults
from reports.facts.group import GroupPlan, plan_group
from reports.facts.parsing import Parsed
from reports.facts.roster import Roster
from reports.facts.scheme import SchemePlan, plan_scheme
from reports.facts.sheets import BONUSES, CALLS, FIGURES, INCIDENTS, PAST_GRADES, SCORES, SHEETS, TARGETS
from reports.facts.staff import StaffPlan, earliest_month, plan_staff
from reports.facts.targets import FormsPlan, Grounds, plan_forms
from reports.selectors.known import Known, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole of it. Reporting lines are judged as of ``today``; ``since`` is the workbook's first month."""

    faults: Faults
    known: Known
    roster: Roster
    since: date
    today: date
    scheme: SchemePlan
    staff: StaffPlan
    group: GroupPlan
    calls: CallPlan
    forms: FormsPlan
    entries: EntriesPlan
    events: EventsPlan
    sheets: Mapping[str, Counts]

    @property
    def found(self) -> list[Fault]:
        """All faults in the order of the workbook."""
        return self.faults.sorted()

    @property
    def counts(self) -> list[Counts]:
        """The sheets the workbook has, in the order of loading."""
        return list(self.sheets.values())

    @property
    def is_idle(self) -> bool:
        """Whether everything stands already as the workbook has it."""
        moved = any(
            form.is_agreed and form.known and form.state != form.known.state for form in self.forms.forms.values()
        )
        return not moved and not self.staff.lines and not any(sheet.new or sheet.changed for sheet in self.counts)


def wanted_of(parsed: Parsed) -> Wanted:
    """What has to be looked up before the workbook can be judged."""
    months = {row.month for sheet in (TARGETS, FIGURES, SCORES) for row in parsed.of(sheet)}
    months |= {row.called_on.replace(day=1) for row in parsed.of(CALLS)}
    return Wanted(
        months=frozenset(months),
        incidents=frozenset(row.record for row in parsed.of(INCIDENTS)),
        bonuses=frozenset(row.record for row in parsed.of(BONUSES)),
        calls=frozenset(row.record for row in parsed.of(CALLS)),
        years=frozenset(row.year for row in parsed.of(PAST_GRADES)),
    )


def plan_import(parsed: Parsed, known: Known, today: date) -> Plan:
    """Judge a workbook against what stands; nothing is written."""
    since = earliest_month(parsed, today)
    scheme = plan_scheme(parsed, known, since)
    staff, roster = plan_staff(parsed, known, today)
    group = plan_group(parsed, known, roster)
    calls = plan_calls(parsed, known, roster, today)
    grounds = Grounds(known=known, roster=roster, schemes=scheme, faults=parsed.faults, today=today)
    forms = plan_forms(parsed, grounds)
    entries = plan_entries(parsed, forms, grounds)
    events = plan_events(parsed, known, roster)
    parts = (
        scheme.counts,
        *(sheet.counts for sheet in (staff.regions, staff.positions, staff.grades, staff.employees)),
        group.members.counts,
        group.turns.counts,
        calls.rubric_counts,
        forms.rows.counts,
        entries.figures.counts,
        _with_upward(entries),
        events.incidents.counts,
        events.bonuses.counts,
        calls.calls.counts,
        events.grades.counts,
    )
    by_sheet = {counts.sheet: counts for counts in parts}
    return Plan(
        faults=parsed.faults,
        known=known,
        roster=roster,
        since=since,
        today=today,
        scheme=scheme,
        staff=staff,
        group=group,
        calls=calls,
        forms=forms,
        entries=entries,
        events=events,
        sheets={spec.name: by_sheet[spec.name] for spec in SHEETS if spec.name in parsed.faults.raw},
    )


def _with_upward(entries: EntriesPlan) -> Counts:
    """The subordinates' ratings are new rows of 评分 as well."""
    upward = sum(len(rows) for raters in entries.upward.values() for rows in raters.values())
    counts = entries.scores.counts
    return counts._replace(new=counts.new + upward)
