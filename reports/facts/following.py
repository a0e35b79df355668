"""What one follows up, in words: who, what, how late, and where it is seen by whoever may see it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from common.wording import month as month_name
from notices.facts import STEPS
from people.facts import Standing
from people.models import Employee
from reports.selectors import following as thing
from reports.selectors import waiting as what
from reports.selectors.escalations import Pursued
from reports.selectors.following import KINDS, Thing, board_opens
from scoring.selectors import board

PAGES = {
    thing.FORM: "appraisals:form",
    thing.APPEAL: "appeals:appeal",
    thing.INCIDENT: "incidents:incident",
    thing.BONUS: "incidents:bonus",
    thing.CALL: "quality:call",
    thing.INTERVIEW: "development:interview",
    thing.PLAN: "development:plan",
    thing.MEETING: "development:meeting",
    thing.TRAINING: "development:training_one",
}
LISTS = {
    thing.APPEAL: "appeals:appeals",
    thing.INCIDENT: "incidents:incidents",
    thing.BONUS: "incidents:bonuses",
    thing.CALL: "quality:calls",
    thing.TRAINING: "development:training",
}
STEP_ON_BOARD = {
    what.CONFIRM: board.TARGETS,
    what.TARGETS: board.TARGETS,
    what.SELF: board.SELF,
    what.FIGURES: board.DATA,
    what.REVIEW: board.REVIEW,
    what.SIGN: board.SIGN,
    what.SIGN_TEAM: board.SIGN,
}
WHOLE_BOARD = frozenset((what.APPROVE, what.CONSOLIDATE, what.PUBLISH, what.FILE))


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedLine:
    """A row of the page. ``n`` things of the sort; ``url`` is empty where nothing of it opens for the reader."""

    person: Employee
    matter: str
    n: int
    due_on: date
    url: str


def followed_line(one: Pursued, standing: Standing, seen: Collection[Thing]) -> FollowedLine:
    """The row in the language of the page."""
    row = one.row
    key, step = row.waiting.key, STEPS.get(one.word, one.word)
    return FollowedLine(
        person=one.debtor,
        matter=_("%(month)s%(step)s") % {"month": month_name(key), "step": step} if key else str(step),
        n=row.n,
        due_on=row.due_on,
        url=_place(one, standing, seen, key),
    )


def _place(one: Pursued, standing: Standing, seen: Collection[Thing], key: str) -> str:
    """The only thing itself; of several the debtor's rows on the month's board, or the list they stand in."""
    row = one.row
    kind = KINDS.get(row.what, "")
    if row.n == 1 and row.what not in WHOLE_BOARD and (kind, row.ident) in seen:
        return reverse(PAGES[kind], args=[row.ident])
    if board_opens(one, standing) and (row.what in STEP_ON_BOARD or row.what in WHOLE_BOARD):
        month = reverse("scoring:duty_month", args=[key])
        step = STEP_ON_BOARD.get(row.what)
        return f"{month}?step={step}&who={row.person_id}#list" if step else month
    return reverse(LISTS[kind]) if kind in LISTS and (kind, row.ident) in seen else ""
