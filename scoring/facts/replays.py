"""What a past period would be under other numbers (P8): forms scored anew, rules run anew, the year, the sums of it.

Forms are scored from their frozen snapshots: exactly what counted then, whatever was written since, and no rating that
did not count. Nothing is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from appraisals.states import CycleKind
from policy.distribution import earns_career_plan
from policy.forms import Scorecard, build_scorecard
from policy.pay import performance_pay
from policy.rounding import ZERO, cents, divide
from policy.schemes import Scheme as Rules
from policy.triggers import MonthResult, fired, may_fire
from scoring.facts.snapshots import read_snapshot
from scoring.facts.years import YearFacts, YearFigures, reckoned
from scoring.models import ReplayPerson
from scoring.selectors.histories import PublishedMonth

_FLAGS = ("moves_coefficient", "moves_pay", "moves_proposals", "moves_grade")
_Sums = defaultdict[str, Decimal]


class Line(NamedTuple):
    """A form as it came out and as it would: coefficients in percent, events in points, performance pay in yuan."""

    employee_id: int
    kind: str
    month: date
    before: Decimal | None
    after: Decimal | None
    deducted_before: Decimal
    added_before: Decimal
    deducted_after: Decimal
    added_after: Decimal
    pay_before: Decimal
    pay_after: Decimal

    def published(self, *, is_after: bool) -> PublishedMonth | None:
        """The month as the year and the rules read it; None where it has no coefficient."""
        coefficient = self.after if is_after else self.before
        if coefficient is None:
            return None
        events = (self.deducted_after, self.added_after) if is_after else (self.deducted_before, self.added_before)
        return PublishedMonth(self.employee_id, self.month, coefficient, *events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What a replay compares: lines, the months before the first, the proposals that stand (month, rule), the year."""

    first_month: date
    lines: Sequence[Line]
    earlier: Mapping[int, Sequence[PublishedMonth]]
    standing: Mapping[int, Sequence[tuple[str, str]]]
    year: YearFacts | None = None
    rules_then: Rules | None = None


def with_promised_floor(draft: Rules, then: Rules) -> Rules:
    """The draft, but no fewer raters than the subordinates were promised when they rated (P4.4)."""
    return draft if draft.min_raters >= then.min_raters else replace(draft, min_raters=then.min_raters)


def scored_anew(snapshot: str, rules: Rules) -> Scorecard:
    """The frozen facts of a result under ``rules``."""
    return build_scorecard(read_snapshot(snapshot).record.facts, rules)


def pay_under(cap: Decimal, coefficient: Decimal | None, rules: Rules) -> Decimal:
    """The performance pay of a month in yuan; nothing where nothing was applicable."""
    return ZERO if coefficient is None else performance_pay(cap, coefficient, rules).amount


def suspects(lines: Iterable[Line], draft: Rules) -> set[int]:
    """Whose history is needed: a rule fires only with a month that lies on its side of the threshold."""
    return {line.employee_id for line in lines if _counts(line) and may_fire(line.after or ZERO, draft)}


def compared(period: Period, draft: Rules) -> list[ReplayPerson]:
    """Everybody before and after, by employee id; not saved, and without a replay."""
    by_person: dict[int, list[Line]] = {}
    for line in period.lines:
        by_person.setdefault(line.employee_id, []).append(line)
    before, after = _years(period, draft)
    return [
        _person(pk, by_person.get(pk, []), period, draft, (before.get(pk), after.get(pk)))
        for pk in sorted(by_person.keys() | before.keys() | after.keys())
    ]


def tally(people: Iterable[ReplayPerson]) -> dict[str, Decimal]:
    """The sums: how many, who moves, coefficients and their owners, yuan, and counts by rule, grade and consequence.

    Sums can be taken from each other, so that whoever may not see some people gets the sums without them.
    """
    sums: _Sums = defaultdict(Decimal)
    for one in people:
        sums["people"] += 1
        sums["moved"] += one.is_moved
        for name in _FLAGS:
            sums[name] += getattr(one, name)
        if one.coefficient_before is not None and one.coefficient_after is not None:
            sums["rated"] += 1
            sums["coefficient_before"] += one.coefficient_before
            sums["coefficient_after"] += one.coefficient_after
        sums["pay_before"] += one.pay_before
        sums["pay_after"] += one.pay_after
        _count(sums, "before", one.proposals_before, one.year_before)
        _count(sums, "after", one.proposals_after, one.year_after)
    return dict(sums)


