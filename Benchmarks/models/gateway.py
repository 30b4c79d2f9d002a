"""What a client costs beside the work of its server: CPU of its process for a request and for a streamed token."""

import asyncio
import json
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

from harness.bars import Bar
from harness.rounds import Rounds
from harness.rows import OURS, Row
from models.clients import ASYNC_CLIENTS, CLIENTS, AsyncClient, Client
from models.served import served

REQUEST = "request, CPU"
TIME = "request, time"
TOKEN = "streamed token, a millisecond apart, CPU"
BURST = "streamed token, all at once, CPU"
SIDE_BY_SIDE = 32
LOOP_REQUEST = f"request of an event loop, {SIDE_BY_SIDE} at once, CPU"
LOOP_TOKEN = f"streamed token of an event loop, {SIDE_BY_SIDE} streams, 5 ms apart, CPU"
CASES = (REQUEST, TIME, TOKEN, BURST)
LOOP_CASES = (LOOP_REQUEST, LOOP_TOKEN)
REQUESTS = 96
TOKENS = 128
ROUNDS = 3
PEERS = ("openai", "litellm")
RAW = {case: "pycurl" for case in CASES} | {case: "aiohttp" for case in LOOP_CASES}


def microseconds(do: Callable[[], None], times: int, clock: Callable[[], float] = process_time) -> float:
    """What one of so many takes; the first time, which sets things up, is not counted."""
    do()

    def once() -> float:
        start = clock()
        do()
        return (clock() - start) * 1e6 / times

    return median(once() for _ in range(ROUNDS))


def of_threads(client: Client) -> dict[str, float]:
    def requests() -> None:
        for _ in range(REQUESTS):
            if not client.ask().startswith("The quick"):
                raise AssertionError("another answer came")

    def streaming(model: str) -> Callable[[], None]:
        def stream() -> None:
            if sum(1 for _ in client.stream(model)) != TOKENS:
                raise AssertionError("tokens were lost")

        return stream

    return {
        REQUEST: microseconds(requests, REQUESTS),
        TIME: microseconds(requests, REQUESTS, perf_counter),
        TOKEN: microseconds(streaming(f"{TOKENS}x1"), TOKENS),
        BURST: microseconds(streaming(f"{TOKENS}x0"), TOKENS),
    }


def of_loops(client: AsyncClient) -> dict[str, float]:
    model = f"{TOKENS}x5"

    async def requests() -> None:
        for _ in range(0, REQUESTS, SIDE_BY_SIDE):
            await asyncio.gather(*(client.ask() for _ in range(SIDE_BY_SIDE)))

    async def stream() -> None:
        count = 0
        async for _ in client.stream(model):
            count += 1
        if count != TOKENS:
            raise AssertionError("tokens were lost")

    async def streams() -> None:
        await asyncio.gather(*(stream() for _ in range(SIDE_BY_SIDE)))

    with asyncio.Runner() as runner:
        done = -(-REQUESTS // SIDE_BY_SIDE) * SIDE_BY_SIDE
        values = {
            LOOP_REQUEST: microseconds(lambda: runner.run(requests()), done),
            LOOP_TOKEN: microseconds(lambda: runner.run(streams()), TOKENS * SIDE_BY_SIDE),
        }
        runner.run(client.close())
    return values


def measured(name: str) -> dict[str, float]:
    with served() as server:
        if name.endswith(" async"):
            return of_loops(ASYNC_CLIENTS[name.removesuffix(" async")](server))
        return of_threads(CLIENTS[name](server))


def measure(quick: bool) -> list[Row]:
    count = 1 if quick else 5
    rounds = Rounds("models.gateway", list(CLIENTS), count, timeout=300)
    names = {f"{name} async": name for name in ASYNC_CLIENTS}
    loops = Rounds("models.gateway", list(names), count, timeout=300)
    rows = [Row(case, "us", rounds.of(case)) for case in CASES]
    rows += [Row(case, "us", loops.of(case, names)) for case in LOOP_CASES]
    return rows + [_added(row) for row in rows if row.rounds.get(RAW[row.case])]


def _added(row: Row) -> Row:
    raw = RAW[row.case]
    pairs = zip(row.rounds.get(OURS, ()), row.rounds[raw])
    return Row(f"{row.case}, above {raw}", row.unit, {OURS: [ours - theirs for ours, theirs in pairs]}, row.load)


def bars(rows: dict[str, Row]) -> list[Bar]:
    held = [case for case in (*CASES, *LOOP_CASES) if case != TIME]
    return [
        Bar(f"{case}: ratio to {peer}", row and row.ratio(peer), 0.2)
        for case in held
        for row in [rows.get(case)]
        for peer in PEERS
    ]


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
