"""Where what programs print goes when nothing else was asked for."""

from __future__ import annotations

import sys


def write_output(text: str) -> None:
    """Writes to Python's standard output as it is by now, behind what Python has printed; at once, where that is the
    process's own."""
    output = sys.stdout
    if output is not None:  # as it is in programs without a terminal
        is_own = output is sys.__stdout__
        output.write(text)
        if is_own:
            output.flush()
