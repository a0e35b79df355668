"""Proves the portal: linters in the order of their speed, then every test on every kind of server.

Tests that touch no database run once. The others run on SQLite and again on PostgreSQL, and the browser tests
against the running portal on PostgreSQL and Redis with a real worker. A skipped test or a missing service is a
failure. The last line counts everything.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from scripts import browser
from scripts.assets import compile_messages
from scripts.programs import ROOT
from scripts.services import MissingServiceError, postgres, redis

BIN = Path(sys.executable).parent
PYTHON = sys.executable
LINTERS: dict[str, list[Path | str]] = {
    "ruff format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "ruff check": [BIN / "ruff", "check", "--quiet", "."],
    "lint-imports": [BIN / "lint-imports", "--no-cache"],
    "djlint": [BIN / "djlint", "templates", "--lint", "--quiet"],
    "manage.py check": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    "manage.py check --deploy": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "makemigrations --check": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "mypy": [BIN / "mypy", "."],
}
TWO = ["-n", "2", "--dist", "worksteal", "-m"]  # two workers, and the one that is done first takes from the other
STORIES = ["-n", "2", "--dist", "loadfile", "-m"]  # the tests of a story follow each other on one portal
PRODUCTION = {
    "SECRET_KEY": "a production key is long, random and never in a repository 0123456789",
    "ALLOWED_HOSTS": "kpi.example.com",
    "HTTPS": "1",
}


@dataclass
class Tally:
    """What passed and failed so far, and a line for each kind of run."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    lines: list[str] = field(default_factory=list)

    def fail(self, line: str) -> None:
        self.failed += 1
        self.lines.append(f"FAILED  {line}")


def main() -> int:
    signal.signal(signal.SIGTERM, _leave)
    os.environ["PYTHONUNBUFFERED"] = "1"
    _keep_bytecode()
    tally = Tally()
    compile_messages()
    for name, command in LINTERS.items():
        _lint(name, [str(part) for part in command], tally)
    _run_tests("no database", [*TWO, "pure"], {}, tally)
    _run_tests(f"SQLite {sqlite3.sqlite_version}", [*TWO, "not pure and not browser and not postgres"], {}, tally)
    try:
        with postgres() as database, redis() as queue:
            servers = {"TEST_DATABASE_URL": database.url, "TEST_REDIS_URL": queue.url}
            _run_tests(database.name, [*TWO, "not pure and not browser"], servers, tally)
            _run_browser_tests(f"{database.name}, {queue.name}", servers, tally)
    except MissingServiceError as missing:
        tally.fail(str(missing))
    return _report(tally)


def _keep_bytecode() -> None:
    """Compile a module once, not again in each of fifty programs, where the machine forbids it beside the sources."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / "var" / "bytecode")


def _lint(name: str, command: list[str], tally: Tally) -> None:
    started = time.monotonic()
    environment = {**os.environ, **(PRODUCTION if "deploy" in name else {})}
    with tempfile.TemporaryDirectory(prefix="kpi-check-") as folder:
        environment.update(VAR_DIR=folder, MYPY_CACHE_DIR=str(ROOT / ".mypy_cache"))
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    taken = f"{time.monotonic() - started:.1f} s"
    if done.returncode:
        print(f"\n--- {name}\n{done.stdout}{done.stderr}", flush=True)
        tally.fail(f"{name} ({taken})")
    else:
        tally.lines.append(f"ok      {name} ({taken})")
    print(tally.lines[-1], flush=True)


def _run_browser_tests(servers_name: str, servers: dict[str, str], tally: Tally) -> None:
    program = browser.chromium()
    if not browser.has_chinese_letters():
        tally.fail("No Chinese letters on this machine: install fonts-noto-cjk.")
    name = f"{browser.version(program)} against the running portal on {servers_name} and a Celery worker"
    _run_tests(name, [*STORIES, "browser"], {**servers, "CHROMIUM": str(program)}, tally)


def _run_tests(name: str, arguments: list[str], servers: dict[str, str], tally: Tally) -> None:
    """Run pytest with the servers given, and count from its own report."""
    print(f"\n=== {name}", flush=True)
    started = time.monotonic()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TEST_")} | servers
    with tempfile.TemporaryDirectory(prefix="kpi-report-") as folder:
        report = Path(folder) / "report.xml"
        command = [PYTHON, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        counts = _counts(report)
    failed = counts["failures"] + counts["errors"]
    passed = counts["tests"] - failed - counts["skipped"]
    tally.passed += passed
    tally.failed += failed or int(bool(status))
    tally.skipped += counts["skipped"]
    word = "ok    " if status == 0 and not counts["skipped"] else "FAILED"
    told = f"{passed} passed, {failed} failed, {counts['skipped']} skipped"
    tally.lines.append(f"{word}  {told} on {name} ({time.monotonic() - started:.0f} s)")


def _counts(report: Path) -> dict[str, int]:
    names = ("tests", "failures", "errors", "skipped")
    if not report.exists():
        return dict.fromkeys(names, 0)
    suites = ET.parse(report).getroot().findall("testsuite")  # noqa: S314 - our own file
    return {name: sum(int(suite.get(name, "0")) for suite in suites) for name in names}


def _report(tally: Tally) -> int:
    print("\n=== What ran on what", flush=True)
    print("\n".join(tally.lines))
    if tally.skipped:
        print(f"FAILED  {tally.skipped} skipped: every test has to run somewhere here")
    print(f"{tally.passed} passed, {tally.failed} failed", flush=True)
    return 1 if tally.failed or tally.skipped or not tally.passed else 0


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Leave through every ``finally``, so that the servers stop too."""
    sys.exit(143)


if __name__ == "__main__":
    sys.exit(main())
