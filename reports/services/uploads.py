"""Uploaded workbooks between preview and import, kept outside the web root: for their sender an hour, and for another
of HR a week once the sender has asked him to look at what decides scores or pay and to bring it in."""

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.services.steps import standing_for
from audit.log import record_file
from common.errors import RuleError, check_length
from notices.log import tell
from people.models import Employee
from people.selectors import holders_of
from people.states import Role
from reports.facts.changes import Counts
from reports.facts.faults import Fault
from reports.facts.parsing import read_workbook
from reports.facts.replaced import Line, is_weighty, replaced
from reports.permissions import can_import
from reports.services.imports import WorkbookRefusedError, check_importer, examine_workbook, load_workbook

LIFE = timedelta(hours=1)
OFFERED = timedelta(days=7)
REASON_LIMIT = 200
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A workbook waiting for its sender's word, with what importing it would do; ``is_done`` once it has been.

    ``is_weighty`` needs another of HR: from ``offered_at`` on it waits for him. ``lines`` are what it would replace;
    ``returned`` is why he sent it back.
    """

    token: str
    person_id: int
    sender: str
    name: str
    sha256: str
    kept_at: datetime
    counts: list[Counts]
    warnings: list[str]
    is_idle: bool
    is_weighty: bool
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    offered_at: datetime | None = None
    returned: str = ""
    is_done: bool = False

    @property
    def rows(self) -> int:
        """Rows of the sheets that were understood."""
        return sum(sheet.total for sheet in self.counts)

    @property
    def changes(self) -> int:
        """Rows that would change something."""
        return sum(sheet.new + sheet.changed for sheet in self.counts)

    @property
    def is_waiting(self) -> bool:
        """Whether another of HR has been asked and has not answered."""
        return self.offered_at is not None and not self.is_done and not self.returned

    @property
    def ends_at(self) -> datetime:
        """Until when it is kept."""
        return self.offered_at + OFFERED if self.offered_at else self.kept_at + LIFE


def keep_upload(content: bytes, *, name: str, by: Employee) -> Upload:
    """Judge a workbook and keep it with the outcome; what the person sent before to himself, and what is too old,
    goes."""
    parsed = read_workbook(content)
    plan = examine_workbook(parsed)
    check_importer(plan, by)
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget(_outlived(by))
    upload = Upload(
        token=secrets.token_urlsafe(24),
        person_id=by.pk,
        sender=by.name,
        name=_tidy(name),
        sha256=parsed.digest,
        kept_at=timezone.now(),
        counts=plan.counts,
        warnings=parsed.faults.warnings,
        is_idle=plan.is_idle,
        is_weighty=is_weighty(plan),
        lines=[] if plan.found else replaced(plan),
        faults=plan.found,
    )
    _write(_file(upload.token), content)
    _note(upload)
    return upload


def kept_upload(token: str, *, by: Employee) -> Upload | None:
    """The workbook kept under ``token`` for this person while it is fresh: his own, or one another of HR is asked."""
    upload = _read(token) if _TOKEN.fullmatch(token) else None
    if upload is None or upload.ends_at <= timezone.now():
        return None
    is_his = secrets.compare_digest(str(upload.person_id), str(by.pk))
    return upload if is_his or upload.offered_at else None


def waiting_uploads() -> list[Upload]:
    """What waits for another of HR than who sent it, oldest first."""
    found = (_read(notes.stem) for notes in _folder().glob("*.json"))
    fresh = [one for one in found if one and one.is_waiting and one.ends_at > timezone.now()]
    return sorted(fresh, key=lambda one: (one.offered_at or one.kept_at, one.token))


def offer_upload(upload: Upload, *, by: Employee) -> Upload:
    """Ask the others of HR to look at it and to bring it in; they hear of it."""
    _check_sender(upload, by)
    if not upload.is_weighty or upload.is_idle or upload.faults or upload.is_waiting or upload.is_done:
        raise RuleError(_("这份工作簿不用请别人导入，刷新看看。"), code="not_to_offer", field="workbook")
    others = holders_of(Role.HR, timezone.localdate()) - {by.pk}
    if not others:
        words = _("人力资源部只有你一位：请管理员再加一位，或在服务器上用命令导入。")
        raise RuleError(words, code="nobody_else", field="workbook")
    offered = replace(upload, offered_at=timezone.now(), returned="")
    with transaction.atomic():
        _tell(others, "workbook_sent", offered, by)
        record_file("workbook.offered", "workbook", upload.sha256, by=by, after={"name": upload.name})
    _note(offered)
    return offered


def return_upload(upload: Upload, *, reason: str, by: Employee) -> Upload:
    """Send it back with the reason, by another of HR; or the sender himself takes it back."""
    _check_hr(by)
    if not upload.is_waiting:
        raise RuleError(_("这份工作簿已经办过，刷新看看。"), code="not_waiting", field="workbook")
    said, is_own = reason.strip(), upload.person_id == by.pk
    if not said and not is_own:
        raise RuleError(_("写一句为什么退回，发的人看得到。"), code="reason_missing", field="reason")
    check_length(said, REASON_LIMIT, field="reason")
    returned = replace(upload, returned=said or str(_("自己收回")))
    with transaction.atomic():
        if not is_own:
            _tell({upload.person_id}, "workbook_returned", returned, by)
        after = {"name": upload.name}
        record_file("workbook.returned", "workbook", upload.sha256, by=by, after=after, reason=returned.returned)
    _note(returned)
    return returned


def content_of(upload: Upload) -> bytes:
    """The file that was previewed, to the byte."""
    try:
        content = _file(upload.token).read_bytes()
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise RuleError(_("预览过的文件不在了，再选一次文件。"), code="upload_gone", field="workbook")
    return content


def import_upload(upload: Upload, *, by: Employee) -> Upload:
    """Import the very file that was previewed, and keep what it did instead of it.

    Faults that came up since the preview are shown as a new preview; nothing is written then. One that waits for
    another of HR is brought in by him.
    """
    if upload.is_done:
        return upload
    if upload.returned:
        raise RuleError(_("这份工作簿退回了，改好后重新上传。"), code="returned", field="workbook")
    sender = Employee.objects.get(pk=upload.person_id) if upload.offered_at else None
    shown = upload.lines if sender else None
    try:
        parsed = read_workbook(content_of(upload))
        done = load_workbook(parsed, by=by, name=upload.name, sender=sender, shown=shown)
    except WorkbookRefusedError as refusal:
        refused = replace(upload, faults=refusal.faults)
        _note(refused)
        return refused
    told = replace(upload, counts=done.counts, is_idle=done.is_idle, faults=[], is_done=True)
    _note(told)
    if sender is not None and sender.pk != by.pk:
        with transaction.atomic():
            _tell({sender.pk}, "workbook_loaded", told, by)
    _file(upload.token).unlink(missing_ok=True)
    return told


def _check_sender(upload: Upload, by: Employee) -> None:
    _check_hr(by)
    if upload.person_id != by.pk:
        raise RuleError(_("这份工作簿是%(who)s发的。") % {"who": upload.sender}, code="not_allowed", field="workbook")


def _check_hr(by: Employee) -> None:
    standing = standing_for(by, timezone.now())
    if standing is None or not can_import(standing):
        raise RuleError(_("导入由人力资源部来做。"), code="not_allowed")


def _tell(people: Iterable[int], kind: str, upload: Upload, by: Employee) -> None:
    path = reverse("reports:import_preview", args=[upload.token])
    key = f"{kind}:{upload.token}:{upload.offered_at:%Y%m%d%H%M%S}"
    tell(people, kind, path=path, key=key, detail={"who": by.name})


def _read(token: str) -> Upload | None:
    """What was noted under a token; nothing where it is gone or another version of the portal wrote it."""
    try:
        told = json.loads(_notes(token).read_text(encoding="utf-8"))
        told |= {
            "kept_at": datetime.fromisoformat(told["kept_at"]),
            "offered_at": datetime.fromisoformat(told["offered_at"]) if told["offered_at"] else None,
            "counts": [Counts(*sheet) for sheet in told["counts"]],
            "lines": [Line(*line) for line in told["lines"]],
            "faults": [Fault(tuple(place), *rest) for place, *rest in told["faults"]],
        }
        return Upload(**told)
    except (FileNotFoundError, KeyError, TypeError):
        return None


def _folder() -> Path:
    folder: Path = settings.VAR_DIR / "imports"
    return folder


def _file(token: str) -> Path:
    return _folder() / f"{token}.xlsx"


def _notes(token: str) -> Path:
    return _folder() / f"{token}.json"


def _note(upload: Upload) -> None:
    offered = upload.offered_at.isoformat() if upload.offered_at else None
    told = asdict(upload) | {"kept_at": upload.kept_at.isoformat(), "offered_at": offered}
    _write(_notes(upload.token), json.dumps(told, ensure_ascii=False).encode())


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.replace(path)


def _outlived(by: Employee) -> Iterable[str]:
    """Tokens of this person's earlier uploads that wait for nobody else, and of everybody's that are too old."""
    for notes in _folder().glob("*.json"):
        upload = _read(notes.stem)
        is_his_alone = upload is not None and upload.person_id == by.pk and not upload.is_waiting
        if is_his_alone or upload is None or upload.ends_at <= timezone.now():
            yield notes.stem


def _forget(tokens: Iterable[str]) -> None:
    for token in list(tokens):
        _file(token).unlink(missing_ok=True)
        _notes(token).unlink(missing_ok=True)


def _tidy(name: str) -> str:
    """The last part of the name, as it may be shown and logged."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in bare if sign.isprintable())[-80:] or "workbook.xlsx"
