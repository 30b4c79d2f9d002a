"""Awaiting a Swift function gives its value or raises its error, on every loop and by every way of awaiting."""

import asyncio
import collections.abc
import contextlib
import contextvars
import inspect
import sys
import traceback
from typing import Any

import bridge_probe
import pytest
from asyncio_runs import Run, fresh, nothing_left, on_every_loop, turns, until

pytestmark = on_every_loop


class Custom(Exception):
    """An exception of the test's own."""


def test_a_value_comes_back_as_it_is(run: Run) -> None:
    async def main() -> None:
        for value in (None, 1, "text", (1, 2), [], StopIteration(3), object()):
            assert await bridge_probe.ready(value) is value
            assert await bridge_probe.elsewhere(value) is value

    run(main)


def test_the_coroutine_is_one_for_all_that_ask(run: Run) -> None:
    call = bridge_probe.ready(1)
    assert asyncio.iscoroutine(call)
    assert inspect.isawaitable(call)
    assert isinstance(call, collections.abc.Coroutine)
    assert not asyncio.isfuture(call)
    assert call.__name__ == call.__qualname__ == "ready"
    assert repr(call).startswith("<coroutine object ready at 0x")
    assert call.cr_running is False
    call.close()


@pytest.mark.parametrize("function", [bridge_probe.ready, bridge_probe.elsewhere])
def test_every_way_of_awaiting(run: Run, function: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert await function(1) == 1
        assert await asyncio.create_task(function(2)) == 2
        assert await asyncio.ensure_future(function(3)) == 3
        assert await asyncio.gather(*(function(number) for number in range(50))) == list(range(50))
        assert await asyncio.wait_for(function(4), 30) == 4
        assert await asyncio.shield(function(5)) == 5
        done, pending = await asyncio.wait([loop.create_task(function(number)) for number in range(5)])
        assert not pending
        assert sorted(task.result() for task in done) == list(range(5))
        assert [await first for first in asyncio.as_completed([function(6)])] == [6]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(function(number)) for number in range(5)]
        assert [task.result() for task in tasks] == list(range(5))
        async with asyncio.timeout(30):
            assert await function(7) == 7
        handle = asyncio.run_coroutine_threadsafe(function(8), loop)
        assert await asyncio.wrap_future(handle) == 8
        assert await asyncio.gather(function(9), raises(), return_exceptions=True) == [9, error]

    error = Custom("gathered")

    async def raises() -> None:
        await bridge_probe.raise_later(error)

    run(main)


def test_the_loop_runs_it_directly(run: Run) -> None:
    assert run(lambda: bridge_probe.ready(1)) == 1
    with asyncio.Runner(loop_factory=run.factory, debug=run.debug) as runner:
        assert runner.run(bridge_probe.ready(2)) == 2
        for number in range(20):
            assert runner.get_loop().run_until_complete(bridge_probe.elsewhere(number)) == number


def test_a_plain_generator_may_delegate_to_it(run: Run) -> None:
    class Wrapper:
        def __await__(self) -> Any:
            return (yield from bridge_probe.elsewhere("value").__await__())

    async def main() -> None:
        assert await Wrapper() == "value"

    run(main)


def test_ready_takes_no_turn_of_the_loop(run: Run) -> None:
    async def main() -> None:
        seen = []
        asyncio.get_running_loop().call_soon(seen.append, "turned")
        for _ in range(100):
            await bridge_probe.ready(1)
        assert seen == []

    run(main)


@pytest.mark.parametrize("function", [bridge_probe.raise_now, bridge_probe.raise_later])
def test_an_exception_keeps_its_identity(run: Run, function: Any) -> None:
    async def main() -> None:
        cause = KeyError("cause")
        error = Custom("first", 2)
        try:
            raise error from cause
        except Custom:
            pass
        error.add_note("a note")
        earlier = error.__traceback__
        with pytest.raises(Custom) as caught:
            await function(error)
        assert caught.value is error
        assert error.args == ("first", 2)
        assert error.__cause__ is cause
        assert error.__notes__ == ["a note"]
        frames = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
        assert frames.count("main") == 2, "the place that first raised it and the place that awaited"
        assert earlier is not None

    run(main)


def test_an_error_of_swift_says_what_it_is(run: Run) -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError, match=r"ProbeFailure: broken\(part: 3\)"):
            await bridge_probe.raise_swift()
        with pytest.raises(asyncio.CancelledError):
            await bridge_probe.cancel_itself()

    run(main)


def test_base_exceptions_pass(run: Run) -> None:
    class Base(BaseException):
        pass

    async def main() -> None:
        error = Base()
        with pytest.raises(Base) as caught:
            await bridge_probe.raise_later(error)
        assert caught.value is error
        for error in (StopAsyncIteration(), GeneratorExit()):
            with pytest.raises((RuntimeError, type(error))):
                await bridge_probe.raise_later(error)
        stop = StopIteration(1)
        with pytest.raises(RuntimeError, match="raised StopIteration") as refused:
            await bridge_probe.raise_later(stop)
        assert refused.value.__cause__ is stop

    run(main)


