"""Interleaved rounds of child processes: one process a strategy and round, so that none disturbs another's state."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence

from harness.environment import BENCHMARKS, PYTHON, say

ONE_CORE = "one core"
ALL_CORES = "all cores"


class TimedOut(Exception):
    """A child process that did not end in time; how long that was is its argument."""


class Rounds:
    """Values by measure and strategy, in the order of the rounds; a strategy that fails once is left out, aloud."""

    def __init__(self, module: str, strategies: Sequence[str], count: int, regime: str = ALL_CORES, timeout: float = 120):
        self.values: dict[str, dict[str, list[float]]] = {}
        left = list(strategies)
        for number in range(count):
            for strategy in left[:: -1 if number % 2 else 1]:
                try:
                    measured = child(module, strategy, regime, timeout)
                except TimedOut:
                    measured = None
                if measured is None:
                    left.remove(strategy)
                    for of_strategy in self.values.values():
                        of_strategy.pop(strategy, None)
                    continue
                for measure, value in measured.items():
                    self.values.setdefault(measure, {}).setdefault(strategy, []).append(value)

    def of(self, measure: str, names: dict[str, str] | None = None) -> dict[str, list[float]]:
        """A measure's values by strategy; with names, only the named strategies, under those names."""
        values = self.values.get(measure, {})
        if names is None:
            return values
        return {shown: values[strategy] for strategy, shown in names.items() if strategy in values}


def child(module: str, strategy: str, regime: str = ALL_CORES, timeout: float = 120) -> dict | None:
    """Runs `python -m module strategy` and reads the JSON it prints; nothing, with the reason on screen, if it fails.

    Raises TimedOut when it does not end in time.
    """
    command = [str(PYTHON), "-m", module, strategy]
    if regime == ONE_CORE and (taskset := shutil.which("taskset")):
        command = [taskset, "-c", str(min(os.sched_getaffinity(0))), *command]
    try:
        done = subprocess.run(command, cwd=BENCHMARKS, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        say(f"{module} {strategy} ({regime}) did not end within {timeout:g} s")
        raise TimedOut(timeout) from None
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        say(f"left out: {module} {strategy} ({regime}): {reason}")
        return None
    if done.stderr.strip():
        say(done.stderr.strip())
    return json.loads(done.stdout)
