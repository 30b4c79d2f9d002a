"""Where a benchmark keeps its things, and the Python environment its processes run in."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
PACKAGE = BENCHMARKS.parent
OUT = BENCHMARKS / "out"
RESULTS = BENCHMARKS / "results"
VENV = OUT / f"venv-{sysconfig.get_python_version()}"
PYTHON = VENV / "bin" / "python"
EXT_SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
INCLUDE = sysconfig.get_paths()["include"]


class Missing(Exception):
    """Something the benchmark needs is not here and cannot be put here; the message says what and how to get it."""


def say(message: str) -> None:
    """One line of progress, apart from the table on standard output."""
    print(message, file=sys.stderr, flush=True)


def tool(*names: str, package: str) -> str:
    """The path of the first of the named tools; installs the Debian package that has it when that is permitted."""
    for attempt in range(2):
        for name in names:
            if path := shutil.which(name):
                return path
        if attempt == 0:
            subprocess.run([PACKAGE / ".ci" / "install-debian", package], stdout=subprocess.DEVNULL, check=False)
    raise Missing(f"{names[0]} is not on the PATH: install it (on Debian: apt-get install {package})")


def prepare_python() -> None:
    """Makes the virtual environment of the pinned packages; what is already there is left alone."""
    requirements, alone = BENCHMARKS / "requirements.txt", BENCHMARKS / "requirements-alone.txt"
    installed, wanted = VENV / "requirements.txt", requirements.read_text() + alone.read_text()
    if installed.exists() and installed.read_text() == wanted:
        return
    say(f"making {VENV.relative_to(PACKAGE)}")
    base = Path(getattr(sys, "_base_executable", sys.executable))
    subprocess.run([base, "-m", "venv", VENV], check=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for arguments in (["-r", requirements], ["--no-deps", "-r", alone]):
        if subprocess.run([*pip, *arguments], check=False).returncode != 0:
            raise Missing(f"pip could not install {arguments[-1].name}: is there a network or an index it may use?")
    installed.write_text(wanted)
