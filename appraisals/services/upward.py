"""Subordinates rate their superior, without a name (P4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from appraisals.models import Form, Item, UpwardScore, UpwardTurn
from appraisals.selectors.schemes import rules_of
from appraisals.services.steps import locked_form
from appraisals.services.turns import store_shuffled
from appraisals.states import Part
from appraisals.workflow import Hat, Piece, may_edit
from audit.log import record
from common.errors import RuleError
from people.models import Employee
from policy.levels import level_named, level_points


@dataclass(frozen=True, slots=True)
class Nobody:
    """Who rated stands nowhere: the audit names a subordinate and no more."""

    number: str = "-"
    name: str = "下级"


@transaction.atomic(durable=True)
def submit_upward(form_id: int, *, levels: Mapping[int, int], by: Employee) -> None:
    """Give every management item a level, in one act that can't be changed afterwards.

    ``levels``: item id → code of the level. The ratings carry neither rater nor time, and the audit row says only
    that somebody rated.
    """
    form = locked_form(form_id)
    turn = UpwardTurn.objects.select_for_update().filter(form=form, rater=by).first()
    if turn is None:
        raise RuleError(_("这张表没有请你评。"), code="not_asked")
    if turn.is_done:
        raise RuleError(_("你已经评过，交了就不能改，也没有人能查到是谁评的。"), code="rated_already")
    if not may_edit(Piece.UPWARD_SCORES, form.state, frozenset((Hat.RATER,))):
        raise RuleError(_("这张表已经不收下级评分了。"), code="not_now")
    store_shuffled(form.pk, _ratings(form, levels))
    turn.is_done = True
    turn.save(update_fields=["is_done"])
    record("form.rated", form, by=Nobody())


def _ratings(form: Form, levels: Mapping[int, int]) -> list[UpwardScore]:
    items = list(Item.objects.filter(form=form, part=Part.MANAGEMENT, not_applicable_reason=""))
    missing = tuple(item.name for item in items if item.pk not in levels)
    if missing or not items:
        raise RuleError(_("还有没评的："), code="incomplete", problems=missing)
    rules = rules_of(form.cycle.scheme)
    rows = []
    for item in items:
        level = level_named(rules, levels[item.pk])
        if level is None:
            raise RuleError(_("“%(name)s”选一个等级。") % {"name": item.name}, code="unknown_level")
        rows.append(UpwardScore(item=item, points=level_points(level, item.points)))
    return rows
