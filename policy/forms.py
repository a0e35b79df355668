"""The form's arithmetic (P4, A1): facts of one form in, a scorecard out.

What counts is the figure (KPI), the review score (goals, behaviour) and the weighted ratings
(management). A missing thing is never zero: the form waits for it. What does not apply leaves
both the score and the full marks. The kinds of facts are in ``facts``.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from policy.events import Counted, Cut, count_events
from policy.facts import (
    BEHAVIOUR,
    GOAL,
    KPI,
    MANAGEMENT,
    PARTS,
    Entry,
    FormFacts,
    ItemFacts,
)
from policy.items import Direct
from policy.rounding import CENT, EXACT, HUNDRED, ZERO, divide, percent
from policy.schemes import Scheme

# Raised by one whenever the same facts could give another scorecard; kept in every snapshot.
CORE_VERSION = 2

SCORED = "scored"
MISSING = "missing"
NOT_APPLICABLE = "not_applicable"

COMPLETE = "complete"
WAITING = "waiting"
NOTHING = "nothing_to_appraise"

FIGURE = "figure"
REVIEW = "review"
SUPERIOR = "superior"

CLAUSES = {KPI: "P4.1", GOAL: "P4.2", BEHAVIOUR: "P4.3", MANAGEMENT: "P4.4"}
_NO_POINTS = Decimal("0.00")
_NO_EVENTS = Counted(ZERO, ZERO, ())
_new = tuple.__new__


class Line(NamedTuple):
    """One item with its score and everything the score was made of.

    ``score`` is None unless ``state`` is scored. ``shares`` are the percentages that counted for
    subordinates, self and superior; ``upward_mean`` stays None while too few have rated.
    """

    key: int | str
    part: str
    name: str
    points: Decimal
    state: str
    score: Decimal | None
    facts: ItemFacts
    shares: tuple[Decimal, Decimal, Decimal] | None = None

    @property
    def clause(self) -> str:
        """The clause of the policy this line is scored by."""
        return CLAUSES[self.part]


class PartTotal(NamedTuple):
    """A part's score so far, the marks counted so far and its full marks."""

    part: str
    score: Decimal
    counted: Decimal
    full_marks: Decimal


class Missing(NamedTuple):
    """Something the form waits for: its kind (figure, review, superior) and the item.

    ``refused`` tells that something stands there but lies outside what the item allows.
    """

    kind: str
    key: int | str
    name: str
    refused: bool = False


class Scorecard(NamedTuple):
    """A form's result, explained.

    ``coefficient`` is the recorded percentage, None until the form is complete or when nothing
    can be appraised. ``provisional`` (暂计) is the score so far over the marks counted so far,
    None when nothing is counted yet. ``total`` is never below 0. ``deducted`` and ``added`` are what
    counts of incidents and bonuses; ``cuts`` is what was claimed beyond it.
    """

    status: str
    lines: tuple[Line, ...]
    parts: tuple[PartTotal, ...]
    deducted: Decimal
    added: Decimal
    adjusted: Decimal
    cuts: tuple[Cut, ...]
    counted: Decimal
    full_marks: Decimal
    total: Decimal
    coefficient: Decimal | None
    provisional: Decimal | None
    missing: tuple[Missing, ...]

    def part(self, code: str) -> PartTotal:
        """The total of a part; zero marks of zero when the form does not have it."""
        for total in self.parts:
            if total.part == code:
                return total
        return PartTotal(code, _NO_POINTS, ZERO, ZERO)


def build_scorecard(form: FormFacts, scheme: Scheme) -> Scorecard:
    """Score a form by the scheme in force at its period's start (P4, P9)."""
    lines: list[Line] = []
    missing: list[Missing] = []
    sums = {part: [ZERO, ZERO, ZERO] for part in PARTS}
    for item in form.items:
        line = _line(item, scheme, missing)
        lines.append(line)
        if line.state != NOT_APPLICABLE:
            tally = sums[item.part]
            tally[2] += item.points
            if line.score is not None:
                tally[0] += line.score
                tally[1] += item.points
    parts = tuple([PartTotal(part, *tally) for part, tally in sums.items() if tally[2]])
    return _close(form, scheme, lines, parts, missing)


