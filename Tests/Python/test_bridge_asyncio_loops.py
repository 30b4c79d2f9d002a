"""Loops: many, in many threads, moved, nested, closed early, ended by an exception."""

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import bridge_probe
import pytest
import uvloop
from asyncio_runs import fresh, journal, nothing_left, on_every_loop, Run, turns, until

new_loops = pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
NewLoop = Callable[[], asyncio.AbstractEventLoop]


@pytest.fixture(autouse=True)
def silence(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Nothing may reach `sys.unraisablehook`."""
    strays: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda stray: strays.append((stray.exc_type, str(stray.exc_value))))
    yield
    gc.collect()
    assert strays == []


def files() -> int:
    return len(os.listdir("/proc/self/fd"))


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def forget(tasks: list[Any]) -> None:
    """Lets go of tasks that are pending for ever, which is what the test is about: asyncio need not say so."""
    while tasks:
        tasks.pop()._log_destroy_pending = False
    gc.collect()


@new_loops
def test_four_threads_with_a_loop_each(new_loop: NewLoop) -> None:
    failures = []

    async def main(base: int) -> None:
        for number in range(base, base + 500):
            assert await bridge_probe.elsewhere(number) == number
        numbers = range(base, base + 500)
        assert await asyncio.gather(*(bridge_probe.elsewhere(number) for number in numbers)) == list(numbers)

    def work(base: int) -> None:
        try:
            with asyncio.Runner(loop_factory=new_loop) as runner:
                runner.run(main(base))
        except BaseException as error:
            failures.append(error)

    with nothing_left():
        workers = [threading.Thread(target=work, args=(1000 * index,)) for index in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert failures == []


@on_every_loop
def test_a_hundred_runs_leave_no_file_and_no_thread(run: Run) -> None:
    async def main() -> None:
        assert await asyncio.gather(*(bridge_probe.elsewhere(number) for number in range(5))) == list(range(5))
        assert await bridge_probe.sleep(0.0001) == 0.0001

    for _ in range(3):
        run(main)
    gc.collect()
    before = files(), threads()
    with nothing_left():
        for _ in range(100):
            run(main)
    gc.collect()
    # What an earlier test left to end may end meanwhile, and a pool may grow to its few threads.
    assert files() <= before[0] and threads() < before[1] + 50


@new_loops
def test_a_loop_closed_with_calls_in_flight(new_loop: NewLoop) -> None:
    names = [fresh("cancelled") for _ in range(10)]
    slow = fresh("slow")

    async def main() -> None:
        for name in names:
            await asyncio.sleep(0)
            tasks.append(asyncio.create_task(bridge_probe.pass_gate(name, 1)))
        tasks.append(asyncio.create_task(bridge_probe.unwind_slowly(slow)))
        await turns()

    with nothing_left():
        tasks: list[Any] = []
        first = new_loop()  # opens what every later loop shares
        first.run_until_complete(bridge_probe.elsewhere(1))
        first.close()
        bridge_probe.take_journal()
        before = files()
        loop = new_loop()
        loop.run_until_complete(main())
        loop.close()
        assert not any(task.done() for task in tasks)
        bridge_probe.open_gate(slow)
        forget(tasks)
    lines = journal()
    for name in [*names, slow]:
        assert lines.count(f"{name} cancelled") == 1
    assert f"{slow} unwound" in lines
    assert files() <= before


@new_loops
def test_completions_that_come_after_the_close_are_dropped(new_loop: NewLoop) -> None:
    name, value = fresh("deaf"), object()
    before = sys.getrefcount(value)

    async def main() -> None:
        tasks.extend(asyncio.create_task(bridge_probe.elsewhere(value)) for _ in range(100))
        tasks.append(asyncio.create_task(bridge_probe.deaf(name)))
        await asyncio.sleep(0)

    with nothing_left():
        for _ in range(20):
            tasks: list[Any] = []
            loop = new_loop()
            loop.run_until_complete(main())
            loop.close()
            forget(tasks)
        bridge_probe.open_gate(name)
    asyncio.run(bridge_probe.ready(None))
    assert sys.getrefcount(value) == before


@new_loops
def test_a_loop_that_goes_on_in_another_thread(new_loop: NewLoop) -> None:
    loop = new_loop()
    assert loop.run_until_complete(bridge_probe.elsewhere(1)) == 1
    waiting = loop.create_task(bridge_probe.pass_gate(name := fresh(), "kept"))
    loop.run_until_complete(turns())
    results = []

    def work() -> None:
        results.append(loop.run_until_complete(bridge_probe.elsewhere(2)))
        bridge_probe.open_gate_elsewhere(name)
        results.append(loop.run_until_complete(waiting))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert results == [2, "kept"]
    assert loop.run_until_complete(bridge_probe.elsewhere(3)) == 3
    loop.close()


@new_loops
def test_a_loop_in_the_background(new_loop: NewLoop) -> None:
    loop = new_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    waiting = [asyncio.run_coroutine_threadsafe(bridge_probe.elsewhere(number), loop) for number in range(100)]
    assert [handle.result() for handle in waiting] == list(range(100))
    handle = asyncio.run_coroutine_threadsafe(bridge_probe.pass_gate(name := fresh(), 1), loop)
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result()
    assert handle.cancel()
    asyncio.run_coroutine_threadsafe(until(lambda: f"{name} cancelled" in journal()), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
@new_loops
def test_what_ends_the_loop_loses_no_completion(new_loop: NewLoop, ending: type[BaseException]) -> None:
    """The others of the same drain complete when the loop goes on."""
    gate = fresh()
    done = []

    async def one(number: int) -> None:
        assert await bridge_probe.pass_gate(gate, number) == number
        done.append(number)
        if number == 3:
            raise ending

    async def start() -> None:
        tasks.extend(asyncio.create_task(one(number)) for number in range(10))
        await until(lambda: bridge_probe.waiting_at(gate) == 10)
        bridge_probe.open_gate(gate)
        await asyncio.Event().wait()

    with nothing_left():
        tasks: list[asyncio.Task[None]] = []
        loop = new_loop()
        starting = loop.create_task(start())
        with pytest.raises(ending):
            loop.run_until_complete(starting)
        assert done[:4] == [0, 1, 2, 3]
        assert new_loop is uvloop.new_event_loop or len(done) == 4, "uvloop ends its iteration first"
        others = [task for number, task in enumerate(tasks) if number != 3]
        loop.run_until_complete(asyncio.wait_for(asyncio.gather(*others), 30))
        assert done == list(range(10))
        assert isinstance(tasks[3].exception(), ending)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            loop.run_until_complete(starting)
        loop.close()
        tasks.clear()
        del others, starting


def test_a_loop_without_readers_refuses_clearly() -> None:
    """A loop whose eventfd cannot be registered: the call raises what the loop said, and nothing is left."""

    async def main() -> None:
        call = bridge_probe.ready(1)
        with pytest.raises(NotImplementedError):
            await call

    class Readerless(asyncio.SelectorEventLoop):
        def add_reader(self, *_: Any) -> None:
            raise NotImplementedError

    with nothing_left():
        before = files()
        with asyncio.Runner(loop_factory=Readerless) as runner:
            runner.run(main())
        gc.collect()
        assert files() <= before
