"""A fresh interpreter that has answered `1 + 2`, and the saving of a paused program's megabyte of values."""

import json
import subprocess
import sys
from time import thread_time

from harness.bars import Bar
from harness.rounds import Rounds
from harness.rows import OURS, Row
from language.our_build import PEER

FRESH = "fresh interpreter, 1 + 2"
SAVE = "save of 1 MB of state"
RESTORE = "restore of 1 MB of state"
UNITS = {FRESH: "us", SAVE: "ms", RESTORE: "ms"}
STRATEGIES = (OURS, "starlark", "cpython")
TIMES = 2000


def per(one, times: int) -> float:
    """Microseconds of CPU time each."""
    start = thread_time()
    for _ in range(times):
        one()
    return (thread_time() - start) * 1e6 / times


def measured(engine: str) -> dict[str, float]:
    if engine == OURS:
        printed = [
            float(subprocess.run([PEER, *command], capture_output=True, text=True, check=True).stdout.split()[0])
            for command in (("fresh", str(TIMES)), ("save", "20"), ("restore", "20"))
        ]
        return dict(zip(UNITS, printed))
    if engine == "starlark":
        import starlark

        dialect, names = starlark.Dialect.extended(), starlark.Globals.standard()
        return {FRESH: per(lambda: starlark.eval(starlark.Module(), starlark.parse("m", "1 + 2", dialect), names), TIMES)}
    return {FRESH: per(lambda: eval(compile("1 + 2", "m", "eval"), {"__builtins__": {}}), TIMES)}


def measure(quick: bool) -> list[Row]:
    rounds = Rounds("language.start_and_save", STRATEGIES, 3 if quick else 9)
    return [Row(case, unit, rounds.of(case)) for case, unit in UNITS.items()]


def bars(rows: dict[str, Row]) -> list[Bar]:
    fresh, save = rows.get(FRESH), rows.get(SAVE)
    return [
        Bar("fresh interpreter: ratio to starlark", fresh and fresh.ratio("starlark"), 1),
        Bar("save of 1 MB: milliseconds", save and save.value(OURS), 5),
    ]


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
