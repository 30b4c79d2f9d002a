"""Native code awaiting Python coroutines: microseconds each, with one, a hundred and ten thousand in flight."""

import asyncio
import json
import os
import sys
from statistics import median
from time import perf_counter

from bridge import modules
from harness.bars import Bar
from harness.rounds import ONE_CORE, Rounds
from harness.rows import OURS, Row

STRATEGIES = (OURS, "ours_abi3", "cst", "efd", "run_coroutine_threadsafe")
IN_FLIGHT = {1: 500, 100: 4000, 10_000: 10_000}


async def coroutine() -> int:
    return 1


async def drive(name: str, total: int, in_flight: int) -> int:
    """Nanoseconds that the native side took for all of them."""
    loop = asyncio.get_running_loop()
    if name.startswith(OURS):
        ours = modules.load(modules.OURS_ABI3 if "abi3" in name else modules.OURS)
        return await ours.a_drive(coroutine, total, in_flight)
    if name == "run_coroutine_threadsafe":
        return await loop.run_in_executor(None, drive_threadsafe, loop, total, in_flight)
    peer = modules.load(modules.COROUTINES)
    return await peer.drive(getattr(peer, name.upper()), loop, coroutine, total, in_flight)


def drive_threadsafe(loop: asyncio.AbstractEventLoop, total: int, in_flight: int) -> int:
    start = perf_counter()
    for _ in range(total // in_flight):
        futures = [asyncio.run_coroutine_threadsafe(coroutine(), loop) for _ in range(in_flight)]
        for future in futures:
            future.result()
    return int((perf_counter() - start) * 1e9)


async def measured(name: str) -> dict[str, float]:
    values = {}
    for in_flight, total in IN_FLIGHT.items():
        times = [await drive(name, total, in_flight) / total / 1e3 for _ in range(5)]
        values[str(in_flight)] = median(times)
    return values


def measure(quick: bool) -> list[Row]:
    rounds = Rounds("bridge.coroutines", STRATEGIES, 2 if quick else 5, ONE_CORE)
    return [
        Row(f"coroutine awaited from native code, {in_flight:,} in flight, {ONE_CORE}", "us", rounds.of(str(in_flight)))
        for in_flight in IN_FLIGHT
    ]


def bars(rows: dict[str, Row]) -> list[Bar]:
    row = rows.get(f"coroutine awaited from native code, 100 in flight, {ONE_CORE}")
    ratio = row and row.ratio("run_coroutine_threadsafe")
    return [Bar("coroutines from native code, 100 in flight: ratio to run_coroutine_threadsafe", ratio, 1 / 3)]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(sys.argv[1]))))
    sys.stdout.flush()
    os._exit(0)
