"""Steps that the services of appeals share. Lock order: cycle, form, appeal."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.models import Appeal, AppealFile
from appeals.permissions import Reader
from appraisals.models import Cycle, Form
from appraisals.services.steps import locked_form
from common.db import require_transaction
from common.errors import ConflictError, RuleError, check_length
from common.uploads import Checked
from people.models import Employee, GroupMember, RoleGrant
from people.selectors import holding_on, standing_of
from people.states import Duty, Role
from scoring.services.steps import locked_cycle_of

FILE_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Locked:
    """An appeal with its cycle and form, all locked."""

    cycle: Cycle
    form: Form
    appeal: Appeal


def locked_appeal(appeal_id: int) -> Locked:
    """The appeal and what it stands on, locked in order."""
    require_transaction()
    form_id = Appeal.objects.values_list("result__form_id", flat=True).get(pk=appeal_id)
    cycle = locked_cycle_of(form_id)
    form = locked_form(form_id)
    rows = Appeal.objects.select_for_update(of=("self",))
    appeal = rows.select_related("result__form__cycle__scheme", "employee", "handler", "first").get(pk=appeal_id)
    return Locked(cycle, form, appeal)


def reader_of(by: Employee) -> Reader:
    """The person with his standing today."""
    return Reader(by, standing_of(by, timezone.localdate()))


def refuse_unless(allowed: bool) -> None:
    """What the rules of who may do not allow."""
    if not allowed:
        raise RuleError(_("这件申诉已经往前走了，或者不归你办，刷新看看。"), code="not_allowed")


def check_version(appeal: Appeal, version: int | None) -> None:
    """Refuse a writer who has not seen the last change."""
    if version is not None and version != appeal.version:
        raise ConflictError(
            _("申诉刚被改过，你填的还没有存。刷新后再改。"), theirs=_("第 %(n)s 版") % {"n": appeal.version}
        )


def checked_words(text: str, most: int, *, field: str, missing: str) -> str:
    """The text, trimmed; refused when empty or too long."""
    words = text.strip()
    if not words:
        raise RuleError(missing, code=f"{field}_missing", field=field)
    check_length(words, most, field=field)
    return words


def attach(appeal: Appeal, files: Iterable[Checked], by: Employee) -> list[str]:
    """Keep files under names of our own, outside the web root; their names are returned for the audit."""
    require_transaction()
    files, now = list(files), timezone.now()
    if appeal.files.count() + len(files) > FILE_LIMIT:
        raise RuleError(_("一件申诉最多放 %(n)s 个文件。") % {"n": FILE_LIMIT}, code="too_many_files", field="files")
    AppealFile.objects.bulk_create(
        AppealFile(
            appeal=appeal,
            file=default_storage.save(f"appeals/{now:%Y/%m}/{uuid.uuid4().hex}.{one.kind}", one.file),
            name=one.name,
            kind=one.kind,
            size=one.size,
            sha256=one.sha256,
            uploaded_by=by,
        )
        for one in files
    )
    return [one.name for one in files]


def assigners(appeal: Appeal, day: date) -> list[int]:
    """Who is told that the appeal waits to be given to somebody: the leader, or HR for the second instance."""
    if appeal.instance == 2:
        return list(RoleGrant.objects.filter(holding_on(day), role=Role.HR).values_list("employee_id", flat=True))
    led = Q(duty=Duty.LEADER)
    leaders = list(GroupMember.objects.filter(holding_on(day) & led).values_list("employee_id", flat=True))
    if leaders and leaders != [appeal.employee_id]:
        return leaders
    return list(RoleGrant.objects.filter(holding_on(day), role=Role.DEPARTMENT).values_list("employee_id", flat=True))


def path_of(appeal: Appeal) -> str:
    """The page of the appeal."""
    return f"/appeals/{appeal.pk}/"
