"""A build that runs again only when what it is made of has changed."""

import hashlib
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from harness.environment import OUT, Missing, say

Command = Sequence[str | Path]


def fingerprint(inputs: Iterable[Path], commands: Iterable[Command]) -> str:
    """A hash of the content of the input files and of the text of the commands."""
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for command in commands:
        digest.update("\0".join(map(str, command)).encode() + b"\n")
    return digest.hexdigest()


def build(name: str, product: Path, inputs: Iterable[Path], commands: Sequence[Command], **run: object) -> None:
    """Runs the commands unless the product stands and was made by these commands from these inputs."""
    stamp = OUT / "stamps" / name
    wanted = fingerprint(inputs, commands)
    if product.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"building {name}")
    product.parent.mkdir(parents=True, exist_ok=True)
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False, **run)
        if done.returncode != 0:
            last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
            raise Missing(f"`{' '.join(map(str, command))}` failed:\n{last}")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
