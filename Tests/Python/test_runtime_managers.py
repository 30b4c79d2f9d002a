"""Python's context managers in a `with` of a program's, and what it goes through asynchronously."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaRuntime, errors


class _Recording:
    """Notes what it is left with."""

    def __init__(self) -> None:
        self.left: list[tuple[object, ...]] = []

    def __enter__(self) -> str:
        return "entered"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.left.append((kind, error, trace))


class _Declined(ValueError):
    pass


def _declines() -> None:
    raise _Declined("no", 7)


@pytest.mark.parametrize(
    ("statement", "kind", "arguments"),
    [
        ("raise ValueError('mine')", ValueError, ("mine",)),
        ("{}['key']", KeyError, ("key",)),
        ("declines()", _Declined, ("no", 7)),
    ],
)
def test_a_manager_is_left_with_a_real_exception(
    context: DanaContext, statement: str, kind: type[Exception], arguments: tuple[object, ...]
) -> None:
    recording = _Recording()
    context.eval_dana(f"func run(manager, declines):\n    with manager as x:\n        assert x\n        {statement}")
    with pytest.raises(kind):
        context.call("run", recording, _declines)
    ((left, error, trace),) = recording.left
    assert isinstance(error, kind) and type(error) is left and error.args == arguments
    assert trace is error.__traceback__ is not None


def test_a_manager_is_left_with_nothing_where_nothing_is_raised(context: DanaContext) -> None:
    recording = _Recording()
    context.eval_dana("func run(manager):\n    with manager:\n        return 1")
    assert context.call("run", recording) == 1
    assert recording.left == [(None, None, None)]


def test_contextlib_works(context: DanaContext) -> None:
    seen: list[str] = []

    @contextlib.contextmanager
    def swallows() -> Iterator[int]:
        try:
            yield 5
        except LookupError as error:
            seen.append(f"swallowed {error!r}")
        finally:
            seen.append("cleaned up")

    context.eval_dana(
        "func make(make, kind):\n    with make() as x:\n        raise kind(x)\n    return 'after'\n"
        "func suppress(suppress):\n    with suppress(ValueError):\n        int('x')\n    return 'after'\n"
        "func stack(stack, make):\n    with stack as s:\n        s.enter_context(make())\n        raise KeyError(1)\n"
        "    return 'after'"
    )
    assert context.call("make", swallows, KeyError) == "after"
    with pytest.raises(ValueError, match="5"):
        context.call("make", swallows, ValueError)
    assert context.call("suppress", contextlib.suppress) == "after"
    assert context.call("stack", contextlib.ExitStack(), swallows) == "after"
    swallowed = ["swallowed DanaKeyError(5)", "cleaned up"]
    assert seen == [*swallowed, "cleaned up", "swallowed DanaKeyError(1)", "cleaned up"]


@pytest.mark.parametrize(
    "options", [{"timeout": "200ms"}, {"max_execution_time": "200ms"}, {"max_ticks": 1000}, {"max_memory": "2MB"}]
)
def test_a_limit_leaves_the_managers_of_the_hosts(options: dict[str, Any]) -> None:
    locks = [threading.Lock(), threading.Lock()]
    recording = _Recording()
    context = DanaRuntime().create_context(**options)
    context.eval_dana(
        "func inner(lock, x):\n    with lock:\n        while true: x.append('some text' * 100)\n"
        "func run(first, second, manager):\n    with first, manager:\n        inner(second, [])"
    )
    with pytest.raises(errors.LimitExceeded):
        context.call("run", *locks, recording)
    assert [lock.locked() for lock in locks] == [False, False]
    ((kind, error, _),) = recording.left
    assert isinstance(error, errors.LimitExceeded) and kind is type(error)


@pytest.mark.parametrize("option", ["max_ticks", "max_host_calls"])
def test_a_limit_leaves_each_manager_once_wherever_it_stands(option: str) -> None:
    for most in range(1, 120):
        recording = _Recording()
        entered = 0

        class Counting(_Recording):
            def __enter__(self) -> str:
                nonlocal entered
                entered += 1
                return "entered"

            def __exit__(self, *left: Any) -> None:
                recording.left.append(left)

        context = DanaRuntime().create_context(local={"manager": Counting()}, **{option: most})
        with contextlib.suppress(errors.LimitExceeded):
            context.eval_dana("for i in range(50):\n    with manager:\n        x = i")
        context.close()
        assert len(recording.left) == entered


def test_a_lock_that_came_when_the_time_was_over_is_let_go_of() -> None:
    lock = threading.Lock()
    context = DanaRuntime().create_context(local={"lock": lock}, timeout="100ms")
    lock.acquire()
    threading.Timer(0.3, lock.release).start()
    with pytest.raises(errors.TimeLimitExceeded):
        context.eval_dana("with lock:\n    x = 1")
    assert not lock.locked()


def test_an_outer_program_has_its_managers_until_it_ends_itself() -> None:
    outer, inner = threading.Lock(), threading.Lock()
    seen: list[tuple[bool, bool]] = []
    context = DanaRuntime().create_context(max_ticks=1000)
    context.eval_dana("func run(lock, f):\n    with lock:\n        f()\nfunc loops():\n    while true: pass")

    def loops() -> None:
        with pytest.raises(errors.LimitExceeded):
            context.call("run", inner, lambda: context.call("loops"))
        seen.append((outer.locked(), inner.locked()))

    with pytest.raises(errors.LimitExceeded):
        context.call("run", outer, loops)
    assert seen == [(True, False)] and not outer.locked()


def test_a_cancelled_program_leaves_its_managers_with_the_cancellation() -> None:
    recording = _Recording()
    context = DanaRuntime().create_context()
    context.eval_dana("func run(manager, f):\n    with manager:\n        f()\n        while true: pass")
    with pytest.raises(errors.DanaCancelledError):
        context.call("run", recording, lambda: context.cancel("enough"))
    ((_, error, _),) = recording.left
    assert isinstance(error, errors.DanaCancelledError)
    context.close()


class _Asynchronous:
    def __init__(self) -> None:
        self.seen: list[object] = []

    async def __aenter__(self) -> int:
        await asyncio.sleep(0)
        return 5

    async def __aexit__(self, kind: object, error: object, trace: object) -> bool:
        await asyncio.sleep(0)
        self.seen.append(kind)
        return True


async def _numbers(fails: bool = False) -> AsyncIterator[int]:
    yield 1
    await asyncio.sleep(0)
    yield 2
    if fails:
        raise _Declined("no more")


_ASYNCHRONOUS = (
    "func items(xs): return [x * 10 for x in xs]\nfunc first(xs):\n    for x in xs: return x\n"
    "func enters(m):\n    with m as x:\n        raise ValueError(x)\n    return 'after'"
)


def test_an_awaited_program_awaits_what_is_asynchronous() -> None:
    async def main() -> None:
        async with DanaRuntime().create_context() as context:
            context.eval_dana(_ASYNCHRONOUS)
            assert await context.call_async("items", _numbers()) == [10, 20]
            assert await context.call_async("first", _numbers()) == 1
            with pytest.raises(_Declined):
                await context.call_async("items", _numbers(fails=True))
            manager = _Asynchronous()
            assert await context.call_async("enters", manager) == "after"
            assert manager.seen == [errors.DanaValueError]

    asyncio.run(main())


def test_a_program_that_nobody_awaits_refuses_what_is_asynchronous(context: DanaContext) -> None:
    context.eval_dana(_ASYNCHRONOUS)
    for name, given in (("items", _numbers()), ("enters", _Asynchronous())):
        with pytest.raises(TypeError, match="is asynchronous: only a program that is awaited"):
            context.call(name, given)
