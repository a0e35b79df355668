"""The rounds with their terms, the calendar those were computed on, and what was extended since (P6.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisals.models import Cycle
from appraisals.selectors.teams import cycles_with_counts
from audit.log import acts_on
from audit.models import Event
from common.wording import day, listed
from common.years import arranged_years, days_in_words

NAMES = {
    "targets_due_on": gettext_lazy("定目标"),
    "self_due_on": gettext_lazy("自评"),
    "data_due_on": gettext_lazy("报数据"),
    "review_due_on": gettext_lazy("复核"),
    "publish_due_on": gettext_lazy("出结果"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A step's last day; ``is_open`` while somebody may still owe it."""

    name: str
    due_on: date
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """When terms got more time, and which day they were before."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A cycle with its counts; ``basis`` tells the days off and worked behind its terms, ``unknown`` the years whose
    arrangement is still missing."""

    cycle: Cycle
    terms: list[Term]
    basis: str
    years: str
    unknown: str
    extensions: list[Extension]


def rounds() -> list[Round]:
    """Every round, newest first, in a constant number of statements."""
    cycles = cycles_with_counts()
    arranged = arranged_years(year for cycle in cycles for year in _years(cycle))
    extended = acts_on("cycle.terms_extended", cycles)
    return [_round(cycle, arranged, _extensions(extended.get(str(cycle.pk), []))) for cycle in cycles]


def _round(cycle: Cycle, arranged: set[int], extensions: list[Extension]) -> Round:
    setting, scoring = bool(getattr(cycle, "setting", 0)), bool(getattr(cycle, "scoring", 0))
    shown = ("targets_due_on", "data_due_on", "publish_due_on")
    open_now = {"targets_due_on": setting, "data_due_on": scoring, "publish_due_on": scoring}
    return Round(
        cycle=cycle,
        terms=[Term(name=str(NAMES[one]), due_on=getattr(cycle, one), is_open=open_now[one]) for one in shown],
        basis=days_in_words(cycle.calendar) if cycle.calendar else "",
        years=listed(str(year) for year in _years(cycle)),
        unknown=listed(str(year) for year in _years(cycle) if year not in arranged),
        extensions=extensions,
    )


def _years(cycle: Cycle) -> list[int]:
    return sorted({cycle.targets_due_on.year, cycle.publish_due_on.year})


def _extensions(events: Sequence[Event]) -> list[Extension]:
    found = []
    for event in events:
        before, after = event.before or {}, event.after or {}
        moved = [
            _("%(step)s原来到%(before)s，现在到%(after)s")
            % {"step": NAMES[name], "before": _day(before[name]), "after": _day(after[name])}
            for name in NAMES
            if name in before and name in after
        ]
        found.append(Extension(at=event.at, words=listed(moved)))
    return found


def _day(text: str) -> str:
    return day(date.fromisoformat(text))
