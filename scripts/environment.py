"""Makes the virtual environment of this checkout. Plain Python: nothing is installed yet when it runs."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-locks"
UV_LOCK = ROOT / "scripts" / "uv.txt"
WHAT_TO_INSTALL = (
    "Python here cannot make virtual environments: install python3-venv first (sudo apt-get install python3-venv)."
)


def enter(lock: str, module: str) -> None:
    """Make sure that ``lock`` is installed, then become ``python -m module`` inside the environment."""
    prepare(ROOT / lock)
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", module, *sys.argv[1:]])  # noqa: S606 - our own interpreter


def prepare(lock: Path) -> None:
    """Install ``lock``, unless this very lock was installed before."""
    mark = f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    if _works(PYTHON) and STAMP.exists() and mark in STAMP.read_text().splitlines():
        return
    print("Preparing the Python environment; this takes a minute the first time ...", flush=True)
    if not _works(PYTHON):
        _make_venv()
    _install(lock)
    with STAMP.open("a") as stamp:
        stamp.write(f"{mark}\n")


def _works(python: Path) -> bool:
    return python.exists() and _tried([str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])


def _make_venv() -> None:
    """Try what this machine offers, from the usual to the unusual."""
    for attempt in (_venv, _virtualenv, _uv_from_pip, _venv_after_apt, _venv_from_debian_wheels):
        shutil.rmtree(VENV, ignore_errors=True)
        attempt()
        if _works(PYTHON):
            return
    shutil.rmtree(VENV, ignore_errors=True)
    sys.exit(WHAT_TO_INSTALL)


def _venv() -> None:
    if importlib.util.find_spec("ensurepip"):
        _tried([sys.executable, "-m", "venv", str(VENV)])


def _virtualenv() -> None:
    if importlib.util.find_spec("virtualenv"):
        _tried([sys.executable, "-m", "virtualenv", "--quiet", str(VENV)])
    elif shutil.which("uv"):
        _tried(["uv", "venv", "--quiet", "--python", sys.executable, str(VENV)])


def _uv_from_pip() -> None:
    """pip without ensurepip, as where a distribution guards its own packages."""
    tools = ROOT / "var" / "tools"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--target", str(tools)]
    if importlib.util.find_spec("pip") and _tried([*pip, "-r", str(UV_LOCK)]):
        _tried([str(tools / "bin" / "uv"), "venv", "--quiet", "--python", sys.executable, str(VENV)])


def _venv_after_apt() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    exact = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    _tried(["apt-get", "update", "-qq"], env=quiet)
    for package in (exact, "python3-venv"):
        if _tried(["apt-get", "install", "-y", "-qq", package], env=quiet):
            break
    _tried([sys.executable, "-m", "venv", str(VENV)])


def _venv_from_debian_wheels() -> None:
    """Debian's pip as a file, which needs no rights to unpack."""
    if os.geteuid() == 0 or not shutil.which("dpkg"):
        return
    tools = ROOT / "var" / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    if not _tried(["apt-get", "download", "python3-pip-whl"], cwd=tools):
        return
    for archive in tools.glob("python3-pip-whl*.deb"):
        _tried(["dpkg", "-x", str(archive), str(tools)])
    wheel = next(tools.glob("usr/share/python-wheels/pip-*.whl"), None)
    if wheel and _tried([sys.executable, "-m", "venv", "--without-pip", str(VENV)]):
        _tried([str(PYTHON), str(wheel / "pip"), "install", "--quiet", "--no-index", str(wheel)])


def _install(lock: Path) -> None:
    """By uv where it can be had, which is several times faster; else by pip."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
    uv = next((str(u) for u in (VENV / "bin" / "uv", ROOT / "var/tools/bin/uv") if u.exists()), shutil.which("uv"))
    if not uv and _tried([*pip, str(UV_LOCK)]):
        uv = str(VENV / "bin" / "uv")
    by_uv = [uv or "uv", "pip", "install", "--quiet", "--require-hashes", "--python", str(PYTHON), "-r", str(lock)]
    if uv and _tried(by_uv, env=_with_pips_index()):
        return
    if subprocess.run([*pip, str(lock)], check=False).returncode:
        sys.exit("The packages could not be installed: see pip's words above (is the package index reachable?).")


def _with_pips_index() -> dict[str, str]:
    """Tell uv which index this machine's pip uses: uv does not read pip's settings."""
    asked = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    index = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return {**({"UV_DEFAULT_INDEX": index} if index else {}), **os.environ}


def _tried(command: list[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> bool:
    try:
        return subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    lock_name, module_name = sys.argv[1:3]
    sys.argv = [sys.argv[0], *sys.argv[3:]]
    enter(lock_name, module_name)
