"""The step that writes into a draft: levels, comments, fatal fault and remark, each checked against its rubric (A2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from common.db import require_transaction
from common.errors import ConflictError, RuleError, check_length
from common.wording import listed, short
from quality.models import Assessment, AssessmentScore, CallNote, RubricItem, RubricLevel
from quality.services.marking import TEXT_LIMIT

REMARK_LIMIT = 500
LONGEST_CALL = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One of the item's levels in points, or that it does not apply."""

    points: Decimal | None = None
    is_not_applicable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What is said of an item, at a second of the recording where there is one; an empty text takes it back."""

    text: str = ""
    at_second: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fatal:
    """The fatal fault by its key and the fact; no key: there is none."""

    fault_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What is told of a draft; what is left out stays as it is. Levels and comments by the item's key.

    ``version`` is the draft's version the writer saw; None does not ask.
    """

    levels: Mapping[int, Level] = field(default_factory=dict)
    comments: Mapping[int, Comment] = field(default_factory=dict)
    fatal: Fatal | None = None
    remark: str | None = None
    version: int | None = None


Told = dict[str, object]


def fill(draft: Assessment, entries: Entries) -> tuple[Told, Told]:
    """Write what differs from what stands, under the draft's lock; what it was and what it is now, by name.

    Refused: an item or a fault of another rubric, a level that the item has not, 'does not apply' where it always
    does, texts too long; and a writer who has not seen the last change (``ConflictError``), unless nothing differs.
    """
    require_transaction()
    items = {item.pk: item for item in draft.rubric.items.all()}
    scores, score_words = _changed_levels(draft, entries, items)
    notes, note_words = _changed_comments(draft, entries, items)
    fields, field_words = _changed_fields(draft, entries)
    changes = {**score_words, **note_words, **field_words}
    if not changes:
        return {}, {}
    _check_seen(draft, entries, changes)
    _write_levels(draft, scores)
    _write_comments(draft, notes)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.version += 1
    draft.full_clean(exclude=("call", "listener", "rubric"), validate_unique=False, validate_constraints=False)
    draft.save(update_fields=[*fields, "version"])
    return {name: old for name, (old, _new) in changes.items()}, {name: new for name, (_old, new) in changes.items()}


Words = dict[str, tuple[str, str]]


def _changed_levels(
    draft: Assessment, entries: Entries, items: Mapping[int, RubricItem]
) -> tuple[dict[int, Level], Words]:
    if not entries.levels:
        return {}, {}
    stands = {one.item_id: Level(points=one.points, is_not_applicable=one.is_not_applicable) for one in _scores(draft)}
    allowed = set(RubricLevel.objects.filter(item__in=list(entries.levels)).values_list("item_id", "points"))
    found, words = {}, {}
    for pk, level in entries.levels.items():
        item = items.get(pk)
        if item is None:
            raise RubricItem.DoesNotExist
        check_level(item, level, allowed)
        old = stands.get(pk)
        if old != level:
            found[pk] = level
            words[item.name] = (_level_words(old), _level_words(level))
    return found, words


def check_level(item: RubricItem, level: Level, allowed: set[tuple[int, Decimal]]) -> None:
    """One of the item's levels (``allowed``: item key and points), or 'does not apply' where that is allowed."""
    if level.is_not_applicable:
        if not item.may_not_apply:
            words = _("“%(name)s”每通都要评，不能选不适用。") % {"name": item.display_name}
            raise RuleError(words, code="always_applies", field="levels")
        if level.points is None:
            return
    if level.points is None or level.is_not_applicable or (item.pk, level.points) not in allowed:
        words = _("“%(name)s”没有这个等级。") % {"name": item.display_name}
        raise RuleError(words, code="unknown_level", field="levels")


def _changed_comments(
    draft: Assessment, entries: Entries, items: Mapping[int, RubricItem]
) -> tuple[dict[int, Comment], Words]:
    if not entries.comments:
        return {}, {}
    stands = {one.item_id: Comment(text=one.text, at_second=one.at_second) for one in draft.notes.all()}
    found, words = {}, {}
    for pk, told in entries.comments.items():
        item = items.get(pk)
        if item is None:
            raise RubricItem.DoesNotExist
        text = told.text.strip()
        check_length(text, TEXT_LIMIT, field="comments")
        if told.at_second is not None and not 0 <= told.at_second <= LONGEST_CALL:
            raise RuleError(_("录音的时间写成分:秒，比如 1:10。"), code="bad_second", field="comments")
        comment = Comment(text=text, at_second=told.at_second) if text else Comment()
        if comment != stands.get(pk, Comment()):
            found[pk] = comment
            words[_("%(name)s的评语") % {"name": item.name}] = (stands.get(pk, Comment()).text, text)
    return found, words


def _changed_fields(draft: Assessment, entries: Entries) -> tuple[dict[str, object], Words]:
    found: dict[str, object] = {}
    words: Words = {}
    if entries.fatal is not None:
        fault = None
        if entries.fatal.fault_id is not None:
            fault = draft.rubric.fatal_faults.get(pk=entries.fatal.fault_id)
        note = entries.fatal.note.strip() if fault else ""
        check_length(note, TEXT_LIMIT, field="fatal_note")
        if (fault and fault.pk, note) != (draft.fatal_fault_id, draft.fatal_note):
            old = f"{draft.fatal_fault.code} {draft.fatal_note}" if draft.fatal_fault else ""
            words[_("一票否决")] = (old, f"{fault.code} {note}" if fault else "")
            found |= {"fatal_fault": fault, "fatal_note": note}
    if entries.remark is not None:
        remark = entries.remark.strip()
        check_length(remark, REMARK_LIMIT, field="remark")
        if remark != draft.remark:
            words[_("总评")] = (draft.remark, remark)
            found["remark"] = remark
    return found, words


def _check_seen(draft: Assessment, entries: Entries, changes: Words) -> None:
    if entries.version is None or entries.version == draft.version:
        return
    none = _("没有填")
    theirs = listed(f"{name} {old or none}" for name, (old, _new) in changes.items())
    mine = listed(f"{name} {new or none}" for name, (_old, new) in changes.items())
    words = _("这份评分刚在别处改过，你填的还没有存：%(mine)s。") % {"mine": mine}
    raise ConflictError(words, theirs=theirs, field="levels")


def _write_levels(draft: Assessment, levels: Mapping[int, Level]) -> None:
    rows = [
        AssessmentScore(assessment=draft, item_id=pk, points=level.points, is_not_applicable=level.is_not_applicable)
        for pk, level in levels.items()
    ]
    AssessmentScore.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["assessment", "item"],
        update_fields=["points", "is_not_applicable"],
    )


def _write_comments(draft: Assessment, comments: Mapping[int, Comment]) -> None:
    if not comments:
        return
    draft.notes.filter(item__in=list(comments)).delete()
    CallNote.objects.bulk_create(
        CallNote(assessment=draft, item_id=pk, at_second=told.at_second, text=told.text)
        for pk, told in comments.items()
        if told.text
    )


def _scores(draft: Assessment) -> list[AssessmentScore]:
    return list(draft.scores.all())


def _level_words(level: Level | None) -> str:
    if level is None:
        return ""
    return _("不适用") if level.is_not_applicable else short(level.points)
