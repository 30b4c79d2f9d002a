"""What a fresh process takes."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter


def start_time(command: Sequence[str | Path], **environment: str) -> float:
    """Milliseconds from the start to the end of a process that runs the command."""
    start = perf_counter()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, env=dict(os.environ, **environment))
    return (perf_counter() - start) * 1e3
