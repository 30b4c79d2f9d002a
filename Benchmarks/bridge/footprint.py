"""What importing costs and how large the extensions are."""

import os
import subprocess
import sys
from pathlib import Path

from bridge import modules
from harness.bars import Bar
from harness.environment import say
from harness.rows import OURS, Row
from harness.start_time import start_time

IMPORTS = {OURS: "opendxa.dana", "asyncio": "asyncio", "decimal": "decimal", "numpy": "numpy"}


def importable(module: str) -> bool:
    probe = [sys.executable, "-c", f"import {module}"]
    return subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode == 0


def extension() -> Path | None:
    """The file of the package's own extension, where the package is installed."""
    probe = [sys.executable, "-c", "import opendxa.dana._native as native; print(native.__file__)"]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def measure(quick: bool) -> list[Row]:
    found = {name: module for name, module in IMPORTS.items() if importable(module)}
    if OURS not in found:
        say("left out: the import of opendxa.dana, which is not installed for " + sys.executable)
    values: dict[str, list[float]] = {}
    for _ in range(7 if quick else 21):
        bare = start_time([sys.executable, "-c", "pass"])
        for name, module in found.items():
            values.setdefault(name, []).append(start_time([sys.executable, "-c", f"import {module}"]) - bare)
    sizes = {name: path for name, path in modules.PEERS.items() if path.exists()} | {
        "bridge_peer": modules.OURS,
        "bridge_peer_abi3": modules.OURS_ABI3,
    }
    if native := extension():
        sizes[OURS] = native
    megabytes = {name: [os.path.getsize(path) / 1e6] for name, path in sizes.items() if path.exists()}
    return [
        Row("import, above a bare interpreter", "ms", values),
        Row("size of the extension", "MB", megabytes),
    ]


def bars(rows: dict[str, Row]) -> list[Bar]:
    """The wheel's build gates hold size and import time; here they are only shown."""
    return []
