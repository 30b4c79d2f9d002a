"""A thousand streams at once in one event loop: whether all tokens arrive, what that costs, how soon a cancelled one's
connection is closed."""

import asyncio
import json
import sys
from time import monotonic_ns, perf_counter, process_time

from harness.bars import Bar
from harness.resident_memory import resident
from harness.rounds import Rounds
from harness.rows import OURS, Row
from models.clients import ASYNC_CLIENTS, AsyncClient
from models.served import Served, served

CLIENTS = (OURS, "openai", "aiohttp")
STREAMS = 1000
TOKENS = 50
PAUSE = 20
CANCELLED = 100
APART = 0.02
LOST = f"{STREAMS:,} streams of {TOKENS} tokens, {PAUSE} ms apart: tokens lost"
TIME = f"{STREAMS:,} streams: time until all have ended"
FIRST = f"{STREAMS:,} streams: 99th percentile of the first token"
CPU = f"{STREAMS:,} streams: CPU a token"
MEMORY = f"{STREAMS:,} streams: memory of each"
CLOSED = f"a cancelled one of {STREAMS:,} streams: 99th percentile until its connection is closed"
UNITS = {LOST: "", TIME: "s", FIRST: "ms", CPU: "us", MEMORY: "KB", CLOSED: "ms"}


def percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


async def all_streams(client: AsyncClient) -> dict[str, float]:
    firsts: list[float] = []

    async def one() -> int:
        start, count = perf_counter(), 0
        async for _ in client.stream(f"{TOKENS}x{PAUSE}"):
            if count == 0:
                firsts.append((perf_counter() - start) * 1e3)
            count += 1
        return count

    memory, cpu, start = resident(), process_time(), perf_counter()
    counts = await asyncio.gather(*(one() for _ in range(STREAMS)))
    return {
        LOST: STREAMS * TOKENS - sum(counts),
        TIME: perf_counter() - start,
        CPU: (process_time() - cpu) * 1e6 / (STREAMS * TOKENS),
        FIRST: percentile(firsts, 99),
        MEMORY: (resident() - memory) / 1000 / STREAMS,
    }


async def cancellations(client: AsyncClient, server: Served) -> dict[str, float]:
    """Cancels some of many streams one after the other; the server says when each was closed."""
    running = asyncio.Semaphore(0)

    async def one() -> None:
        first = True
        async for _ in client.stream("100000x1000"):
            if first:
                running.release()
            first = False

    tasks = [asyncio.create_task(one()) for _ in range(STREAMS)]
    for _ in tasks:
        await running.acquire()
    await asyncio.sleep(1)
    await asyncio.to_thread(server.closed)
    cancelled = []
    for task in tasks[:CANCELLED]:
        cancelled.append(monotonic_ns())
        task.cancel()
        await asyncio.sleep(APART)
    await asyncio.sleep(1)
    closed = await asyncio.to_thread(server.closed)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if len(closed) != CANCELLED:
        raise AssertionError(f"{CANCELLED} streams were cancelled, and {len(closed)} connections closed")
    return {CLOSED: percentile([(end - start) / 1e6 for start, end in zip(cancelled, closed)], 99)}


async def both(client: AsyncClient, server: Served) -> dict[str, float]:
    await client.ask()
    values = await all_streams(client) | await cancellations(client, server)
    await client.close()
    return values


def measured(name: str) -> dict[str, float]:
    with served() as server:
        return asyncio.run(both(ASYNC_CLIENTS[name](server), server))


def measure(quick: bool) -> list[Row]:
    rounds = Rounds("models.streams", CLIENTS, 1 if quick else 5, timeout=300)
    return [Row(case, unit, rounds.of(case)) for case, unit in UNITS.items()]


def bars(rows: dict[str, Row]) -> list[Bar]:
    lost, closed, cpu = rows.get(LOST), rows.get(CLOSED), rows.get(CPU)
    return [
        Bar(LOST, lost and lost.value(OURS), 0),
        Bar(f"{CLOSED}: milliseconds", closed and closed.value(OURS), 10),
        Bar(f"{CPU}: ratio to openai", cpu and cpu.ratio("openai"), 0.2),
    ]


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
