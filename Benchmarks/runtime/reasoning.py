"""The convenience face beside the targets of its design: a call, a conversion and the first resource of a process."""

import json
from statistics import median
from time import perf_counter

from harness.bars import Bar
from harness.rounds import Rounds
from harness.rows import OURS, Row
from runtime.our_package import use_ours

CALL = "dana.reason('simple call')"
CONVERSION = "dana.reason('process list', {'data': [1, 2, 3]})"
FIRST = "the first context of a process"
CASES = (CALL, CONVERSION, FIRST)
LIMITS = {CALL: 1, CONVERSION: 2, FIRST: 50}
TIMES = 200


def measured() -> dict[str, float]:
    use_ours()
    from opendxa.dana import dana

    start = perf_counter()
    dana.eval("null")
    first = perf_counter() - start

    @dana.runtime.function("reason")
    def reason(prompt: str, options: dict[str, object] | None = None) -> str:
        return prompt

    def each(*arguments: object) -> float:
        taken = []
        for _ in range(TIMES):
            start = perf_counter()
            dana.reason(*arguments)
            taken.append((perf_counter() - start) * 1e3)
        return median(taken)

    return {
        CALL: each("simple call"),
        CONVERSION: each("process list", {"data": [1, 2, 3]}),
        FIRST: first * 1e3,
    }


def measure(quick: bool) -> list[Row]:
    rounds = Rounds("runtime.reasoning", (OURS,), 3 if quick else 9)
    return [Row(case, "ms", rounds.of(case)) for case in CASES]


def bars(rows: dict[str, Row]) -> list[Bar]:
    values = {case: rows[case].value(OURS) if case in rows else None for case in CASES}
    return [Bar(f"{case}: milliseconds", value, LIMITS[case]) for case, value in values.items()]


if __name__ == "__main__":
    print(json.dumps(measured()))
