"""The checklist of a dismissal or demotion (P7.1, decided): words, files and signatures, point by point."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from common.uploads import Checked, keep
from consequences.models import CheckFile, CheckItem, Decision
from consequences.permissions import approvers, can_prepare, can_state
from consequences.services.deciding import checked_last_day
from consequences.services.steps import (
    check_version,
    locked_decision,
    reader_of,
    refuse_unless,
    save_decision,
    words_of,
)
from consequences.states import CheckCode, Choice
from consequences.workflow import FILED_CHECKS, NAMED_CHECKS
from notices.log import tell
from people.models import Employee

NOTE_LIMIT = 1000
MOST_FILES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A point as typed. ``signed_for`` names who spoke for legal or the union; ``is_signed`` puts one's name to it."""

    note: str
    files: Sequence[Checked] = ()
    signed_for: str = ""
    is_signed: bool = False


@transaction.atomic(durable=True)
def save_check(item_id: int, finding: Finding, *, version: int | None = None, by: Employee) -> CheckItem:
    """HR writes what was found on a point, adds its files, and signs it; what is signed is not written any more."""
    item, decision = _locked(item_id)
    refuse_unless(can_prepare(reader_of(by, timezone.now()), decision))
    check_version(decision, version)
    _refuse_own_words(item, decision)
    if item.signed_at is not None:
        raise RuleError(_("这一项已经签了，要改先撤回签字。"), code="signed_already")
    item.note = words_of(finding.note, field="note", most=NOTE_LIMIT)
    item.signed_for = words_of(finding.signed_for, field="signed_for", most=60) if item.code in NAMED_CHECKS else ""
    _keep_files(item, finding.files, by)
    if finding.is_signed:
        _sign(item, decision, by)
    item.full_clean(validate_constraints=False)
    item.save(update_fields=["note", "signed_for", "signed_by", "signed_at"])
    save_decision(decision, "open_checks")
    after = {"code": item.code, "note": item.note, "signed_for": item.signed_for, "signed": finding.is_signed}
    record("check.saved", item, by=by, after=after)
    return item


@transaction.atomic(durable=True)
def take_signature_back(item_id: int, *, reason: str, by: Employee) -> CheckItem:
    """A signed point is open again, with a reason, as long as nobody has approved the case."""
    item, decision = _locked(item_id)
    refuse_unless(can_prepare(reader_of(by, timezone.now()), decision))
    words = words_of(reason, missing=_("写明为什么撤回签字。"))
    _refuse_own_words(item, decision)
    if item.signed_at is None:
        raise RuleError(_("这一项还没有签。"), code="not_signed")
    before = {"code": item.code, "signed_by": item.signed_by_id, "signed_at": item.signed_at.isoformat()}
    item.signed_by = item.signed_at = None
    item.save(update_fields=["signed_by", "signed_at"])
    decision.open_checks += 1
    save_decision(decision, "open_checks")
    record("check.signature_withdrawn", item, by=by, before=before, reason=words)
    return item


@transaction.atomic(durable=True)
def state_own_words(decision_id: int, *, text: str, by: Employee) -> CheckItem:
    """The person himself says what he has to say; his words stand as he wrote them, under his name."""
    decision = locked_decision(decision_id)
    refuse_unless(can_state(reader_of(by, timezone.now()), decision))
    item = CheckItem.objects.select_for_update().get(decision=decision, code=CheckCode.STATEMENT)
    if item.signed_by_id == by.pk:
        raise RuleError(_("你已经提交过了。要补充，请联系人力资源部。"), code="stated_already")
    words = words_of(text, field="text", missing=_("写下你的意见。"), most=NOTE_LIMIT)
    before = {"note": item.note, "signed_by": item.signed_by_id}
    if item.signed_at is None:
        decision.open_checks -= 1
    item.note, item.signed_by, item.signed_at = words, by, timezone.now()
    item.full_clean(validate_constraints=False)
    item.save(update_fields=["note", "signed_by", "signed_at"])
    save_decision(decision, "open_checks")
    record("check.stated", item, by=by, before=before, after={"note": words})
    _tell_if_complete(decision)
    return item


@transaction.atomic(durable=True)
def set_last_day(decision_id: int, *, day: date | None, version: int | None = None, by: Employee) -> Decision:
    """Another last day of a dismissal that is still prepared."""
    decision = locked_decision(decision_id)
    refuse_unless(can_prepare(reader_of(by, timezone.now()), decision) and decision.choice == Choice.DISMISS)
    check_version(decision, version)
    before = {"leaves_on": str(decision.leaves_on)}
    decision.leaves_on = checked_last_day(decision.proposal.employee, day, timezone.localdate())
    save_decision(decision, "leaves_on")
    record("decision.last_day_set", decision, by=by, before=before, after={"leaves_on": str(decision.leaves_on)})
    return decision


def _locked(item_id: int) -> tuple[CheckItem, Decision]:
    decision = locked_decision(CheckItem.objects.values_list("decision_id", flat=True).get(pk=item_id))
    item = CheckItem.objects.select_for_update(of=("self",)).get(pk=item_id)
    item.decision = decision
    return item, decision


def _refuse_own_words(item: CheckItem, decision: Decision) -> None:
    """What the person has said for himself stands as he said it: nobody writes over it or takes it off."""
    if item.signed_by_id == decision.proposal.employee_id:
        raise RuleError(_("本人的陈述是他自己签的，别人不能改、也不能撤回。"), code="own_words")


def _keep_files(item: CheckItem, files: Sequence[Checked], by: Employee) -> None:
    if files and item.files.count() + len(files) > MOST_FILES:
        raise RuleError(_("一项最多%(n)s个文件。") % {"n": MOST_FILES}, code="too_many_files", field="files")
    now = timezone.now()
    CheckFile.objects.bulk_create(
        CheckFile(
            item=item,
            file=keep(one, "checks"),
            name=one.name,
            size=one.size,
            sha256=one.sha256,
            added_by=by,
            added_at=now,
        )
        for one in files
    )


def _sign(item: CheckItem, decision: Decision, by: Employee) -> None:
    if not item.note:
        raise RuleError(_("先写明情况再签字。"), code="note_missing", field="note")
    if item.code in NAMED_CHECKS and not item.signed_for:
        raise RuleError(_("写上是谁的意见，比如法务某某。"), code="signed_for_missing", field="signed_for")
    if item.code in FILED_CHECKS and not item.files.exists():
        raise RuleError(_("这一项要有文件，传上书面材料再签字。"), code="file_missing", field="files")
    item.signed_by, item.signed_at = by, timezone.now()
    decision.open_checks -= 1
    _tell_if_complete(decision)


def _tell_if_complete(decision: Decision) -> None:
    if decision.open_checks:
        return
    page = reverse("consequences:proposal", args=[decision.proposal_id])
    people = approvers(decision, timezone.localdate())
    key = f"decision:{decision.pk}:complete:{decision.version}"
    tell(people, "approval_wanted", path=page, key=key, detail={"number": decision.number})
