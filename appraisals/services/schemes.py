"""A version of the scheme on its way: drafted, submitted, checked, approved, or returned and dropped (P8, P9).

Three different people draft, check and approve. An approved version never changes; a change is a new version.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Scheme
from appraisals.permissions import can_approve_scheme, can_draft_scheme
from appraisals.selectors.scheme_diff import rule_changes
from appraisals.selectors.scheme_problems import scheme_problems
from appraisals.selectors.schemes import OPEN_SCHEMES, first_possible_day, rules_of, way_of
from appraisals.services.scheme_steps import locked_scheme, note_step, tell_of
from appraisals.states import SchemeState, SchemeStepKind
from audit.log import record
from common.errors import ConflictError, RuleError, check_length
from common.wording import day as day_words
from people.models import Employee
from people.selectors import standing_of
from policy.scheme_text import Json
from policy.schemes import Scheme as Rules

NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z.\-]*")
REASON, NOTE, VERSION, NAMES = 300, 300, 20, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeChanges:
    """What is to stand in a draft. ``parameters``: the fields that change, as ``policy.schemes`` reads them."""

    version: str
    effective_on: date
    note: str = ""
    parameters: Mapping[str, Json]


@transaction.atomic(durable=True)
def draft_scheme(based_on: int, *, by: Employee) -> Scheme:
    """A new version to be worked on: a copy of ``based_on``, in force from the next month's first day that can be."""
    _check_drafts(by)
    today = timezone.localdate()
    source = locked_scheme(based_on)
    rules = rules_of(source)
    draft = Scheme(version=_next_number(source.version), effective_on=_next_month(first_possible_day(today)[0]))
    draft.based_on, draft.drafted_by = source, by.name[:NAMES]
    draft.parameters = {**rules.to_dict(), "version": draft.version}
    draft.full_clean()
    draft.save(force_insert=True)
    note_step(draft, SchemeStepKind.DRAFTED, by=by)
    record("scheme.drafted", draft, by=by, after={"version": draft.version, "based_on": source.version})
    return draft


@transaction.atomic(durable=True)
def save_scheme(scheme_id: int, changes: SchemeChanges, *, revision: int, by: Employee) -> Scheme:
    """Store a draft. ``revision`` is the one the writer saw; somebody else's save since then is a ``ConflictError``.

    Whoever writes on it has drafted it: he neither checks nor approves it. Refused with every fault at once.
    """
    _check_drafts(by)
    draft = locked_scheme(scheme_id)
    _check_state(draft, SchemeState.DRAFT)
    check_revision(draft, revision)
    before, rules = _facts(draft), _checked_rules(draft, changes)
    old = rules_of(draft)
    draft.version, draft.effective_on, draft.note = changes.version, changes.effective_on, changes.note
    draft.parameters, draft.revision = rules.to_dict(), draft.revision + 1
    way = way_of(draft)
    if by.pk not in way.writers:
        note_step(draft, SchemeStepKind.DRAFTED, by=by)
        way = way_of(draft)
    draft.drafted_by = way.writer_names[:NAMES]
    draft.full_clean()
    draft.save(update_fields=["version", "effective_on", "note", "parameters", "revision", "drafted_by"])
    words = {change.path: [change.before, change.after] for change in rule_changes(old, rules)}
    record("scheme.saved", draft, by=by, before=before, after={**_facts(draft), "changes": words})
    return draft


@transaction.atomic(durable=True)
def submit_scheme(scheme_id: int, *, by: Employee, revision: int | None = None) -> Scheme:
    """Hand the draft over to be checked by another member or the leader."""
    _check_drafts(by)
    scheme = locked_scheme(scheme_id)
    _check_state(scheme, SchemeState.DRAFT)
    check_revision(scheme, revision)
    _check_ready(scheme)
    return _step(scheme, SchemeStepKind.SUBMITTED, SchemeState.SUBMITTED, by=by)


