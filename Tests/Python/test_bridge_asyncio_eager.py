"""Eager tasks (Python 3.12 and later): the first step of a task is taken inside `create_task`, Swift's too."""

import asyncio
import contextvars
import sys
from typing import Any

import bridge_probe
import pytest
from asyncio_runs import Run, fresh, journal, nothing_left, until

if sys.version_info < (3, 12):
    pytest.skip("asyncio has eager tasks from Python 3.12 on", allow_module_level=True)

from asyncio_runs import eager_loop

run = Run(eager_loop)


def test_what_swift_has_at_once_the_task_has_at_once() -> None:
    async def main() -> None:
        turned: list[str] = []
        asyncio.get_running_loop().call_soon(turned.append, "turned")
        task = asyncio.create_task(bridge_probe.ready("value"))
        assert task.done()
        assert task.result() == "value"
        error = ValueError("at once")
        failed = asyncio.create_task(bridge_probe.raise_now(error))
        assert failed.done()
        assert failed.exception() is error
        assert turned == []

    with nothing_left():
        run(main)


def test_what_swift_has_later_is_waited_for() -> None:
    async def main() -> None:
        name = fresh()
        task = asyncio.create_task(bridge_probe.pass_gate(name, "value"))
        assert journal() == [f"{name} started"], "Swift has run inside create_task"
        assert not task.done()
        bridge_probe.open_gate(name)
        assert await task == "value"
        tasks = [asyncio.create_task(bridge_probe.elsewhere(number)) for number in range(500)]
        assert await asyncio.gather(*tasks) == list(range(500))

    with nothing_left():
        run(main)


def test_cancelled_right_after_the_first_step() -> None:
    async def main() -> None:
        name = fresh("slow")
        task = asyncio.create_task(bridge_probe.unwind_slowly(name))
        assert task.cancel("the reason")
        await until(lambda: bridge_probe.waiting_at(name) == 1)
        assert not task.done()
        bridge_probe.open_gate(name)
        with pytest.raises(asyncio.CancelledError, match="the reason"):
            await task
        assert journal() == [f"{name} started", f"{name} cancelled", f"{name} unwound"]

        async def nested() -> None:
            async with asyncio.timeout(0):
                async with asyncio.TaskGroup() as group:
                    for _ in range(5):
                        group.create_task(bridge_probe.pass_gate(fresh(), 1))

        with pytest.raises(TimeoutError):
            await nested()

    with nothing_left():
        run(main)


def test_a_step_of_swifts_that_starts_a_task_starts_its_swift() -> None:
    """Swift calls Python, which creates a task, whose first step calls Swift: each in its own task and context."""
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="none")

    async def inner(value: str) -> tuple[str, Any]:
        variable.set(value)
        await bridge_probe.ready(1)
        at_once = asyncio.current_task()
        await bridge_probe.elsewhere(1)
        assert asyncio.current_task() is at_once
        return variable.get(), at_once

    async def main() -> None:
        for call in (bridge_probe.call_back, bridge_probe.call_after_suspension):
            outer = asyncio.current_task()
            task = await call(lambda: asyncio.create_task(inner("inner")))
            assert asyncio.current_task() is outer
            assert await task == ("inner", task)
            assert variable.get() == "none"

    with nothing_left():
        run(main)


def test_streams() -> None:
    async def first(stream: Any) -> Any:
        return await anext(stream)

    async def main() -> None:
        stream = bridge_probe.count(1000, 7)
        task = asyncio.create_task(first(stream))
        assert await task == 0
        assert [item async for item in stream] == list(range(1, 1000))

        name = fresh("gated")
        gated = bridge_probe.gated(name)
        reading = asyncio.create_task(first(gated))
        assert not reading.done()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        bridge_probe.open_gate(name)
        assert await first(gated) == 1
        await gated.aclose()

    with nothing_left():
        run(main)
