"""Guard of uploaded files: size, and the type read from the content, never from the name alone."""

import hashlib
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import RuleError

MEGABYTE = 1024 * 1024
SIZE_LIMIT = 10 * MEGABYTE
SOUND_LIMIT = 50 * MEGABYTE
NAME_LIMIT = 120
_HEAD = 4096
_CONTROL = set(range(9)) | set(range(14, 32)) - {27}


def _is_pdf(head: bytes, _file: IO[bytes]) -> bool:
    return head.startswith(b"%PDF-")


def _is_png(head: bytes, _file: IO[bytes]) -> bool:
    return head.startswith(b"\x89PNG\r\n\x1a\n")


def _is_jpeg(head: bytes, _file: IO[bytes]) -> bool:
    return head.startswith(b"\xff\xd8\xff")


def _is_mp3(head: bytes, _file: IO[bytes]) -> bool:
    return head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] in {b"\xfb", b"\xf3", b"\xf2"})


def _is_wav(head: bytes, _file: IO[bytes]) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WAVE"


def _is_webp(head: bytes, _file: IO[bytes]) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_m4a(head: bytes, _file: IO[bytes]) -> bool:
    return head[4:8] == b"ftyp"


def _is_ogg(head: bytes, _file: IO[bytes]) -> bool:
    return head.startswith(b"OggS")


def _is_text(head: bytes, _file: IO[bytes]) -> bool:
    if not head or any(byte in _CONTROL for byte in head):
        return False
    return any(_decodes(head, coding) for coding in ("utf-8", "gb18030"))


def _decodes(head: bytes, coding: str) -> bool:
    for cut in range(4):  # the head may end within a character
        try:
            head[: len(head) - cut].decode(coding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _office(part: str) -> Callable[[bytes, IO[bytes]], bool]:
    def is_office(head: bytes, file: IO[bytes]) -> bool:
        """A document of that kind, without macros; only the list of names is read, nothing is unpacked."""
        if not head.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(file) as package:
                names = set(package.namelist())
        # All that zipfile raises for a directory it cannot read.
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError):
            return False
        return {"[Content_Types].xml", part} <= names and not any(name.endswith("vbaProject.bin") for name in names)

    return is_office


KINDS: dict[str, Callable[[bytes, IO[bytes]], bool]] = {
    "pdf": _is_pdf,
    "png": _is_png,
    "jpg": _is_jpeg,
    "jpeg": _is_jpeg,
    "webp": _is_webp,
    "xlsx": _office("xl/workbook.xml"),
    "docx": _office("word/document.xml"),
    "csv": _is_text,
    "txt": _is_text,
    "mp3": _is_mp3,
    "wav": _is_wav,
    "m4a": _is_m4a,
    "ogg": _is_ogg,
}
ACCEPT = ",".join(f".{kind}" for kind in KINDS)
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}
SOUNDS = {"mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4", "ogg": "audio/ogg"}
"""Kinds that a browser may show or play in a page of ours, with the type they are handed out as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A file that may be kept: its name as shown to people, its kind, its size and digest."""

    file: "File[bytes]"
    name: str
    kind: str
    size: int
    sha256: str


def check_upload(file: "File[bytes]", *, field: str = "evidence") -> Checked:
    """The file if it may be kept, else a refusal about ``field`` that says what to do."""
    words = _("“%(name)s”不能收：只收 PDF、图片、Excel、Word、CSV、文本和录音，且内容要和扩展名一致。")
    return _checked(file, Allowed(KINDS, SIZE_LIMIT, words), field)


def check_sound(file: "File[bytes]", *, field: str = "audio") -> Checked:
    """As ``check_upload`` for the recording of a call, which may be larger and is nothing but sound."""
    words = _("“%(name)s”不能收：录音只收 mp3、wav、m4a、ogg，且内容要和扩展名一致。")
    kinds = {kind: KINDS[kind] for kind in SOUNDS}
    return _checked(file, Allowed(kinds, SOUND_LIMIT, words), field)


class Allowed(NamedTuple):
    """What is taken: kinds with their check of the content, the most bytes, and the words for any other kind."""

    kinds: dict[str, Callable[[bytes, IO[bytes]], bool]]
    most: int
    refusal: str


def _checked(file: "File[bytes]", allowed: Allowed, field: str) -> Checked:
    name = PurePosixPath(str(file.name or "").replace("\\", "/")).name
    name = "".join(letter for letter in name if letter.isprintable())[-NAME_LIMIT:]
    size = file.size or 0
    if not size:
        raise RuleError(_("“%(name)s”是空文件。") % {"name": name}, code="empty_file", field=field)
    if size > allowed.most:
        words = _("“%(name)s”太大，一份最多 %(most)s MB，压缩或拆开再传。")
        values = {"name": name, "most": allowed.most // MEGABYTE}
        raise RuleError(words % values, code="too_large", field=field)
    kind = PurePosixPath(name).suffix.lower().lstrip(".")
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if kind not in allowed.kinds or not allowed.kinds[kind](head, file):
        raise RuleError(allowed.refusal % {"name": name}, code="wrong_type", field=field)
    return Checked(file=file, name=name, kind=kind, size=size, sha256=_digest(file))


def _digest(file: "File[bytes]") -> str:
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def keep(checked: Checked, folder: str) -> str:
    """Store the file outside the web root under a name of our own; the name is for the row that owns it."""
    name = f"{folder}/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}.{checked.kind}"
    return default_storage.save(name, checked.file)
