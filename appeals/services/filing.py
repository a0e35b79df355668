"""Appeals from the appellant's side: drafted, submitted, supplemented, withdrawn (P6.3b)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.facts import Contestable
from appeals.models import Appeal, AppealItem, AppealNote
from appeals.permissions import assigners, can_file
from appeals.selectors.contested import contestable_of, settled_keys
from appeals.selectors.terms import appeal_until
from appeals.services.steps import (
    attach,
    check_version,
    checked_words,
    contest,
    locked_appeal,
    refuse_unless,
    save_appeal_fields,
    save_numbered,
    start_term,
    tell_about,
)
from appeals.states import OPEN_APPEAL, AppealState, Grounds, NoteKind
from appraisals.services.steps import locked_form
from audit.log import record
from common.errors import RuleError, check_length
from common.uploads import Checked
from people.models import Employee
from scoring.models import Result
from scoring.services.steps import locked_cycle_of

WRITTEN = ("name", "grounds", "reason", "wanted", "scored", "full")
"""The fields of an item that a draft writes anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """One item as the appellant writes it; ``wanted`` in marks, None when it is not about points; new ``files``."""

    key: str
    grounds: str
    reason: str
    wanted: Decimal | None = None
    files: Sequence[Checked] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDraft:
    """What an appeal says; ``files`` are new ones that speak for the whole."""

    items: Sequence[Contested] = ()
    wish: str = ""
    files: Sequence[Checked] = ()


@transaction.atomic(durable=True)
def draft_appeal(result_id: int, draft: AppealDraft, *, by: Employee) -> Appeal:
    """Begin an appeal against the version of the result that was on the page; a draft is seen by nobody else."""
    now = timezone.now()
    form_id = Result.objects.values_list("form_id", flat=True).get(pk=result_id)
    cycle = locked_cycle_of(form_id)
    form = locked_form(form_id)
    result = Result.objects.select_for_update().get(pk=result_id)
    result.cycle, result.form = cycle, form
    refuse_unless(can_file(by, result))
    until = appeal_until(result)
    _check_term(until, now, result)
    if Appeal.objects.filter(result=result, instance=1).exclude(state=AppealState.WITHDRAWN).exists():
        raise RuleError(_("这份结果已经有一件申诉，在申诉里接着写。"), code="already_contested")
    appeal = Appeal(result=result, employee=by, file_until=until)
    save_numbered(appeal, now)
    files = _write(appeal, draft, by)
    record("appeal.drafted", appeal, by=by, after={"result": result.pk, "files": files})
    return appeal


@transaction.atomic(durable=True)
def save_appeal(appeal_id: int, draft: AppealDraft, *, version: int | None, by: Employee) -> Appeal:
    """Write the draft anew: its items are what is given now; files are added.

    The files of an item that is contested no longer stay with the whole.
    """
    appeal = locked_appeal(appeal_id).appeal
    refuse_unless(appeal.employee_id == by.pk and appeal.state == AppealState.DRAFT)
    check_version(appeal, version)
    _write(appeal, draft, by)
    return appeal


@transaction.atomic(durable=True)
def remove_file(appeal_id: int, file_id: int, *, by: Employee) -> None:
    """Take evidence off a draft. What has been handed in stays: others have read it."""
    appeal = locked_appeal(appeal_id).appeal
    refuse_unless(appeal.employee_id == by.pk and appeal.state == AppealState.DRAFT)
    file = appeal.files.filter(pk=file_id).first()
    refuse_unless(file is not None)
    if file is not None:
        name, store = str(file.file.name), file.file.storage
        file.delete()
        transaction.on_commit(lambda: store.delete(name))


@transaction.atomic(durable=True)
def submit_appeal(appeal_id: int, *, by: Employee) -> Appeal:
    """Hand it in before the term's last day is over (24:00 in Shanghai). From now on filing waits for the ruling.

    What counts is when it was asked for, not how long a lock was waited for.
    """
    now = timezone.now()
    locked = locked_appeal(appeal_id)
    appeal = locked.appeal
    refuse_unless(appeal.employee_id == by.pk and appeal.state == AppealState.DRAFT)
    if appeal.result.superseded_at is not None:
        raise RuleError(_("结果换了新的一版，先看新的，再对新的提出申诉。"), code="result_replaced")
    appeal.file_until = max(appeal.file_until, appeal_until(appeal.result))  # a term may have been extended since
    _check_term(appeal.file_until, now, appeal.result)
    items = _complete(appeal)
    today = timezone.localdate(now)
    appeal.state, appeal.submitted_at = AppealState.SUBMITTED, now
    start_term(appeal, "decide_until", today)
    save_appeal_fields(appeal, "state", "submitted_at", "decide_until", "file_until", "terms_calendar")
    contest(locked.form)
    record("appeal.submitted", appeal, by=by, after={"items": [item.key for item in items]})
    told = {*assigners(appeal, today), locked.form.owner_id} - {by.pk}
    tell_about(appeal, told, "appeal_submitted", who=by.name)
    return appeal


