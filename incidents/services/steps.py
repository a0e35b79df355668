"""Steps that incidents and bonuses share: numbering, files, decisions. Each runs inside a service's transaction."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.db import require_transaction
from common.errors import RuleError, check_length
from common.numbering import free_numbers, is_stored
from common.uploads import Checked, keep
from common.wording import short
from incidents.models import Bonus, EventFile, Incident, Involvement
from incidents.permissions import Judge
from incidents.selectors.rules import EARLIEST
from incidents.states import EventState
from notices.log import tell
from people.models import Employee
from people.selectors import owners_on, standing_of

INCIDENT_PREFIX = "BL"
BONUS_PREFIX = "JF"
REASON_LIMIT = 200
FILE_LIMIT = 8
MOST = Decimal(100)
CENT = Decimal("0.01")
COUNTING = (EventState.CONFIRMED, EventState.OVERTURNED)
"""The states in which something begins to count, or no longer does."""

Numbered = TypeVar("Numbered", Incident, Bonus)
Counted = TypeVar("Counted", Involvement, Bonus)


def judge_of(by: Employee) -> Judge:
    """The person with his standing today."""
    return Judge(by, standing_of(by, timezone.localdate()))


def allow(allowed: bool) -> None:
    """Refuse what the tables of who may do not allow."""
    if not allowed:
        raise RuleError(_("这一条已经办过，或者不归你办，刷新看看。"), code="not_allowed")


def check_what(occurred_on: date, text: str) -> None:
    """A day that has come and may be meant, and words for what happened."""
    if occurred_on > timezone.localdate():
        raise RuleError(_("发生日期不能晚于今天。"), code="in_the_future", field="occurred_on")
    if occurred_on < EARLIEST:
        raise RuleError(_("发生日期太早了，核对年份。"), code="too_long_ago", field="occurred_on")
    if not text.strip():
        raise RuleError(_("写清楚发生了什么。"), code="text_missing", field="text")


def check_points(points: Decimal) -> None:
    """0.01 to 100 with two decimals at most."""
    if not points.is_finite() or not 0 < points <= MOST or points != points.quantize(CENT):
        raise RuleError(_("分数填 0.01 到 100，最多两位小数。"), code="out_of_range", field="points")


def check_within(points: Decimal, low: Decimal, high: Decimal, severity: str) -> None:
    """The points lie in the range of the severity of that name."""
    if low <= points <= high:
        return
    words = _("%(severity)s扣 %(low)s 到 %(high)s 分。") if low < high else _("%(severity)s只能扣 %(points)s 分。")
    told = {"severity": severity, "low": short(low), "high": short(high), "points": short(low)}
    raise RuleError(words % told, code="out_of_range", field="points")


def checked_reason(text: str, words: str = "", *, field: str = "reason") -> str:
    """The reason, trimmed; refused when empty (``words`` says what to write) or too long."""
    if not text.strip():
        raise RuleError(words or _("写一句为什么不成立，对方看得到。"), code="reason_missing", field=field)
    check_length(text.strip(), REASON_LIMIT, field=field)
    return text.strip()


def save_numbered(event: Numbered, prefix: str) -> Numbered:
    """Give the next number of the year; a claim about an event of its own names the event by it."""
    names_event = getattr(event, "event", None) == ""
    for number in free_numbers(type(event), f"{prefix}-{event.occurred_on.year}-"):
        event.number = number
        if isinstance(event, Bonus):
            event.event = number if names_event else event.event
        event.full_clean(validate_unique=False, validate_constraints=False)
        if is_stored(event):
            return event
    raise RuleError(_("同时登记的人太多，再提交一次。"), code="busy")


def attach(record_of: Incident | Bonus, files: Iterable[Checked], by: Employee) -> list[str]:
    """Keep files under names of our own, outside the web root; their names are returned for the audit."""
    require_transaction()
    files = list(files)
    link = {"incident": record_of} if isinstance(record_of, Incident) else {"bonus": record_of}
    if EventFile.objects.filter(**link).count() + len(files) > FILE_LIMIT:
        raise RuleError(_("一条记录最多放 %(n)s 个文件。") % {"n": FILE_LIMIT}, code="too_many_files", field="files")
    EventFile.objects.bulk_create(
        EventFile(
            file=keep(checked, "events"),
            name=checked.name,
            kind=checked.kind,
            size=checked.size,
            sha256=checked.sha256,
            uploaded_by=by,
            **link,
        )
        for checked in files
    )
    return [checked.name for checked in files]


def decide(
    event: Counted,
    state: EventState,
    action: str,
    by: Employee,
    fields: list[str],
    *,
    before: dict[str, str] | None = None,
) -> Counted:
    """Move to ``state`` with the time of it, save ``fields`` too, and record what it was ``before``."""
    require_transaction()
    was, now = {"state": event.state, **(before or {})}, timezone.now()
    event.state, event.decided_at = state, now
    event.confirmed_at = now if state == EventState.CONFIRMED else event.confirmed_at
    event.full_clean()
    event.save(update_fields=["state", "decided_at", "confirmed_at", *fields])
    told = {"state": state, "points": str(event.points)}
    record(action, event, by=by, before=was, after=told, reason=event.decision_reason)
    _tell_decided(event, by, f"{event.pk}:{action}:{now:%Y%m%d%H%M%S%f}")
    return event


def tell_about(event: Incident | Bonus, recipients: Iterable[int], kind: str, *, key: str) -> None:
    """Put word of a record into inboxes: its number and nothing of what it says; once per person and ``key``."""
    page = "incidents:incident" if isinstance(event, Incident) else "incidents:bonus"
    tell(
        recipients,
        kind,
        path=reverse(page, args=[event.pk]),
        key=f"{page}:{event.pk}:{key}",
        detail={"number": event.number},
    )


def _tell_decided(event: Involvement | Bonus, by: Employee, key: str) -> None:
    """The person concerned and whoever filed it hear that there is a decision; whoever took it knows.

    What begins or ceases to count is reported to the appraisal owner as well (P4.5, P4.6).
    """
    if isinstance(event, Bonus):
        _tell_of(event, "bonus", {event.employee_id, event.raised_by_id} - {by.pk}, event, by, key)
    else:
        incident = event.incident
        _tell_of(event, "incident", {event.employee_id, incident.filed_by_id} - {by.pk}, incident, by, key)


def _tell_of(
    event: Involvement | Bonus, sort: str, people: set[int | None], about: Incident | Bonus, by: Employee, key: str
) -> None:
    tell_about(about, {pk for pk in people if pk}, f"{sort}_decided", key=key)
    if event.state not in COUNTING:
        return
    owner = owners_on(timezone.localdate(), [event.employee_id]).get(event.employee_id)
    if owner is not None and owner not in people | {by.pk}:
        told = {"number": about.number, "who": event.employee.name}
        tell([owner], f"{sort}_counts", path=reverse("appraisals:team"), key=f"{sort}_counts:{key}", detail=told)
