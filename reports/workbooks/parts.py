"""Which part of the package holds which sheet: for what the reading library does not tell."""

import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from xml.parsers import expat


def sheet_parts(content: bytes) -> dict[str, str]:
    """Part → name of the worksheet, of a workbook that passed the guard."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        names = set(package.namelist())
        sheets = _elements(package.read("xl/workbook.xml"), "sheet")
        links = "xl/_rels/workbook.xml.rels"
        targets = _elements(package.read(links), "Relationship") if links in names else []
    parts = {link.get("Id", ""): link.get("Target", "") for link in targets}
    found: dict[str, str] = {}
    for sheet in sheets:
        key = next((value for name, value in sheet.items() if name.rpartition(":")[2] == "id"), "")
        target = parts.get(key, "")
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl", target))
        found[part] = sheet.get("name", "")
    return found


def _elements(content: bytes, wanted: str) -> list[dict[str, str]]:
    """The attributes of every element of that name."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == wanted:
            found.append(attributes)

    reader = expat.ParserCreate()
    reader.StartElementHandler = start
    reader.Parse(content, True)
    return found
