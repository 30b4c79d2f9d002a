"""Closing, throwing into and dropping a call: Swift is cancelled, Python is told, nothing is left."""

import asyncio
import contextvars
import gc
import sys
import weakref
from typing import Any

import bridge_probe
import pytest
from asyncio_runs import Run, fresh, journal, nothing_left, on_every_loop, turns, until

pytestmark = on_every_loop


class Custom(Exception):
    """An exception of the test's own, which can be weakly referred to."""


async def started(name: str) -> Any:
    """A call that waits at its gate, stepped once by hand."""
    call = bridge_probe.pass_gate(name, "value")
    call.send(None)
    assert call.cr_running
    return call


def test_a_call_that_was_never_awaited_warns_as_python_does(run: Run) -> None:
    with nothing_left(), pytest.warns(RuntimeWarning, match="^coroutine 'ready' was never awaited$"):
        bridge_probe.ready(1)
        gc.collect()


def test_closed_before_it_starts(run: Run) -> None:
    bridge_probe.take_journal()
    with nothing_left():
        call = bridge_probe.pass_gate(fresh(), 1)
        call.close()
        call.close()
        with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine 'pass_gate'"):
            call.send(None)
        del call
    assert journal() == []


def test_close_cancels_swift_without_waiting(run: Run) -> None:
    async def main() -> None:
        name = fresh()
        call = await started(name)
        call.close()
        with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
            call.send(None)
        lines = []
        await until(lambda: bool(lines.extend(journal()) or f"{name} cancelled" in lines))

    with nothing_left():
        run(main)


def test_generator_exit_closes(run: Run) -> None:
    async def main() -> None:
        name = fresh("slow")
        call = bridge_probe.unwind_slowly(name)
        call.send(None)
        with pytest.raises(GeneratorExit):
            call.throw(GeneratorExit)
        bridge_probe.open_gate(name)
        lines = []
        await until(lambda: bool(lines.extend(journal()) or f"{name} unwound" in lines))

    with nothing_left():
        run(main)


def test_closing_the_awaiting_coroutine_cancels_swift(run: Run) -> None:
    async def main() -> None:
        name = fresh()
        log = []

        async def awaiting() -> None:
            try:
                await bridge_probe.pass_gate(name, 1)
            except GeneratorExit:
                log.append("closed")
                raise

        outer = awaiting()
        outer.send(None)
        outer.close()
        assert log == ["closed"]
        lines = []
        await until(lambda: bool(lines.extend(journal()) or f"{name} cancelled" in lines))

    with nothing_left():
        run(main)


def test_closing_a_call_under_a_task_that_waits_wakes_the_task(run: Run) -> None:
    async def main() -> None:
        call = bridge_probe.pass_gate(fresh(), 1)

        async def awaiting() -> None:
            await call

        task = asyncio.create_task(awaiting())
        await turns()
        call.close()
        with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine 'pass_gate'"):
            await asyncio.wait_for(task, 10)

    with nothing_left():
        run(main)


def test_what_a_call_yields_has_the_future_protocol(run: Run) -> None:
    """Private, but a loop or a debugger may ask for any part of it."""

    async def main() -> None:
        name = fresh()
        call = bridge_probe.pass_gate(name, "value")
        waiter = call.send(None)
        seen: list[Any] = []
        assert waiter.get_loop() is asyncio.get_running_loop()
        assert (waiter.done(), waiter.cancelled(), waiter.result(), waiter.exception()) == (False, False, None, None)
        assert waiter._asyncio_future_blocking is True
        waiter._asyncio_future_blocking = False
        assert waiter._asyncio_future_blocking is False
        for _ in range(2):
            waiter.add_done_callback(print)
        waiter.add_done_callback(seen.append, context=contextvars.copy_context())
        assert waiter.remove_done_callback(print) == 2
        assert waiter.remove_done_callback(print) == 0
        with pytest.raises(TypeError):
            waiter.add_done_callback()
        bridge_probe.open_gate(name)
        await until(waiter.done)
        assert seen == [waiter]
        assert not waiter.cancel(), "there is nothing left to cancel"
        waiter.add_done_callback(seen.append)
        await until(lambda: len(seen) == 2)
        with pytest.raises(StopIteration, match="value"):
            call.send(None)

    with nothing_left():
        run(main)


def test_dropping_a_call_in_flight_cancels_swift(run: Run) -> None:
    async def main() -> None:
        name = fresh()
        call = await started(name)
        del call
        lines = []
        await until(lambda: bool(lines.extend(journal()) or f"{name} cancelled" in lines))

    with nothing_left():
        run(main)


