"""Synchronous calls and conversions: every module in one process, interleaved, on the thread's CPU clock.

Thread CPU time does not count what other processes do. The loop's own 12 ns or so are in every value.
"""

import json
import sys
from array import array
from collections.abc import Callable
from dataclasses import dataclass
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
FLOATS = array("d", range(1000))


@dataclass(frozen=True)
class Case:
    """One function of every module: how it is called, what it must give, and its bar beside C."""

    function: str
    call: str
    argument: object = None
    expected: object = None
    limit: float | None = None
    calls_inside: int = 1


CASES = {
    "no-op": Case("noop", "f()", limit=1.15),
    "int": Case("add1", "f(x)", 12345, expected=12346, limit=1.15),
    "str of 18": Case("echo", "f(x)", "hello swift bridge", expected="hello swift bridge", limit=1.25),
    "str of 1 KB": Case("echo", "f(x)", "é" * 512, expected="é" * 512),
    "list of 1000": Case("list_rt", "f(x)", NUMBERS, expected=[value + 1 for value in NUMBERS], limit=1.10),
    "dict of 1000": Case("dict_rt", "f(x)", COUNTS, expected={k: v + 1 for k, v in COUNTS.items()}, limit=0.95),
    "tree like JSON": Case("json_rt", "f(x)", TREE, expected=TREE, limit=0.95),
    "raise": Case("boom", "f()", expected=ValueError, limit=1.25),
    "kwargs": Case("kw", "f(x, options=None, n=3)", "abc", expected=6, limit=1.15),
    "method": Case("Obj", "o.add(3)", expected=3),
    "numpy buffer": Case("buf_sum1", "f(x)", FLOATS, expected=1000.0, limit=1.10),
    "interpreter released": Case("noop_nogil", "f()"),
    "calling Python": Case("call_py", "f(x, 1000)", (lambda: None), calls_inside=1000),
}


def timed(function: Callable, case: Case) -> Callable[[int], float]:
    """A loop of n calls as plain as a caller would write it, returning the seconds it took."""
    names = {"f": function, "x": case.argument, "clock": thread_time}
    if case.argument is FLOATS:
        import numpy

        names["x"] = numpy.array(FLOATS)
    parameters = "n, clock=clock, f=f, x=x"
    if case.call.startswith("o."):
        names["o"] = function()
        parameters += ", o=o"
    body = f"        {case.call}\n"
    if case.expected is ValueError:
        body = f"        try:\n            {case.call}\n        except ValueError:\n            pass\n"
    source = f"def run({parameters}):\n    times = range(n)\n    start = clock()\n    for _ in times:\n{body}"
    exec(source + "    return clock() - start\n", names)
    try:
        outcome = eval(case.call, names)
    except ValueError as error:
        outcome = type(error)
    if outcome != case.expected:
        raise AssertionError(f"{function!r} gave {outcome!r} for `{case.call}`, not {case.expected!r}")
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
    for title, case in CASES.items():
        for name, module in under_measure.items():
            function = getattr(module, case.function, None)
            if function is None:
                print(f"left out: {name} has no {case.function}", file=sys.stderr)
                continue
            runs[title, name] = timed(function, case)
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
            title, name = key
            taken = runs[key](times[key]) / times[key] / CASES[title].calls_inside * 1e9
            values.setdefault(title, {}).setdefault(name, []).append(taken)
    return values


def measure(quick: bool) -> list[Row]:
    values = child("bridge.sync_calls", "quick" if quick else "full") or {}
    rows = []
    for title, columns in values.items():
        abi3 = {OURS: columns.pop(ABI3, []), "c_abi3": columns.pop("c_abi3", [])}
        rows.append(Row(title, "ns", columns))
        rows.append(Row(f"{title}, abi3", "ns", abi3))
    return rows


def bars(rows: dict[str, Row]) -> list[Bar]:
    """Each case beside C in its build; then the rows on which a binding library is ahead of ours."""
    held = []
    behind = {}
    for title, case in CASES.items():
        if case.limit is not None:
            for shown, peer in ((title, "c"), (f"{title}, abi3", "c_abi3")):
                row = rows.get(shown)
                held.append(Bar(f"{shown}: ratio to {peer}", row and row.ratio(peer), case.limit))
        row = rows.get(title)
        ratios = [row.ratio(peer) for peer in ("nanobind", "pybind11", "pyo3")] if row else []
        worst = max((ratio for ratio in ratios if ratio is not None), default=0)
        if worst > 1:
            behind[title] = worst
    measured = any(row.value(OURS) for row in rows.values())
    names = ", ".join(behind) or "none"
    held.append(Bar(f"rows behind nanobind, pybind11 or PyO3 ({names})", len(behind) if measured else None, 2))
    if behind:
        held.append(Bar("where behind: ratio to the best of them", max(behind.values()), CLOSE))
    return held


if __name__ == "__main__":
    quick = sys.argv[1] == "quick"
    print(json.dumps(rounds(9 if quick else 31, 0.004)))
