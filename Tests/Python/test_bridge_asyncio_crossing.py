"""Swift awaits Python: coroutines, iterators, context managers; contexts and task-local values come along."""

import asyncio
import contextvars
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import bridge_probe
import pytest
from asyncio_runs import Run, fresh, nothing_left, on_asyncio, on_every_loop, turns, until

request = contextvars.ContextVar("request", default="none")


@on_every_loop
@pytest.mark.parametrize("steps", [0, 1, 5])
def test_swift_awaits_a_coroutine(run: Run, steps: int) -> None:
    async def answer() -> int:
        for _ in range(steps):
            await asyncio.sleep(0)
        return 42

    async def main() -> None:
        assert await bridge_probe.await_python(answer()) == 42
        assert await bridge_probe.await_call(answer) == 42
        assert await bridge_probe.await_python(asyncio.ensure_future(answer())) == 42

    with nothing_left():
        run(main)


@on_every_loop
def test_nesting_in_any_depth(run: Run) -> None:
    async def down(depth: int) -> int:
        if depth == 0:
            await asyncio.sleep(0)
            return 0
        return 1 + await bridge_probe.await_call(lambda: down(depth - 1))

    async def main() -> None:
        assert await down(40) == 40

    with nothing_left():
        run(main)


@on_every_loop
def test_an_exception_of_python_comes_back_as_itself(run: Run) -> None:
    error = ValueError("what Python raised")

    async def bad() -> None:
        await asyncio.sleep(0)
        raise error

    async def main() -> None:
        with pytest.raises(ValueError) as caught:
            await bridge_probe.await_call(bad)
        assert caught.value is error
        assert "bad" in [entry.name for entry in caught.traceback]

    run(main)


@on_every_loop
def test_what_is_not_awaitable_is_refused(run: Run) -> None:
    async def main() -> None:
        with pytest.raises(TypeError, match="awaitable"):
            await bridge_probe.await_python(3)

    run(main)


@on_every_loop
def test_cancelling_goes_through_swift_to_python_and_waits_for_it(run: Run) -> None:
    async def main() -> None:
        seen: list[str] = []

        async def slow() -> None:
            try:
                seen.append("started")
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.sleep(0)
                seen.append("unwound")
                raise

        for awaiting in (bridge_probe.await_call(slow), bridge_probe.await_python(slow())):
            seen.clear()
            task = asyncio.create_task(awaiting)
            await until(lambda: seen == ["started"])
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert seen == ["started", "unwound"]

    with nothing_left():
        run(main)


@on_every_loop
def test_a_cancellation_in_swift_cancels_python_and_waits_for_it(run: Run) -> None:
    async def main() -> None:
        seen: list[str] = []

        async def slow() -> None:
            try:
                seen.append("started")
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                seen.append("unwound")

        name = fresh()
        task = asyncio.create_task(bridge_probe.await_under_cancel(name, slow))
        await until(lambda: seen == ["started"])
        bridge_probe.open_gate(name)
        assert await task == "cancelled"
        assert seen == ["started", "unwound"]

    with nothing_left():
        run(main)


@on_every_loop
def test_python_that_swallows_the_cancellation_gives_its_value(run: Run) -> None:
    async def main() -> None:
        started = asyncio.Event()

        async def stubborn() -> str:
            started.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                pass
            return "anyway"

        name = fresh()
        task = asyncio.create_task(bridge_probe.await_under_cancel(name, stubborn))
        await started.wait()
        bridge_probe.open_gate(name)
        assert await task == "value"

    with nothing_left():
        run(main)


@on_every_loop
def test_swift_iterates_python_and_closes_what_it_leaves(run: Run) -> None:
    async def main() -> None:
        closed = asyncio.Event()

        async def numbers() -> AsyncGenerator[int, None]:
            try:
                for i in range(100):
                    await asyncio.sleep(0)
                    yield i
            finally:
                closed.set()

        assert await bridge_probe.collect(numbers(), 1000) == list(range(100))
        closed.clear()
        assert await bridge_probe.collect(numbers(), 3) == [0, 1, 2]
        await asyncio.wait_for(closed.wait(), 10)

    run(main)


