"""The Pythons on this machine that the extension is made for: one of each minor version that pyproject.toml names.

DANA_PYTHONS, paths separated like those of PATH, says which; without it they are looked for on PATH and in pyenv.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import sys, sysconfig
if sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED"):
    print("%d.%d" % sys.version_info[:2])
"""


def supported_versions() -> list[str]:
    """The minor versions that the package says it runs on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = (re.search(r":: Python :: (3\.\d+)$", classifier) for classifier in project["classifiers"])
    return [match[1] for match in named if match]


def found_pythons() -> dict[str, Path]:
    """An interpreter of each supported version that is here and runs."""
    found: dict[str, Path] = {}
    wanted = supported_versions()
    for python in _candidates():
        try:
            asked = subprocess.run([python, "-c", ASK], capture_output=True, text=True, check=False, timeout=60)
        except OSError:
            continue
        if (version := asked.stdout.strip()) in wanted:
            found.setdefault(version, python)
    return dict(sorted(found.items(), key=lambda entry: wanted.index(entry[0])))


def _candidates() -> Iterator[Path]:
    if asked := os.environ.get("DANA_PYTHONS"):
        yield from map(Path, asked.split(os.pathsep))
        return
    yield Path(sys.executable)
    for folder in os.get_exec_path():
        yield from sorted(path for path in Path(folder).glob("python3.*") if re.fullmatch(r"python3\.\d+", path.name))
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob("versions/*/bin/python3"), reverse=True)
