"""What is no honest workbook is refused before it is opened."""

import io
import zipfile
import zlib

import pytest

from common.errors import RuleError
from reports.workbooks.guard import Limits, check_workbook
from reports.workbooks.reading import read_tables
from tests.reports.sheets import book, team

CELL = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def changed(change=None, **parts: bytes) -> bytes:
    """The sound workbook with some members replaced or added."""
    source = zipfile.ZipFile(io.BytesIO(book(team())))
    members = {name: source.read(name) for name in source.namelist()} | parts
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return change(target.getvalue()) if change else target.getvalue()


def code_of(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(RuleError) as refusal:
        check_workbook(content, limits or Limits())
    return refusal.value.code


def test_an_honest_workbook_passes():
    check_workbook(book(team()))
    assert len(read_tables(book(team()))) == 13


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_format"),
        ("工号,姓名".encode(), "not_a_workbook"),
        (b"PK\x03\x04" + bytes(100), "broken"),
    ],
)
def test_another_type_than_its_name_says_is_refused(content, code):
    assert code_of(content) == code


def test_a_zip_that_is_no_workbook_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("word/document.xml", "<a/>")
    assert code_of(target.getvalue()) == "not_a_workbook"


def test_macros_are_refused():
    assert code_of(changed(**{"xl/vbaProject.bin": b"x"})) == "macros"
    kind = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    kinds = b'<Types><Override PartName="/xl/workbook.xml" ContentType="%s"/></Types>' % kind
    assert code_of(changed(**{"[Content_Types].xml": kinds})) == "macros"


def test_a_bomb_is_refused_by_its_directory():
    assert code_of(changed(**{"xl/worksheets/sheet1.xml": bytes(20_000_000)})) == "unpacks_too_far"


def test_a_bomb_that_lies_about_its_size_is_refused_while_it_unpacks():
    bomb = bytes(3_000_000)

    def lie(content: bytes) -> bytes:
        small, crc = (1000).to_bytes(4, "little"), zlib.crc32(bytes(1000)).to_bytes(4, "little")
        real, real_crc = len(bomb).to_bytes(4, "little"), zlib.crc32(bomb).to_bytes(4, "little")
        return content.replace(real_crc, crc).replace(real, small)

    content = changed(lie, **{"xl/media/image1.png": bomb})
    assert code_of(content) in {"unpacks_too_far", "broken"}


def test_entities_are_refused():
    doctype = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst>&a;</sst>'
    assert code_of(changed(**{"xl/sharedStrings.xml": doctype})) == "entities"


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row>',
        '<row r="399999"><c r="BA399999"><v>1</v></c></row>',
    ],
)
def test_a_cell_at_the_far_corner_is_refused(cells):
    assert code_of(changed(**{"xl/worksheets/sheet1.xml": CELL.format(cells).encode()})) == "too_wide"


def test_too_many_members_or_too_many_bytes_are_refused():
    many = {f"xl/x{number}.xml": b"<a/>" for number in range(500)}
    assert code_of(changed(**many)) == "too_many_members"
    assert code_of(book(team()), Limits(packed=1000)) == "too_large"


def test_a_truncated_file_is_refused():
    content = book(team())
    assert code_of(content[: len(content) // 2]) == "broken"


def test_a_sheet_that_is_no_xml_is_refused():
    assert code_of(changed(**{"xl/worksheets/sheet1.xml": b"<worksheet><row"})) == "broken"