@on_every_loop
def test_swift_enters_an_asynchronous_context_manager(run: Run) -> None:
    async def main() -> None:
        seen: list[str] = []

        @asynccontextmanager
        async def manager(swallows: bool) -> AsyncGenerator[str, None]:
            seen.append("in")
            try:
                yield "value"
            except KeyError:
                seen.append("failed")
                if not swallows:
                    raise
            finally:
                await asyncio.sleep(0)
                seen.append("out")

        async def good(value: str) -> str:
            return value + "!"

        async def bad(value: str) -> str:
            raise KeyError(value)

        assert await bridge_probe.enter(manager(False), good) == "value!"
        assert seen == ["in", "out"]
        assert await bridge_probe.enter(manager(True), bad) is None
        with pytest.raises(KeyError):
            await bridge_probe.enter(manager(False), bad)

    run(main)


@on_every_loop
def test_the_context_of_the_caller_is_seen_and_kept(run: Run) -> None:
    async def read() -> str:
        await asyncio.sleep(0)
        return request.get()

    async def task(name: str) -> None:
        request.set(name)
        assert await bridge_probe.await_call(read) == name
        assert await bridge_probe.await_python(read()) == name
        assert await bridge_probe.call_after_suspension(request.get) == name
        # What Python sets in the call stays in the task, and in no other.
        await bridge_probe.call_after_suspension(lambda: request.set(name + name) and None)
        assert request.get() == name + name

    async def main() -> None:
        await asyncio.gather(*(task(f"request {i}") for i in range(50)))
        assert request.get() == "none"

    run(main)


@on_every_loop
def test_a_worker_sees_a_copy_of_the_callers_context(run: Run) -> None:
    """A context can be entered by one thread at a time: what Python sets on the worker's thread is lost with the copy."""

    def look(name: str) -> str:
        before = request.get()
        request.set(name)
        assert request.get() == name
        return before

    async def task(name: str) -> None:
        request.set(name)
        for _ in range(5):
            assert await bridge_probe.call_on_a_worker(lambda: look("the worker's")) == name
            assert request.get() == name

    async def main() -> None:
        await asyncio.gather(*(task(f"request {i}") for i in range(20)))
        assert request.get() == "none"
        with pytest.raises(ZeroDivisionError):
            await bridge_probe.call_on_a_worker(lambda: 1 // 0)

    with nothing_left():
        run(main)


@on_every_loop
def test_a_worker_sees_the_callers_context_while_the_call_is_still_in_its_first_step(run: Run) -> None:
    """The first step waits in Python for the worker, which comes before the caller has been told to wait."""
    entered = threading.Event()

    def look() -> str:
        entered.set()
        return request.get()

    async def main() -> None:
        request.set("the caller's")
        first_step = bridge_probe.call_on_a_worker_during_first_step(lambda: entered.wait(30), look)
        assert await first_step == "the caller's"

    with nothing_left():
        run(main)


@on_every_loop
def test_task_local_values_go_through_python(run: Run) -> None:
    async def read() -> int:
        await asyncio.sleep(0)
        # Through a task of its own, too: the context carries them.
        return await asyncio.create_task(bridge_probe.read_local())

    async def main() -> None:
        for outer in (bridge_probe.with_local, bridge_probe.with_local_elsewhere):
            assert await asyncio.gather(*(outer(i, read) for i in range(1, 30))) == list(range(1, 30))
            assert await outer(5, lambda: outer(6, read)) == 6
        assert await bridge_probe.read_local() == 0
        assert bridge_probe.call_with_local(7, bridge_probe.local) == 7

    with nothing_left():
        run(main)


def test_a_wait_for_python_ends_with_its_loop() -> None:
    def lost(_: Any, context: dict[str, Any]) -> None:
        messages.append(context["message"])

    messages: list[str] = []
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lost)
    task = loop.create_task(bridge_probe.await_python(loop.create_future()))
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    del task, loop
    with nothing_left():
        on_asyncio(lambda: turns())
