"""The duty officer's month in numbers: region by step, counted by the database for any number of people (P6.3a)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, FilteredRelation, Max, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisals.models import Cycle, Figure, Form, Item
from appraisals.states import OPEN_STATES, CycleKind, DataSource, FormState, Part
from appraisals.workflow import EDITS, Piece
from people.facts import Standing
from quality.models import Call
from scoring.permissions import can_view_board

S = FormState
SETTING = (S.TARGETS, S.APPROVAL, S.CONFIRMATION)
OWING, _BY = EDITS[Piece.FIGURES]
UNPUBLISHED = (*SETTING, S.ACTIVE, S.REVIEW, S.READY, S.CONSOLIDATED)
ORDER = tuple(S)
PAST = 6

TARGETS, SELF, DATA, REVIEW, CONSOLIDATE, SIGN, FILE = (
    "targets",
    "self",
    "data",
    "review",
    "consolidate",
    "sign",
    "file",
)
STEPS: dict[str, Promise] = {
    TARGETS: _("定目标"),
    SELF: _("自评"),
    DATA: _("报数据"),
    REVIEW: _("复核"),
    CONSOLIDATE: _("汇总"),
    SIGN: _("签认"),
    FILE: _("备案"),
}
AT: dict[str, tuple[str, ...]] = {
    TARGETS: SETTING,
    SELF: (S.ACTIVE,),
    REVIEW: (S.REVIEW,),
    CONSOLIDATE: (S.READY, S.CONSOLIDATED),
    SIGN: (S.PUBLISHED,),
    FILE: (S.SIGNED,),
}
"""Step → the states of forms that stand at it; figures come in beside the states."""
OWN_TERM = {SIGN: "unsigned", FILE: "unfiled"}
"""Each result has its own term for these: what is counted late. What is contested can't be filed yet."""
DONE_FROM = {TARGETS: S.ACTIVE, SELF: S.REVIEW, REVIEW: S.READY, CONSOLIDATE: S.CONSOLIDATED, SIGN: S.SIGNED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A region at a step: ``done`` of ``total``, ``open`` stand at it, its last day and whether that is over for any.

    ``due_on`` is None while it depends on the publication.
    """

    step: str
    name: str
    done: int
    total: int
    open: int
    due_on: date | None
    is_late: bool

    @property
    def is_idle(self) -> bool:
        """Nobody has come that far."""
        return not self.done and not self.open

    @property
    def is_done(self) -> bool:
        return self.done == self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """A region's row of the matrix."""

    code: str
    name: str
    total: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The whole matrix with its sums. ``terms``: step → last day, None while it depends on the publication."""

    rows: list[RegionRow]
    terms: dict[str, date | None]
    total: int
    ready: int
    owing: int
    reviewing: int
    consolidated: int
    late: int
    steps: dict[str, Cell]

    @property
    def held(self) -> int:
        """Reviewed forms that can't be consolidated yet: a figure is missing."""
        return self.steps[CONSOLIDATE].open - self.ready if self.steps else 0

    @property
    def unfinished(self) -> str:
        """The first step that is not done for everybody; empty when the month is filed."""
        return next((step for step, cell in self.steps.items() if not cell.is_done), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """A month among the monthly cycles: its neighbours on the reader's boards, and the six before for comparison."""

    cycle: Cycle
    earlier: Cycle | None
    later: Cycle | None
    before: Sequence[Cycle]

    @property
    def last(self) -> Cycle | None:
        return self.before[0] if self.before else None


def board_months(standing: Standing, key: str, today: date) -> Months | None:
    """The month asked for among those whose board the person may see; None if there is no such; one statement.

    Without a key the earliest begun one whose results are not out, else the newest begun.
    """
    waiting = Exists(Form.objects.filter(cycle=OuterRef("pk"), state__in=UNPUBLISHED))
    found = Cycle.objects.filter(kind=CycleKind.MONTH).annotate(is_unpublished=waiting).select_related("scheme")
    months: list[Cycle] = list(found.order_by("-starts_on"))
    mine = [cycle for cycle in months if can_view_board(standing, cycle)]
    cycle = next((one for one in mine if one.key == key), None) if key else _current(mine, today)
    if cycle is None:
        return None
    place, whole = mine.index(cycle), months.index(cycle)
    return Months(
        cycle=cycle,
        earlier=mine[place + 1] if place + 1 < len(mine) else None,
        later=mine[place - 1] if place else None,
        before=months[whole + 1 : whole + 1 + PAST],
    )


def _current(cycles: Sequence[Cycle], today: date) -> Cycle | None:
    begun = [cycle for cycle in cycles if cycle.starts_on <= today]
    waiting = [cycle for cycle in begun if getattr(cycle, "is_unpublished", False)]
    found = waiting[-1:] or begun[:1] or cycles[-1:]
    return found[0] if found else None


def publishable(cycle: Cycle) -> tuple[int, int]:
    """How many results are ready to be published, and how many forms are not consolidated yet."""
    forms = Form.objects.filter(cycle=cycle)
    counts = forms.aggregate(
        ready=Count("pk", filter=Q(state=S.CONSOLIDATED)), rest=Count("pk", filter=Q(state__in=OPEN_STATES))
    )
    return counts["ready"], counts["rest"]


def unreported(cycle: Cycle) -> QuerySet[Item]:
    """Figures by hand that forms still wait for."""
    figures = Figure.objects.filter(item=OuterRef("pk"), superseded_at__isnull=True)
    return _waiting(cycle).filter(~Exists(figures), data_source=DataSource.MANUAL)


def unheard(cycle: Cycle) -> QuerySet[Item]:
    """Figures that come from monitored calls, of people with no call monitored in the period (A2)."""
    calls = Call.objects.filter(
        employee=OuterRef("form__employee"), called_on__range=(cycle.starts_on, cycle.ends_on), total__isnull=False
    )
    return _waiting(cycle).filter(~Exists(calls), data_source=DataSource.MONITORING)


def _waiting(cycle: Cycle) -> QuerySet[Item]:
    return Item.objects.filter(form__cycle=cycle, form__state__in=OWING, part=Part.KPI, not_applicable_reason="")


def forms_owing(cycle: Cycle, held: Q | None = None) -> Q:
    """The filter for forms that wait for a figure; ``held`` narrows the items.

    Two lists, not one with an OR: each is an anti-join for the database.
    """
    kinds = [items.filter(held or Q()).order_by().values("form_id") for items in (unreported(cycle), unheard(cycle))]
    return Q(pk__in=kinds[0]) | Q(pk__in=kinds[1])


def board_of(cycle: Cycle, today: date) -> Board:
    """The matrix, in one statement."""
    now = FilteredRelation("results", condition=Q(results__superseded_at__isnull=True))
    forms = Form.objects.filter(cycle=cycle).annotate(now=now).order_by("region__code")
    states = {state: Count("pk", filter=Q(state=state)) for state in S}
    counted = forms.values("region__code", "region__name").annotate(
        total=Count("pk"),
        owing=Count("pk", filter=forms_owing(cycle)),
        owing_ready=Count("pk", filter=Q(state=S.READY) & forms_owing(cycle)),
        unsigned=Count("pk", filter=Q(state=S.PUBLISHED, now__sign_until__lt=today)),
        unfiled=Count("pk", filter=Q(state=S.SIGNED, is_contested=False, now__file_until__lt=today)),
        sign_until=Max("now__sign_until"),
        file_until=Max("now__file_until"),
        **{f"in_{state}": count for state, count in states.items()},
    )
    regions: list[dict[str, Any]] = [dict(row) for row in counted]
    terms = _terms(cycle, regions)
    rows = [
        RegionRow(
            code=region["region__code"],
            name=region["region__name"],
            total=region["total"],
            cells=_cells(region, terms, today),
        )
        for region in regions
    ]
    whole = {name: sum(region[name] for region in regions) for name in _summed(regions)}
    steps = _cells(whole, terms, today) if regions else []
    return Board(
        rows=rows,
        terms=terms,
        total=whole.get("total", 0),
        ready=whole.get("in_ready", 0) - whole.get("owing_ready", 0),
        owing=whole.get("owing", 0),
        reviewing=whole.get("in_review", 0),
        consolidated=whole.get("in_consolidated", 0),
        late=sum(cell.open for cell in steps if cell.is_late),
        steps={cell.step: cell for cell in steps},
    )


def _summed(regions: list[dict[str, Any]]) -> list[str]:
    return [name for name, value in regions[0].items() if isinstance(value, int)] if regions else []


def _cells(region: dict[str, Any], terms: dict[str, date | None], today: date) -> list[Cell]:
    found = []
    for step, name in STEPS.items():
        due = terms[step]
        opened, done = _open(region, step), _done(region, step)
        is_late = due is not None and due < today and opened > 0
        if step in OWN_TERM:
            late = region[OWN_TERM[step]]
            opened, is_late = late or opened, late > 0
        counts = {"done": done, "total": region["total"], "open": opened}
        found.append(Cell(step=step, name=str(name), due_on=due, is_late=is_late, **counts))
    return found


def _open(region: dict[str, Any], step: str) -> int:
    if step == DATA:
        return int(region["owing"])
    if step == CONSOLIDATE:
        return int(region["in_ready"])
    return sum(region[f"in_{state}"] for state in AT[step])


def _done(region: dict[str, Any], step: str) -> int:
    if step == FILE:
        return int(region["in_filed"])
    if step == DATA:  # who has agreed his targets and waits for no figure
        return _from(region, S.ACTIVE) - int(region["owing"])
    return _from(region, DONE_FROM[step])


def _from(region: dict[str, Any], first: S) -> int:
    return sum(region[f"in_{state}"] for state in ORDER[ORDER.index(first) :])


def _terms(cycle: Cycle, regions: list[dict[str, Any]]) -> dict[str, date | None]:
    """Signing and filing follow the terms that are stored on the results: the last of them."""
    sign, file = (
        max((region[name] for region in regions if region[name]), default=None) for name in ("sign_until", "file_until")
    )
    return {
        TARGETS: cycle.targets_due_on,
        SELF: cycle.self_due_on,
        DATA: cycle.data_due_on,
        REVIEW: cycle.review_due_on,
        CONSOLIDATE: cycle.publish_due_on,
        SIGN: sign,
        FILE: file,
    }
