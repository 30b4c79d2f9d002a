"""Threads that wait for the turn of a context, and what ends their wait."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaRuntime, errors

_PROGRAM = "func run(f): return f()\nfunc loops():\n    while true: pass"
_LONG = 60.0


def _context(**options: Any) -> DanaContext:
    context = DanaRuntime().create_context(**options)
    context.eval_dana(_PROGRAM)
    return context


@contextmanager
def _held(context: DanaContext) -> Iterator[threading.Event]:
    """Another thread has the context's turn, until the event."""
    began, free = threading.Event(), threading.Event()

    def hold() -> None:
        began.set()
        free.wait(_LONG)

    thread = threading.Thread(target=lambda: context.call("run", hold))
    thread.start()
    assert began.wait(_LONG)
    try:
        yield free
    finally:
        free.set()
        thread.join()


async def _sleeps() -> None:
    await asyncio.sleep(_LONG)


@pytest.mark.parametrize("how", ["cancel", "timeout", "interrupted"])
def test_who_waits_for_a_turn_is_woken_when_its_own_context_is_to_stop(how: str) -> None:
    outer, inner = _context(**({"timeout": "300ms"} if how == "timeout" else {})), _context()

    def waits() -> object:
        if how == "cancel":
            threading.Timer(0.05, outer.cancel, ("enough",)).start()
        if how == "interrupted":
            threading.Timer(0.05, outer.close).start()
        return inner.call("run", lambda: 1)

    with _held(inner):
        expected = errors.TimeLimitExceeded if how == "timeout" else errors.DanaCancelledError
        with pytest.raises(expected):
            outer.call("run", waits)
    assert inner.eval_dana("1 + 1") == 2
    inner.close()


@pytest.mark.parametrize("timeout", [None, "300ms"])
@pytest.mark.parametrize("work", [lambda inner: inner.call("run", _sleeps), lambda inner: inner.call("loops")])
def test_what_runs_in_another_context_ends_when_its_caller_is_to_stop(
    work: Callable[[DanaContext], object], timeout: str | None
) -> None:
    outer, inner = _context(**({"timeout": timeout} if timeout else {})), _context()

    def works() -> object:
        if not timeout:
            threading.Timer(0.05, outer.cancel, ("enough",)).start()
        return work(inner)

    with pytest.raises(errors.TimeLimitExceeded if timeout else errors.DanaCancelledError):
        outer.call("run", works)
    assert inner.eval_dana("1 + 1") == 2
    inner.close()


def test_what_cleans_up_may_wait_for_a_turn() -> None:
    outer, inner = _context(), _context()
    outer.eval_dana("func cleans(f, g):\n    try:\n        f()\n        while true: pass\n    finally:\n        g()")
    seen: list[object] = []

    def waits() -> None:
        threading.Timer(0.05, free.set).start()
        seen.append(inner.call("run", lambda: "waited"))

    with _held(inner) as free, pytest.raises(errors.DanaCancelledError):
        outer.call("cleans", lambda: outer.cancel("enough"), waits)
    assert seen == ["waited"]
    outer.close()
    inner.close()


def test_contexts_that_wait_for_each_other_are_told() -> None:
    contexts = [_context(), _context()]
    together = threading.Barrier(2)
    seen: list[object] = []

    def work(mine: DanaContext, other: DanaContext) -> None:
        def inner() -> object:
            together.wait(_LONG)
            return other.call("run", lambda: "done")

        try:
            seen.append(mine.call("run", inner))
        except errors.DanaError as error:
            seen.append(error)

    threads = [threading.Thread(target=work, args=pair, daemon=True) for pair in (contexts, contexts[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_LONG)
    (failed,) = [error for error in seen if isinstance(error, errors.DanaError)]
    assert isinstance(failed, RuntimeError) and "cannot wait for the turn of context" in str(failed)
    assert "done" in seen
    for context in contexts:
        context.close()


@pytest.mark.parametrize("is_late", [False, True])
def test_who_waits_for_a_turn_is_woken_when_the_life_of_its_context_is_over(is_late: bool) -> None:
    context = _context(timeout="300ms")
    began, free = threading.Event(), threading.Event()
    seen: list[object] = []

    def hold() -> None:
        began.set()
        free.wait(_LONG)

    def run() -> None:
        with pytest.raises(errors.TimeLimitExceeded):
            context.call("run", hold)

    holder = threading.Thread(target=run)
    holder.start()
    assert began.wait(_LONG)
    for _ in range(2 if is_late else 1):
        with pytest.raises(errors.ContextClosedError, match="deadline"):
            context.call("run", lambda: 1)
        seen.append("woken")
    free.set()
    holder.join()
    assert seen == ["woken"] * (2 if is_late else 1)


def test_a_function_that_hands_its_own_context_to_a_pool_ends_with_its_time() -> None:
    with ThreadPoolExecutor(1) as pool:
        context = _context(timeout="300ms")
        with pytest.raises(errors.TimeLimitExceeded):
            context.call("run", lambda: pool.submit(context.call, "run", lambda: 1).result())
