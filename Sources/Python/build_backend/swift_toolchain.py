"""The Swift compiler on this machine: where it is, and whether it is recent enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from build_failure import BuildFailure

OLDEST = (6, 2)
ADVICE = (
    f"install the Swift {OLDEST[0]}.{OLDEST[1]} toolchain or a later one from https://www.swift.org/install/linux/ "
    "and put its usr/bin folder on PATH, or set SWIFT to the path of its `swift`"
)


@dataclass(frozen=True)
class SwiftToolchain:
    """A `swift` that can build this package."""

    swift: Path
    version: str

    @staticmethod
    def find() -> SwiftToolchain:
        asked = os.environ.get("SWIFT")
        found = shutil.which(asked or "swift")
        if found is None:
            place = f"SWIFT is {asked!r}, where no program is" if asked else "there is no `swift` on PATH"
            raise BuildFailure(f"building from source needs the Swift compiler, but {place}: {ADVICE}.")
        answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        match = re.search(r"Swift version (\d+)\.(\d+)\S*", answer.stdout)
        if answer.returncode != 0 or match is None:
            complaint = (answer.stderr or answer.stdout).strip().splitlines()[:1] or ["nothing"]
            raise BuildFailure(f"`{found} --version` failed, saying {complaint[0]!r}: {ADVICE}.")
        if (int(match[1]), int(match[2])) < OLDEST:
            raise BuildFailure(f"`{found}` is {match[0]}, too old: {ADVICE}.")
        return SwiftToolchain(Path(found), match[0])

    def tool(self, name: str) -> Path:
        """A tool of this toolchain, which PATH may shadow with the system's own (llvm-cov is one)."""
        tool = self.swift.resolve().parent / name
        if not tool.exists():
            raise BuildFailure(f"the toolchain of `{self.swift}` has no {name} beside its swift: {ADVICE}.")
        return tool
