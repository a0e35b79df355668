"""The form's steps between confirmed targets and consolidation: self-score, review, and back (P4.2-P4.4)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Form, Item, Score
from appraisals.permissions import hats_on
from appraisals.selectors.schemes import rules_of
from appraisals.services.steps import Actor, check_version, checked_move, locked_form, make_move
from appraisals.states import Part, ScoreKind
from common.errors import RuleError
from common.wording import day
from policy.levels import needs_fact


@transaction.atomic(durable=True)
def submit_self(form_id: int, *, by: Actor, version: int | None = None) -> Form:
    """Hand the complete self-scores to the owner; refused with the names of what is missing."""
    return _hand_on(form_id, "submit_self", (ScoreKind.SELF,), by=by, version=version)


@transaction.atomic(durable=True)
def submit_review(form_id: int, *, by: Actor, version: int | None = None) -> Form:
    """The owner is done: every applicable item has its score, the ends of the scale their facts.

    Figures still owed do not stop the owner; they stop the consolidation.
    """
    return _hand_on(form_id, "submit_review", (ScoreKind.REVIEW, ScoreKind.SUPERIOR), by=by, version=version)


@transaction.atomic(durable=True)
def review_without_self(form_id: int, *, reason: str, by: Actor, version: int | None = None) -> Form:
    """Begin the review though no self-score came, once its term is over (P4, decided)."""
    now = timezone.now()
    form = locked_form(form_id)
    move = checked_move(form, "review_without_self", hats_on(form, by), reason)
    check_version(form, version)
    if timezone.localdate(now) <= form.cycle.self_due_on:
        words = _("自评到 %(day)s 24:00 为止，过了还没交，才能不等自评直接复核。")
        raise RuleError(words % {"day": day(form.cycle.self_due_on)}, code="too_early")
    make_move(form, move, by=by, now=now, reason=reason.strip())
    return form


@transaction.atomic(durable=True)
def return_self(form_id: int, *, reason: str, by: Actor, version: int | None = None) -> Form:
    """Give the form back to the appraisee; the scores stay as they are."""
    return _send_back(form_id, "return_self", reason, by=by, version=version)


@transaction.atomic(durable=True)
def return_review(form_id: int, *, reason: str, by: Actor, version: int | None = None) -> Form:
    """Open a finished review again: by the owner himself or the duty officer."""
    return _send_back(form_id, "return_review", reason, by=by, version=version)


def _hand_on(form_id: int, name: str, kinds: tuple[ScoreKind, ...], *, by: Actor, version: int | None) -> Form:
    now = timezone.now()
    form = locked_form(form_id)
    move = checked_move(form, name, hats_on(form, by))
    check_version(form, version)
    problems = tuple(_gaps(form, kinds))
    if problems:
        raise RuleError(_("还不能提交："), code="incomplete", problems=problems)
    make_move(form, move, by=by, now=now)
    return form


def _send_back(form_id: int, name: str, reason: str, *, by: Actor, version: int | None) -> Form:
    now = timezone.now()
    form = locked_form(form_id)
    move = checked_move(form, name, hats_on(form, by), reason)
    check_version(form, version)
    make_move(form, move, by=by, now=now, reason=reason.strip())
    return form


def _gaps(form: Form, kinds: tuple[ScoreKind, ...]) -> Iterable[str]:
    """What is still to be scored, and which score still lacks its fact."""
    rules = rules_of(form.cycle.scheme)
    scores = {score.item_id: score for score in Score.objects.filter(item__form=form, kind__in=kinds)}
    items = Item.objects.filter(form=form, not_applicable_reason="").exclude(part=Part.KPI)
    for item in items.order_by("part", "order", "pk"):
        score = scores.get(item.pk)
        if score is None:
            yield _("“%(name)s”没有评。") % {"name": item.name}
        elif score.points > item.points:
            yield _("“%(name)s”的分高于这一项的分数，重新评。") % {"name": item.name}
        elif needs_fact(rules, score.level) and not score.fact:
            words = _("“%(name)s”评了 %(level)s，写一句事实。")
            yield words % {"name": item.name, "level": score.level}
