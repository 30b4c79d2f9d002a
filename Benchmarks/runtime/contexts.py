"""Ten thousand live contexts, a function defined in each: the memory of one, and whether the last is made as fast."""

import gc
import json
import os
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

from harness.bars import Bar
from harness.resident_memory import resident
from harness.rounds import Rounds
from harness.rows import OURS, Row
from runtime.our_package import use_ours

TOTAL = 10_000
ENDS = 500  # at either end, whose median time is taken
EACH = f"{TOTAL:,} live contexts, memory of each"
FIRST = f"the first {ENDS} of them, each"
LAST = f"the last {ENDS} of them, each"
PROGRAM = "def add(a, b):\n    return a + b\n"


def ours() -> Callable[[], object]:
    use_ours()
    from opendxa.dana import DanaRuntime

    runtime = DanaRuntime()
    program = PROGRAM.replace("def", "func")

    def make() -> object:
        context = runtime.create_context()
        context.eval_dana(program)
        return context

    return make


def starlark() -> Callable[[], object]:
    import starlark as engine

    dialect, names = engine.Dialect.extended(), engine.Globals.standard()

    def make() -> object:
        module = engine.Module()
        engine.eval(module, engine.parse("m", PROGRAM, dialect), names)
        return module

    return make


def quickjs() -> Callable[[], object]:
    import quickjs as engine

    def make() -> object:
        context = engine.Context()
        context.eval("function add(a, b) { return a + b }")
        return context

    return make


def lupa() -> Callable[[], object]:
    from lupa.lua54 import LuaRuntime

    def make() -> object:
        runtime = LuaRuntime(register_eval=False, register_builtins=False)
        runtime.execute("function add(a, b) return a + b end")
        return runtime

    return make


ENGINES = {OURS: ours, "starlark": starlark, "lupa": lupa, "quickjs": quickjs}


def measured(engine: str) -> dict[str, float]:
    make = ENGINES[engine]()
    for _ in range(10):  # what the first ones make for all
        make()
    gc.collect()
    gc.disable()
    before, live, times = resident(), [], []
    for _ in range(TOTAL):
        start = perf_counter()
        live.append(make())
        times.append((perf_counter() - start) * 1e6)
    kilobytes = (resident() - before) / 1000 / TOTAL
    return {EACH: kilobytes, FIRST: median(times[:ENDS]), LAST: median(times[-ENDS:])}


def measure(quick: bool) -> list[Row]:
    rounds = Rounds("runtime.contexts", list(ENGINES), 1 if quick else 3)
    return [Row(EACH, "KB", rounds.of(EACH)), Row(FIRST, "us", rounds.of(FIRST)), Row(LAST, "us", rounds.of(LAST))]


def bars(rows: dict[str, Row]) -> list[Bar]:
    each, first, last = (rows.get(case) for case in (EACH, FIRST, LAST))
    slower = None
    if first and last and first.value(OURS) and last.value(OURS):
        pairs = zip(first.rounds[OURS], last.rounds[OURS])
        slower = median(late / early for early, late in pairs)
    return [
        Bar(f"{TOTAL:,} contexts: kilobytes each", each and each.value(OURS), 20),
        Bar(f"{TOTAL:,} contexts: time of the last beside the first", slower, 1.1),
    ]


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
    sys.stdout.flush()
    # Ending here keeps ten thousand closings, and warnings that nobody closed them, out of it.
    os._exit(0)
