"""Look at an uploaded workbook before anything opens it: what it really holds and how far it unpacks.

A few hundred kilobytes can unpack to gigabytes, and one cell at the far corner of a sheet can claim a million rows.
Every member is unpacked here in small pieces, counted, thrown away, and never trusted to be what the directory says.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from common.errors import RuleError

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large an honest workbook gets: a month of ten thousand people stays below a third of these."""

    packed: int = 40 * MEGABYTE
    unpacked: int = 500 * MEGABYTE
    ratio: int = 120
    members: int = 400
    rows: int = 400_000
    columns: int = 60
    sparse: int = 8


LIMITS = Limits()
_PIECE = 256 * 1024
_SMALL = 64 * 1024  # below this the ratio says nothing
_FREE_AREA = 200_000
_LOCAL_HEAD = 30
_NAMED = ("[Content_Types].xml", "xl/workbook.xml")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = 0x1


def check_workbook(content: bytes, limits: Limits = LIMITS) -> dict[str, list[tuple[int, int]]]:
    """Refuse what is no plain .xlsx, carries macros, or unpacks beyond ``limits``.

    Gives the cells (row, column, from 1) of each worksheet's part that hold an error or the formula of no text: read
    as blank, they have no value.
    """
    if len(content) > limits.packed:
        raise _refusal(_("文件超过 %(n)s MB，拆成几份导入。") % {"n": limits.packed // MEGABYTE}, "too_large")
    if content.startswith(_OLD_EXCEL):
        raise _refusal(_("这是旧的 .xls 或加了密码的文件，另存为没有密码的 .xlsx 再导入。"), "old_format")
    if not content.startswith(b"PK"):
        raise _refusal(_("这不是 Excel 工作簿，另存为 .xlsx 再导入。"), "not_a_workbook")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            members = package.infolist()
    # Everything zipfile raises for a directory that is broken, lies, or is of a kind it does not know.
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise _broken() from error
    _check_directory(members, len(content), limits)
    left, suspect = limits.unpacked, dict[str, list[tuple[int, int]]]()
    for member in members:
        room = _Room(limits) if member.filename.startswith("xl/worksheets/") else None
        left -= _check_member(content, member, left, room)
        if room is not None:
            room.check_area()
            suspect[member.filename] = room.worked_out
    return suspect


def _check_directory(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    names = [member.filename for member in members]
    if len(members) > limits.members or len(set(names)) != len(names):
        raise _refusal(_("文件里的零件太多或重名，用 Excel 另存一份再导入。"), "too_many_members")
    if any(name not in names for name in _NAMED):
        raise _refusal(_("这不是 Excel 工作簿，另存为 .xlsx 再导入。"), "not_a_workbook")
    if any(name.lower().endswith((".bin", ".exe", ".dll")) and "vba" in name.lower() for name in names):
        raise _macros()
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise _refusal(_("文件加了密码，去掉密码再导入。"), "encrypted")
    if sum(member.compress_size for member in members) > size:
        raise _broken()
    _check_sizes(members, limits)


def _check_sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if sum(member.file_size for member in members) > limits.unpacked:
        raise _unpacks_too_far()
    for member in members:
        if member.file_size > _SMALL and member.file_size > limits.ratio * max(member.compress_size, 1):
            raise _unpacks_too_far()


def _check_member(content: bytes, member: zipfile.ZipInfo, left: int, room: "_Room | None") -> int:
    """Unpack one member piece by piece; its real size."""
    watch = _watch_for(member.filename, room)
    size = 0
    try:
        for piece in _pieces(content, member):
            size += len(piece)
            if size > left or size > member.file_size:
                raise _unpacks_too_far()
            if watch is not None:
                watch.Parse(piece, False)
        if watch is not None:
            watch.Parse(b"", True)
    except (expat.ExpatError, zlib.error, ValueError) as error:
        raise _broken() from error
    if size != member.file_size:
        raise _broken()
    return size


def _pieces(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member as it unpacks, whatever size the directory claims."""
    head = content[member.header_offset : member.header_offset + _LOCAL_HEAD]
    if len(head) < _LOCAL_HEAD or head[:4] != b"PK\x03\x04":
        raise _broken()
    start = member.header_offset + _LOCAL_HEAD + int.from_bytes(head[26:28], "little")
    start += int.from_bytes(head[28:30], "little")
    packed = memoryview(content)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise _broken()
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    waiting: bytes | memoryview = packed
    while not inflate.eof:
        piece = inflate.decompress(waiting, _PIECE)
        waiting = inflate.unconsumed_tail
        if not piece and not waiting and not inflate.eof:
            raise _broken()
        yield piece


def _watch_for(name: str, room: "_Room | None") -> expat.XMLParserType | None:
    """A reader of the member's XML that refuses entities, macros and a sheet that claims too much room."""
    if not name.endswith((".xml", ".rels")):
        return None
    reader = expat.ParserCreate()
    reader.StartDoctypeDeclHandler = _no_doctype
    if name == "[Content_Types].xml":
        reader.StartElementHandler = _no_macros
    elif room is not None:
        reader.StartElementHandler = room.start
    return reader


class _Room:
    """How far a sheet's cells reach; a cell without an address stands right of the one before it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.rows = self.columns = 0
        self.kind = ""
        self.cells = self.last_row = self.last_column = 0
        self.worked_out: list[tuple[int, int]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self.rows = int(attributes.get("r") or self.rows + 1)
            self.columns = 0
        elif name == "c":
            address = attributes.get("r")
            self.columns += 1
            if address:
                letters = address.rstrip("0123456789")
                self.columns = _column_number(letters)
                self.rows = int(address[len(letters) :])
            self.cells += 1
            self.kind = attributes.get("t", "")
            if self.kind == "e":
                self.worked_out.append((self.rows, self.columns))
        elif name == "f":
            if self.kind != "str":
                self.worked_out.append((self.rows, self.columns))
            return
        else:
            return
        self.last_row = max(self.last_row, self.rows)
        self.last_column = max(self.last_column, self.columns)
        if self.rows > self.limits.rows or self.columns > self.limits.columns:
            raise _too_wide()

    def check_area(self) -> None:
        """A reader makes room for the whole rectangle: it may not be all but empty."""
        if self.last_row * self.last_column > _FREE_AREA + self.limits.sparse * self.cells:
            raise _too_wide()


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _no_doctype(*_args: object) -> None:
    raise _refusal(_("文件里有不该有的内容，用 Excel 另存一份再导入。"), "entities")


def _no_macros(_tag: str, attributes: dict[str, str]) -> None:
    if "macroEnabled" in attributes.get("ContentType", "") or "vbaProject" in attributes.get("ContentType", ""):
        raise _macros()


def _too_wide() -> RuleError:
    return _refusal(_("有一张工作表占的行或列太多，删掉数据外面的格子再导入。"), "too_wide")


def _macros() -> RuleError:
    return _refusal(_("工作簿带宏，另存为不带宏的 .xlsx 再导入。"), "macros")


def _unpacks_too_far() -> RuleError:
    return _refusal(_("文件解开后太大，用 Excel 另存一份，或拆成几份再导入。"), "unpacks_too_far")


def _broken() -> RuleError:
    return _refusal(_("文件坏了，打不开；用 Excel 另存一份再导入。"), "broken")


def _refusal(message: str, code: str) -> RuleError:
    return RuleError(message, code=code, field="workbook")