def _close(
    form: FormFacts,
    scheme: Scheme,
    lines: list[Line],
    parts: tuple[PartTotal, ...],
    missing: list[Missing],
) -> Scorecard:
    """Totals, limits, floor and ceiling."""
    earned = counted = full = ZERO
    for _part, score, marks, whole in parts:
        earned += score
        counted += marks
        full += whole
    deducted, added, cuts = _NO_EVENTS  # as on nearly every form
    if form.incidents or form.bonuses:
        deducted, added, cuts = count_events(form.incidents, form.bonuses, scheme)
    adjusted = ZERO
    for entry in form.adjustments:
        adjusted += entry.points
    total = max(ZERO, earned - deducted + added + adjusted)
    provisional = _coefficient(total, counted, scheme)
    status = WAITING if missing else COMPLETE if full else NOTHING
    return Scorecard(
        status=status,
        lines=tuple(lines),
        parts=parts,
        deducted=deducted,
        added=added,
        adjusted=adjusted,
        cuts=cuts,
        counted=counted,
        full_marks=full,
        total=total,
        coefficient=provisional if status == COMPLETE else None,
        provisional=provisional,
        missing=tuple(missing),
    )


def adjusted_card(card: Scorecard, added: Iterable[Entry], scheme: Scheme) -> Scorecard:
    """The same scorecard with more adjustments (P6.3b): nothing else is scored anew, so nothing can get less."""
    adjusted = card.adjusted
    for entry in added:
        adjusted += entry.points
    earned = ZERO
    for part in card.parts:
        earned += part.score
    total = max(ZERO, earned - card.deducted + card.added + adjusted)
    provisional = _coefficient(total, card.counted, scheme)
    return card._replace(
        adjusted=adjusted,
        total=total,
        coefficient=provisional if card.status == COMPLETE else None,
        provisional=provisional,
    )


def _coefficient(total: Decimal, counted: Decimal, scheme: Scheme) -> Decimal | None:
    """Percent, up to the scheme's ceiling; None while no marks are counted."""
    if not counted:
        return None
    found = percent(total, counted)
    if scheme.coefficient_ceiling is not None and found > scheme.coefficient_ceiling:
        return scheme.coefficient_ceiling.quantize(CENT, ROUND_HALF_UP, EXACT)
    return found


def _line(item: ItemFacts, scheme: Scheme, missing: list[Missing]) -> Line:
    shares = score = None
    if item.not_applicable is not None:
        state = NOT_APPLICABLE
    else:
        part = item.part
        if part == KPI:
            score = _kpi(item, missing)
        elif part == MANAGEMENT:
            shares = upward_shares(item, scheme)
            score = _management(item, shares, missing)
        else:
            score = _review(item, REVIEW, item.review_score, missing)
        state = MISSING if score is None else SCORED
    head = (item.key, item.part, item.name, item.points)
    line: Line = _new(Line, (*head, state, score, item, shares))
    return line


def _kpi(item: ItemFacts, missing: list[Missing]) -> Decimal | None:
    """P4.1: the data provider's figure by the item's scoring method."""
    figure, params = item.figure, item.params
    if figure is None or params is None:
        missing.append(Missing(FIGURE, item.key, item.name))
        return None
    points = item.points
    if type(params) is Direct and not ZERO <= figure <= points:
        missing.append(Missing(FIGURE, item.key, item.name, refused=True))
        return None
    return params.score(points, figure)


def _review(item: ItemFacts, kind: str, given: Decimal | None, missing: list[Missing]) -> Decimal | None:
    """P4.2, P4.3: the review score counts; the self-score is shown and never counted."""
    if given is None or not ZERO <= given <= item.points:
        missing.append(Missing(kind, item.key, item.name, refused=given is not None))
        return None
    return given.quantize(CENT, ROUND_HALF_UP, EXACT)


def upward_shares(item: ItemFacts, scheme: Scheme) -> tuple[Decimal, Decimal, Decimal]:
    """Shares of subordinates, self and superior after the absent ones went to the superior."""
    below, own, above = scheme.upward
    if item.upward_count < scheme.min_raters:
        above += below
        below = ZERO
    if item.self_score is None:
        above += own
        own = ZERO
    return below, own, above


def _management(item: ItemFacts, shares: tuple[Decimal, Decimal, Decimal], missing: list[Missing]) -> Decimal | None:
    """P4.4: weighted ratings; one division, so that the mean is not rounded on the way."""
    superior = _review(item, SUPERIOR, item.review_score, missing)
    if superior is None or item.review_score is None:
        return None
    below, own, above = shares
    weighted = above * item.review_score
    if own and item.self_score is not None:
        weighted += own * item.self_score
    raters = Decimal(item.upward_count) if below else None
    if raters is None:
        return divide(weighted, HUNDRED).quantize(CENT, ROUND_HALF_UP, EXACT)
    weighted = weighted * raters + below * item.upward_sum
    return divide(weighted, HUNDRED * raters).quantize(CENT, ROUND_HALF_UP, EXACT)
