"""Appeals from the appellant's side: drafted, submitted, supplemented, withdrawn, taken further (P6.3b)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.facts import PROCEDURE, Contestable, contestable
from appeals.models import Appeal, AppealItem, AppealNote
from appeals.permissions import can_file
from appeals.services.steps import (
    assigners,
    attach,
    check_version,
    checked_words,
    locked_appeal,
    path_of,
    refuse_unless,
)
from appeals.states import OPEN_APPEAL, AppealState, Grounds, NoteKind, Ruling
from appraisals.models import Form
from appraisals.services.steps import locked_form
from audit.log import record
from common.errors import RuleError, check_length
from common.selectors import calendar_between
from common.uploads import Checked
from notices.log import tell
from people.models import Employee
from policy.workdays import working_day_after
from scoring.facts.snapshots import read_snapshot
from scoring.models import Result
from scoring.selectors.terms import terms_from
from scoring.services.steps import locked_cycle_of

DECIDE_DAYS = 5
"""Working days for a ruling: the policy gives the appellant five and says nothing of the ruling; it gets as many."""
FURTHER_DAYS = 5
"""Working days in which a ruling may be taken to HR, counted as the appeal itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """One item as the appellant writes it; ``wanted`` in marks, None when it is not about points."""

    key: str
    grounds: str
    reason: str
    wanted: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDraft:
    """What an appeal says."""

    items: Sequence[Contested] = ()
    wish: str = ""
    files: Sequence[Checked] = ()


@transaction.atomic(durable=True)
def draft_appeal(result_id: int, draft: AppealDraft, *, by: Employee) -> Appeal:
    """Begin an appeal against the version of the result that was on the page; a draft is seen by nobody else."""
    form_id = Result.objects.values_list("form_id", flat=True).get(pk=result_id)
    cycle = locked_cycle_of(form_id)
    locked_form(form_id)
    result = Result.objects.select_for_update().get(pk=result_id)
    result.cycle = cycle
    refuse_unless(can_file(by, result))
    until = appeal_until(result)
    _check_term(until)
    if Appeal.objects.filter(result=result, instance=1).exclude(state=AppealState.WITHDRAWN).exists():
        raise RuleError(_("这份结果已经有一件申诉，在申诉里接着写。"), code="already_contested")
    appeal = Appeal(result=result, employee=by, file_until=until)
    _save_numbered(appeal)
    _write(appeal, draft, contestable(read_snapshot(result.snapshot)))
    files = attach(appeal, draft.files, by)
    record("appeal.drafted", appeal, by=by, after={"result": result.pk, "files": files})
    return appeal


@transaction.atomic(durable=True)
def save_appeal(appeal_id: int, draft: AppealDraft, *, version: int | None, by: Employee) -> Appeal:
    """Write the draft anew: its items are what is given now; files are added."""
    appeal = locked_appeal(appeal_id).appeal
    refuse_unless(appeal.employee_id == by.pk and appeal.state == AppealState.DRAFT)
    check_version(appeal, version)
    _write(appeal, draft, contestable(read_snapshot(appeal.result.snapshot)))
    attach(appeal, draft.files, by)
    return appeal


@transaction.atomic(durable=True)
def submit_appeal(appeal_id: int, *, by: Employee) -> Appeal:
    """Hand it in before the term's last day is over (24:00 in Shanghai). From now on filing waits for the ruling."""
    locked = locked_appeal(appeal_id)
    appeal, now = locked.appeal, timezone.now()
    refuse_unless(appeal.employee_id == by.pk and appeal.state == AppealState.DRAFT)
    if appeal.result.superseded_at is not None:
        raise RuleError(_("结果换了新的一版，先看新的，再对新的提出申诉。"), code="result_replaced")
    _check_term(appeal.file_until)
    items = list(appeal.items.all())
    if not items:
        raise RuleError(_("至少选一项，写清楚理由。"), code="items_missing", field="items")
    unexplained = [item.name for item in items if not item.reason.strip()]
    if unexplained:
        raise RuleError(_("每一项都要写理由。"), code="reason_missing", field="items", problems=tuple(unexplained))
    today = timezone.localdate(now)
    appeal.state, appeal.submitted_at = AppealState.SUBMITTED, now
    appeal.decide_until = working_day_after(today, DECIDE_DAYS, calendar_between(today, today))
    _saved(appeal, ["state", "submitted_at", "decide_until"])
    _contest(locked.form, True)
    record("appeal.submitted", appeal, by=by, after={"items": [item.key for item in items]})
    _tell(assigners(appeal, today), "appeal_submitted", appeal, who=by.name)
    _tell([locked.form.owner_id], "appeal_submitted", appeal, who=by.name)
    return appeal


@transaction.atomic(durable=True)
def supplement_appeal(appeal_id: int, *, text: str, files: Sequence[Checked] = (), by: Employee) -> AppealNote:
    """Add to an open appeal, asked to or not; what was said stays as it is."""
    appeal = locked_appeal(appeal_id).appeal
    refuse_unless(appeal.employee_id == by.pk and appeal.state in OPEN_APPEAL)
    words = checked_words(text, 500, field="text", missing=_("写下要补充的。"))
    note = AppealNote.objects.create(appeal=appeal, kind=NoteKind.SUPPLEMENT, text=words, by=by, at=timezone.now())
    names = attach(appeal, files, by)
    if appeal.state == AppealState.SUPPLEMENT:
        appeal.state = AppealState.EXAMINED
        _saved(appeal, ["state"])
    record("appeal.supplemented", appeal, by=by, after={"note": note.pk, "files": names})
    if appeal.handler_id is not None:
        tell(
            [appeal.handler_id],
            "appeal_supplemented",
            path=path_of(appeal),
            key=f"appeal:{appeal.pk}:note:{note.pk}",
            detail={"number": appeal.number},
        )
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
    _saved(appeal, ["state", "ended_reason"])
    if was_open:
        _contest(locked.form, False)
        told = {pk for pk in (appeal.handler_id, locked.form.owner_id) if pk is not None}
        _tell(told, "appeal_withdrawn", appeal)
    record("appeal.withdrawn", appeal, by=by, reason=appeal.ended_reason)
    return appeal


