"""Fresh contexts, calls in both directions and a list, by engine: microseconds of wall time each."""

import json
import sys
from statistics import median
from time import perf_counter

from harness.bars import Bar
from harness.rounds import Rounds
from harness.rows import OURS, Row
from runtime.engines import CALL, CASES, ENGINES, FRESH, HOST, LIST, Deed

SECONDS = 0.02
REPETITIONS = 5


def each(deed: Deed) -> float:
    """Microseconds that a deed takes, the median of a few runs of about the same length."""
    outcome = deed.do()
    if outcome != deed.expected:
        raise AssertionError(f"came to {str(outcome)[:40]} and not to {str(deed.expected)[:40]}")

    def run(times: int) -> float:
        start = perf_counter()
        for _ in range(times):
            deed.do()
        return perf_counter() - start

    times = 1
    while (taken := run(times)) < SECONDS / 4:
        times *= 2
    times = max(1, int(times * SECONDS / taken))
    return median(run(times) for _ in range(REPETITIONS)) * 1e6 / times / deed.times


def measured(engine: str) -> dict[str, float]:
    with ENGINES[engine]() as deeds:
        return {case: each(deed) for case, deed in deeds.items()}


def measure(quick: bool) -> list[Row]:
    rounds = Rounds("runtime.calls", list(ENGINES), 2 if quick else 9)
    return [Row(case, "us", rounds.of(case)) for case in CASES]


def bars(rows: dict[str, Row]) -> list[Bar]:
    def ratio(case: str, peer: str) -> float | None:
        row = rows.get(case)
        return row and row.ratio(peer)

    return [
        Bar("fresh context: ratio to starlark", ratio(FRESH, "starlark"), 1),
        Bar("Python calls a function: ratio to lupa", ratio(CALL, "lupa"), 1),
        Bar("a program calls Python: ratio to lupa", ratio(HOST, "lupa"), 1.5),
        Bar("list of 10,000 ints: ratio to monty", ratio(LIST, "monty"), 0.06),
        Bar("Python calls a function: milliseconds", _milliseconds(rows.get(CALL)), 1),
    ]


def _milliseconds(row: Row | None) -> float | None:
    value = row and row.value(OURS)
    return value and value / 1000


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
