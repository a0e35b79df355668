"""Finds a Chromium and Chinese letters for the browser tests, and gets them where they are missing."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.programs import ROOT
from scripts.services import MissingServiceError, apt_install

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACKED = ROOT / "var" / "tools" / "chromium"
PACKAGES = ("chromium", "fonts-noto-cjk")


def chromium() -> Path:
    """A Chromium that starts: given, installed, by the system's packages, unpacked, or Playwright's own."""
    for find in (_given, _installed, _from_apt, _unpacked, _from_playwright):
        program = find()
        if program and version(program):
            return program
    raise MissingServiceError("No browser: install the package chromium, or give CHROMIUM=/path/to/it.")


def version(program: Path) -> str:
    """What it calls itself; empty when it does not start."""
    asked = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    return asked.stdout.strip() if asked.returncode == 0 else ""


def has_chinese_letters() -> bool:
    """Whether a font with Chinese letters is installed, so that pages and pictures can be read."""
    listing = shutil.which("fc-list")
    if not listing:
        return False
    return bool(subprocess.run([listing, ":lang=zh"], capture_output=True, check=False).stdout)


def _given() -> Path | None:
    given = os.environ.get("CHROMIUM")
    return Path(given) if given else None


def _installed() -> Path | None:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found and not has_chinese_letters():
        apt_install("fonts-noto-cjk", "fontconfig")
    return Path(found) if found else None


def _from_apt() -> Path | None:
    return _installed() if apt_install(*PACKAGES, "fontconfig") else None


def _unpacked() -> Path | None:
    """Without rights: download the packages and what they need, and unpack them in a folder of ours."""
    start = UNPACKED / "start"
    if start.exists():
        return start
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return None
    plan = subprocess.run(
        ["apt-get", "install", "--simulate", "-qq", "--no-install-recommends", *PACKAGES],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = re.findall(r"^Inst (\S+)", plan.stdout, flags=re.MULTILINE)
    UNPACKED.mkdir(parents=True, exist_ok=True)
    got = names and subprocess.run(["apt-get", "download", *names], cwd=UNPACKED, capture_output=True, check=False)
    if not got or got.returncode:
        return None
    for archive in UNPACKED.glob("*.deb"):
        subprocess.run(["dpkg", "-x", str(archive), str(UNPACKED)], check=True)
        archive.unlink()
    return _starter(start)


def _starter(start: Path) -> Path:
    """A script that lets the unpacked Chromium find its libraries and letters."""
    libraries = ":".join(str(path) for path in (*UNPACKED.glob("usr/lib/*-linux-gnu"), UNPACKED / "usr/lib"))
    fonts = UNPACKED / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{UNPACKED}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{UNPACKED}/fonts-cache</cachedir></fontconfig>"
    )
    program = shlex.quote(str(UNPACKED / "usr/lib/chromium/chromium"))
    start.write_text(
        f"#!/bin/sh\nexport LD_LIBRARY_PATH={shlex.quote(libraries)}\n"
        f'export FONTCONFIG_FILE={shlex.quote(str(fonts))}\nexec {program} "$@"\n'
    )
    start.chmod(0o755)
    return start


def _from_playwright() -> Path | None:
    """The browser of Playwright's makers, where their store can be reached."""
    place = ROOT / "var" / "tools" / "playwright"
    environment = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(place)}
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(command, env=environment, capture_output=True, check=False, timeout=300)
    except subprocess.TimeoutExpired:
        return None
    return next(place.glob("chromium-*/chrome-linux*/chrome"), None)
