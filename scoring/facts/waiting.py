"""What a form still waits for, and who owes it. Nothing missing is ever taken for zero (P4, decided)."""

from collections.abc import Collection
from typing import NamedTuple

from django.utils.translation import gettext as _

from appraisals.facts import FormRecord, form_records
from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from appraisals.states import DataSource, FormState
from policy.forms import FIGURE, Scorecard, build_scorecard
from scoring.selectors.heads import FormHead, form_heads

TARGETS = "targets"
APPROVAL = "approval"
CONFIRMATION = "confirmation"
SELF = "self"
REVIEW = "review"
CALLS = "calls"
GRADE = "grade"


class Wait(NamedTuple):
    """One thing that is missing. ``owes`` names the person, or the department that must act; ``item`` the line."""

    kind: str
    item: str
    owes: str
    is_refused: bool = False

    @property
    def words(self) -> str:
        """For a list: what is missing, then who owes it."""
        return _("%(what)s（%(who)s）") % {"what": _what(self), "who": self.owes}


class Incomplete(NamedTuple):
    """A form that can't be consolidated, and all it waits for."""

    form_id: int
    number: str
    name: str
    state: str
    waits: tuple[Wait, ...]

    @property
    def words(self) -> str:
        """Everything it waits for in one line."""
        return _("；").join(wait.words for wait in self.waits)


def incomplete(head: FormHead, record: FormRecord, card: Scorecard) -> Incomplete | None:
    """Why the form can't be consolidated; None when it can."""
    waits = [*_of_state(head), *_of_card(head, record, card)]
    if head.pay_cap is None:
        waits.append(Wait(GRADE, "", _("人力资源部")))
    return Incomplete(head.pk, head.number, head.name, head.state, tuple(waits)) if waits else None


def incomplete_forms(cycle: Cycle, form_ids: Collection[int]) -> list[Incomplete]:
    """Those of the cycle's forms that can't be consolidated as they stand, by employee number.

    A constant number of statements; give it at most some hundreds at a time.
    """
    records = form_records(form_ids)
    rules = rules_of(cycle.scheme)
    found = []
    for head in form_heads(form_ids):
        record = records[head.pk]
        waiting = incomplete(head, record, build_scorecard(record.facts, rules))
        if waiting:
            found.append(waiting)
    return found


def _of_state(head: FormHead) -> list[Wait]:
    if head.state == FormState.READY:
        return []
    steps = {
        FormState.TARGETS: Wait(TARGETS, "", head.owner),
        FormState.APPROVAL: Wait(APPROVAL, "", _("客服管理部")),
        FormState.CONFIRMATION: Wait(CONFIRMATION, "", head.name),
        FormState.ACTIVE: Wait(SELF, "", head.name),
        FormState.REVIEW: Wait(REVIEW, "", head.owner),
    }
    step = steps.get(FormState(head.state))
    return [step] if step else []


def _of_card(head: FormHead, record: FormRecord, card: Scorecard) -> list[Wait]:
    if not record.items:
        return [] if head.state == FormState.TARGETS else [Wait(TARGETS, "", head.owner)]
    if head.state in (FormState.TARGETS, FormState.APPROVAL, FormState.CONFIRMATION):
        return []  # what is still being agreed owes no figures yet
    if not card.missing:
        return []
    items = {item.facts.key: item for item in record.items}
    waits = []
    for missing in card.missing:
        item = items[missing.key]
        if missing.kind != FIGURE:
            # The owner's whole review is owed as one thing until it is submitted.
            if head.state == FormState.READY or missing.refused:
                waits.append(Wait(missing.kind, missing.name, head.owner, missing.refused))
        elif item.data_source == DataSource.MONITORING:
            waits.append(Wait(CALLS, missing.name, item.provider or head.owner))
        else:
            waits.append(Wait(FIGURE, missing.name, item.provider or head.owner, missing.refused))
    return waits


def _what(wait: Wait) -> str:
    if wait.is_refused:
        return _("“%(item)s”的数超出可以填的范围") % {"item": wait.item}
    item = {"item": wait.item}
    words = {
        TARGETS: _("目标还没定好"),
        APPROVAL: _("目标还没审批"),
        CONFIRMATION: _("目标还没确认"),
        SELF: _("还没自评"),
        REVIEW: _("“%(item)s”还没复核") % item if wait.item else _("还没复核"),
        "superior": _("“%(item)s”缺上级评分") % item,
        FIGURE: _("“%(item)s”缺数据") % item,
        CALLS: _("“%(item)s”当月没有监听录音") % item,
        GRADE: _("没有登记等级"),
    }
    return words[wait.kind]
