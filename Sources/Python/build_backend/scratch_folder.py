"""A folder of build products that knows what it was built from, and starts anew when that changed."""

from __future__ import annotations

import shutil
from pathlib import Path


def prepare_scratch(folder: Path, *origin: str) -> None:
    """Makes `folder` ready for a build from `origin`, emptying it when it holds a build from elsewhere.

    Compiled modules name the folder they were made in: a copied checkout (cp -r, COPY of a container
    build), another compiler or another Python's headers break the next build without this.
    """
    stamp = folder / "origin.txt"
    wanted = "\n".join([str(folder.resolve()), *origin]) + "\n"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    stamp.write_text(wanted, encoding="utf-8")
