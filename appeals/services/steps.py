"""Steps that the services of appeals share. Lock order: cycle, form, appeal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.models import Appeal, AppealFile, AppealItem
from appeals.permissions import Reader
from appeals.selectors.terms import running_from
from appeals.states import OPEN_APPEAL
from appraisals.models import Cycle, Form
from appraisals.services.steps import locked_form
from common.db import require_transaction
from common.errors import ConflictError, RuleError, check_length
from common.numbering import free_numbers, is_stored
from common.uploads import Checked, keep
from notices.log import tell
from people.models import Employee
from people.selectors import standing_of
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
    appeal = rows.select_related(
        "result__form__cycle__scheme", "result__form__owner", "employee", "handler", "first"
    ).get(pk=appeal_id)
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
        raise ConflictError(_("申诉刚被改过，你填的还没有存。刷新后再改。"), theirs=str(appeal.get_state_display()))


def checked_words(text: str, most: int, *, field: str, missing: str) -> str:
    """The text, trimmed; refused when empty or too long."""
    words = text.strip()
    if not words:
        raise RuleError(missing, code=f"{field}_missing", field=field)
    check_length(words, most, field=field)
    return words


def attach(
    appeal: Appeal, whole: Iterable[Checked], by: Employee, *, of_items: Iterable[tuple[AppealItem, Checked]] = ()
) -> list[str]:
    """Keep files under names of our own, outside the web root; their names are returned for the audit.

    ``whole`` speak for the whole appeal, the others each for one of its items.
    """
    require_transaction()
    files: list[tuple[AppealItem | None, Checked]] = [*((None, one) for one in whole), *of_items]
    if appeal.files.count() + len(files) > FILE_LIMIT:
        raise RuleError(_("一件申诉最多放 %(n)s 个文件。") % {"n": FILE_LIMIT}, code="too_many_files", field="files")
    AppealFile.objects.bulk_create(
        AppealFile(
            appeal=appeal,
            item=item,
            file=keep(one, "appeals"),
            name=one.name,
            kind=one.kind,
            size=one.size,
            sha256=one.sha256,
            uploaded_by=by,
        )
        for item, one in files
    )
    return [one.name for _item, one in files]


def path_of(appeal: Appeal) -> str:
    """The page of the appeal."""
    return f"/appeals/{appeal.pk}/"


def contest(form: Form) -> None:
    """Whether an open appeal contests the form's result: while one does, nobody files it or takes it back."""
    require_transaction()
    form.is_contested = Appeal.objects.filter(result__form=form, state__in=OPEN_APPEAL).exists()
    form.save(update_fields=["is_contested"])


def start_term(appeal: Appeal, name: str, day: date) -> None:
    """Set a term that begins to run on ``day``; to be saved with ``terms_calendar``."""
    for field, value in running_from(appeal, name, day).items():
        setattr(appeal, field, value)


def save_appeal_fields(appeal: Appeal, *fields: str) -> None:
    """Write these fields; the version tells a stale writer."""
    appeal.version += 1
    appeal.full_clean(exclude=("chain",))  # nothing changes where nothing is upheld
    appeal.save(update_fields=["version", *fields])


def tell_about(appeal: Appeal, recipients: Iterable[int], kind: str, *, what: str = "", **detail: str) -> None:
    """Put word of the appeal into inboxes; once per kind and ``what``."""
    key = f"appeal:{appeal.pk}:{kind}:{what}"
    tell(recipients, kind, path=path_of(appeal), key=key, detail={"number": appeal.number, **detail})


def save_numbered(appeal: Appeal, now: datetime) -> None:
    """SS-2026-0001: by the year."""
    head = f"SS-{timezone.localdate(now).year}-"
    for number in free_numbers(Appeal, head):
        appeal.number = number
        appeal.full_clean(validate_unique=False, validate_constraints=False)
        if is_stored(appeal):
            return
    raise RuleError(_("同时提交的人太多，再提交一次。"), code="busy")
