"""The second and last instance (P6.3b): what the group did not uphold in full, taken to HR."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.models import Appeal, AppealItem
from appeals.permissions import assigners
from appeals.selectors.terms import further_until
from appeals.services.steps import (
    attach,
    checked_words,
    contest,
    locked_appeal,
    refuse_unless,
    save_numbered,
    start_term,
    tell_about,
)
from appeals.states import AppealState, Ruling
from appraisals.models import Form
from audit.log import record
from common.errors import RuleError, check_length
from common.uploads import Checked
from people.models import Employee
from scoring.models import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """New files: for the whole appeal, and by the item of the first instance they speak for."""

    whole: Sequence[Checked] = ()
    of_items: Mapping[int, Sequence[Checked]] = field(default_factory=dict)


NOTHING = Evidence()


@transaction.atomic(durable=True)
def take_further(
    appeal_id: int, *, reasons: Mapping[int, str], wish: str, evidence: Evidence = NOTHING, by: Employee
) -> Appeal:
    """The second and last instance, at HR: against what the first did not uphold in full, within its own term.

    ``reasons``: item of the first instance → why its ruling is contested.
    """
    now = timezone.now()
    locked = locked_appeal(appeal_id)
    first, today = locked.appeal, timezone.localdate(now)
    refuse_unless(first.employee_id == by.pk and first.state == AppealState.RULED and first.instance == 1)
    if Appeal.objects.filter(first=first).exists():
        raise RuleError(_("已经提出过再次申诉。"), code="already_contested")
    until = _checked_term(first, today)
    chosen = _chosen(first, reasons)
    check_length(wish.strip(), 300, field="wish")
    appeal = Appeal(
        result=_still_contested(first, locked.form),
        employee=by,
        instance=2,
        first=first,
        state=AppealState.SUBMITTED,
        wish=wish.strip(),
        file_until=until,
        submitted_at=now,
    )
    start_term(appeal, "decide_until", today)
    save_numbered(appeal, now)
    rows = {item.pk: _again(appeal, item, reason) for item, reason in chosen}
    AppealItem.objects.bulk_create(rows.values())
    files = attach(appeal, evidence.whole, by, of_items=_of_items(rows, evidence))
    contest(locked.form)
    record("appeal.taken_further", appeal, by=by, after={"first": first.number, "files": files})
    told = {*assigners(appeal, today), locked.form.owner_id} - {by.pk}
    tell_about(appeal, told, "appeal_submitted", who=by.name)
    return appeal


def _still_contested(first: Appeal, form: Form) -> Result:
    """The version that holds now, if it is the one that was ruled on or came of an appeal."""
    now = Result.objects.select_for_update().filter(form=form, superseded_at__isnull=True).first()
    stands = (first.outcome_id or first.result_id) == (now and now.pk)
    if now is None or not (stands or Appeal.objects.filter(outcome=now).exists()):
        raise RuleError(_("结果换了新的一版，先看新的，再对新的提出申诉。"), code="result_replaced")
    return now


def _chosen(first: Appeal, reasons: Mapping[int, str]) -> list[tuple[AppealItem, str]]:
    """The items with their new reasons; only what was not upheld in full can be taken further."""
    open_to = {item.pk: item for item in first.items.exclude(ruling=Ruling.UPHELD)}
    chosen = [(open_to[pk], text) for pk, text in reasons.items() if pk in open_to and text.strip()]
    if not chosen:
        raise RuleError(_("至少选一项没有全部成立的，写清楚理由。"), code="items_missing", field="items")
    return chosen


def _of_items(rows: Mapping[int, AppealItem], evidence: Evidence) -> list[tuple[AppealItem, Checked]]:
    """Each file with its item; one that is given without a reason is not taken further."""
    lost = [one.name for pk, files in evidence.of_items.items() if pk not in rows for one in files]
    if lost:
        words = _("这些文件的项还没有写理由：")
        raise RuleError(words, code="reason_missing", field="items", problems=tuple(lost))
    return [(rows[pk], one) for pk, files in evidence.of_items.items() for one in files]


def _checked_term(first: Appeal, today: date) -> date:
    until = further_until(first)
    if until is None or today > until:
        day = until or today
        words = _("再次申诉到%(month)s月%(day)s日 24:00 为止，已经结束。")
        raise RuleError(words % {"month": day.month, "day": day.day}, code="term_over")
    return until


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
