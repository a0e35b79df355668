"""Keeps a few programs running together: starts them, restarts one that dies, stops them all."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

STOP_SECONDS = 15
STEADY_SECONDS = 30  # a program that ran this long has earned a quick restart
MOST_DEATHS = 6  # in a row, each soon after its start
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A program with its log; ``deaths`` counts the quick ones in a row."""

    name: str
    command: list[str]
    log: Path
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    rest_until: float = 0.0

    def start(self) -> None:
        """Start in a process group of its own, so that Ctrl-C reaches it through us alone."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # no thread runs yet
            )
        self.started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask, wait, then insist; what it started goes with it."""
        if self.process is None:
            return
        if self.is_running:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.sweep()

    def sweep(self) -> None:
        """Remove what a program that is gone has left behind in its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def tail(self, lines: int = 8) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class GaveUpError(Exception):
    """A program does not stay up."""


class Supervisor:
    """Children in the order of their start; they stop in the reverse order."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.is_stopping = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def add(self, child: Child) -> Child:
        """Start a child and look after it from now on."""
        child.log.write_bytes(b"")
        child.start()
        self.children.append(child)
        return child

    def wait_for(self, answers: Callable[[], bool], seconds: float) -> bool:
        """Look after the children until ``answers()``; whether it did within the time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.is_stopping:
            if answers():
                return True
            self._revive()
            time.sleep(0.2)
        return False

    def watch(self) -> None:
        """Look after the children until told to stop."""
        while not self.is_stopping:
            self._revive()
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop every child."""
        for child in reversed(self.children):
            child.stop()

    def _revive(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.is_running or now < child.rest_until:
                continue
            if not child.rest_until:  # just found dead
                child.sweep()
                child.deaths = 1 if now - child.started_at > STEADY_SECONDS else child.deaths + 1
                if child.deaths >= MOST_DEATHS:
                    raise GaveUpError(f"{child.name} does not stay up; the end of {child.log}:\n{child.tail()}")
                child.rest_until = now + 0.5 * 2**child.deaths
                continue
            child.rest_until = 0.0
            child.start()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True


def _die_with_parent() -> None:
    """Even if the supervisor is killed outright, nothing of the portal is left behind (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