@transaction.atomic(durable=True)
def return_scheme(scheme_id: int, *, reason: str, by: Employee) -> Scheme:
    """Send it back to be changed, before it is approved: any member, or whoever may approve."""
    standing = standing_of(by, timezone.localdate())
    if not (can_draft_scheme(standing) or can_approve_scheme(standing)):
        raise RuleError(_("方案由考核小组拟定和审核。"), code="not_allowed")
    scheme = locked_scheme(scheme_id)
    _check_state(scheme, SchemeState.SUBMITTED, SchemeState.CHECKED)
    scheme.checked_by = ""
    return _step(scheme, SchemeStepKind.RETURNED, SchemeState.DRAFT, by=by, note=_reason(reason))


@transaction.atomic(durable=True)
def check_scheme(scheme_id: int, *, by: Employee, revision: int | None = None) -> Scheme:
    """Confirm that it says what is meant: another member of the group or its leader, who did not write on it."""
    _check_drafts(by)
    scheme = locked_scheme(scheme_id)
    _check_state(scheme, SchemeState.SUBMITTED)
    check_revision(scheme, revision)
    if by.pk in way_of(scheme).writers:
        raise RuleError(_("你拟定过这一版，请另一位组员审核。"), code="not_another")
    _check_ready(scheme)
    scheme.checked_by = by.name[:NAMES]
    return _step(scheme, SchemeStepKind.CHECKED, SchemeState.CHECKED, by=by)


@transaction.atomic(durable=True)
def approve_scheme(scheme_id: int, *, by: Employee, revision: int | None = None) -> Scheme:
    """Put it in force from its day on, for good (P8): the department's manager or the general manager.

    Neither its writers nor its checker; the day must be tomorrow or later and after every opened cycle began.
    """
    if not can_approve_scheme(standing_of(by, timezone.localdate())):
        raise RuleError(_("方案由客服管理部经理或总经理批准。"), code="not_allowed")
    scheme = locked_scheme(scheme_id)
    _check_state(scheme, SchemeState.CHECKED)
    check_revision(scheme, revision)
    way = way_of(scheme)
    if by.pk in way.writers | way.checkers:
        raise RuleError(_("你拟定或审核过这一版，请另一位批准。"), code="not_another")
    _check_ready(scheme)
    scheme.approved_by = by.name[:NAMES]
    return _step(scheme, SchemeStepKind.APPROVED, SchemeState.APPROVED, by=by)


@transaction.atomic(durable=True)
def withdraw_scheme(scheme_id: int, *, reason: str, by: Employee) -> Scheme:
    """Drop a version that is not approved: its writers or the leader. It stays in the list, with its reason."""
    scheme = locked_scheme(scheme_id)
    standing = standing_of(by, timezone.localdate())
    if not (standing.is_leader or (standing.is_member and by.pk in way_of(scheme).writers)):
        raise RuleError(_("拟定的人或组长才能作废。"), code="not_allowed")
    _check_state(scheme, *OPEN_SCHEMES)
    return _step(scheme, SchemeStepKind.WITHDRAWN, SchemeState.WITHDRAWN, by=by, note=_reason(reason))


def check_revision(scheme: Scheme, revision: int | None) -> None:
    """Refuse whoever has not seen the last save."""
    if revision is not None and revision != scheme.revision:
        words = _("这一版刚被改过，你看到的不是最新的。")
        raise ConflictError(words, theirs=_("第%(n)s次保存") % {"n": scheme.revision})


def _step(scheme: Scheme, kind: SchemeStepKind, state: SchemeState, *, by: Employee, note: str = "") -> Scheme:
    before, scheme.state = scheme.state, state
    scheme.full_clean()
    scheme.save(update_fields=["state", "checked_by", "approved_by"])
    note_step(scheme, kind, by=by, note=note)
    after = {"state": state, "effective_on": scheme.effective_on.isoformat()}
    record(f"scheme.{kind}", scheme, by=by, before={"state": before}, after=after, reason=note)
    tell_of(scheme, kind, way_of(scheme), by=by)
    return scheme


