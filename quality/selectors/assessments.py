"""Reads of the scoring of calls: a sheet with its levels, what waits for a listener, what waits for a ruling (A2)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import DateField, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from incidents.models import Incident
from incidents.permissions import Judge, visible_incidents
from people.models import Employee, ReportingLine
from policy.monitoring import CallScore, Mark, score_call
from quality.models import Assessment, Call, CallNote, Dispute, FatalFault
from quality.permissions import Ear, Lines, can_rule, can_see_total
from quality.states import AssessmentKind, AssessmentState, DisputeState

TAKEN_FOR = timedelta(days=1)
"""For so long a draft belongs to who began it; then whoever hears all may take the call over."""
LISTED = 100
RULED_LISTED = 20


def score_of(assessment: Assessment) -> CallScore:
    """What the levels make by the policy core; ``rubric.items`` and ``scores`` are read, best prefetched."""
    given = {score.item_id: score for score in assessment.scores.all()}
    marks = []
    for item in assessment.rubric.items.all():
        score = given.get(item.pk)
        off = score is not None and score.is_not_applicable
        marks.append(Mark(item.pk, item.points, None if score is None else score.points, is_not_applicable=off))
    return score_call(marks, is_fatal=assessment.fatal_fault_id is not None)


def is_month_counted(call: Call) -> bool:
    """Whether the form of the call's month was consolidated with this agent's calls: that figure stands."""
    first = call.called_on.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    month = Call.objects.filter(employee_id=call.employee_id, called_on__range=(first, last))
    return month.filter(counted_month__isnull=False).exists()


def of_open_months(rows: QuerySet[Any], path: str = "") -> QuerySet[Any]:
    """Rows whose call, at ``path``, may still be scored or ruled on: ``is_month_counted`` turned round, for a list."""
    return with_counted(rows, path).filter(is_counted=False)


def with_counted(rows: QuerySet[Any], path: str = "") -> QuerySet[Any]:
    """Each row with ``is_counted``: whether the month of its call, at ``path``, was consolidated with its calls."""
    counted = Call.objects.filter(employee=OuterRef(f"{path}employee"), counted_month=OuterRef("month_of_call"))
    dated: QuerySet[Any] = rows.alias(month_of_call=TruncMonth(f"{path}called_on", output_field=DateField()))
    found: QuerySet[Any] = dated.annotate(is_counted=Exists(counted))
    return found


def drawn_unbegun() -> QuerySet[Call]:
    """Drawn calls that nobody has begun to score while they may be scored."""
    begun = Assessment.objects.filter(call=OuterRef("pk"), kind=AssessmentKind.FIRST)
    return of_open_months(Call.objects.filter(~Q(drawn_why=""), ~Exists(begun)))


def drafts_of(person: Employee, kind: AssessmentKind) -> QuerySet[Assessment]:
    """The person's unfinished scorings of a kind that he can still hand in; a second one counts in no month."""
    rows = Assessment.objects.filter(listener=person, state=AssessmentState.DRAFT, kind=kind)
    return rows if kind == AssessmentKind.SECOND else of_open_months(rows, "call__")


def filed_from(call: Call, ear: Ear) -> Incident | None:
    """The incident that a fatal fault of this call filed, if the person may see it."""
    return visible_incidents(Judge(ear.person, ear.standing)).filter(origin=call.number).order_by("pk").first()


def whole_assessments() -> QuerySet[Assessment]:
    """Assessments with what their pages show: levels, comments, objections; six statements, however many there are."""
    return Assessment.objects.select_related("listener", "fatal_fault", "rubric").prefetch_related(
        "rubric__items__levels",
        "scores",
        Prefetch("notes", CallNote.objects.order_by("at_second", "pk")),
        Prefetch("disputes", Dispute.objects.select_related("ruled_by", "old_fault", "item")),
    )


def sheet_of(call: Call, ear: Ear) -> Assessment | None:
    """The assessment of this call that is the person's own, with all there is to fill in; None if he has none."""
    faults = FatalFault.objects.select_related("incident_kind__severity")
    rows = Assessment.objects.filter(call=call, listener=ear.person).select_related("fatal_fault", "rubric")
    rows = rows.prefetch_related(
        "rubric__items__levels",
        Prefetch("rubric__fatal_faults", faults),
        "scores",
        Prefetch("notes", CallNote.objects.order_by("at_second", "pk")),
    )
    return rows.order_by("state", "pk").first()  # a draft before what is submitted


def own_draft_of(call_id: int, ear: Ear) -> Assessment | None:
    """The person's unfinished assessment of a call."""
    rows = Assessment.objects.filter(call_id=call_id, listener=ear.person, state=AssessmentState.DRAFT)
    return rows.first()


def summed(pk: int) -> Assessment:
    """An assessment with its call and what its sums are made of: three statements."""
    rows = Assessment.objects.select_related("call", "fatal_fault", "rubric")
    return rows.prefetch_related("rubric__items", "scores").get(pk=pk)


