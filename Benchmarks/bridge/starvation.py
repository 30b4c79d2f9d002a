"""One await of work done elsewhere while another task keeps the loop busy in short slices and a second core is free.

A bridge whose native thread takes the interpreter finds it taken each time it looks, and one await lasts seconds.
Ours does WORK microseconds of work on its thread for each await, and they are taken off: the loop has gone on by then,
so that the value is how long a result that is ready waits for its task. The peers' work is done at once.
"""

import asyncio
import json
import os
import sys
from statistics import median
from time import perf_counter

from bridge import modules
from bridge.asyncio_awaits import strategy
from harness.bars import Bar
from harness.environment import say
from harness.rounds import TimedOut, child
from harness.rows import OURS, Row

SLICES = (100, 500)
WORK = 1000
STRATEGIES = (OURS, "ours_abi3", "efd_aw", "cst", "to_thread")


async def measured(name: str, slice_us: int, seconds: float) -> dict[str, float]:
    """The median time of an await, in microseconds, of as many as fit the seconds."""
    loop = asyncio.get_running_loop()
    ours = name.startswith(OURS)
    work = WORK if ours else 0
    if ours:
        make = modules.load(modules.OURS_ABI3 if "abi3" in name else modules.OURS).a_work
    else:
        make = strategy(name, loop)
    stop = False

    async def busy() -> None:
        while not stop:
            end = perf_counter() + slice_us / 1e6
            while perf_counter() < end:
                pass
            await asyncio.sleep(0)

    task = loop.create_task(busy())
    await asyncio.sleep(0)
    latencies = []
    start = perf_counter()
    while perf_counter() - start < seconds:
        begin = perf_counter()
        await make(work or 1)
        latencies.append((perf_counter() - begin) * 1e6 - work)
    stop = True
    await task
    return {"p50": median(latencies)}


def measure(quick: bool) -> list[Row]:
    """An await that outlasts the time-out counts as the time-out, and its strategy has no further round."""
    if (os.cpu_count() or 1) < 2:
        say("left out: starvation needs a second core")
        return []
    seconds, timeout = (0.7, 4) if quick else (1.5, 10)
    rows = []
    for slice_us in SLICES:
        values: dict[str, list[float]] = {}
        left = list(STRATEGIES)
        for _ in range(1 if quick else 3):
            for name in list(left):
                try:
                    outcome = child("bridge.starvation", f"{name}/{slice_us}/{seconds}", timeout=timeout)
                except TimedOut:
                    values.setdefault(name, []).append(timeout * 1e6)
                    left.remove(name)
                    continue
                if outcome is None:
                    left.remove(name)
                else:
                    values.setdefault(name, []).append(outcome["p50"])
        rows.append(Row(f"await behind a loop busy in {slice_us} us slices, p50", "us", values))
    return rows


def bars(rows: dict[str, Row]) -> list[Bar]:
    held = []
    for slice_us in SLICES:
        row = rows.get(f"await behind a loop busy in {slice_us} us slices, p50")
        ours = row and row.value(OURS)
        held.append(Bar(f"behind {slice_us} us slices: p50 in slices", ours / slice_us if ours else None, 3))
    return held


if __name__ == "__main__":
    name, slice_us, seconds = sys.argv[1].split("/")
    print(json.dumps(asyncio.run(measured(name, int(slice_us), float(seconds)))))
    sys.stdout.flush()
    os._exit(0)