def less(whole: Mapping[str, Decimal], part: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """One tally without another that is in it."""
    return {name: value - part.get(name, ZERO) for name, value in whole.items()}


def _count(sums: _Sums, side: str, proposals: Iterable[Sequence[str]], year: Mapping[str, Any]) -> None:
    for _month, rule in proposals:
        sums[f"rule_{side}:{rule}"] += 1
    if not year:
        return
    sums[f"grade_{side}:{'tied' if year['tied'] else year['grade'] or 'out'}"] += 1
    sums[f"bonus_{side}"] += Decimal(year["bonus"] or 0)
    for code in year["consequences"]:
        sums[f"led_{side}:{code}"] += 1


def _counts(line: Line) -> bool:
    return line.kind == CycleKind.MONTH and line.after is not None


def _years(period: Period, draft: Rules) -> tuple[dict[int, dict[str, Any]], dict[int, dict[str, Any]]]:
    """Employee id → the year before and after: the same reckoning over the months as they were and as they would be."""
    if period.year is None or period.rules_then is None:
        return {}, {}
    sides = []
    for rules, is_after in ((period.rules_then, False), (draft, True)):
        months: dict[int, list[PublishedMonth]] = {}
        forms: dict[int, Decimal] = {}
        for line in period.lines:
            published = line.published(is_after=is_after)
            if published is None:
                continue
            if line.kind == CycleKind.YEAR:
                forms[line.employee_id] = published.coefficient
            else:
                months.setdefault(line.employee_id, []).append(published)
        facts = replace(period.year, months=months, forms=forms)
        last = period.year.last
        sides.append({one.employee_id: _year(one, last.get(one.employee_id)) for one in reckoned(facts, rules)})
    return sides[0], sides[1]


def _year(one: YearFigures, last_grade: str | None) -> dict[str, Any]:
    """A year as JSON data: percent and yuan as text."""
    led_to = [*one.consequences, *(["career_plan"] if earns_career_plan(one.grade, last_grade) else [])]
    return {
        "pool": one.pool,
        "months": one.months,
        "coefficient": _text(one.coefficient),
        "rank": one.rank,
        "grade": one.grade,
        "tied": one.is_undecided,
        "bonus": _text(one.bonus),
        "consequences": led_to,
    }


def _person(
    pk: int,
    lines: Sequence[Line],
    period: Period,
    draft: Rules,
    years: tuple[dict[str, Any] | None, dict[str, Any] | None],
) -> ReplayPerson:
    months = [line for line in lines if line.kind == CycleKind.MONTH]
    before, after = years[0] or {}, years[1] or {}
    proposals = [list(one) for one in sorted(period.standing.get(pk, ()))], _fires(pk, months, period, draft)
    differences = [abs((line.after or ZERO) - (line.before or ZERO)) for line in lines]
    pay = sum((line.pay_before for line in months), ZERO), sum((line.pay_after for line in months), ZERO)
    made = ReplayPerson(
        employee_id=pk,
        proposals_before=proposals[0],
        proposals_after=proposals[1],
        year_before=before,
        year_after=after,
        coefficient_before=_mean([line.before for line in months]),
        coefficient_after=_mean([line.after for line in months]),
        pay_before=pay[0],
        pay_after=pay[1],
        change=max(differences, default=ZERO),
    )
    made.moves_coefficient = any(differences)
    made.moves_pay = any(line.pay_before != line.pay_after for line in months) or _differs(before, after, "bonus")
    made.moves_proposals = proposals[0] != proposals[1] or _differs(before, after, "consequences")
    made.moves_grade = _differs(before, after, "grade") or _differs(before, after, "tied")
    made.is_moved = any(getattr(made, name) for name in _FLAGS)
    return made


def _fires(pk: int, months: Sequence[Line], period: Period, draft: Rules) -> list[list[str]]:
    """Month and rule of every firing in the period, with what was recorded before it."""
    own = [line for line in sorted(months, key=lambda line: line.month) if line.after is not None]
    if not any(may_fire(line.after, draft) for line in own if line.after is not None):
        return []
    history = [MonthResult(row.month, row.coefficient) for row in period.earlier.get(pk, ())]
    history += [MonthResult(f"{line.month:%Y-%m}", line.after) for line in own if line.after is not None]
    first = f"{period.first_month:%Y-%m}"
    return sorted([event.month, event.rule.code] for event in fired(history, draft) if event.month >= first)


def _differs(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> bool:
    return bool(before.get(name) != after.get(name))


def _mean(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return cents(divide(sum(known, ZERO), Decimal(len(known)))) if known else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
