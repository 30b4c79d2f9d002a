"""Lending and giving back where nobody else does: microseconds, from Python and in Swift."""

import asyncio
import json
import queue
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter

from harness.bars import Bar
from harness.rounds import Rounds
from harness.rows import OURS, Row
from models.swift_pool import pool_peer
from runtime.our_package import use_ours

LEASE = "lease and release"
LOOP = "lease and release of an event loop"
TIMES = 20_000
SWIFT = {
    "withResource_ns": "in Swift: withResource",
    "lease_ns": "in Swift: lease and release",
    "tryLease_ns": "in Swift: tryLease and release",
    "tenant_ns": "in Swift: withResource, of a tenant",
}


def model(*, of_loop: bool = False):
    use_ours()
    from opendxa.dana import DanaRuntime

    models = DanaRuntime().models
    models.add("lent", "lent", base_url="http://127.0.0.1:1/v1", api_key="key")
    return models.get_async("lent") if of_loop else models.get("lent")


def ours() -> Callable[[], None]:
    lent = model()

    def lease() -> None:
        with lent:
            pass

    return lease


def sqlalchemy() -> Callable[[], None]:
    import sqlite3

    from sqlalchemy.pool import QueuePool

    pool = QueuePool(lambda: sqlite3.connect(":memory:"), pool_size=10, reset_on_return=None)

    def lease() -> None:
        pool.connect().close()

    return lease


def plain_queue() -> Callable[[], None]:
    """The pool that Python programs write themselves: a queue of what is free."""
    free: queue.LifoQueue[object] = queue.LifoQueue()
    for _ in range(10):
        free.put(object())

    @contextmanager
    def lent() -> Iterator[object]:
        resource = free.get(timeout=30)
        try:
            yield resource
        finally:
            free.put(resource)

    def lease() -> None:
        with lent():
            pass

    return lease


async def ours_of_loop() -> Callable[[int], object]:
    lent = model(of_loop=True)

    async def leases(times: int) -> None:
        for _ in range(times):
            async with lent:
                pass

    return leases


async def semaphore() -> Callable[[int], object]:
    limit, free = asyncio.Semaphore(10), [object() for _ in range(10)]

    async def leases(times: int) -> None:
        for _ in range(times):
            async with limit:
                free.append(free.pop())

    return leases


async def loop_queue() -> Callable[[int], object]:
    free: asyncio.LifoQueue[object] = asyncio.LifoQueue()
    for _ in range(10):
        free.put_nowait(object())

    async def leases(times: int) -> None:
        for _ in range(times):
            resource = await free.get()
            free.put_nowait(resource)

    return leases


POOLS = {OURS: ours, "sqlalchemy": sqlalchemy, "queue": plain_queue}
LOOP_POOLS = {OURS: ours_of_loop, "semaphore": semaphore, "asyncio queue": loop_queue}


def of_threads(name: str) -> float:
    lease = POOLS[name]()

    def run() -> float:
        start = perf_counter()
        for _ in range(TIMES):
            lease()
        return (perf_counter() - start) * 1e6 / TIMES

    run()
    return median(run() for _ in range(5))


async def of_loop(name: str) -> float:
    leases = await LOOP_POOLS[name]()

    async def run() -> float:
        start = perf_counter()
        await leases(TIMES)
        return (perf_counter() - start) * 1e6 / TIMES

    await run()
    return median([await run() for _ in range(5)])


def measured(name: str) -> dict[str, float]:
    if name.endswith(" async"):
        return {LOOP: asyncio.run(of_loop(name.removesuffix(" async")))}
    return {LEASE: of_threads(name)}


def measure(quick: bool) -> list[Row]:
    count = 2 if quick else 9
    rounds = Rounds("models.pool", list(POOLS), count)
    loops = Rounds("models.pool", [f"{name} async" for name in LOOP_POOLS], count)
    rows = [Row(LEASE, "us", rounds.of(LEASE))]
    rows.append(Row(LOOP, "us", loops.of(LOOP, {f"{name} async": name for name in LOOP_POOLS})))
    runs = [pool_peer("pairs", 200_000) for _ in range(count)]
    return rows + [Row(case, "us", {OURS: [run[key] / 1000 for run in runs]}) for key, case in SWIFT.items()]


def bars(rows: dict[str, Row]) -> list[Bar]:
    values = {case: row.value(OURS) for case, row in rows.items()}
    bars = [Bar(f"{case}: microseconds", values.get(case), 1.5) for case in (LEASE, LOOP)]
    return bars + [Bar(f"{case}: microseconds", values.get(case), 0.5) for case in SWIFT.values()]


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
