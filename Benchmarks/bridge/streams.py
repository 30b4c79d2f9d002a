"""`async for` over items that a native thread makes at full speed: microseconds an item."""

import asyncio
import json
import os
import sys
from statistics import median
from time import perf_counter

from bridge import modules
from harness.bars import Bar
from harness.rounds import ALL_CORES, ONE_CORE, Rounds
from harness.rows import OURS, Row

ITEMS = {"ours": 200_000, "ours_abi3": 200_000, "ring": 200_000, "queue": 10_000}
CAPACITY = 1024


async def consume(name: str, items: int) -> int:
    """Reads the whole stream and returns how many items came."""
    loop = asyncio.get_running_loop()
    count = 0
    if name == "queue":
        queue: asyncio.Queue[int | None] = asyncio.Queue()
        modules.load(modules.STREAMS).queue(loop, queue.put_nowait, items)
        while await queue.get() is not None:
            count += 1
        return count
    if name == "ring":
        stream = modules.load(modules.STREAMS).ring(loop, items, CAPACITY)
    else:
        stream = modules.load(modules.OURS_ABI3 if "abi3" in name else modules.OURS).a_stream(items)
    async for _ in stream:
        count += 1
    return count


async def measured(name: str) -> dict[str, float]:
    items = ITEMS[name]
    times = []
    for _ in range(5):
        start = perf_counter()
        count = await consume(name, items)
        times.append((perf_counter() - start) / items * 1e6)
        if count != items:
            raise AssertionError(f"{name} gave {count} of {items} items")
    return {"item": median(times)}


def measure(quick: bool) -> list[Row]:
    rows = []
    for regime in (ONE_CORE, ALL_CORES):
        rounds = Rounds("bridge.streams", list(ITEMS), 2 if quick else 5, regime)
        rows.append(Row(f"item of a stream, {regime}", "us", rounds.of("item")))
    return rows


def bars(rows: dict[str, Row]) -> list[Bar]:
    """Held on one core, where the producer's time counts too."""
    row = rows.get(f"item of a stream, {ONE_CORE}")
    return [Bar("item of a stream: us", row and row.value(OURS), 0.3)]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(sys.argv[1]))))
    sys.stdout.flush()
    os._exit(0)