def test_a_task_that_only_swift_keeps_is_not_collected(run: Run) -> None:
    async def main() -> None:
        name = fresh()
        done = []

        async def awaiting() -> None:
            done.append(await bridge_probe.pass_gate(name, "value"))

        asyncio.create_task(awaiting())
        await turns()
        gc.collect()
        bridge_probe.open_gate(name)
        await until(lambda: done == ["value"])

    with nothing_left():
        run(main)


def test_throwing_into_a_call_that_has_not_started_raises_there(run: Run) -> None:
    bridge_probe.take_journal()
    error = Custom()
    with nothing_left():
        call = bridge_probe.pass_gate(fresh(), 1)
        with pytest.raises(Custom) as caught:
            call.throw(error)
        assert caught.value is error
        del call
    assert journal() == []


def test_throwing_waits_for_swift_to_unwind(run: Run) -> None:
    async def main() -> None:
        name = fresh("slow")
        error = Custom()
        call = bridge_probe.unwind_slowly(name)

        class Driver:
            def __await__(self) -> Any:
                call.send(None)
                yield from asyncio.sleep(0).__await__()
                waiter = call.throw(error)
                assert waiter is not None, "there is something to wait for yet"
                bridge_probe.open_gate(name)
                while not waiter.done():
                    yield from asyncio.sleep(0).__await__()
                call.send(None)

        with pytest.raises(Custom) as caught:
            await Driver()
        assert caught.value is error
        assert journal() == [f"{name} started", f"{name} cancelled", f"{name} unwound"]

    with nothing_left():
        run(main)


def test_throw_takes_the_older_form_and_refuses_what_is_no_exception(run: Run) -> None:
    for arguments in ((Custom,), (Custom, None), (Custom, Custom("a")), (Custom, "a", None)):
        with pytest.raises(Custom):
            bridge_probe.ready(1).throw(*arguments)
    call = bridge_probe.ready(1)
    for arguments in ((), (1,), (Custom, 1, None, 2), (int,)):
        with pytest.raises(TypeError):
            call.throw(*arguments)
    with pytest.raises(TypeError):
        call.send()
    call.close()


def test_an_exception_thrown_in_is_not_kept(run: Run) -> None:
    """The exception leads to the frame, the frame to the call: kept by the call, none would ever be freed."""

    async def main() -> list[Any]:
        kept = []

        async def awaiting() -> None:
            call = bridge_probe.pass_gate(fresh(), 1)
            try:
                await call
            except asyncio.CancelledError as error:
                kept.append(weakref.ref(error))
                raise

        for _ in range(3):
            task = asyncio.create_task(awaiting())
            await turns()
            task.cancel(Custom("the reason"))
            await asyncio.wait([task])
            with pytest.raises(asyncio.CancelledError):
                task.result()
            del task

        call = await started(fresh())
        error = Custom()
        kept.append(weakref.ref(error))

        async def throwing() -> None:
            own = call
            own.throw(error)

        with pytest.raises(Custom):
            for _ in range(10):
                await throwing()
                await asyncio.sleep(0)
        return kept

    with nothing_left():
        kept = run(main)
        gc.collect()
    assert len(kept) == 4
    assert [reference() for reference in kept] == [None] * 4


def test_arguments_and_results_are_given_back(run: Run) -> None:
    value = object()

    async def main() -> None:
        for _ in range(50):
            name = fresh()
            bridge_probe.open_gate(name)
            assert await bridge_probe.pass_gate(name, value) is value
            cancelled = asyncio.create_task(bridge_probe.pass_gate(fresh(), value))
            await turns(1)
            cancelled.cancel()
            await asyncio.wait([cancelled])
            bridge_probe.pass_gate(fresh(), value).close()
            call = await started(fresh())
            call.close()
            bridge_probe.drop_elsewhere(value)

    before = sys.getrefcount(value)
    with nothing_left():
        run(main)
        asyncio.run(bridge_probe.elsewhere(None))
    assert sys.getrefcount(value) == before


def test_a_result_that_nobody_takes_is_given_back(run: Run) -> None:
    value = object()

    async def main() -> None:
        for _ in range(20):
            name = fresh()
            call = bridge_probe.pass_gate(name, value)
            call.send(None)
            bridge_probe.open_gate(name)
            await until(lambda: not call.cr_running)
            del call

    before = sys.getrefcount(value)
    with nothing_left():
        run(main)
    assert sys.getrefcount(value) == before
