"""Steps that write a workbook's incidents, bonuses, monitored calls and grades of past years."""

from collections.abc import Mapping
from datetime import datetime

from common.db import insert_rows, require_transaction
from incidents.models import Bonus, Incident, Involvement
from incidents.states import EventState
from quality.models import Assessment, AssessmentScore, Call, Rubric, RubricItem, RubricLevel
from quality.states import AssessmentKind, AssessmentState, DrawnWhy
from reports.facts.calls import Call, Standard
from reports.facts.plan import Plan
from reports.facts.rows import IncidentRow
from reports.services.load_staff import Keys
from scoring.models import PastGrade

_EVENT = ["points", "state", "confirmed_at", "decided_at"]
OWN = "own"


def load_events(plan: Plan, keys: Keys, now: datetime) -> None:
    """Incidents count once verified, bonuses once both checks are there (P4.5, P4.6)."""
    require_transaction()
    people = keys.people
    _load_incidents([row for _pk, row in (*plan.events.incidents.new, *plan.events.incidents.changed)], people, now)
    bonuses = [
        Bonus(
            number=row.record,
            occurred_on=row.occurred_on,
            employee_id=people[row.number],
            points=row.points,
            grounds=row.grounds,
            first_checker_id=people.get(row.first),
            second_checker_id=people.get(row.second),
            state=EventState.CONFIRMED if row.first and row.second else EventState.FILED,
            confirmed_at=now if row.first and row.second else None,
            decided_at=now if row.first and row.second else None,
        )
        for _pk, row in (*plan.events.bonuses.new, *plan.events.bonuses.changed)
    ]
    Bonus.objects.bulk_create(
        bonuses,
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=[*_EVENT, "occurred_on", "employee", "grounds", "first_checker", "second_checker"],
    )
    grades = (*plan.events.grades.new, *plan.events.grades.changed)
    PastGrade.objects.bulk_create(
        [PastGrade(year=row.year, employee_id=people[row.number], grade=row.grade) for _pk, row in grades],
        update_conflicts=True,
        unique_fields=["year", "employee"],
        update_fields=["grade"],
    )


def _load_incidents(rows: list[IncidentRow], people: Mapping[str, int], now: datetime) -> None:
    """The records, then each person's involvement."""
    records = {
        row.record: Incident(
            number=row.record,
            occurred_on=row.occurred_on,
            description=row.description,
            found_by_id=people[row.finder],
        )
        for row in rows
    }
    stored = Incident.objects.bulk_create(
        records.values(),
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["occurred_on", "description", "found_by"],
    )
    keys = {incident.number: incident.pk for incident in stored}
    Involvement.objects.bulk_create(
        [
            Involvement(
                incident_id=keys[row.record],
                employee_id=people[row.number],
                filed_points=row.points,
                points=row.points,
                verified_by_id=people.get(row.verifier),
                state=EventState.CONFIRMED if row.verifier else EventState.FILED,
                confirmed_at=now if row.verifier else None,
                decided_at=now if row.verifier else None,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["incident", "employee"],
        update_fields=[*_EVENT, "filed_points", "verified_by"],
    )


def load_calls(plan: Plan, keys: Keys, now: datetime) -> None:
    """A new version of the standard if there is one, then the calls with their totals (A2)."""
    require_transaction()
    fresh = _add_standard(plan.calls.standard) if plan.calls.standard else 0
    calls = [*plan.calls.calls.new, *plan.calls.calls.changed]
    if not calls:
        return
    rubrics = {call.rubric_id or fresh for call in calls}
    named = RubricItem.objects.filter(rubric_id__in=rubrics).values_list("rubric_id", "name", "pk")
    items = {(rubric, name): pk for rubric, name, pk in named}
    changed = [call.pk for call in plan.calls.calls.changed]
    for start in range(0, len(changed), 500):
        first = Assessment.objects.filter(call_id__in=changed[start : start + 500], kind=AssessmentKind.FIRST)
        first.delete()
    stored = Call.objects.bulk_create(
        [
            Call(
                number=call.record,
                called_on=call.called_on,
                employee_id=keys.people[call.number],
                total=call.total,
                drawn_why=DrawnWhy.CHOSEN,
            )
            for call in calls
        ],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["called_on", "employee", "total"],
        batch_size=500,
    )
    by_record = {call.number: call.pk for call in stored}
    assessments = Assessment.objects.bulk_create(
        [
            Assessment(
                call_id=by_record[call.record],
                state=AssessmentState.SUBMITTED,
                listener_id=keys.people[call.listener],
                rubric_id=call.rubric_id or fresh,
                total=call.total,
                submitted_at=now,
            )
            for call in calls
        ],
        batch_size=500,
    )
    rows = [
        (assessment.pk, items[call.rubric_id or fresh, name], points, False)
        for call, assessment in zip(calls, assessments, strict=True)
        for name, points in call.scores.items()
    ]
    insert_rows(AssessmentScore, ("assessment", "item", "points", "is_not_applicable"), rows)


def _add_standard(standard: Standard) -> int:
    """The key of a new version, named by the day it begins."""
    name = standard.starts_on.isoformat()
    taken = set(Rubric.objects.filter(version__startswith=name).values_list("version", flat=True))
    version = next(word for word in (name, *(f"{name}-{n}" for n in range(2, 1000))) if word not in taken)
    rubric = Rubric.objects.create(version=version, starts_on=standard.starts_on, source=OWN)
    items = RubricItem.objects.bulk_create(
        RubricItem(rubric=rubric, category=category, name=item, points=full, order=order, source=OWN)
        for order, (item, (category, full, _levels)) in enumerate(standard.items.items(), start=1)
    )
    RubricLevel.objects.bulk_create(
        RubricLevel(item=item, points=points, description=words, source=OWN)
        for item in items
        for points, words in standard.items[item.name][2].items()
    )
    return rubric.pk
