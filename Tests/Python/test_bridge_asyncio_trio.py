"""trio, and anyio on both: the same calls, trio's own cancellation, which waits for Swift."""

from typing import Any

import anyio
import bridge_probe
import pytest
import trio
from asyncio_runs import fresh, journal, nothing_left

backends = pytest.mark.parametrize("backend", ["asyncio", "trio"])


async def until_waiting(name: str) -> None:
    while bridge_probe.waiting_at(name) == 0:
        await anyio.sleep(0)


def test_trio_gets_results_and_errors() -> None:
    error = ValueError("it")

    async def main() -> None:
        for number in range(1000):
            assert await bridge_probe.elsewhere(number) == number
            assert await bridge_probe.ready(number) == number
        with pytest.raises(ValueError) as caught:
            await bridge_probe.raise_later(error)
        assert caught.value is error
        assert await bridge_probe.sleep(0.001) == 0.001

    with nothing_left():
        trio.run(main)


def test_trio_runs_many_at_once() -> None:
    results = []

    async def one(number: int) -> None:
        results.append(await bridge_probe.elsewhere(number))

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            for number in range(1000):
                nursery.start_soon(one, number)

    with nothing_left():
        trio.run(main)
    assert sorted(results) == list(range(1000))


def test_trio_runs_one_call_as_its_main_function() -> None:
    for _ in range(5):
        assert trio.run(bridge_probe.elsewhere, "value") == "value"


def test_trio_cancellation_waits_for_swift() -> None:
    name = fresh("slow")

    async def main() -> None:
        bridge_probe.take_journal()
        ended = trio.Event()

        async def body(scope: trio.CancelScope) -> None:
            with scope:
                await bridge_probe.unwind_slowly(name)
            ended.set()

        async with trio.open_nursery() as nursery:
            scope = trio.CancelScope()
            nursery.start_soon(body, scope)
            while f"{name} started" not in journal():
                await trio.lowlevel.checkpoint()
            scope.cancel()
            await until_waiting(name)
            for _ in range(10):
                await trio.lowlevel.checkpoint()
            assert not ended.is_set()
            bridge_probe.open_gate(name)
            await ended.wait()
            assert scope.cancelled_caught
        assert journal() == [f"{name} cancelled", f"{name} unwound"]

    with nothing_left():
        trio.run(main)


def test_trio_move_on_after_and_fail_after() -> None:
    async def main() -> None:
        with trio.move_on_after(0.001) as scope:
            await bridge_probe.pass_gate(fresh(), 1)
        assert scope.cancelled_caught
        with pytest.raises(trio.TooSlowError):
            with trio.fail_after(0.001):
                await bridge_probe.pass_gate(fresh(), 1)
        with trio.move_on_after(0.001) as scope:
            assert await bridge_probe.swallow(fresh(), "value") == "value"
        assert not scope.cancelled_caught
        assert await bridge_probe.elsewhere("afterwards") == "afterwards"

    with nothing_left():
        trio.run(main)


def test_trio_scope_cancelled_before_the_call() -> None:
    async def main() -> None:
        with trio.CancelScope() as scope:
            scope.cancel()
            await bridge_probe.pass_gate(fresh(), 1)
        assert scope.cancelled_caught

    with nothing_left():
        trio.run(main)


def test_trio_shield_holds() -> None:
    name = fresh()

    async def main() -> None:
        async def opening() -> None:
            await until_waiting(name)
            outer.cancel()
            await trio.lowlevel.checkpoint()
            bridge_probe.open_gate(name)

        async with trio.open_nursery() as nursery:
            with trio.CancelScope() as outer:
                nursery.start_soon(opening)
                with trio.CancelScope(shield=True):
                    assert await bridge_probe.pass_gate(name, "value") == "value"
                await trio.lowlevel.checkpoint()
            assert outer.cancelled_caught

    with nothing_left():
        trio.run(main)


def test_trio_nursery_failure_cancels_the_others() -> None:
    names = [fresh() for _ in range(5)]

    async def failing() -> None:
        for name in names:
            await until_waiting(name)
        await bridge_probe.raise_later(ValueError("one"))

    async def main() -> None:
        bridge_probe.take_journal()
        with pytest.raises(ExceptionGroup) as caught:
            async with trio.open_nursery() as nursery:
                for name in names:
                    nursery.start_soon(bridge_probe.pass_gate, name, 1)
                nursery.start_soon(failing)
        assert [str(error) for error in caught.value.exceptions] == ["one"]
        assert sorted(line for line in journal() if line.endswith("cancelled")) == sorted(
            f"{name} cancelled" for name in names
        )

    with nothing_left():
        trio.run(main)


@backends
def test_anyio_results_and_groups(backend: str) -> None:
    results = []

    async def one(number: int) -> None:
        results.append(await bridge_probe.elsewhere(number))

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for number in range(100):
                group.start_soon(one, number)

    with nothing_left():
        anyio.run(main, backend=backend)
    assert sorted(results) == list(range(100))


@backends
def test_anyio_scopes_wait_for_swift(backend: str) -> None:
    name = fresh("slow")

    async def main() -> None:
        bridge_probe.take_journal()

        async def opening() -> None:
            await until_waiting(name)
            for _ in range(10):
                await anyio.sleep(0)
            assert not ended
            bridge_probe.open_gate(name)

        ended: list[Any] = []
        async with anyio.create_task_group() as group:
            group.start_soon(opening)
            with anyio.move_on_after(0.001) as scope:
                await bridge_probe.unwind_slowly(name)
            ended.append(1)
        assert scope.cancelled_caught
        assert journal() == [f"{name} started", f"{name} cancelled", f"{name} unwound"]
        with pytest.raises(TimeoutError):
            with anyio.fail_after(0.001):
                await bridge_probe.pass_gate(fresh(), 1)
        assert await bridge_probe.elsewhere("afterwards") == "afterwards"

    with nothing_left():
        anyio.run(main, backend=backend)


@backends
def test_anyio_shield_and_nested_scopes(backend: str) -> None:
    async def main() -> None:
        with anyio.CancelScope() as outer:
            with anyio.move_on_after(0.001) as inner:
                await bridge_probe.pass_gate(fresh(), 1)
            assert inner.cancelled_caught
            outer.cancel()
            with anyio.CancelScope(shield=True):
                assert await bridge_probe.elsewhere("shielded") == "shielded"
            await bridge_probe.pass_gate(fresh(), 1)
        assert outer.cancelled_caught

    with nothing_left():
        anyio.run(main, backend=backend)


def test_asyncio_and_trio_one_after_the_other() -> None:
    for _ in range(3):
        for backend in ("asyncio", "trio"):
            assert anyio.run(bridge_probe.elsewhere, backend, backend=backend) == backend
