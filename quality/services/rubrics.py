"""The monitoring standard as versioned data (A2): draft the next version, write it, publish it from a day on, drop it.

There is one draft at a time. A published version is never changed: calls are scored by the one in force on their day.
"""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import ConflictError, RuleError
from common.wording import day as day_words
from common.wording import moment, short
from people.models import Employee
from people.selectors import standing_of
from quality.facts.standard_checks import is_unusual, publishing_problems, storing_problems
from quality.facts.standards import ItemFacts, StandardFacts, as_record, facts_of
from quality.models import Assessment, FatalFault, Rubric, RubricItem, RubricLevel
from quality.permissions import can_edit_rubric
from quality.selectors.rubrics import in_force, whole_rubrics
from quality.states import RubricState

OWN = "own"
_VERSION = re.compile(r"(?=.*[0-9])[\w.\-]+")


@transaction.atomic(durable=True)
def draft_rubric(*, by: Employee) -> Rubric:
    """A new version to be worked on: a copy of the one in force, its fatal faults and plan included."""
    _check_may(by)
    now, rubrics = timezone.now(), list(Rubric.objects.select_for_update().order_by("pk"))
    if any(one.state == RubricState.DRAFT for one in rubrics):
        raise RuleError(_("已经有一稿在改，接着改那一稿。"), code="draft_exists")
    source = in_force(whole_rubrics(), timezone.localdate(now)).first()
    name = _next_version(source.version if source else "", {one.version for one in rubrics}, now)
    draft = Rubric(version=name, state=RubricState.DRAFT, source=OWN, edited_by=by, edited_at=now)
    facts = StandardFacts(version=name) if source is None else facts_of(source)
    _set_head(draft, facts, name)
    draft.full_clean()
    draft.save(force_insert=True)
    if source is not None:
        _store_parts(draft, facts, _sources(source))
    record("rubric.drafted", draft, by=by, after={"version": name, "from": source.version if source else None})
    return draft