@transaction.atomic(durable=True)
def supplement_appeal(
    appeal_id: int, *, text: str, files: Sequence[Checked] = (), item_id: int | None = None, by: Employee
) -> AppealNote:
    """Add to an open appeal, asked to or not; what was said stays as it is. Files speak for one item or the whole."""
    appeal = locked_appeal(appeal_id).appeal
    refuse_unless(appeal.employee_id == by.pk and appeal.state in OPEN_APPEAL)
    words = checked_words(text, 500, field="text", missing=_("写下要补充的。"))
    item = None if item_id is None else appeal.items.filter(pk=item_id).first()
    if item_id is not None and item is None:
        raise RuleError(_("这一项不在这件申诉里，刷新后再选。"), code="unknown_item", field="item")
    note = AppealNote.objects.create(appeal=appeal, kind=NoteKind.SUPPLEMENT, text=words, by=by, at=timezone.now())
    names = attach(appeal, [], by, of_items=[(item, one) for one in files]) if item else attach(appeal, files, by)
    if appeal.state == AppealState.SUPPLEMENT:
        appeal.state = AppealState.EXAMINED
    save_appeal_fields(appeal, "state")  # whoever is about to rule without having read it is told
    record("appeal.supplemented", appeal, by=by, after={"note": note.pk, "files": names})
    if appeal.handler_id is not None:
        tell_about(appeal, [appeal.handler_id], "appeal_supplemented", what=f"{note.pk}")
    return note


@transaction.atomic(durable=True)
def withdraw_appeal(appeal_id: int, *, reason: str = "", by: Employee) -> Appeal:
    """Take it back before it is ruled; the result stands, and may be contested again within the term."""
    locked = locked_appeal(appeal_id)
    appeal = locked.appeal
    refuse_unless(appeal.employee_id == by.pk and appeal.state in (AppealState.DRAFT, *OPEN_APPEAL))
    check_length(reason.strip(), 200, field="reason")
    was_open = appeal.state in OPEN_APPEAL
    appeal.state, appeal.ended_reason = AppealState.WITHDRAWN, reason.strip()
    save_appeal_fields(appeal, "state", "ended_reason")
    if was_open:
        contest(locked.form)
        told = {pk for pk in (appeal.handler_id, locked.form.owner_id) if pk is not None}
        tell_about(appeal, told, "appeal_withdrawn")
    record("appeal.withdrawn", appeal, by=by, reason=appeal.ended_reason)
    return appeal


def _complete(appeal: Appeal) -> list[AppealItem]:
    items = list(appeal.items.all())
    if not items:
        raise RuleError(_("至少选一项，写清楚理由。"), code="items_missing", field="items")
    unexplained = [item.name for item in items if not item.reason.strip()]
    if unexplained:
        raise RuleError(_("每一项都要写理由："), code="reason_missing", field="items", problems=tuple(unexplained))
    settled = settled_keys(appeal.result.form_id)
    ruled = [item.name for item in items if item.key in settled]
    if ruled:
        words = _("这些项已经裁定过，不服的到人力资源部再次申诉：")
        raise RuleError(words, code="ruled_already", field="items", problems=tuple(ruled))
    return items


def _check_term(until: date, now: datetime, result: Result) -> None:
    """Fact, date, way out."""
    if timezone.localdate(now) > until:
        words = _("申诉期到%(month)s月%(day)s日 24:00 为止。可以和%(owner)s约面谈。")
        told = {"month": until.month, "day": until.day, "owner": result.form.owner.name}
        raise RuleError(words % told, code="term_over")


def _write(appeal: Appeal, draft: AppealDraft, by: Employee) -> list[str]:
    """Items, wish and new files; returns the names of these. An item keeps its row, and so the files it has."""
    check_length(draft.wish.strip(), 300, field="wish")
    allowed = contestable_of(appeal.result)
    rows = {item.key: _item(appeal, item, allowed) for item in draft.items}
    if len(rows) != len(draft.items):
        raise RuleError(_("同一项只写一次。"), code="twice", field="items")
    known = dict(appeal.items.values_list("key", "pk"))
    appeal.items.exclude(key__in=rows).delete()
    for key, row in rows.items():
        row.pk = known.get(key)
    AppealItem.objects.bulk_update([row for row in rows.values() if row.pk], WRITTEN)
    AppealItem.objects.bulk_create(row for row in rows.values() if not row.pk)
    appeal.wish = draft.wish.strip()
    save_appeal_fields(appeal, "wish")
    of_items = [(rows[item.key], one) for item in draft.items for one in item.files]
    return attach(appeal, draft.files, by, of_items=of_items)


def _item(appeal: Appeal, item: Contested, allowed: Mapping[str, Contestable]) -> AppealItem:
    about = allowed.get(item.key)
    if about is None or item.grounds not in Grounds.values:
        raise RuleError(_("这一项不在这份结果里，刷新后再选。"), code="unknown_item", field="items")
    check_length(item.reason.strip(), 500, field="items")
    wanted = item.wanted
    if wanted is not None and (not wanted.is_finite() or not 0 <= wanted <= 100 or wanted != round(wanted, 2)):
        raise RuleError(_("认为应得的分填0到100，最多两位小数。"), code="out_of_range", field="items")
    return AppealItem(
        appeal=appeal,
        key=about.key,
        name=about.name[:120],
        grounds=item.grounds,
        reason=item.reason.strip(),
        wanted=wanted,
        scored=about.scored,
        full=about.full,
    )
