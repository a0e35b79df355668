"""The ruling on an appeal, and what it adds to the result (P6.3b). It never lowers a score; the old version stays."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from appeals.facts import ItemRuling, entries_of, ruling_faults
from appeals.models import Appeal, AppealItem
from appeals.permissions import can_examine, eligible_handlers
from appeals.selectors.chain import chain_of
from appeals.selectors.contested import contestable_of
from appeals.services.steps import (
    Locked,
    check_version,
    checked_words,
    contest,
    locked_appeal,
    reader_of,
    refuse_unless,
    save_appeal_fields,
    start_term,
    tell_about,
)
from appeals.states import AppealState, Ruling
from appraisals.models import Adjustment
from audit.log import record
from common.errors import RuleError
from notices.log import tell
from people.models import Employee
from policy.rounding import ZERO
from scoring.models import Result
from scoring.services.correcting import reissue_result
from scoring.services.steps import current_result
from scoring.services.terms import restart_filing


@transaction.atomic(durable=True)
def rule_appeal(
    appeal_id: int, *, rulings: Mapping[int, ItemRuling], reason: str, version: int | None, by: Employee
) -> Appeal:
    """Rule on every item (its id → ruling). What is upheld gives the result a new version, to be signed again.

    Whoever has become a party since it was given to him may not rule; nor may he who has not read the last supplement.
    """
    locked = locked_appeal(appeal_id)
    appeal, now = locked.appeal, timezone.now()
    refuse_unless(can_examine(reader_of(by), appeal))
    if not eligible_handlers(appeal, timezone.localdate(now)).filter(pk=by.pk).exists():
        raise RuleError(_("你现在和这件申诉有关，不能裁定，请分给别人。"), code="not_eligible")
    check_version(appeal, version)
    words = checked_words(reason, 500, field="reason", missing=_("写下裁定的理由，申诉人看得到。"))
    items = list(appeal.items.select_for_update())
    current = current_result(locked.form)
    _check_rulings(current, items, rulings)
    added = entries_of(appeal, items, rulings)
    appeal.chain = chain_of(current, locked.cycle, added)
    appeal.state, appeal.ruled_at, appeal.ruling = AppealState.RULED, now, words
    if appeal.instance == 1:
        start_term(appeal, "further_until", timezone.localdate(now))
    if added:
        rows = [
            Adjustment(form=locked.form, ref=str(one.ref), points=one.points, label=one.label, by=by, at=now)
            for one in added
        ]
        why = _reason_of(appeal)
        appeal.outcome = reissue_result(locked.form, locked.cycle, current, adjustments=rows, by=by, reason=why)
    else:
        restart_filing(current, timezone.localdate(now))
    _write(items, rulings)
    save_appeal_fields(appeal, "chain", "state", "ruled_at", "ruling", "outcome", "further_until", "terms_calendar")
    contest(locked.form)
    told = {str(item.key): item.ruling for item in items}
    record("appeal.ruled", appeal, by=by, after={"items": told}, reason=words)
    _tell(locked)
    return appeal


def _check_rulings(current: Result, items: list[AppealItem], rulings: Mapping[int, ItemRuling]) -> None:
    faults = ruling_faults(items, rulings, contestable_of(current))
    if faults:
        names = {item.pk: item.name for item in items}
        told = tuple(_("%(name)s：%(fault)s") % {"name": names[pk], "fault": fault} for pk, fault in faults.items())
        raise RuleError(_("还不能裁定："), code="rulings_incomplete", field="rulings", problems=told)


def _reason_of(appeal: Appeal) -> str:
    """The reason the record and the report keep, in the company's language whoever rules."""
    with override("zh-hans"):
        return _("申诉%(number)s") % {"number": appeal.number}


def _write(items: list[AppealItem], rulings: Mapping[int, ItemRuling]) -> None:
    for item in items:
        given = rulings[item.pk]
        item.ruling, item.ruling_reason = given.ruling, given.reason.strip()
        item.points = given.points if given.ruling != Ruling.REJECTED else ZERO
        item.full_clean(exclude=("appeal",))
    AppealItem.objects.bulk_update(items, ["ruling", "ruling_reason", "points"])


def _tell(locked: Locked) -> None:
    appeal, form = locked.appeal, locked.form
    concerned = {appeal.employee_id, form.owner_id}
    tell_about(appeal, concerned, "appeal_ruled")
    if appeal.outcome is not None:
        key = f"result:{appeal.outcome.pk}:corrected"
        detail = {"month": locked.cycle.key}
        tell(concerned, "result_corrected", path=f"/results/{form.pk}/", key=key, detail=detail)
