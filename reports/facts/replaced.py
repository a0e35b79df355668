"""What of a workbook decides scores and pay, and what it would put in place of something that stands."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from policy.rounding import plain
from reports.facts.entries import KIND_NAMES
from reports.facts.plan import Plan
from reports.facts.sheets import (
    BONUSES,
    CALLS,
    FIGURES,
    GRADES_SHEET,
    INCIDENTS,
    MEMBERS,
    PAST_GRADES,
    ROTA,
    RUBRIC,
    SCORES,
    TARGETS,
)

WEIGHTY = frozenset(
    (GRADES_SHEET, MEMBERS, ROTA, RUBRIC, TARGETS, FIGURES, SCORES, INCIDENTS, BONUSES, CALLS, PAST_GRADES)
)
"""The sheets that speak for others or decide pay: what one of HR sends, another of HR brings in."""


class Line(NamedTuple):
    """A value that would be replaced: in which sheet, whose, which, and what it was and would be."""

    sheet: str
    who: str
    what: str
    before: str
    after: str


def is_weighty(plan: Plan) -> bool:
    """Whether a second person has to bring the workbook in."""
    moved = any(
        form.known is not None and not form.is_closed and form.state != form.known.state
        for form in plan.forms.forms.values()
    )
    return moved or any((one.new or one.changed) and one.sheet in WEIGHTY for one in plan.counts)


def replaced(plan: Plan) -> list[Line]:
    """What would be replaced, sheet by sheet: what a second person has to look at."""
    return [*_grades(plan), *_entries(plan), *_events(plan), *_calls(plan), *_past_grades(plan)]


def _grades(plan: Plan) -> Iterator[Line]:
    for row, _rank in plan.staff.grades.changed:
        was = plan.known.grades[row.position, row.name]
        before, after = ((one.post_wage, one.pay_cap) for one in (was, row))
        yield Line(GRADES_SHEET, row.position, row.name, _pair(*before), _pair(*after))


def _entries(plan: Plan) -> Iterator[Line]:
    for figure in plan.entries.figures.changed:
        month, number = figure.form
        before = _said(figure.stands.value if figure.stands else None)
        what = f"{month:%Y-%m} {figure.item.name}"
        yield Line(FIGURES, plan.roster.named(number), what, before, _said(figure.row.value))
    for score in plan.entries.scores.changed:
        month, number = score.form
        before = _said(score.stands.points if score.stands else None)
        what = f"{month:%Y-%m} {score.item.name} · {KIND_NAMES[score.row.kind]}"
        yield Line(SCORES, plan.roster.named(number), what, before, _said(score.row.points))


def _events(plan: Plan) -> Iterator[Line]:
    for share, stands, is_kept in plan.events.incidents.changed:
        if stands and not is_kept:
            before, after = _checked(stands.points, stands.verifier), _checked(share.points, share.verifier)
            yield Line(INCIDENTS, plan.roster.named(share.number), share.record, before, after)
    for claim, known in plan.events.bonuses.changed:
        if known:
            before = _checked(known.points, known.first, known.second)
            after = _checked(claim.points, claim.first, claim.second)
            yield Line(BONUSES, plan.roster.named(claim.number), claim.record, before, after)


def _calls(plan: Plan) -> Iterator[Line]:
    for call in plan.calls.calls.changed:
        before = _said(call.stands.total if call.stands else None)
        yield Line(CALLS, plan.roster.named(call.number), call.record, before, _said(call.total))


def _past_grades(plan: Plan) -> Iterator[Line]:
    for _pk, row in plan.events.grades.changed:
        _known, before = plan.known.past_grades[row.year, row.number]
        yield Line(PAST_GRADES, plan.roster.named(row.number), str(row.year), before, row.grade)


def _pair(wage: Decimal, cap: Decimal) -> str:
    return f"{plain(wage)} / {plain(cap)}"


def _checked(points: Decimal, *people: str | None) -> str:
    """Points, and who is said to have checked them."""
    return " ".join((plain(points), *(number for number in people if number)))


def _said(value: Decimal | None) -> str:
    return "—" if value is None else plain(value)
