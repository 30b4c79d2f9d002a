"""What the asyncio tests of the bridge share: every kind of loop, none of which may report a stray exception."""

import asyncio
import contextlib
import gc
import itertools
import operator
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import bridge_probe
import pytest
import uvloop

PATIENCE = 60.0  # seconds after which something awaited is taken never to come

_numbers = itertools.count(1)


class Run:
    """Runs one coroutine function on a fresh loop, and fails on whatever the loop's exception handler is told."""

    def __init__(self, factory: Callable[[], asyncio.AbstractEventLoop] | None, *, debug: bool = False) -> None:
        self.factory = factory
        self.debug = debug

    def __call__(self, main: Callable[[], Awaitable[Any]]) -> Any:
        strays: list[dict[str, Any]] = []

        async def guarded() -> Any:
            asyncio.get_running_loop().set_exception_handler(lambda _, context: strays.append(context))
            return await main()

        bridge_probe.take_journal()
        with asyncio.Runner(loop_factory=self.factory, debug=self.debug) as runner:
            result = runner.run(guarded())
        assert strays == []
        return result


def eager_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.set_task_factory(asyncio.eager_task_factory)  # type: ignore[attr-defined]
    return loop


on_asyncio = Run(None)
kinds = {"asyncio": on_asyncio, "debug": Run(None, debug=True), "uvloop": Run(uvloop.new_event_loop)}
if sys.version_info >= (3, 12):
    kinds["eager"] = Run(eager_loop)
on_every_loop = pytest.mark.parametrize("run", kinds.values(), ids=kinds)


def fresh(stem: str = "gate") -> str:
    """A name that no other test uses."""
    return f"{stem}-{next(_numbers)}"


async def until(condition: Callable[[], bool]) -> None:
    """Lets the loop turn until the condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "what was waited for never came"
        await asyncio.sleep(0)


async def turns(count: int = 3) -> None:
    """Lets everything that is ready run."""
    for _ in range(count):
        await asyncio.sleep(0)


def journal() -> list[str]:
    text: str = bridge_probe.take_journal()
    return text.splitlines()


@contextlib.contextmanager
def grace(seconds: float) -> Generator[None]:
    """For a while, a cancelled call has this long to unwind."""
    bridge_probe.set_grace(seconds)
    try:
        yield
    finally:
        bridge_probe.set_grace(10.0)


def alive() -> tuple[int, int, int]:
    """How many calls, loops and timers the bridge holds."""
    gc.collect()
    return bridge_probe.live_calls(), bridge_probe.live_loops(), bridge_probe.pending_timers()


@contextlib.contextmanager
def nothing_left() -> Generator[None]:
    """What the block makes of the bridge is gone after it; what was there before may end meanwhile."""
    before = alive()
    yield
    deadline = time.monotonic() + PATIENCE
    while any(map(operator.gt, left := alive(), before)):
        assert time.monotonic() < deadline, f"{left} are left of calls, loops and timers, {before} were there"