@transaction.atomic(durable=True)
def save_rubric(rubric_id: int, facts: StandardFacts, *, seen: str, by: Employee) -> Rubric:
    """Store the draft as it was typed, finished or not.

    ``seen`` is the ``edit_mark`` of the draft that the writer had before him; somebody else's save since then is a
    ``ConflictError``. Refused with every problem at once where it can't be kept so.
    """
    _check_may(by)
    draft = _locked_draft(rubric_id)
    _check_seen(draft, seen)
    _check_storable(draft, facts)
    known, before = _sources(draft), as_record(facts_of(draft))
    draft.edited_by, draft.edited_at = by, timezone.now()
    _set_head(draft, facts, facts.version)
    draft.full_clean()
    draft.save()
    draft.items.all().delete()
    draft.fatal_faults.all().delete()
    _store_parts(draft, facts, known)
    after = as_record(facts)
    changed = {name for name, value in after.items() if value != before[name]}
    record(
        "rubric.saved",
        draft,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return draft


@transaction.atomic(durable=True)
def publish_rubric(
    rubric_id: int, *, starts_on: date, by: Employee, seen: str | None = None, accepts_total: bool = False
) -> Rubric:
    """Put it in force for calls from ``starts_on`` on: today or later, and after every call scored already.

    ``seen`` as in ``save_rubric``, None: whatever it is now. ``accepts_total`` says that full marks which don't add
    up to 100 are meant.
    """
    _check_may(by)
    draft = _locked_draft(rubric_id)
    if seen is not None:
        _check_seen(draft, seen)
    facts = facts_of(draft)
    problems = [*storing_problems(facts), *publishing_problems(facts)]
    if problems:
        raise RuleError(_("这一版还不能发布。"), code="not_ready", problems=tuple(problems))
    if is_unusual(facts) and not accepts_total:
        words = _("满分合计是 %(total)s，不是 100。确实要这样，就勾上确认。")
        raise RuleError(words % {"total": short(facts.total)}, code="unusual_total", field="accepts_total")
    _check_day(starts_on)
    draft.state, draft.starts_on = RubricState.PUBLISHED, starts_on
    draft.published_by, draft.published_at = by, timezone.now()
    draft.full_clean()
    draft.save(update_fields=["state", "starts_on", "published_by", "published_at"])
    after = {"state": draft.state, "starts_on": starts_on.isoformat(), "total": str(facts.total)}
    record("rubric.published", draft, by=by, before={"state": RubricState.DRAFT}, after={**after, **as_record(facts)})
    return draft


@transaction.atomic(durable=True)
def discard_rubric(rubric_id: int, *, by: Employee) -> None:
    """Drop the draft; what it said stays in the audit."""
    _check_may(by)
    draft = _locked_draft(rubric_id)
    record("rubric.discarded", draft, by=by, before=as_record(facts_of(draft)))
    draft.delete()


def edit_mark(rubric: Rubric) -> str:
    """What tells one save of a draft from the next."""
    return rubric.edited_at.isoformat() if rubric.edited_at else ""


def _check_may(by: Employee) -> None:
    if not can_edit_rubric(standing_of(by, timezone.localdate())):
        raise RuleError(_("监听标准由考核小组组长、客服管理部或人力资源部维护。"), code="not_allowed")


def _locked_draft(rubric_id: int) -> Rubric:
    """Every version is locked: publishing looks at the others, and nobody begins a score meanwhile."""
    list(Rubric.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    draft = whole_rubrics().filter(pk=rubric_id, state=RubricState.DRAFT).first()
    if draft is None:
        raise RuleError(_("这一稿已经发布或丢弃，刷新看看。"), code="no_draft")
    return draft


def _check_seen(draft: Rubric, seen: str) -> None:
    if seen != edit_mark(draft):
        values = {"name": draft.edited_by.name if draft.edited_by else "", "time": moment(draft.edited_at)}
        words = _("%(name)s %(time)s 先保存了，你看到的不是最新的一稿。")
        raise ConflictError(words % values, theirs=edit_mark(draft))


def _check_storable(draft: Rubric, facts: StandardFacts) -> None:
    problems = storing_problems(facts)
    if facts.version and not _VERSION.fullmatch(facts.version):
        problems.append(_("版本用字母、数字、点和短横，要有数字，例如 1.1。"))
    if Rubric.objects.exclude(pk=draft.pk).filter(version=facts.version).exists():
        problems.append(_("已经有 %(version)s 版，换一个。") % {"version": facts.version})
    if problems:
        raise RuleError(_("没有保存，先改下面几处。"), code="not_storable", problems=tuple(problems))


def _check_day(starts_on: date) -> None:
    if starts_on < timezone.localdate():
        raise RuleError(_("生效日期不能早于今天。"), code="in_the_past", field="starts_on")
    taken = Rubric.objects.filter(state=RubricState.PUBLISHED, starts_on=starts_on).first()
    if taken is not None:
        values = {"day": day_words(starts_on), "version": taken.version}
        raise RuleError(_("%(day)s已有 %(version)s 版生效，换一天。") % values, code="day_taken", field="starts_on")
    if Assessment.objects.filter(call__called_on__gte=starts_on).exists():
        words = _("%(day)s的录音已经有按现行标准评的，最早从第二天起生效。")
        raise RuleError(words % {"day": day_words(starts_on)}, code="already_scored", field="starts_on")


def _set_head(draft: Rubric, facts: StandardFacts, version: str) -> None:
    draft.version, draft.note = version, facts.note
    for name, value in facts.plan._asdict().items():
        setattr(draft, name, value)


def _store_parts(draft: Rubric, facts: StandardFacts, known: dict[object, str]) -> None:
    """Items, levels and fatal faults anew, in the order given; ``known`` says where unchanged ones come from."""
    items = RubricItem.objects.bulk_create(
        RubricItem(
            rubric=draft,
            order=order,
            source=known.get(_item_key(item), OWN),
            **{name: value for name, value in item._asdict().items() if name != "levels"},
        )
        for order, item in enumerate(facts.items, start=1)
    )
    RubricLevel.objects.bulk_create(
        RubricLevel(item=row, source=known.get((row.name, level), OWN), **level._asdict())
        for row, item in zip(items, facts.items, strict=True)
        for level in item.levels
    )
    FatalFault.objects.bulk_create(
        FatalFault(rubric=draft, order=order, **fault._asdict()) for order, fault in enumerate(facts.faults, start=1)
    )


def _sources(rubric: Rubric) -> dict[object, str]:
    """Where each item and level comes from, by all that it says; whatever is changed becomes one's own."""
    found: dict[object, str] = {}
    for row, item in zip(rubric.items.all(), facts_of(rubric).items, strict=True):
        found[_item_key(item)] = row.source
        found |= {(item.name, level): one.source for one, level in zip(row.levels.all(), item.levels, strict=True)}
    return found


def _item_key(item: ItemFacts) -> ItemFacts:
    return item._replace(levels=())


def _next_version(current: str, taken: set[str], now: datetime) -> str:
    """The next minor number, or the year's next where versions are not numbered so."""
    numbered = re.fullmatch(r"([0-9]+)\.([0-9]+)", current)
    head, last = (numbered[1], int(numbered[2])) if numbered else (str(timezone.localdate(now).year), 0)
    return next(name for n in range(last + 1, last + len(taken) + 2) if (name := f"{head}.{n}") not in taken)
