"""The bridge's own threads: they take no interpreter and no signal, and outlast a flood."""

import asyncio
import contextlib
import os
import resource
import signal
from typing import Any

import bridge_probe
import pytest
from asyncio_runs import Run, fresh, nothing_left, on_asyncio, on_every_loop, until


def resident() -> int:
    """Bytes of memory in use."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


@on_every_loop
def test_a_hundred_completions_need_no_interpreter(run: Run) -> None:
    """This thread holds the interpreter in one C call until a hundred calls have completed on the workers."""
    gate = fresh()

    async def main() -> None:
        wanted = bridge_probe.counted() + 100
        tasks = [asyncio.create_task(bridge_probe.count_elsewhere(gate)) for _ in range(100)]
        await until(lambda: bridge_probe.waiting_at(gate) == 100)
        assert bridge_probe.hold_interpreter_until_counted(gate, wanted, 20.0) == wanted
        assert not any(task.done() for task in tasks)
        await asyncio.gather(*tasks)

    with nothing_left():
        run(main)


def every_completion_arrives(run: Run, count: int) -> None:
    """A lost one would leave its task waiting for ever."""

    async def main() -> None:
        other = asyncio.create_task(asyncio.sleep(0.001))  # the loop has something else to wait for as well
        assert await bridge_probe.complete_from_threads(8, count // 8) == count
        await other

    with nothing_left():
        run(main)


@on_every_loop
def test_completions_from_eight_threads_all_arrive(run: Run) -> None:
    every_completion_arrives(run, 40_000)


@pytest.mark.slow
@on_every_loop
def test_ten_million_completions_from_eight_threads_all_arrive(run: Run) -> None:
    every_completion_arrives(run, 10_000_000)


def test_no_thread_of_the_bridge_takes_signals() -> None:
    async def main() -> None:
        await asyncio.gather(*(bridge_probe.elsewhere(number) for number in range(100)))
        await bridge_probe.sleep(0.001)

    def blocked() -> dict[int, bool]:
        found = {}
        for thread in os.listdir("/proc/self/task"):
            with contextlib.suppress(FileNotFoundError), open(f"/proc/self/task/{thread}/status") as file:
                mask = next(line.split()[1] for line in file if line.startswith("SigBlk:"))
            found[int(thread)] = bool(int(mask, 16) >> (signal.SIGINT - 1) & 1)
        return found

    asyncio.run(main())
    found = blocked()
    assert not found.pop(os.getpid()), "Python's main thread takes Ctrl-C"
    assert sum(found.values()) >= 2, "a worker and the timer thread at least"


def test_ctrl_c_reaches_python() -> None:
    async def main() -> None:
        task = asyncio.create_task(bridge_probe.pass_gate(fresh(), 1))
        await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGINT)
        await task

    with nothing_left(), pytest.raises(KeyboardInterrupt):
        asyncio.run(main())
    assert asyncio.run(bridge_probe.elsewhere(1)) == 1


async def many(count: int, in_flight: int) -> None:
    """So many awaits, a tenth of them cancelled."""

    async def one(start: int) -> None:
        for number in range(start, count, in_flight):
            if number % 10:
                assert await bridge_probe.elsewhere(number) == number
                continue
            task: asyncio.Task[Any] = asyncio.create_task(bridge_probe.sleep(3600))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])

    await asyncio.gather(*(one(start) for start in range(in_flight)))


def memory_stays_flat(count: int) -> None:
    on_asyncio(lambda: many(20_000, 100))
    with nothing_left():
        before = resident()
        on_asyncio(lambda: many(count, 100))
        grown = resident() - before
    assert grown < 4_000_000, f"{grown} bytes more after {count} awaits"


@pytest.mark.skipif("DANA_SANITIZER" in os.environ, reason="a sanitizer keeps what is freed, so memory grows under it")
def test_memory_stays_flat() -> None:
    memory_stays_flat(60_000)


@pytest.mark.slow
def test_memory_stays_flat_over_a_million() -> None:
    memory_stays_flat(1_000_000)
