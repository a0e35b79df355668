"""Both scorings of a call side by side (A2): for pairs that ``visible_pairs`` has let through."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from quality.models import Assessment, AssessmentScore, CallNote, Dispute, RubricItem
from quality.permissions import Ear
from quality.selectors.drift import points_given
from quality.states import AssessmentKind, DisputeState


@dataclass(frozen=True, slots=True)
class Told:
    """What one listener made of a call; ``name`` is empty for whoever may not know it, ``fatal`` names the fault."""

    name: str
    is_mine: bool
    total: Decimal | None
    fatal: str
    remark: str
    notes: tuple[CallNote, ...]

    @property
    def has_words(self) -> bool:
        """Whether anything is said of the call as a whole."""
        return bool(self.fatal or self.remark or self.notes)


@dataclass(frozen=True, slots=True)
class ItemTold:
    """An item scored twice. ``gap`` is first less second, None where one side says it does not apply.

    ``is_ruled``: a dispute changed the first points afterwards; here they are as given.
    """

    item: RubricItem
    first: Decimal | None
    second: Decimal | None
    first_notes: tuple[CallNote, ...]
    second_notes: tuple[CallNote, ...]
    is_ruled: bool

    @property
    def gap(self) -> Decimal | None:
        """First less second."""
        return None if self.first is None or self.second is None else self.first - self.second

    @property
    def differs(self) -> bool:
        """Other points, or applicable for one of them only."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class PairTold:
    """A call with both scorings."""

    assessment: Assessment
    first: Told
    second: Told
    rows: tuple[ItemTold, ...]

    @property
    def gap(self) -> Decimal | None:
        """First total less second."""
        return None if self.first.total is None or self.second.total is None else self.first.total - self.second.total


@dataclass(frozen=True, slots=True)
class _Read:
    """Everything a page of pairs needs, by scoring."""

    scores: dict[int, list[AssessmentScore]]
    notes: dict[tuple[int, int | None], tuple[CallNote, ...]]
    ruled: dict[tuple[int, int | None], Dispute]
    totals: dict[int, Decimal]


def told_pairs(firsts: Iterable[Assessment], ear: Ear, *, item: str = "") -> list[PairTold]:
    """These first scorings beside their second ones, of one item if ``item`` names it; four statements."""
    firsts = list(firsts)
    rows = Assessment.objects.filter(call__in=[one.call_id for one in firsts], kind=AssessmentKind.SECOND)
    seconds = {row.call_id: row for row in rows.select_related("listener", "fatal_fault")}
    read = _read([*firsts, *seconds.values()])
    return [_pair(first, seconds[first.call_id], read, ear, item) for first in firsts]


def _read(both: list[Assessment]) -> _Read:
    ids = [one.pk for one in both]
    scores: dict[int, list[AssessmentScore]] = {}
    for score in AssessmentScore.objects.filter(assessment__in=ids).select_related("item").order_by("item__order"):
        scores.setdefault(score.assessment_id, []).append(score)
    notes: dict[tuple[int, int | None], tuple[CallNote, ...]] = {}
    for note in CallNote.objects.filter(assessment__in=ids):
        key = (note.assessment_id, note.item_id)
        notes[key] = (*notes.get(key, ()), note)
    ruled: dict[tuple[int, int | None], Dispute] = {}
    totals: dict[int, Decimal] = {}
    upheld = Dispute.objects.filter(assessment__in=ids, state=DisputeState.UPHELD)
    upheld = upheld.select_related("old_fault")
    for dispute in upheld.order_by("ruled_at", "pk"):
        ruled[dispute.assessment_id, dispute.item_id] = dispute
        if dispute.old_total is not None:
            totals.setdefault(dispute.assessment_id, dispute.old_total)
    return _Read(scores, notes, ruled, totals)


def _pair(first: Assessment, second: Assessment, read: _Read, ear: Ear, item: str) -> PairTold:
    again = {score.item_id: score for score in read.scores.get(second.pk, [])}
    rows = [
        ItemTold(
            item=score.item,
            first=points_given(score, read.ruled),
            second=again[score.item_id].points,
            first_notes=read.notes.get((first.pk, score.item_id), ()),
            second_notes=read.notes.get((second.pk, score.item_id), ()),
            is_ruled=(first.pk, score.item_id) in read.ruled,
        )
        for score in read.scores.get(first.pk, [])
        if score.item_id in again and item in {"", score.item.name}
    ]
    return PairTold(first, _told(first, read, ear), _told(second, read, ear), tuple(rows))


def _told(one: Assessment, read: _Read, ear: Ear) -> Told:
    is_mine = one.listener_id == ear.person.pk
    ruled = read.ruled.get((one.pk, None))  # an upheld dispute of the fatal fault took it away
    fault = one.fatal_fault if ruled is None else ruled.old_fault
    return Told(
        name=one.listener.name if ear.sees_all or is_mine else "",
        is_mine=is_mine,
        total=read.totals.get(one.pk, one.total),
        fatal=fault.display_name if fault else "",
        remark=one.remark,
        notes=read.notes.get((one.pk, None), ()),
    )
