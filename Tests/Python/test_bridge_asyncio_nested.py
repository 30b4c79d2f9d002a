"""A task that runs its own loop while the loop runs it, as in notebooks: with nest_asyncio, and by hand."""

import asyncio
import subprocess
import sys

import bridge_probe
from asyncio_runs import nothing_left, on_asyncio

NESTED = """
import sys
sys.path[:0] = {path!r}
import asyncio
import bridge_probe
import nest_asyncio

nest_asyncio.apply()

async def nests(depth):
    value = await bridge_probe.elsewhere(depth)
    if depth:
        assert asyncio.get_event_loop().run_until_complete(nests(depth - 1)) == depth - 1
    return value

async def main():
    for depth in (1, 5):
        assert await asyncio.gather(*(nests(depth) for _ in range(5))) == [depth] * 5
    async with asyncio.timeout(10):
        assert asyncio.run(bridge_probe.elsewhere(7)) == 7

asyncio.run(main())
print(bridge_probe.live_calls())
"""


def test_nest_asyncio() -> None:
    program = NESTED.format(path=sys.path)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("0\n", "", 0)


def test_wake_ups_owed_are_delivered_by_an_inner_turn_of_the_loop() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        done: list[int] = []

        async def waits(i: int) -> None:
            await bridge_probe.elsewhere(i)
            done.append(i)

        async def nests() -> None:
            await bridge_probe.elsewhere(0)
            others = [asyncio.ensure_future(waits(i)) for i in range(20)]
            current = asyncio.current_task()
            assert current is not None
            asyncio.tasks._leave_task(loop, current)
            # The outer turn counts on what it has seen in this queue: it is left as long as it was.
            outer = len(loop._ready)  # type: ignore[attr-defined]
            while not all(other.done() for other in others):
                loop._run_once()  # type: ignore[attr-defined]
            for _ in range(outer):
                loop.call_soon(int)
            asyncio.tasks._enter_task(loop, current)
            assert sorted(done) == list(range(20))

        await nests()

    with nothing_left():
        on_asyncio(main)
