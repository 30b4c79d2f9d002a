"""Awaiting native work on asyncio: one strategy a process; microseconds of wall time and of CPU time an await.

CPU time is the whole process's, all threads: the work that moved to another thread is not hidden.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter, process_time

from bridge import modules
from harness.bars import Bar
from harness.rounds import ALL_CORES, ONE_CORE, Rounds
from harness.rows import OURS, Row

Make = Callable[[int], Awaitable[object]]
NATIVE = ("cst", "cst_keep", "cst_batch", "efd", "efd_aw", "efd_aw_adapt")
ELSEWHERE = ("ours", "ours_abi3", *NATIVE, "executor", "to_thread", "sleep0")
AT_ONCE = ("ours_ready", "ours_abi3_ready", "c_ready", "empty_coroutine")
CROWD = 100
MULTITUDE = 10_000


def strategy(name: str, loop: asyncio.AbstractEventLoop) -> Make:
    """What makes the i-th awaitable."""
    if name.startswith("ours"):
        ours = modules.load(modules.OURS_ABI3 if "abi3" in name else modules.OURS)
        return ours.a_ready if name.endswith("ready") else ours.a_elsewhere
    if name == "sleep0":
        return lambda i: asyncio.sleep(0, i)
    if name == "to_thread":
        return lambda i: asyncio.to_thread(int, i)
    if name == "executor":
        pool = ThreadPoolExecutor(1)
        return lambda i: loop.run_in_executor(pool, int, i)
    if name == "empty_coroutine":

        async def empty(i: int) -> int:
            return i

        return empty
    peer = modules.load(modules.COMPLETIONS)
    peer.attach(loop)
    if name == "c_ready":
        return lambda i: peer.ready(loop, i)
    number = getattr(peer, name.upper())
    return lambda i: peer.submit(number, loop, i)


async def one_in_flight(make: Make, awaits: int) -> None:
    for i in range(awaits):
        await make(i)


async def many_in_flight(make: Make, awaits: int, in_flight: int) -> None:
    async def one(i: int) -> object:
        return await make(i)

    loop = asyncio.get_running_loop()
    for _ in range(awaits // in_flight):
        tasks = [loop.create_task(one(i)) for i in range(in_flight)]
        for task in tasks:
            await task


async def measured(name: str) -> dict[str, float]:
    make = strategy(name, asyncio.get_running_loop())
    if await make(7) != 7:
        raise AssertionError(f"awaiting {name} did not give back what was sent")
    values = {}
    at_once = name in AT_ONCE
    for in_flight, awaits, repetitions in ((1, 5000 if at_once else 500, 9), (CROWD, 2000, 7), (MULTITUDE, MULTITUDE, 3)):
        walls, cpus = [], []
        for _ in range(repetitions):
            wall, cpu = perf_counter(), process_time()
            if in_flight == 1:
                await one_in_flight(make, awaits)
            else:
                await many_in_flight(make, awaits, in_flight)
            walls.append((perf_counter() - wall) / awaits * 1e6)
            cpus.append((process_time() - cpu) / awaits * 1e6)
        values[f"wall {in_flight}"] = median(walls)
        values[f"cpu {in_flight}"] = median(cpus)
    return values


def measure(quick: bool) -> list[Row]:
    """Completing at once on one core; completing elsewhere on one core (where it repeats) and on all of them."""
    rounds = Rounds("bridge.asyncio_awaits", [*AT_ONCE, *ELSEWHERE], 2 if quick else 5, ONE_CORE)
    at_once = {
        "ours_ready": OURS,
        "ours_abi3_ready": "ours_abi3",
        "c_ready": "c_ready",
        "empty_coroutine": "empty_coroutine",
        "cst": "cst",
    }
    rows = [
        Row("await, done at once", "us", rounds.of("wall 1", at_once)),
        Row("await, done at once, CPU", "us", rounds.of("cpu 1", at_once)),
        *elsewhere(rounds, ONE_CORE),
    ]
    if (os.cpu_count() or 1) > 1:
        rows += elsewhere(Rounds("bridge.asyncio_awaits", ELSEWHERE, 1 if quick else 3, ALL_CORES), ALL_CORES)
    return rows


def elsewhere(rounds: Rounds, regime: str) -> list[Row]:
    names = {name: name for name in ELSEWHERE}
    return [
        Row(f"await of work elsewhere, {in_flight:,} in flight, {kind}{regime}", "us", rounds.of(f"{measure} {in_flight}", names))
        for in_flight in (1, CROWD, MULTITUDE)
        for measure, kind in (("wall", ""), ("cpu", "CPU, "))
    ]


def bars(rows: dict[str, Row]) -> list[Bar]:
    def row(case: str) -> Row:
        return rows.get(case) or Row(case, "us", {})

    one = row(f"await of work elsewhere, 1 in flight, {ONE_CORE}")
    crowd = row(f"await of work elsewhere, {CROWD} in flight, {ONE_CORE}")
    multitude = row(f"await of work elsewhere, {MULTITUDE:,} in flight, CPU, {ONE_CORE}")
    return [
        Bar("await, done at once: ratio to cst", row("await, done at once").ratio("cst"), 1 / 25),
        Bar("await, done at once: CPU us above an empty coroutine", row("await, done at once, CPU").above("empty_coroutine"), 2),
        Bar("1 in flight: ratio to cst", one.ratio("cst"), 0.5),
        Bar("100 in flight: ratio to cst, above sleep(0)", crowd.ratio("cst", floor="sleep0"), 0.25),
        Bar("10,000 in flight: CPU us each above sleep(0)", multitude.above("sleep0"), 4),
    ]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(sys.argv[1]))))
    sys.stdout.flush()
    # A peer's thread may still be inside the interpreter: ending here keeps its way of exiting out of the figures.
    os._exit(0)
