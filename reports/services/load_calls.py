"""Steps that write a workbook's monitoring standard and the calls scored by it (A2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from common.db import insert_rows, require_transaction
from quality.models import Assessment, AssessmentScore, Call, CallNote, FatalFault, Rubric, RubricItem, RubricLevel
from quality.states import AssessmentKind, AssessmentState, DrawnWhy, RubricState
from reports.facts.calls import ScoredCall, Standard
from reports.facts.plan import Plan
from reports.services.load_staff import Keys

OWN = "own"
BATCH = 500
_PLAN = ("per_agent", "new_agent", "new_days", "min_for_kpi", "pass_mark", "second_share", "dispute_days")


def load_calls(plan: Plan, keys: Keys, now: datetime) -> None:
    """A new version of the standard if there is one, then the calls with their first scoring."""
    require_transaction()
    fresh = _add_standard(plan.calls.standard, now) if plan.calls.standard else 0
    calls = [*plan.calls.calls.new, *plan.calls.calls.changed]
    if not calls:
        return
    stored = Call.objects.bulk_create(
        [_call(call, keys.people, now) for call in calls],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["called_on", "employee", "total", "drawn_why", "drawn_at"],
        batch_size=BATCH,
    )
    assessments = Assessment.objects.bulk_create(
        [
            _assessment(call, row.pk, keys.people[call.listener], (call.rubric_id or fresh, now))
            for call, row in zip(calls, stored, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["call", "kind"],
        update_fields=["state", "listener", "rubric", "total", "fatal_fault", "fatal_note", "version", "submitted_at"],
        batch_size=BATCH,
    )
    _write_scores(calls, assessments)


def _call(call: ScoredCall, people: Mapping[str, int], now: datetime) -> Call:
    """The call; a workbook does not say how it was chosen, so what nobody drew counts as the listener's choice."""
    stands = call.stands
    return Call(
        number=call.record,
        called_on=call.called_on,
        employee_id=people[call.number],
        total=call.total,
        drawn_why=(stands and stands.drawn_why) or DrawnWhy.CHOSEN,
        drawn_at=(stands and stands.drawn_at) or now,
    )


def _assessment(call: ScoredCall, pk: int, listener: int, by: tuple[int, datetime]) -> Assessment:
    """Submitted without a term to dispute it: what a workbook brings was settled before."""
    rubric, now = by
    return Assessment(
        call_id=pk,
        kind=AssessmentKind.FIRST,
        state=AssessmentState.SUBMITTED,
        listener_id=listener,
        rubric_id=rubric,
        total=call.total,
        version=((call.stands and call.stands.version) or 0) + 1,
        submitted_at=now,
    )


def _write_scores(calls: Sequence[ScoredCall], assessments: Sequence[Assessment]) -> None:
    """Every level given, in place of those that stood."""
    rubrics = {assessment.rubric_id for assessment in assessments}
    named = RubricItem.objects.filter(rubric_id__in=rubrics).values_list("rubric_id", "name", "pk")
    items = {(rubric, name): pk for rubric, name, pk in named}
    pairs = list(zip(calls, assessments, strict=True))
    begun = [assessment.pk for call, assessment in pairs if call.stands and call.stands.state]
    for start in range(0, len(begun), BATCH):
        batch = begun[start : start + BATCH]
        AssessmentScore.objects.filter(assessment_id__in=batch).delete()
        # A remark on an item of another version of the standard stays as one on the call.
        for rubric in rubrics:
            others = CallNote.objects.filter(assessment_id__in=batch, assessment__rubric_id=rubric)
            others.exclude(item__isnull=True).exclude(item__rubric_id=rubric).update(item=None)
    rows = [
        (assessment.pk, items[assessment.rubric_id, name], points, False)
        for call, assessment in pairs
        for name, points in call.scores.items()
    ]
    insert_rows(AssessmentScore, ("assessment", "item", "points", "is_not_applicable"), rows)


def _add_standard(standard: Standard, now: datetime) -> int:
    """The key of a new published version, named by the day it begins.

    The sheet has no column for the plan, the fatal faults, the English names and what may not apply: what the version
    before says of them goes on, for items and levels that keep their name and points.
    """
    before = Rubric.objects.get(pk=standard.follows) if standard.follows else None
    plan = {name: getattr(before, name) for name in _PLAN} if before else {}
    rubric = Rubric.objects.create(
        version=_free_name(standard.starts_on.isoformat()),
        state=RubricState.PUBLISHED,
        starts_on=standard.starts_on,
        published_at=now,
        source=OWN,
        **plan,
    )
    old = {item.name: item for item in before.items.prefetch_related("levels")} if before else {}
    items = RubricItem.objects.bulk_create(
        _item(rubric, name, standard, (order, old.get(name))) for order, name in enumerate(standard.items, start=1)
    )
    RubricLevel.objects.bulk_create(
        RubricLevel(
            item=item,
            points=points,
            description=words,
            description_en=_english(old.get(item.name)).get((points, words), ""),
            source=OWN,
        )
        for item in items
        for points, words in standard.items[item.name][2].items()
    )
    if before:
        FatalFault.objects.bulk_create(
            FatalFault(
                rubric=rubric,
                code=fault.code,
                name=fault.name,
                name_en=fault.name_en,
                incident_kind_id=fault.incident_kind_id,
                order=fault.order,
            )
            for fault in before.fatal_faults.all()
        )
    return rubric.pk


def _item(rubric: Rubric, name: str, standard: Standard, place: tuple[int, RubricItem | None]) -> RubricItem:
    category, full, _levels = standard.items[name]
    order, old = place
    return RubricItem(
        rubric=rubric,
        category=category,
        category_en=old.category_en if old and old.category == category else "",
        name=name,
        name_en=old.name_en if old else "",
        points=full,
        may_not_apply=old.may_not_apply if old else False,
        order=order,
        source=OWN,
    )


def _english(item: RubricItem | None) -> dict[tuple[object, str], str]:
    """English words of an item's levels by points and Chinese words."""
    return {(level.points, level.description): level.description_en for level in item.levels.all()} if item else {}


def _free_name(name: str) -> str:
    taken = set(Rubric.objects.filter(version__startswith=name).values_list("version", flat=True))
    return next(word for word in (name, *(f"{name}-{n}" for n in range(2, 1000))) if word not in taken)
