"""The program `pool-peer`: the pool measured without Python."""

import json
import os
import subprocess

from harness.environment import OUT, PACKAGE, Missing, say, tool

SCRATCH = OUT / "build-pool"
PEER = SCRATCH / "release" / "pool-peer"


def build_pool_peer() -> None:
    """SwiftPM decides what has changed."""
    say("swift build of pool-peer")
    command = [tool("swift", package="swiftlang"), "build", "-c", "release", "--product", "pool-peer"]
    command += ["--scratch-path", str(SCRATCH)]
    done = subprocess.run(command, cwd=PACKAGE, env=os.environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        errors = [line for line in (done.stdout + done.stderr).splitlines() if "error" in line]
        raise Missing("`swift build --product pool-peer` failed:\n" + "\n".join(errors[:8]))


def pool_peer(*arguments: object) -> dict[str, float]:
    """What it prints, run once."""
    command = [str(PEER), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise Missing(f"`{' '.join(command)}` failed: {done.stderr.strip()}")
    return json.loads(done.stdout)
