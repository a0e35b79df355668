"""Makes what is not kept in the repository: compiled messages and the served copy of the static files."""

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from scripts.programs import ROOT, manage

UNUSED = ("redoc", "rest_framework")  # come with packages; compressing them takes most of a minute


def compile_messages() -> None:
    """Write a .mo beside every newer .po, by babel: GNU gettext need not be installed."""
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text)
        with target.open("wb") as binary:
            write_mo(binary, catalogue)


def collect_static(var: Path, env: Mapping[str, str] = os.environ) -> bool:
    """Gather, name by content and compress the static files into ``var``, unless nothing changed."""
    stamp, state = var / "static-state", _static_state()
    if stamp.exists() and stamp.read_text() == state and (var / "static").exists():
        return True
    ignored = [f"--ignore={name}" for name in UNUSED]
    command = manage("collectstatic", "--noinput", "--clear", "--verbosity", "0", *ignored)
    done = subprocess.run(command, cwd=ROOT, env={**env, "VAR_DIR": str(var)}, check=False).returncode == 0
    if done:
        stamp.write_text(state)
    return done


def _static_state() -> str:
    """A digest of our own files by name, size and time, and of the packages by their lock."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    compile_messages()
