"""Self-, review and superior's scores, and what does not apply (P4.2-P4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Form, Item, Score
from appraisals.selectors.schemes import rules_of
from appraisals.services.steps import Actor, check_edit, locked_form
from appraisals.states import Part, ScoreKind
from appraisals.workflow import Piece
from audit.log import record
from common.errors import ConflictError, RuleError, check_length
from common.wording import points as points_text
from people.facts import SystemActor
from policy.levels import level_named, level_of, level_points
from policy.rounding import cents, plain
from policy.schemes import Scheme as Rules

FACT_LIMIT = 500
REASON_LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody gives an item: a level or exact points (both None take the score back), and the fact.

    ``fact`` None leaves it as it is. ``version`` is the score's version the person saw, 0 where there was none;
    None does not ask.
    """

    level: int | None = None
    points: Decimal | None = None
    fact: str | None = None
    version: int | None = None

    @property
    def is_empty(self) -> bool:
        return self.level is None and self.points is None


@transaction.atomic(durable=True)
def save_self_score(item_id: int, *, entry: Entry, by: Actor) -> Score | None:
    """The appraisee scores himself on one item; None when the score was taken back."""
    return _save_one(item_id, Piece.SELF_SCORES, entry, by)


@transaction.atomic(durable=True)
def save_review_score(item_id: int, *, entry: Entry, by: Actor) -> Score | None:
    """The owner's review score of one item; on a management item it is the superior's."""
    return _save_one(item_id, Piece.REVIEW_SCORES, entry, by)


@transaction.atomic(durable=True)
def save_scores(form_id: int, *, entries: Mapping[int, Entry], piece: Piece, by: Actor) -> int:
    """Many scores of one form at once (item id → entry), all or none; returns how many changed."""
    form = locked_form(form_id)
    check_edit(form, piece, by)
    items = {item.pk: item for item in form.items.filter(pk__in=list(entries))}
    if len(items) != len(entries):
        raise Item.DoesNotExist
    scores = {(score.item_id, score.kind): score for score in Score.objects.filter(item__in=items)}
    rules, changed = rules_of(form.cycle.scheme), 0
    for pk, entry in entries.items():
        old = scores.get((pk, _kind(items[pk], piece)))
        if old is None and entry.is_empty:
            continue
        changed += _put(form, items[pk], old, entry, (piece, rules, by))
    return changed


@transaction.atomic(durable=True)
def mark_not_applicable(item_id: int, *, reason: str, by: Actor) -> Item:
    """Take an item out of the score and the full marks, with the reason; an empty reason brings it back."""
    item, form = _locked_item(item_id)
    piece = Piece.KPI_NOT_APPLICABLE if item.part == Part.KPI else Piece.ITEM_NOT_APPLICABLE
    check_edit(form, piece, by)
    before, after = item.not_applicable_reason, reason.strip()
    check_length(after, REASON_LIMIT, field="reason")
    if not before and not after:
        raise RuleError(_("写一句为什么这个月不适用。"), code="reason_missing", field="reason")
    if before == after:
        return item
    item.not_applicable_reason = after
    item.full_clean()
    item.save(update_fields=["not_applicable_reason"])
    _changed(form)
    name = "form.not_applicable" if after else "form.applicable"
    told = {"item": item.name, "reason": before}, {"item": item.name, "reason": after}
    record(name, form, by=by, before=told[0], after=told[1], reason=after)
    return item


def _save_one(item_id: int, piece: Piece, entry: Entry, by: Actor) -> Score | None:
    item, form = _locked_item(item_id)
    check_edit(form, piece, by)
    stands = Score.objects.filter(item=item, kind=_kind(item, piece))
    _put(form, item, stands.first(), entry, (piece, rules_of(form.cycle.scheme), by))
    return stands.first()


def _locked_item(item_id: int) -> tuple[Item, Form]:
    item = Item.objects.get(pk=item_id)
    form = locked_form(item.form_id)
    return Item.objects.get(pk=item_id), form  # read again under the lock


def _put(form: Form, item: Item, old: Score | None, entry: Entry, context: tuple[Piece, Rules, Actor]) -> bool:
    """Write, change or take back one score; the very same again writes nothing and is False."""
    piece, rules, by = context
    kind = _kind(item, piece)
    if item.is_not_applicable:
        raise RuleError(_("“%(name)s”这个月不适用，先撤销再评。") % {"name": item.name}, code="not_applicable")
    before = None if old is None else {"item": item.name, "points": str(old.points), "fact": old.fact}
    if entry.is_empty:
        _check_seen(old, entry, "")
        if old is not None:
            old.delete()
            record(f"score.{kind}", form, by=by, before=before, after={"item": item.name, "points": None})
        return old is not None
    points, level = _worth(item, entry, rules)
    fact = (old.fact if old else "") if entry.fact is None else entry.fact.strip()
    if old is not None and (old.points, old.level, old.fact) == (points, level, fact):
        return False
    _check_seen(old, entry, points_text(points))
    score = old or Score(item=item, kind=kind, version=0)
    score.points, score.level, score.fact = points, level, fact
    score.version += 1
    score.updated_at = timezone.now()
    score.rater_id = _rater(form, piece) if isinstance(by, SystemActor) else by.pk
    score.full_clean()
    score.save()
    after = {"item": item.name, "points": str(points), "fact": fact}
    record(f"score.{kind}", form, by=by, before=before, after=after)
    return True


def _kind(item: Item, piece: Piece) -> ScoreKind:
    if item.part == Part.KPI:
        words = _("“%(name)s”按数据计分，不用打分。") % {"name": item.name}
        raise RuleError(words, code="scored_by_figure")
    if piece == Piece.SELF_SCORES:
        return ScoreKind.SELF
    return ScoreKind.SUPERIOR if item.part == Part.MANAGEMENT else ScoreKind.REVIEW


def _worth(item: Item, entry: Entry, rules: Rules) -> tuple[Decimal, int | None]:
    """Points and level: a level is worth its share; exact points that equal a level are that level.

    A goal is scored in points only (P4.2), so it has no level.
    """
    if entry.points is None:
        level = None if entry.level is None else level_named(rules, entry.level)
        if level is None or item.part == Part.GOAL:
            raise RuleError(_("“%(name)s”没有这个等级。") % {"name": item.name}, code="unknown_level", field="level")
        return level_points(level, item.points), level.code
    if not entry.points.is_finite() or not 0 <= entry.points <= item.points:
        words = _("“%(name)s”填 0 到 %(most)s 之间的分。") % {"name": item.name, "most": plain(item.points)}
        raise RuleError(words, code="out_of_range", field="points")
    given = cents(entry.points)
    if given != entry.points:
        raise RuleError(_("“%(name)s”最多两位小数。") % {"name": item.name}, code="too_fine", field="points")
    level = None if item.part == Part.GOAL else level_of(rules, given, item.points)
    return given, level.code if level else None


def _check_seen(old: Score | None, entry: Entry, mine: str) -> None:
    """Refuse a writer who saw another score than the one that stands."""
    if entry.version is None or entry.version == (old.version if old else 0):
        return
    theirs = points_text(old.points) if old else _("没有分")
    words = _("这一处刚被改成 %(theirs)s，你填的 %(mine)s 还没有存。") % {"theirs": theirs, "mine": mine or _("清空")}
    raise ConflictError(words, theirs=theirs, field="points")


def _rater(form: Form, piece: Piece) -> int:
    return form.employee_id if piece == Piece.SELF_SCORES else form.owner_id


def _changed(form: Form) -> None:
    form.version += 1
    form.save(update_fields=["version"])