@transaction.atomic(durable=True)
def take_further(appeal_id: int, *, reasons: Mapping[int, str], wish: str, by: Employee) -> Appeal:
    """The second and last instance, at HR: against what the first did not uphold in full, within its own term.

    ``reasons``: item of the first instance → why its ruling is contested.
    """
    locked = locked_appeal(appeal_id)
    first, now = locked.appeal, timezone.now()
    refuse_unless(first.employee_id == by.pk and first.state == AppealState.RULED and first.instance == 1)
    until = further_until(first)
    if until is None or timezone.localdate(now) > until:
        day = until or timezone.localdate(now)
        words = _("再次申诉到%(month)s月%(day)s日 24:00为止。")
        raise RuleError(words % {"month": day.month, "day": day.day}, code="term_over")
    open_to = {item.pk: item for item in first.items.exclude(ruling=Ruling.UPHELD)}
    chosen = [pk for pk, reason in reasons.items() if pk in open_to and reason.strip()]
    if not chosen:
        raise RuleError(_("至少选一项没有全部成立的，写清楚理由。"), code="items_missing", field="items")
    if Appeal.objects.filter(first=first).exists():
        raise RuleError(_("已经提出过再次申诉。"), code="already_contested")
    today = timezone.localdate(now)
    appeal = Appeal(
        result=first.outcome or first.result,
        employee=by,
        instance=2,
        first=first,
        state=AppealState.SUBMITTED,
        wish=wish.strip()[:300],
        file_until=until,
        submitted_at=now,
        decide_until=working_day_after(today, DECIDE_DAYS, calendar_between(today, today)),
    )
    _save_numbered(appeal)
    AppealItem.objects.bulk_create(_again(appeal, open_to[pk], reasons[pk]) for pk in chosen)
    _contest(locked.form, True)
    record("appeal.taken_further", appeal, by=by, after={"first": first.number})
    _tell(assigners(appeal, today), "appeal_submitted", appeal, who=by.name)
    return appeal


def appeal_until(result: Result) -> date:
    """The last day for an appeal against a published result."""
    if result.published_at is None:
        raise RuleError(_("结果还没有公布。"), code="not_published")
    return result.appeal_until or terms_from(result.cycle, result.published_at)["appeal_until"]


def further_until(first: Appeal) -> date | None:
    """The last day for the second instance, from the ruling on; None before it."""
    if first.ruled_at is None:
        return None
    day = timezone.localdate(first.ruled_at)
    return working_day_after(day, FURTHER_DAYS, calendar_between(day, day))


def _check_term(until: date, now: datetime | None = None) -> None:
    if timezone.localdate(now) > until:
        words = _("申诉期到%(month)s月%(day)s日 24:00为止。可以和考核负责人约面谈。")
        raise RuleError(words % {"month": until.month, "day": until.day}, code="term_over")


def _write(appeal: Appeal, draft: AppealDraft, allowed: Mapping[str, Contestable]) -> None:
    check_length(draft.wish.strip(), 300, field="wish")
    rows = [_item(appeal, item, allowed) for item in draft.items]
    if len({row.key for row in rows}) != len(rows):
        raise RuleError(_("同一项只写一次。"), code="twice", field="items")
    appeal.items.all().delete()
    AppealItem.objects.bulk_create(rows)
    appeal.wish = draft.wish.strip()
    _saved(appeal, ["wish"])


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
        name=(about.name if about.key != PROCEDURE else str(Grounds.PROCEDURE.label))[:120],
        grounds=item.grounds,
        reason=item.reason.strip(),
        wanted=wanted,
        scored=about.scored,
        full=about.full,
    )


def _again(appeal: Appeal, item: AppealItem, reason: str) -> AppealItem:
    return AppealItem(
        appeal=appeal,
        key=item.key,
        name=item.name,
        grounds=item.grounds,
        reason=checked_words(reason, 500, field="items", missing=_("每一项都要写理由。")),
        wanted=item.wanted,
        scored=item.scored,
        full=item.full,
    )


def _save_numbered(appeal: Appeal) -> None:
    """SS-2026-0001: by the year; who comes second at the same moment takes the next."""
    head = f"SS-{timezone.localdate().year}-"
    for _attempt in range(8):
        last = Appeal.objects.filter(number__startswith=head).aggregate(Max("number"))["number__max"]
        appeal.number = f"{head}{int(last.removeprefix(head)) + 1 if last else 1:04d}"
        appeal.full_clean(validate_unique=False, validate_constraints=False)
        try:
            with transaction.atomic():
                appeal.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise RuleError(_("同时提交的人太多，再提交一次。"), code="busy")


def _saved(appeal: Appeal, fields: list[str]) -> None:
    appeal.version += 1
    appeal.full_clean()
    appeal.save(update_fields=["version", *fields])


def _contest(form: Form, is_contested: bool) -> None:
    form.is_contested = is_contested
    form.save(update_fields=["is_contested"])


def _tell(recipients: Sequence[int] | set[int], kind: str, appeal: Appeal, **detail: str) -> None:
    key = f"appeal:{appeal.pk}:{kind}"
    tell(recipients, kind, path=path_of(appeal), key=key, detail={"number": appeal.number, **detail})
