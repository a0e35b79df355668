"""The lines of the form's page: one value per line, ready to be shown, nothing left to compute."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from appraisals.facts import ItemRecord
from appraisals.models import Score
from appraisals.selectors.formulas import formula_words
from appraisals.selectors.lateness import agreed_late
from appraisals.selectors.methods import method_words
from appraisals.states import CycleKind, DataSource, Part, ScoreKind
from appraisals.views.gather import Gathered
from appraisals.workflow import Piece
from common.wording import points as points_text
from policy.export import explain_line, upward_mean
from policy.forms import MISSING, NOT_APPLICABLE, Line
from policy.levels import needs_fact
from policy.rounding import plain
from quality.selectors.sums import assess_address, calls_address

TWO_DECIMALS = {"%", "分"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A score as shown: by level or in points, with its fact."""

    level: int | None
    points: Decimal
    fact: str
    version: int

    @property
    def is_between(self) -> bool:
        """Given in points that are no level."""
        return self.level is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of parts one to four. ``control`` is what may be typed here: "", "level" or "points"."""

    pk: int
    name: str
    points: Decimal
    state: str
    score: Decimal | None
    hint: str
    reason: str = ""
    control: str = ""
    mine: Given | None = None
    own: Given | None = None
    own_is_hidden: bool = False
    upward: Decimal | None = None
    formula: str = ""
    wants_fact: bool = False
    may_mark: bool = False
    levels: list[tuple[int, str, str]] = field(default_factory=list)
    figure: str = ""
    provider: str = ""
    stamp: object = None
    reported_at: datetime | None = None
    evidence: int = 0
    calls: int = 0
    calls_url: str = ""
    blind_url: str = ""
    owed_by: str = ""
    is_monitored: bool = False
    reason_is_figures: bool = False

    @property
    def key(self) -> str:
        """For names of fields."""
        return str(self.pk)

    @property
    def strip(self) -> str:
        """How the level strip looks when a score between two levels stands: not as if nothing were given."""
        return "given" if self.mine is not None and self.mine.is_between else ""

    @property
    def is_missing(self) -> bool:
        return self.state == MISSING

    @property
    def is_off(self) -> bool:
        return self.state == NOT_APPLICABLE

    @property
    def is_gap(self) -> bool:
        """Something the person at this page still has to write here."""
        return bool(self.control) and not self.is_off and (self.mine is None or self.wants_fact)


def rows_of(gathered: Gathered) -> dict[str, list[Row]]:
    """Part → its lines."""
    found: dict[str, list[Row]] = {}
    for item, line in zip(gathered.record.items, gathered.card.lines, strict=True):
        row = _kpi(gathered, item, line) if line.part == Part.KPI else _scored(gathered, item, line)
        found.setdefault(line.part, []).append(row)
    return found


def _kpi(gathered: Gathered, item: ItemRecord, line: Line) -> Row:
    read = gathered.items[int(line.key)]
    monitored = item.data_source == DataSource.MONITORING
    words = formula_words(explain_line(line)) or method_words(item.method, item.parameters)
    return Row(
        pk=read.row.pk,
        name=line.name,
        points=line.points,
        state=line.state,
        score=line.score,
        hint=item.standard,
        reason=line.facts.not_applicable or "",
        reason_is_figures=line.state == NOT_APPLICABLE and not read.row.not_applicable_reason,
        formula=words,
        may_mark=gathered.viewer.marks_kpis,
        figure=figure_text(line.facts.figure, item.unit),
        provider=item.collector or item.provider,
        stamp=read.entered_at,
        reported_at=None if agreed_late(gathered.form, gathered.form.cycle.data_due_on) else read.reported_at,
        evidence=item.evidence,
        calls=item.calls,
        calls_url=_calls_url(gathered) if item.calls else "",
        owed_by=item.provider if line.state == MISSING else "",
        is_monitored=monitored,
        blind_url=assess_address(gathered.blind_call) if monitored and gathered.blind_call else "",
    )


def _calls_url(gathered: Gathered) -> str:
    """The calls behind the figure; a longer period's are listed month by month there."""
    form = gathered.form
    return calls_address(form.employee.number, form.cycle.key if form.cycle.kind == CycleKind.MONTH else "")


def figure_text(value: Decimal | None, unit: str) -> str:
    """A raw figure with its unit: 78.40%, 86.20分, 1件."""
    if value is None:
        return ""
    return f"{points_text(value) if unit in TWO_DECIMALS else plain(value)}{unit}"


def _scored(gathered: Gathered, item: ItemRecord, line: Line) -> Row:
    viewer, pk = gathered.viewer, int(line.key)
    own = _given(gathered.scores.get((pk, ScoreKind.SELF))) if viewer.sees_self else None
    review = None
    if viewer.sees_review:
        kind = ScoreKind.SUPERIOR if line.part == Part.MANAGEMENT else ScoreKind.REVIEW
        review = _given(gathered.scores.get((pk, kind)))
    mine = review if viewer.sees_review else own
    off = line.state == NOT_APPLICABLE
    control = ("points" if line.part == Part.GOAL else "level") if viewer.piece and not off else ""
    wants = mine is not None and needs_fact(gathered.rules, mine.level) and not mine.fact
    anchors = gathered.items[pk].anchors
    return Row(
        pk=pk,
        name=line.name,
        points=line.points,
        state=line.state,
        score=line.score,
        hint=_hint(item.standard, anchors, mine),
        reason=line.facts.not_applicable or "",
        control=control,
        mine=mine,
        own=own if viewer.sees_review else None,
        own_is_hidden=not viewer.sees_self,
        upward=upward_mean(line),
        formula=formula_words(explain_line(line)) if line.part == Part.MANAGEMENT and viewer.sees_review else "",
        wants_fact=wants and viewer.piece is not None,
        may_mark=viewer.marks_items,
        levels=[(level.code, _(level.name), anchors.get(str(level.code), "")) for level in gathered.rules.levels],
    )


def _given(score: Score | None) -> Given | None:
    if score is None:
        return None
    return Given(level=score.level, points=score.points, fact=score.fact, version=score.version)


def _hint(standard: str, anchors: dict[str, str], given: Given | None) -> str:
    """What the chosen level says, else the standard, else what the best level says."""
    if given is not None and given.level is not None and anchors.get(str(given.level)):
        return _("%(name)s：%(text)s") % {"name": given.level, "text": anchors[str(given.level)]}
    if standard or not anchors:
        return standard
    best = max(anchors)
    return _("%(name)s：%(text)s") % {"name": best, "text": anchors[best]}


def gaps_of(rows: Iterable[Row]) -> list[Row]:
    """The lines that still wait for the person at this page."""
    return [row for row in rows if row.is_gap]


def is_self(gathered: Gathered) -> bool:
    """Whether the page shows the appraisee's own scores in place of the review's."""
    return gathered.viewer.piece == Piece.SELF_SCORES or not gathered.viewer.sees_review
