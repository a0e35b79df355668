"""Uploaded workbooks between preview and import: kept outside the web root, for their sender, for an hour."""

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import RuleError
from people.models import Employee
from reports.facts.changes import Counts
from reports.facts.faults import Fault
from reports.facts.parsing import read_workbook
from reports.services.imports import WorkbookRefusedError, check_importer, examine_workbook, load_workbook

LIFE = timedelta(hours=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A workbook waiting for its owner's word, with what importing it would do; ``is_done`` once it has been."""

    token: str
    person_id: int
    name: str
    sha256: str
    kept_at: datetime
    counts: list[Counts]
    warnings: list[str]
    is_idle: bool
    faults: list[Fault] = field(default_factory=list)
    is_done: bool = False

    @property
    def rows(self) -> int:
        """Rows of the sheets that were understood."""
        return sum(sheet.total for sheet in self.counts)

    @property
    def changes(self) -> int:
        """Rows that would change something."""
        return sum(sheet.new + sheet.changed for sheet in self.counts)


def keep_upload(content: bytes, *, name: str, by: Employee) -> Upload:
    """Judge a workbook and keep it with the outcome; what the person sent before, and what is too old, goes."""
    parsed = read_workbook(content)
    plan = examine_workbook(parsed)
    check_importer(plan, by)
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget(_outlived(by))
    upload = Upload(
        token=secrets.token_urlsafe(24),
        person_id=by.pk,
        name=_tidy(name),
        sha256=parsed.digest,
        kept_at=timezone.now(),
        counts=plan.counts,
        warnings=parsed.faults.warnings,
        is_idle=plan.is_idle,
        faults=plan.found,
    )
    _write(_file(upload.token), content)
    _note(upload)
    return upload


def kept_upload(token: str, *, by: Employee) -> Upload | None:
    """The workbook kept under ``token`` for this very person, while it is fresh."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        told = json.loads(_notes(token).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    told |= {
        "kept_at": datetime.fromisoformat(told["kept_at"]),
        "counts": [Counts(*sheet) for sheet in told["counts"]],
        "faults": [Fault(tuple(place), *rest) for place, *rest in told["faults"]],
    }
    upload = Upload(**told)
    is_fresh = upload.kept_at + LIFE > timezone.now()
    return upload if is_fresh and secrets.compare_digest(str(upload.person_id), str(by.pk)) else None


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

    Faults that came up since the preview are shown as a new preview; nothing is written then.
    """
    if upload.is_done:
        return upload
    try:
        done = load_workbook(read_workbook(content_of(upload)), by=by, name=upload.name)
    except WorkbookRefusedError as refusal:
        refused = replace(upload, faults=refusal.faults)
        _note(refused)
        return refused
    told = replace(upload, counts=done.counts, is_idle=done.is_idle, faults=[], is_done=True)
    _note(told)
    _file(upload.token).unlink(missing_ok=True)
    return told


def _folder() -> Path:
    folder: Path = settings.VAR_DIR / "imports"
    return folder


def _file(token: str) -> Path:
    return _folder() / f"{token}.xlsx"


def _notes(token: str) -> Path:
    return _folder() / f"{token}.json"


def _note(upload: Upload) -> None:
    told = asdict(upload) | {"kept_at": upload.kept_at.isoformat()}
    _write(_notes(upload.token), json.dumps(told, ensure_ascii=False).encode())


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.replace(path)


def _outlived(by: Employee) -> Iterable[str]:
    """Tokens of this person's earlier uploads, and of everybody's that are too old."""
    oldest = (timezone.now() - LIFE).timestamp()
    for notes in _folder().glob("*.json"):
        mine = json.loads(notes.read_text(encoding="utf-8"))["person_id"] == by.pk
        if mine or notes.stat().st_mtime < oldest:
            yield notes.stem


def _forget(tokens: Iterable[str]) -> None:
    for token in list(tokens):
        _file(token).unlink(missing_ok=True)
        _notes(token).unlink(missing_ok=True)


def _tidy(name: str) -> str:
    """The last part of the name, as it may be shown and logged."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in bare if sign.isprintable())[-80:] or "workbook.xlsx"
