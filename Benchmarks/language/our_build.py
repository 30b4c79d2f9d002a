"""Builds `language-peer`, the program that runs the language for the benchmark."""

import os
import subprocess

from harness.environment import OUT, PACKAGE, Missing, say, tool

SCRATCH = OUT / "build-language"
PEER = SCRATCH / "release" / "language-peer"


def build_ours() -> None:
    """SwiftPM decides what has changed."""
    say("swift build of language-peer")
    command = [tool("swift", package="swiftlang"), "build", "-c", "release", "--product", "language-peer"]
    command += ["--scratch-path", str(SCRATCH)]
    done = subprocess.run(command, cwd=PACKAGE, env=os.environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        PEER.unlink(missing_ok=True)
        errors = [line for line in (done.stdout + done.stderr).splitlines() if "error" in line]
        raise Missing("`swift build --product language-peer` failed:\n" + "\n".join(errors[:8]))
