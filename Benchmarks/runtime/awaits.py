"""Awaiting a trivial Dana function, beside the floor of an await that gives the loop a turn."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter

from harness.bars import Bar
from harness.rounds import Rounds
from harness.rows import OURS, Row
from runtime.our_package import use_ours

CASE = "Python awaits a trivial function"
AWAITS = 5000
REPETITIONS = 9


async def each(make: Callable[[], Awaitable[object]]) -> float:
    """Microseconds an await, one after the other."""
    taken = []
    for _ in range(REPETITIONS):
        start = perf_counter()
        for _ in range(AWAITS):
            await make()
        taken.append((perf_counter() - start) / AWAITS * 1e6)
    return median(taken)


async def measured(strategy: str) -> dict[str, float]:
    if strategy == "sleep0":
        return {CASE: await each(lambda: asyncio.sleep(0, 3))}
    use_ours()
    from opendxa.dana import DanaRuntime

    async with DanaRuntime().create_context() as context:
        await context.eval_dana_async("func add(a, b):\n    return a + b")
        add = context.function("add")
        if await add.call_async(1, 2) != 3:
            raise AssertionError("the awaited call did not come to 3")
        return {CASE: await each(lambda: add.call_async(1, 2))}


def measure(quick: bool) -> list[Row]:
    return [Row(CASE, "us", Rounds("runtime.awaits", (OURS, "sleep0"), 3 if quick else 9).of(CASE))]


def bars(rows: dict[str, Row]) -> list[Bar]:
    row = rows.get(CASE)
    return [Bar("Python awaits a function: ratio to asyncio.sleep(0)", row and row.ratio("sleep0"), 1)]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(sys.argv[1]))))
