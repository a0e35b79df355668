"""Steps that write a workbook's incidents, bonuses and grades of past years."""

from collections.abc import Mapping
from datetime import datetime

from common.db import require_transaction
from incidents.models import Bonus, Incident, Involvement
from incidents.states import EventState
from quality.models import Call
from reports.facts.events import BonusChange
from reports.facts.incidents import IncidentChange
from reports.facts.plan import Plan
from reports.selectors.known import Wanted
from reports.selectors.known_records import in_batches
from reports.services.load_staff import Keys
from scoring.models import PastGrade

_DECISION = ["points", "state", "confirmed_at", "decided_at"]
_CLAIM = ["occurred_on", "employee", "grounds", "first_checker", "first_checked_at", "second_checker"]


def lock_records(wanted: Wanted) -> None:
    """Lock what the workbook speaks of, records before shares: nothing is decided while it is compared and written."""
    require_transaction()
    for batch in in_batches(wanted.incidents):
        list(Incident.objects.select_for_update().filter(number__in=batch).order_by("pk").values_list("pk"))
        shares = Involvement.objects.select_for_update(of=("self",)).filter(incident__number__in=batch)
        list(shares.order_by("pk").values_list("pk"))
    for model, numbers in ((Bonus, wanted.bonuses), (Call, wanted.calls)):
        for batch in in_batches(numbers):
            rows = model._default_manager.select_for_update().filter(number__in=batch)
            list(rows.order_by("pk").values_list("pk"))


def load_events(plan: Plan, keys: Keys, now: datetime) -> None:
    """Incidents count once verified, bonuses once both checks are there (P4.5, P4.6)."""
    require_transaction()
    events = plan.events
    _load_incidents([*events.incidents.new, *events.incidents.changed], keys.people, now)
    Bonus.objects.bulk_create(
        [_bonus(change, keys.people, now) for change in (*events.bonuses.new, *events.bonuses.changed)],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=[*_DECISION, *_CLAIM],
    )
    grades = (*events.grades.new, *events.grades.changed)
    PastGrade.objects.bulk_create(
        [PastGrade(year=row.year, employee_id=keys.people[row.number], grade=row.grade) for _pk, row in grades],
        update_conflicts=True,
        unique_fields=["year", "employee"],
        update_fields=["grade"],
    )


def _load_incidents(changes: list[IncidentChange], people: Mapping[str, int], now: datetime) -> None:
    """The records, then the shares; what was confirmed here keeps its decision."""
    records = {
        row.record: Incident(
            number=row.record,
            occurred_on=row.occurred_on,
            description=row.description,
            found_by_id=people[row.finder],
        )
        for row, _stands, _is_kept in changes
    }
    stored = Incident.objects.bulk_create(
        records.values(),
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["occurred_on", "description", "found_by"],
    )
    keys = {incident.number: incident.pk for incident in stored}
    Involvement.objects.bulk_create(
        [_share(change, keys, people, now) for change in changes if not change.is_kept],
        update_conflicts=True,
        unique_fields=["incident", "employee"],
        update_fields=[*_DECISION, "filed_points", "verified_by"],
    )


def _share(change: IncidentChange, keys: Mapping[str, int], people: Mapping[str, int], now: datetime) -> Involvement:
    """A share as filed or verified; nobody's term to state a view runs from a workbook."""
    row, at = change.row, change.stands.confirmed_at if change.stands else None
    confirmed_at = (at or now) if row.verifier else None
    return Involvement(
        incident_id=keys[row.record],
        employee_id=people[row.number],
        filed_points=row.points,
        points=row.points,
        verified_by_id=people.get(row.verifier),
        state=EventState.CONFIRMED if row.verifier else EventState.FILED,
        confirmed_at=confirmed_at,
        decided_at=confirmed_at,
    )


def _bonus(change: BonusChange, people: Mapping[str, int], now: datetime) -> Bonus:
    """A claim without an entry of the standard; it is an event of its own until somebody joins it to another."""
    row, stands = change
    is_whole = bool(row.first and row.second)
    confirmed_at = ((stands and stands.confirmed_at) or now) if is_whole else None
    return Bonus(
        number=row.record,
        occurred_on=row.occurred_on,
        employee_id=people[row.number],
        event=row.record,
        points=row.points,
        grounds=row.grounds,
        first_checker_id=people.get(row.first),
        first_checked_at=((stands and stands.first_checked_at) or now) if row.first else None,
        second_checker_id=people.get(row.second),
        state=EventState.CONFIRMED if is_whole else EventState.FILED,
        confirmed_at=confirmed_at,
        decided_at=confirmed_at,
    )
