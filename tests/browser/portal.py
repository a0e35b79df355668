"""A portal of one's own for browser tests: its database, web server and worker, as in real life.

The demo organisation is loaded once and copied for each test module. Servers come from TEST_DATABASE_URL
and TEST_REDIS_URL; without them the portal runs as on a laptop, on SQLite and the embedded queue.
"""

import http.client
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from scripts import programs
from scripts.assets import collect_static, compile_messages

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
"""Which of several test processes this is: each has files and a queue of its own."""
VAR = programs.ROOT / "var" / "browser-tests" / WORKER
DEMO = "kpi_demo"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Portal:
    """A running portal; ``env`` is what its programs run with."""

    url: str
    env: dict[str, str]
    folder: Path

    def at(self, path: str) -> str:
        """The full address of a page."""
        return f"{self.url}{path}"

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command on the portal's database."""
        return subprocess.run(
            programs.manage(*arguments), env=self.env, cwd=programs.ROOT, capture_output=True, text=True, check=False
        )

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What is in the portal's database, read from outside; ``?`` stands for a value."""
        address = self.env["DATABASE_URL"]
        if address.startswith("sqlite:///"):
            with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection:
                return connection.execute(statement, values).fetchall()
        with psycopg.connect(address) as server:
            return server.execute(statement.replace("?", "%s"), values).fetchall()

    def ask(self, code: str) -> str:
        """What ``code``, run in the portal's shell, prints: to look into its database."""
        done = self.manage("shell", "--no-imports", "--command", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


class Stage:
    """The demo organisation, made once; ``copies`` of it are what portals run on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = os.environ.get("TEST_DATABASE_URL", "")
        self.mark = f"{os.getpid()}"
        self.original = self._address(f"{DEMO}_{self.mark}")
        self._create(f"{DEMO}_{self.mark}")
        compile_messages()
        VAR.mkdir(parents=True, exist_ok=True)
        assert collect_static(VAR, self.env(self.original))
        for command in (("migrate", "--verbosity", "0"), ("load_demo",)):
            subprocess.run(programs.manage(*command), env=self.env(self.original), cwd=programs.ROOT, check=True)

    def env(self, database: str) -> dict[str, str]:
        """What the portal's programs run with."""
        keep = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        queue = _own_queue(os.environ.get("TEST_REDIS_URL", ""))
        chosen = {
            "DATABASE_URL": database,
            "REDIS_URL": queue,
            "VAR_DIR": str(VAR),
            "DEMO": "1",
            "SECRET_KEY": "browser tests only, long enough for every signer of the portal",
        }
        return keep | chosen

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """A database with the demo in it, gone at the end."""
        if not self.server:
            target = self.folder / f"{name}.sqlite3"
            shutil.copy(self.folder / f"{DEMO}_{self.mark}.sqlite3", target)
            yield f"sqlite:///{target}"
            return
        self._create(name, template=f"{DEMO}_{self.mark}")
        try:
            yield self._address(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        if self.server:
            self._drop(f"{DEMO}_{self.mark}")

    def _address(self, name: str) -> str:
        if not self.server:
            return f"sqlite:///{self.folder / name}.sqlite3"
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()

    def _create(self, name: str, *, template: str = "template1") -> None:
        if self.server:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            with psycopg.connect(self.server, autocommit=True) as connection:
                connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def _drop(self, name: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _own_queue(url: str) -> str:
    """The same server, a database of its own per test process: one worker must not take another portal's jobs."""
    if not url:
        return ""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0) + int(WORKER.removeprefix("gw"))
    return parts._replace(path=f"/{number}").geturl()


@contextmanager
def running(stage: Stage, name: str) -> Iterator[Portal]:
    """A portal with a web server and a worker on a fresh copy of the demo."""
    with stage.copy(name) as database:
        env = stage.env(database)
        folder = stage.folder / name
        folder.mkdir()
        port = programs.free_port()
        with (folder / "log").open("wb") as log:
            started = [
                subprocess.Popen(command, env=env, cwd=programs.ROOT, stdout=log, stderr=log)
                for command in (programs.web("127.0.0.1", port, workers=1), programs.worker(processes=1))
            ]
            try:
                _wait_until_ready(port, folder / "log")
                yield Portal(url=f"http://127.0.0.1:{port}", env=env, folder=folder)
            finally:
                for process in started:
                    process.terminate()
                for process in started:
                    process.wait(30)


def _wait_until_ready(port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise AssertionError(log.read_text(errors="replace")[-3000:])
