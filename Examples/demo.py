"""Swift called from Python, and Swift awaited from Python: `make demo` runs this."""

import asyncio
import time

from opendxa import dana


def say(what: str, started: float) -> None:
    print(f"  {time.perf_counter() - started:5.2f} s  {what}")


def synchronous() -> None:
    print(f"Swift, called: opendxa.dana {dana.version()}")
    for name, value in dana.build_info().items():
        print(f"  {name:13} {value}")
    calls = 200_000
    started = time.perf_counter()
    for _ in range(calls):
        dana.version()
    print(f"  one call takes {(time.perf_counter() - started) / calls * 1e9:.0f} ns, the loop included")


async def together() -> None:
    print("Swift, awaited: three timers at once")
    started = time.perf_counter()

    async def timed(seconds: float, name: str) -> None:
        say(f"{await dana.sleep(seconds, name)} is back after {seconds} s", started)

    await asyncio.gather(timed(0.3, "the slow one"), timed(0.1, "the fast one"), timed(0.2, "the middle one"))
    say("all three, in the time of the slowest", started)


async def cancelled() -> None:
    print("Swift, cancelled: ten seconds under a deadline of 0.2")
    started = time.perf_counter()
    try:
        async with asyncio.timeout(0.2):
            await dana.sleep(10)
    except TimeoutError:
        say("TimeoutError, and the Swift task has ended", started)


async def streamed() -> None:
    print("Swift, iterated: a tick each 0.1 s, left at the fifth")
    started = time.perf_counter()
    async for tick in dana.ticks(0.1):
        say("tick " + "#" * (tick + 1), started)
        if tick == 4:
            break


async def main() -> None:
    await together()
    await cancelled()
    await streamed()


if __name__ == "__main__":
    synchronous()
    asyncio.run(main())