def test_an_exception_and_a_result_are_not_kept(run: Run) -> None:
    value, error = object(), Custom()

    async def main() -> None:
        for _ in range(20):
            await bridge_probe.elsewhere(value)
            await bridge_probe.ready(value)
            for function in (bridge_probe.raise_now, bridge_probe.raise_later):
                with contextlib.suppress(Custom):
                    await function(error)
                error.__traceback__ = None

    before = sys.getrefcount(value), sys.getrefcount(error)
    with nothing_left():
        run(main)
    assert (sys.getrefcount(value), sys.getrefcount(error)) == before


def test_awaiting_twice_is_refused(run: Run) -> None:
    async def main() -> None:
        for function in (bridge_probe.ready, bridge_probe.elsewhere):
            call = function(1)
            assert await call == 1
            with pytest.raises(RuntimeError, match=f"cannot reuse already awaited coroutine '{function.__name__}'"):
                await call

    run(main)


def test_two_tasks_cannot_await_one_call(run: Run) -> None:
    async def main() -> None:
        gate = fresh()
        call = bridge_probe.pass_gate(gate, "value")

        async def awaiting() -> Any:
            return await call

        first, second = asyncio.create_task(awaiting()), asyncio.create_task(awaiting())
        with pytest.raises(RuntimeError, match="'pass_gate' is being awaited already"):
            await second
        bridge_probe.open_gate(gate)
        assert await first == "value"

    run(main)


def test_another_loop_cannot_await_it(run: Run) -> None:
    async def main() -> None:
        gate = fresh()
        call = bridge_probe.pass_gate(gate, "value")

        async def awaiting() -> Any:
            return await call

        def other() -> str:
            with pytest.raises(RuntimeError) as caught:
                asyncio.run(awaiting())
            return str(caught.value)

        task = asyncio.create_task(awaiting())
        await turns()
        assert "being awaited already" in await asyncio.to_thread(other)
        bridge_probe.open_gate(gate)
        assert await task == "value"
        assert "cannot reuse" in await asyncio.to_thread(other)

    run(main)


def test_without_a_loop_it_says_so(run: Run) -> None:
    with pytest.raises(RuntimeError, match="no running event loop: await this inside a coroutine"):
        bridge_probe.elsewhere(1).send(None)


def test_the_context_of_the_task_survives_suspension(run: Run) -> None:
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=-1)

    async def main() -> None:
        async def one(number: int) -> None:
            variable.set(number)
            for step in range(5):
                await bridge_probe.elsewhere(None)
                assert variable.get() == number + step
                variable.set(number + step + 1)

        await asyncio.gather(*(one(100 * number) for number in range(20)))
        assert variable.get() == -1

    run(main)


def test_the_bridge_keeps_no_context_of_the_first_task(run: Run) -> None:
    class Kept:
        alive = 0

        def __init__(self) -> None:
            Kept.alive += 1

        def __del__(self) -> None:
            Kept.alive -= 1

    variable: contextvars.ContextVar[Kept] = contextvars.ContextVar("variable")

    async def main() -> None:
        async def first() -> None:
            variable.set(Kept())
            await bridge_probe.elsewhere(None)

        await asyncio.create_task(first())
        await turns()
        assert Kept.alive == 0

    run(main)


def test_an_async_generator_may_wrap_it(run: Run) -> None:
    async def main() -> None:
        async def numbers() -> Any:
            for number in range(5):
                yield await bridge_probe.elsewhere(number)

        assert [number async for number in numbers()] == list(range(5))
        source = numbers()
        assert await anext(source) == 0
        await source.aclose()

    run(main)


def test_closing_an_async_generator_cancels_what_it_awaits(run: Run) -> None:
    async def main() -> None:
        gate = fresh()
        log = []

        async def waiting() -> Any:
            try:
                yield await bridge_probe.pass_gate(gate, 1)
            except asyncio.CancelledError:
                log.append("cancelled")
                raise

        task = asyncio.create_task(anext(waiting()))
        await turns()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert log == ["cancelled"]

    run(main)


def test_async_with_around_it(run: Run) -> None:
    async def main() -> None:
        gate = fresh()
        log = []

        @contextlib.asynccontextmanager
        async def resource() -> Any:
            log.append(await bridge_probe.elsewhere("entered"))
            try:
                yield "inside"
            finally:
                log.append(await bridge_probe.elsewhere("left"))

        async with resource() as inside:
            assert inside == "inside"
        assert log == ["entered", "left"]

        async def body() -> None:
            async with resource():
                await bridge_probe.pass_gate(gate, 1)

        log.clear()
        task = asyncio.create_task(body())
        await until(lambda: bridge_probe.waiting_at(gate) == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert log == ["entered", "left"]

    run(main)
