"""What one person follows up: the overdue things of others that he has been told of, and which of them open for him."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet, Value

from appeals.permissions import Reader, visible_appeals
from appraisals.models import Cycle
from appraisals.permissions import visible_forms
from appraisals.states import CycleKind
from common.db import among
from development.permissions import visible_interviews, visible_meetings, visible_plans, visible_training
from incidents.permissions import Judge, visible_bonuses, visible_incidents
from people.facts import Standing
from people.models import Employee
from policy.workdays import Calendar
from quality.permissions import Ear, visible_calls
from reports.selectors import waiting as what
from reports.selectors.escalations import Pursued, owed_on
from scoring.permissions import can_view_board

FORM, APPEAL, INCIDENT, BONUS, CALL = "form", "appeal", "incident", "bonus", "call"
INTERVIEW, PLAN, MEETING, TRAINING = "interview", "plan", "meeting", "training"
KINDS: dict[str, str] = {
    **dict.fromkeys((what.CONFIRM, what.SELF, what.SIGN, what.TARGETS, what.REVIEW, what.SIGN_TEAM), FORM),
    **dict.fromkeys((what.FIGURES, what.INTERVIEW, what.APPROVE, what.CONSOLIDATE, what.PUBLISH, what.FILE), FORM),
    **dict.fromkeys((what.EXAMINE, what.ASSIGN), APPEAL),
    **dict.fromkeys((what.SCORE, what.RULE), CALL),
    **dict.fromkeys((what.SIGN_PLAN, what.CHECK_PLAN), PLAN),
    **dict.fromkeys((what.PASS_TRAINING, what.ARRANGE_TRAINING), TRAINING),
    what.VERIFY: INCIDENT,
    what.CHECK_BONUS: BONUS,
    what.AGREE_INTERVIEW: INTERVIEW,
    what.CONSENT: MEETING,
}
"""Sort of matter → what its ``ident`` is a key of; a sort that is not here has no page to open."""
Thing = tuple[str, int]


class Following(NamedTuple):
    """What the person follows up, the longest overdue first, and the days by which they are counted."""

    rows: list[Pursued]
    calendar: Calendar


def followed_by(person: Employee, today: date) -> Following:
    """The very things his digests and messages name, one row per debtor, sort and term; statements fixed."""
    owed = owed_on(today, until=today - timedelta(days=1))
    found: dict[tuple[Any, ...], Pursued] = {}
    for row in owed.rows:
        for one in owed.pursued(row):
            if one.person.pk == person.pk:
                found.setdefault(tuple(row), one)  # told in two offices, followed up once
    return Following(sorted(found.values(), key=lambda one: one.row.due_on), owed.calendar)


def openable(rows: Iterable[Pursued], person: Employee, standing: Standing) -> set[Thing]:
    """Which of the things behind these rows the person may see anyway, in one statement; following up opens nothing."""
    keys: dict[str, set[int]] = defaultdict(set)
    for one in rows:
        kind = KINDS.get(one.row.what)
        if kind:
            keys[kind].add(one.row.ident)
    if not keys:
        return set()
    seen = _visible(person, standing)
    first, *rest = [
        seen[kind].filter(pk__in=among(ids)).order_by().annotate(of=Value(kind, CharField())).values_list("of", "pk")
        for kind, ids in keys.items()
    ]
    return set(first.union(*rest, all=True))


def board_opens(one: Pursued, standing: Standing) -> bool:
    """Whether the row's month has a board that the person may see."""
    row = one.row
    if row.kind != CycleKind.MONTH or row.starts_on is None:
        return False
    return can_view_board(standing, Cycle(kind=row.kind, starts_on=row.starts_on, ends_on=row.starts_on))


def _visible(person: Employee, standing: Standing) -> dict[str, QuerySet[Any]]:
    judge = Judge(person, standing)
    return {
        FORM: visible_forms(person, standing),
        APPEAL: visible_appeals(Reader(person, standing)),
        INCIDENT: visible_incidents(judge),
        BONUS: visible_bonuses(judge),
        CALL: visible_calls(Ear(person, standing)),
        INTERVIEW: visible_interviews(person, standing),
        PLAN: visible_plans(person, standing),
        MEETING: visible_meetings(person, standing),
        TRAINING: visible_training(person, standing),
    }
