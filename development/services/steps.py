"""Steps that the services of this room share."""

from django.utils import timezone
from django.utils.translation import gettext as _

from common.db import require_transaction
from common.errors import ConflictError, RuleError, check_length
from development.models import Interview, Plan, Remark
from people.models import Employee


def locked_interview(interview_id: int) -> Interview:
    """The interview, locked, with its form and cycle."""
    require_transaction()
    rows = Interview.objects.select_for_update(of=("self",))
    return rows.select_related("form__cycle__scheme", "form__owner", "employee", "owner", "result").get(pk=interview_id)


def locked_plan(plan_id: int) -> Plan:
    """The plan, locked, with its people."""
    require_transaction()
    rows = Plan.objects.select_for_update(of=("self",))
    return rows.select_related("employee", "owner").get(pk=plan_id)


def refuse_unless(allowed: bool) -> None:
    """What the rules of who may do not allow."""
    if not allowed:
        raise RuleError(_("这份记录已经往前走了，或者不归你办，刷新看看。"), code="not_allowed")


def check_version(row: Interview | Plan, version: int | None) -> None:
    """Refuse a writer who has not seen the last change."""
    if version is not None and version != row.version:
        raise ConflictError(_("这份记录刚被改过，你填的还没有存。刷新后再改。"), theirs=str(row.get_state_display()))


def words_of(text: str, most: int, *, field: str, missing: str = "") -> str:
    """The text, trimmed; too long is refused, and empty too if ``missing`` says what to do."""
    words = text.strip()
    if missing and not words:
        raise RuleError(missing, code=f"{field}_missing", field=field)
    check_length(words, most, field=field)
    return words


def save_fields(row: Interview | Plan, *fields: str) -> None:
    """Write these fields; the version tells a stale writer."""
    row.version += 1
    row.full_clean(exclude=("agenda",))
    row.save(update_fields=["version", *fields])


def add_remark(text: str, *, by: Employee, interview: Interview | None = None, plan: Plan | None = None) -> Remark:
    """Append what somebody adds; nothing of it is ever edited."""
    require_transaction()
    words = words_of(text, 500, field="text", missing=_("写下要补充的。"))
    return Remark.objects.create(interview=interview, plan=plan, text=words, by=by, at=timezone.now())