def first_draft(call: Call) -> Assessment | None:
    """Somebody's unfinished first scoring; who may know of it is for the caller to ask."""
    rows = Assessment.objects.filter(call=call, kind=AssessmentKind.FIRST, state=AssessmentState.DRAFT)
    return rows.select_related("listener").first()


def may_be_taken(draft: Assessment, now: datetime) -> bool:
    """Whether a draft has lain for so long that whoever hears all may take the call over."""
    return now - draft.started_at >= TAKEN_FOR


@dataclass(frozen=True, slots=True)
class ToScore:
    """What waits for one listener: blind second scorings, his own drafts, drawn calls nobody has begun."""

    blind: list[Assessment]
    drafts: list[Assessment]
    drawn: list[Call]
    more: int

    @property
    def drawn_count(self) -> int:
        """Drawn calls, those left out too."""
        return len(self.drawn) + self.more

    @property
    def count(self) -> int:
        """How many calls that is."""
        return len(self.blind) + len(self.drafts) + self.drawn_count


class Next(NamedTuple):
    """The call to score next; ``is_begun``: its sheet is there, else it is still to be opened."""

    call_id: int
    is_begun: bool


def to_score(ear: Ear) -> ToScore:
    """The work of a listener, the oldest first; at most ``LISTED`` drawn calls, ``more`` says how many are left out."""
    blind, drafts = (
        list(drafts_of(ear.person, kind).select_related("call__employee__position").order_by("call__called_on", "pk"))
        for kind in (AssessmentKind.SECOND, AssessmentKind.FIRST)
    )
    waiting = drawn_calls(ear).select_related("employee__position").order_by("called_on", "number")
    drawn = list(waiting[: LISTED + 1])
    more = waiting.count() - LISTED if len(drawn) > LISTED else 0
    return ToScore(blind, drafts, drawn[:LISTED], more)


def next_to_score(ear: Ear) -> Next | None:
    """The first of what ``to_score`` lists: blind second scorings, drafts, then drawn calls nobody has begun."""
    for kind in (AssessmentKind.SECOND, AssessmentKind.FIRST):
        mine = drafts_of(ear.person, kind).order_by("call__called_on", "pk").values_list("call_id", flat=True).first()
        if mine is not None:
            return Next(mine, is_begun=True)
    waiting = drawn_calls(ear).order_by("called_on", "number").values_list("pk", flat=True).first()
    return Next(waiting, is_begun=False) if waiting is not None else None


def drawn_calls(ear: Ear) -> QuerySet[Call]:
    """Drawn calls that nobody has begun to score and the person may listen to; list twin of ``can_listen``."""
    return drawn_unbegun().filter(_heard_by(ear, "")).exclude(employee=ear.person)


def all_disputes() -> QuerySet[Dispute]:
    """Every dispute with its assessment; who may know of one is asked of its call."""
    return Dispute.objects.select_related("assessment")


def open_disputes(ear: Ear) -> list[Dispute]:
    """Disputes that the person may rule on, the oldest first; ``is_counted``: its month was consolidated."""
    rows = with_counted(_disputes(), "assessment__call__").filter(state=DisputeState.OPEN)
    rows = rows.filter(_heard_by(ear, "assessment__call__", ruling=True))
    found = list(rows.order_by("raised_at", "pk")[:LISTED])
    lines = Lines.of(one.assessment.call for one in found)
    return [one for one in found if can_rule(ear, one, lines) and can_see_total(ear, one.assessment.call)]


def ruled_disputes(ear: Ear) -> list[Dispute]:
    """The last rulings on calls of those whom the person may rule about."""
    rows = _disputes().exclude(state=DisputeState.OPEN).filter(_heard_by(ear, "assessment__call__", ruling=True))
    rows = rows.exclude(assessment__call__employee=ear.person)
    found = list(rows.order_by("-ruled_at", "-pk")[:RULED_LISTED])
    return [one for one in found if can_see_total(ear, one.assessment.call)]


def _disputes() -> QuerySet[Dispute]:
    people = ("assessment__call__employee__position", "assessment__listener", "ruled_by", "item", "old_fault")
    return Dispute.objects.select_related(*people, "assessment__fatal_fault").prefetch_related(
        "assessment__call__assessments"
    )


def _heard_by(ear: Ear, path: str, *, ruling: bool = False) -> Q:
    """Calls at ``path`` that he may listen to, or (``ruling``) rule on: region managers listen, but do not rule."""
    if ear.hears_all:
        return Q(**{f"{path}pk__isnull": False})
    day = OuterRef(f"{path}called_on")
    lines = ReportingLine.objects.filter(employee=OuterRef(f"{path}employee"), superior=ear.person, starts_on__lte=day)
    found = Q(Exists(lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=day))))
    if ear.region_id is not None and not ruling:
        found |= Q(**{f"{path}employee__region_id": ear.region_id})
    return found


def days_of(draft: Assessment) -> int:
    """For how many whole days the draft has lain."""
    return (timezone.now() - draft.started_at).days
