"""The command lines of the portal's programs, for scripts/run and for the browser tests."""

import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_taken(host: str, port: int) -> bool:
    """Whether somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def web(host: str, port: int, *, workers: int = 2) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "kpi_portal.wsgi:application", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", "4", "--no-ws"),
    ]


def worker(*, processes: int = 2) -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "--app", "kpi_portal", "worker", "--concurrency", str(processes)),
        *("--queues", "kpi,kpi-relay", "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def beat() -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "kpi_portal", "beat", "--pidfile", "", "--loglevel", "WARNING"]


def valkey(binary: Path, port: int, folder: Path, password: str) -> list[str]:
    """A queue on the loopback address; the password stands in a file, where ``ps`` does not show it."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "valkey.conf"
    config.touch(mode=0o600)
    config.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {folder}\n"
        "save 60 1\nappendonly no\nmaxmemory-policy noeviction\n"
    )
    return [str(binary), str(config)]
