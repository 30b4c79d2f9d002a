"""Synchronous calls and conversions: every module in one process, interleaved, on the thread's CPU clock.

Thread CPU time does not count what other processes do. The loop's own 12 ns or so are in every value.
"""

import json
import sys
from collections.abc import Callable
from time import thread_time
from types import ModuleType

from bridge import modules
from harness.bars import Bar
from harness.rounds import child
from harness.rows import OURS, Row

ABI3 = "ours_abi3"
CLOSE = 1.05

TREE = {
    "model": "gpt",
    "stream": True,
    "temperature": 0.7,
    "stop": None,
    "messages": [
        {
            "role": "user" if i % 2 else "assistant",
            "content": f"message number {i} with some text in it",
            "id": i,
            "score": i / 7,
            "tags": ["a", "bb", "ccc"],
            "meta": {"ok": True, "n": None, "depth": {"x": i, "y": -i}},
        }
        for i in range(20)
    ],
}
NUMBERS = list(range(1000))
COUNTS = {f"key{i}": i for i in range(1000)}

# case -> (function's name, its argument `x`, how it is called, what it must return, its bar beside C, calls inside)
CASES = {
    "no-op": ("noop", None, "f()", None, 1.15, 1),
    "int": ("add1", 12345, "f(x)", 12346, 1.15, 1),
    "str of 18": ("echo", "hello swift bridge", "f(x)", "hello swift bridge", 1.25, 1),
    "str of 1 KB": ("echo", "é" * 512, "f(x)", "é" * 512, None, 1),
    "list of 1000": ("list_rt", NUMBERS, "f(x)", [value + 1 for value in NUMBERS], 1.10, 1),
    "dict of 1000": ("dict_rt", COUNTS, "f(x)", {key: value + 1 for key, value in COUNTS.items()}, 0.95, 1),
    "tree like JSON": ("json_rt", TREE, "f(x)", TREE, 0.95, 1),
    "raise": ("boom", None, "f()", ValueError, 1.25, 1),
    "kwargs": ("kw", "abc", "f(x, options=None, n=3)", 6, 1.15, 1),
    "method": ("Obj", None, "o.add(3)", 3, None, 1),
    "numpy buffer": ("buf_sum1", "array", "f(x)", 1000.0, 1.10, 1),
    "interpreter released": ("noop_nogil", None, "f()", None, None, 1),
    "calling Python": ("call_py", (lambda: None), "f(x, 1000)", None, None, 1000),
}


def timed(function: Callable, case: str) -> Callable[[int], float]:
    """A loop of n calls as plain as a caller would write it, returning the seconds it took."""
    _, argument, call, expected, _, _ = CASES[case]
    if argument == "array":
        import numpy

        argument = numpy.arange(1000, dtype=numpy.float64)
    names = {"f": function, "x": argument, "clock": thread_time}
    parameters = "n, clock=clock, f=f, x=x"
    if call.startswith("o."):
        names["o"] = function()
        parameters += ", o=o"
    body = f"        {call}\n"
    if expected is ValueError:
        body = f"        try:\n            {call}\n        except ValueError:\n            pass\n"
    source = f"def run({parameters}):\n    times = range(n)\n    start = clock()\n    for _ in times:\n{body}"
    exec(source + "    return clock() - start\n", names)
    try:
        outcome = eval(call, names)
    except ValueError as error:
        outcome = type(error)
    if outcome != expected:
        raise AssertionError(f"{function!r} returned {outcome!r} for {case}, not {expected!r}")
    return names["run"]


def loaded() -> dict[str, ModuleType]:
    under_measure = {}
    for name, path in ({OURS: modules.OURS, ABI3: modules.OURS_ABI3} | modules.PEERS).items():
        if path.exists():
            try:
                under_measure[name] = modules.load(path)
            except ImportError as error:
                print(f"left out: {name}: {error}", file=sys.stderr)
    return under_measure


def rounds(count: int, seconds: float) -> dict[str, dict[str, list[float]]]:
    """Nanoseconds a call by case and module, one value a round."""
    runs = {}
    under_measure = loaded()
    for case in CASES:
        for name, module in under_measure.items():
            function = getattr(module, CASES[case][0], None)
            if function is None:
                print(f"left out: {name} has no {CASES[case][0]}", file=sys.stderr)
                continue
            runs[case, name] = timed(function, case)
    times = {}
    for key, run in runs.items():
        run(50)
        calls = 20
        while (taken := run(calls)) < 0.0015:
            calls *= 2
        times[key] = max(10, int(calls * seconds / taken))
    values: dict[str, dict[str, list[float]]] = {}
    for number in range(count):
        for key in list(runs)[:: -1 if number % 2 else 1]:
            case, name = key
            taken = runs[key](times[key]) / times[key] / CASES[case][5] * 1e9
            values.setdefault(case, {}).setdefault(name, []).append(taken)
    return values


def measure(quick: bool) -> list[Row]:
    values = child("bridge.sync_calls", "quick" if quick else "full") or {}
    rows = []
    for case, columns in values.items():
        abi3 = {OURS: columns.pop(ABI3, []), "c_abi3": columns.pop("c_abi3", [])}
        rows.append(Row(f"{case}", "ns", columns))
        rows.append(Row(f"{case}, abi3", "ns", abi3))
    return rows


def bars(rows: dict[str, Row]) -> list[Bar]:
    """Each case beside C in its build; then the rows on which a binding library is ahead of ours."""
    held = []
    for case, (_, _, _, _, limit, _) in CASES.items():
        if limit is None:
            continue
        for shown, peer in ((case, "c"), (f"{case}, abi3", "c_abi3")):
            row = rows.get(shown)
            held.append(Bar(f"{shown}: ratio to {peer}", row and row.ratio(peer), limit))
    behind = []
    for case in CASES:
        row = rows.get(case)
        ratios = [row.ratio(peer) for peer in ("nanobind", "pybind11", "pyo3")] if row else []
        worst = max((ratio for ratio in ratios if ratio is not None), default=None)
        if worst is not None and worst > 1:
            behind.append((case, worst))
    measured = any(row.value(OURS) for row in rows.values())
    names = ", ".join(case for case, _ in behind) or "none"
    held.append(Bar(f"rows behind nanobind, pybind11 or PyO3 ({names})", len(behind) if measured else None, 2))
    if behind:
        worst = max(ratio for _, ratio in behind)
        held.append(Bar("where behind: ratio to the best of them", worst, CLOSE))
    return held


if __name__ == "__main__":
    quick = sys.argv[1] == "quick"
    print(json.dumps(rounds(9 if quick else 31, 0.004)))
