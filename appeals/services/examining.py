"""Appeals from the examiner's side: given to somebody, asked for more, looked into, ruled (P6.3b)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.facts import contestable
from appeals.models import Appeal, AppealItem, AppealNote
from appeals.permissions import can_assign, can_examine, eligible_handlers
from appeals.selectors.chain import chain_of
from appeals.services.steps import Locked, checked_words, locked_appeal, path_of, reader_of, refuse_unless
from appeals.states import AppealState, NoteKind, Ruling
from appraisals.models import Adjustment
from audit.log import record
from common.errors import RuleError
from notices.log import tell
from people.models import Employee
from policy.facts import Entry
from policy.rounding import CENT, ZERO
from scoring.facts.snapshots import read_snapshot
from scoring.services.correcting import reissue_result
from scoring.services.steps import current_result


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRuling:
    """How one item is ruled; ``points`` is what it adds, marks, nothing when it is rejected."""

    ruling: str
    reason: str
    points: Decimal = ZERO


@transaction.atomic(durable=True)
def assign_appeal(appeal_id: int, *, handler_id: int, by: Employee) -> Appeal:
    """Give it to one of those who may examine it; again, when the first can't."""
    appeal = locked_appeal(appeal_id).appeal
    refuse_unless(can_assign(reader_of(by), appeal))
    now = timezone.now()
    handler = eligible_handlers(appeal, timezone.localdate(now)).filter(pk=handler_id).first()
    if handler is None:
        raise RuleError(_("这位不能调查这件申诉，换一位。"), code="not_eligible", field="handler")
    before = appeal.handler.number if appeal.handler else None
    appeal.handler, appeal.assigned_at, appeal.state = handler, now, AppealState.EXAMINED
    _save(appeal, ["handler", "assigned_at", "state"])
    record("appeal.assigned", appeal, by=by, before={"handler": before}, after={"handler": handler.number})
    _tell([handler.pk], "appeal_assigned", appeal, f"{handler.pk}")
    return appeal


@transaction.atomic(durable=True)
def ask_supplement(appeal_id: int, *, text: str, by: Employee) -> AppealNote:
    """Ask the appellant for what is missing; the appeal waits for him."""
    return _note(appeal_id, NoteKind.QUESTION, text, by)


@transaction.atomic(durable=True)
def add_finding(appeal_id: int, *, text: str, by: Employee) -> AppealNote:
    """Write down what was found out; the appellant reads it with the ruling."""
    return _note(appeal_id, NoteKind.FINDING, text, by)


@transaction.atomic(durable=True)
def rule_appeal(appeal_id: int, rulings: Mapping[int, ItemRuling], *, reason: str, by: Employee) -> Appeal:
    """Rule on every item. What is upheld gives the result a new version, published at once and to be signed again."""
    locked = locked_appeal(appeal_id)
    appeal = locked.appeal
    refuse_unless(can_examine(reader_of(by), appeal) and appeal.state == AppealState.EXAMINED)
    words = checked_words(reason, 500, field="reason", missing=_("写下裁定的理由，申诉人看得到。"))
    items = list(appeal.items.select_for_update())
    _apply(locked, items, rulings)
    added = entries_of(appeal, items)
    now = timezone.now()
    current = current_result(locked.form)
    appeal.chain = chain_of(current, locked.cycle, added)
    appeal.state, appeal.ruled_at, appeal.ruling = AppealState.RULED, now, words
    if added:
        rows = [
            Adjustment(form=locked.form, ref=str(one.ref), points=one.points, label=one.label, by=by, at=now)
            for one in added
        ]
        appeal.outcome = reissue_result(
            locked.form, locked.cycle, current, adjustments=rows, by=by, reason=_("申诉%s") % appeal.number
        )
    AppealItem.objects.bulk_update(items, ["ruling", "ruling_reason", "points"])
    locked.form.is_contested = False
    locked.form.save(update_fields=["is_contested"])
    _save(appeal, ["chain", "state", "ruled_at", "ruling", "outcome"])
    told = {str(item.key): item.ruling for item in items}
    record("appeal.ruled", appeal, by=by, after={"items": told}, reason=words)
    _tell([appeal.employee_id, locked.form.owner_id], "appeal_ruled", appeal)
    return appeal


def entries_of(appeal: Appeal, items: list[AppealItem]) -> tuple[Entry, ...]:
    """What the ruled items add to the form, each under a name of its own."""
    return tuple(
        Entry(f"{appeal.number}:{item.pk}", item.points, f"{appeal.number} {item.name}"[:200])
        for item in items
        if item.points
    )


def _apply(locked: Locked, items: list[AppealItem], rulings: Mapping[int, ItemRuling]) -> None:
    """Write the rulings onto the items; refused with every fault when one is missing or out of range."""
    allowed = contestable(read_snapshot(locked.appeal.result.snapshot))
    faults = []
    for item in items:
        given = rulings.get(item.pk)
        fault = _fault(given, allowed[item.key].most)
        if fault or given is None:
            faults.append(f"{item.name}：{fault}")
            continue
        item.ruling, item.ruling_reason = given.ruling, given.reason.strip()
        item.points = given.points if given.ruling != Ruling.REJECTED else ZERO
    if faults:
        raise RuleError(_("还不能裁定："), code="rulings_incomplete", field="rulings", problems=tuple(faults))


def _fault(given: ItemRuling | None, most: Decimal | None) -> str:
    if given is None or given.ruling not in Ruling.values:
        return _("还没有裁定")
    if not given.reason.strip() or len(given.reason.strip()) > 300:
        return _("写一句理由，最多300个字")
    points = given.points
    if not points.is_finite() or points < 0 or points != points.quantize(CENT):
        return _("加几分填0以上、最多两位小数")
    if given.ruling == Ruling.REJECTED or most is None:
        return _("这一项不加分") if points else ""
    if points > most:
        return _("最多加%(most)s分") % {"most": most}
    return "" if points else _("成立的要写加几分")


def _note(appeal_id: int, kind: NoteKind, text: str, by: Employee) -> AppealNote:
    appeal = locked_appeal(appeal_id).appeal
    refuse_unless(can_examine(reader_of(by), appeal))
    words = checked_words(text, 500, field="text", missing=_("写下内容。"))
    note = AppealNote.objects.create(appeal=appeal, kind=kind, text=words, by=by, at=timezone.now())
    if kind == NoteKind.QUESTION:
        appeal.state = AppealState.SUPPLEMENT
        _save(appeal, ["state"])
        _tell([appeal.employee_id], "appeal_question", appeal, f"{note.pk}")
    record(f"appeal.{kind}", appeal, by=by, after={"note": note.pk})
    return note


def _save(appeal: Appeal, fields: list[str]) -> None:
    appeal.version += 1
    appeal.full_clean(exclude=("chain",))  # nothing changes where nothing is upheld
    appeal.save(update_fields=["version", *fields])


def _tell(recipients: list[int], kind: str, appeal: Appeal, what: str = "") -> None:
    key = f"appeal:{appeal.pk}:{kind}:{what}"
    tell(recipients, kind, path=path_of(appeal), key=key, detail={"number": appeal.number})
