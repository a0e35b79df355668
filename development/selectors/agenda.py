"""What an interview should speak about, made from the frozen result: best and weakest items, gaps, trend (P6.4a).

Kept are only keys and months; figures and words are read from the same frozen snapshot in the reader's language.
No pay is in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from appeals.models import Appeal
from appeals.selectors.items import Sources, sources_in
from appeals.states import OPEN_APPEAL
from appraisals.selectors.event_words import cuts_of, kinds_of
from appraisals.states import Part
from common.wording import month as month_name
from incidents.selectors.counting import Counting
from policy.forms import Line
from policy.rounding import ZERO
from scoring.facts.snapshots import Frozen, read_snapshot
from scoring.models import Result, Signature
from scoring.selectors.trends import trend_of
from scoring.states import Side

MOST = 3
MONTHS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    """A line of the form with what it was made of; ``own`` and ``review`` are marks."""

    name: str
    part: str
    score: Decimal | None
    points: Decimal
    own: Decimal | None
    review: Decimal | None
    sources: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The agenda as its page shows it."""

    best: list[AgendaLine]
    weak: list[AgendaLine]
    gaps: list[AgendaLine]
    trend: list[tuple[str, Decimal | None, Decimal | None]]
    incidents: Sequence[Counting]
    bonuses: Sequence[Counting]
    cuts: list[str]
    objections: list[str]
    appeals: list[str]
    score: Decimal
    full: Decimal
    coefficient: Decimal | None


def agenda_of(result: Result) -> dict[str, Any]:
    """What to speak about, as data: keys of lines, months with coefficients, what is still contested."""
    frozen = read_snapshot(result.snapshot)
    best, weak = _extremes(frozen)
    objections = Signature.objects.filter(result=result, side=Side.APPRAISEE).exclude(objection="")
    open_appeals = Appeal.objects.filter(result__form=result.form_id, state__in=OPEN_APPEAL)
    return {
        "best": [line.key for line in best],
        "weak": [line.key for line in weak],
        "gaps": [line.key for line in _gaps(frozen)],
        "trend": [
            [f"{month.month:%Y-%m}", None if month.own is None else str(month.own)]
            for month in trend_of(result.employee_id, months=MONTHS)
        ],
        "objections": list(objections.values_list("objection", flat=True)),
        "appeals": list(open_appeals.values_list("number", flat=True)),
    }


def agenda_page(result: Result, kept: Mapping[str, Any]) -> Agenda:
    """The agenda in words; nothing is reckoned anew."""
    frozen = read_snapshot(result.snapshot)
    card, record = frozen.card, frozen.record
    lines = _lines(frozen)
    kinds = kinds_of([*record.incidents, *record.bonuses])

    def chosen(name: str) -> list[AgendaLine]:
        return [lines[key] for key in kept.get(name, ()) if key in lines]

    return Agenda(
        best=chosen("best"),
        weak=chosen("weak"),
        gaps=chosen("gaps"),
        trend=[(month_name(key, "short"), own and Decimal(own), None) for key, own in kept.get("trend", ())],
        incidents=record.incidents,
        bonuses=record.bonuses,
        cuts=[words for deductions in (True, False) for words in cuts_of(card.cuts, kinds, deductions=deductions)],
        objections=list(kept.get("objections", ())),
        appeals=list(kept.get("appeals", ())),
        score=card.total,
        full=card.full_marks,
        coefficient=card.coefficient,
    )


def weak_lines(result: Result) -> list[AgendaLine]:
    """The weakest items of a result: what an improvement plan begins with."""
    frozen = read_snapshot(result.snapshot)
    lines = _lines(frozen)
    return [lines[line.key] for line in _extremes(frozen)[1]]


def _lines(frozen: Frozen) -> dict[Any, AgendaLine]:
    sources = sources_in(frozen)
    return {
        line.key: AgendaLine(
            name=line.name,
            part=str(Part(line.part).label),
            score=line.score,
            points=line.points,
            own=line.facts.self_score,
            review=line.facts.review_score,
            sources=sources[f"line:{line.key}"],
        )
        for line in frozen.card.lines
    }


def _extremes(frozen: Frozen) -> tuple[list[Line], list[Line]]:
    """The best and the weakest by share of their points, of equals the heavier; no line is both."""
    lines = [line for line in frozen.card.lines if line.score is not None and line.points]
    most = min(MOST, max(1, len(lines) // 2))
    weak = [line for line in sorted(lines, key=_weakest) if _share(line) < 1][:most]
    known = {line.key for line in weak}
    best = [line for line in sorted(lines, key=lambda line: (-_share(line), -line.points)) if line.key not in known]
    return best[:most], weak


def _weakest(line: Line) -> tuple[Decimal, Decimal]:
    return _share(line), -line.points


def _share(line: Line) -> Decimal:
    return (line.score or ZERO) / line.points


def _gaps(frozen: Frozen) -> list[Line]:
    """Where self- and review score are furthest apart, in shares of the item's points."""
    found = [line for line in frozen.card.lines if _gap(line)]
    return sorted(found, key=lambda line: (-_gap(line), -line.points))[:MOST]


def _gap(line: Line) -> Decimal:
    own, review = line.facts.self_score, line.facts.review_score
    if own is None or review is None or not line.points:
        return ZERO
    return abs(own - review) / line.points
