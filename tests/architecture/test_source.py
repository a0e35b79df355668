"""Rules of the house that a linter cannot say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "policy",
    "common",
    "audit",
    "people",
    "notices",
    "incidents",
    "quality",
    "appraisals",
    "scoring",
    "development",
    "appeals",
    "consequences",
    "calibration",
    "reports",
    "kpi_portal",
)
SPREADSHEETS = {"openpyxl", "python_calamine", "rustpy_xlsxwriter"}
MOST_LINES = 300
# modules of the web side: they get rows through selectors and visible_*, never from a manager
WEB_SIDE = {"views", "forms", "exports", "api", "urls"}


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_a_module_fits_in_the_head():
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in modules(*ROOMS, "scripts")}

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_only_workbooks_know_the_spreadsheet_libraries():
    knowing = {
        name_of(path) for path in modules(*ROOMS) if SPREADSHEETS & {name.split(".")[0] for name in imported(path)}
    }

    assert {name for name in knowing if not name.startswith("reports/workbooks")} == set()


def test_the_web_side_asks_no_manager_for_rows():
    asking = []
    for path in modules(*ROOMS):
        parts = {*path.relative_to(ROOT).parts[1:-1], path.stem}
        if parts & WEB_SIDE and re.search(r"\.(_default_manager|objects)\.(?!none\(\))", path.read_text()):
            asking.append(name_of(path))

    assert asking == []


def test_migrations_import_nothing_of_ours():
    reaching = {}
    for path in ROOT.glob("*/migrations/*.py"):
        ours = {name for name in imported(path) if name.split(".")[0] in ROOMS}
        if ours:
            reaching[name_of(path)] = ours

    assert reaching == {}


def test_there_are_no_signals_and_no_save_overrides():
    faults = []
    for path in modules(*ROOMS):
        tree = ast.parse(path.read_text())
        faults += [name_of(path) for name in imported(path) if name.startswith("django.db.models.signals")]
        faults += [
            f"{name_of(path)}: {node.name}.{part.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and any("Model" in ast.unparse(base) for base in node.bases)
            for part in node.body
            if isinstance(part, ast.FunctionDef) and part.name in {"save", "delete"}
        ]

    assert faults == []


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"\sstyle\s*=", id="a style"),
        pytest.param(r"<style[\s>]", id="a sheet"),
        pytest.param(r"<script(?![^>]*\b(src=|type=\"application/json\"))[^>]*>", id="a script"),
        pytest.param(r"\son[a-z]+\s*=\s*[\"']", id="a handler"),
        pytest.param(r"javascript:", id="an address that is a script"),
        pytest.param(r"\|\s*safe\b|autoescape off", id="text that is not escaped"),
        pytest.param(r"(src|href)=[\"']https?://", id="another host"),
    ],
)
def test_templates_hold_none_of_what_the_browser_is_told_to_refuse(pattern: str):
    pages = [path for folder in (ROOT / "templates", *ROOT.glob("*/templates")) for path in folder.rglob("*.*")]
    comments = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", flags=re.DOTALL)

    found = [name_of(page) for page in pages if re.search(pattern, comments.sub("", page.read_text()))]

    assert pages
    assert found == []