def _check_drafts(by: Employee) -> None:
    if not can_draft_scheme(standing_of(by, timezone.localdate())):
        raise RuleError(_("方案由考核小组拟定和审核。"), code="not_allowed")


def _check_state(scheme: Scheme, *states: SchemeState) -> None:
    if scheme.state == SchemeState.APPROVED:
        raise RuleError(_("批准的方案不再改，改动做成新版本。"), code="approved_stays")
    if scheme.state not in states:
        words = _("这一版现在是“%(state)s”，刷新看看。") % {"state": scheme.get_state_display()}
        raise RuleError(words, code="not_now")


def _checked_rules(draft: Scheme, changes: SchemeChanges) -> Rules:
    """The rules as they would be stored; every fault is named."""
    check_length(changes.note, NOTE, field="note")
    if not NUMBER.fullmatch(changes.version) or len(changes.version) > VERSION:
        raise RuleError(_("版本用字母、数字、点和短横，要有数字，例如1.1。"), code="bad_version", field="version")
    if Scheme.objects.exclude(pk=draft.pk).filter(version=changes.version).exists():
        words = _("已经有 %(version)s 版，换一个。") % {"version": changes.version}
        raise RuleError(words, code="version_taken", field="version")
    check_day(changes.effective_on, timezone.localdate())
    data = {**draft.parameters, **changes.parameters, "version": changes.version}
    problems = scheme_problems(data)
    if problems:
        raise RuleError(_("还没有保存，先改下面几处。"), code="bad_scheme", problems=tuple(map(str, problems)))
    return Rules.from_dict(data)


def _check_ready(scheme: Scheme) -> None:
    """The day may have gone by, and a cycle been opened, since it was written."""
    check_day(scheme.effective_on, timezone.localdate())
    later = Scheme.objects.filter(state=SchemeState.APPROVED, effective_on=scheme.effective_on, pk__gt=scheme.pk)
    if later.exists():
        words = _("%(day)s生效的已经有更晚拟定的一版，换一个生效日期。") % {
            "day": day_words(scheme.effective_on, "year")
        }
        raise RuleError(words, code="day_taken", field="effective_on")
    problems = scheme_problems(scheme.parameters)
    if problems:
        raise RuleError(_("这一版还有要改的地方。"), code="bad_scheme", problems=tuple(map(str, problems)))


def check_day(effective_on: date, today: date) -> None:
    """From tomorrow on, and after the beginning of every opened cycle: those are scored by what was in force (P9)."""
    first, cycle = first_possible_day(today)
    if effective_on >= first:
        return
    values = {"first": day_words(first, "year"), "cycle": cycle.key if cycle else ""}
    if cycle is not None:
        words = _("%(cycle)s已经按原来的方案开始，生效日期最早%(first)s。") % values
        raise RuleError(words, code="cycle_opened", field="effective_on")
    raise RuleError(_("生效日期最早是明天，%(first)s。") % values, code="too_early", field="effective_on")


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise RuleError(_("写一句原因，拟定的人看得到。"), code="reason_missing", field="reason")
    check_length(reason, REASON, field="reason")
    return reason


def _facts(scheme: Scheme) -> dict[str, str]:
    return {"version": scheme.version, "effective_on": scheme.effective_on.isoformat(), "note": scheme.note}


def _next_number(version: str) -> str:
    """1.0 → 1.1, passing over what is taken; a version that ends in no number gets one."""
    taken = set(Scheme.objects.values_list("version", flat=True))
    head, digits = re.fullmatch(r"(.*?)(\d*)", version).groups()  # type: ignore[union-attr]  # matches every text
    head, number = (head, int(digits)) if digits else (f"{version}.", 0)
    while True:
        number += 1
        name = f"{head}{number}"[-VERSION:]
        if name not in taken:
            return name


def _next_month(day: date) -> date:
    """The first of a month, ``day`` itself or the next."""
    return day if day.day == 1 else date(day.year + day.month // 12, day.month % 12 + 1, 1)
