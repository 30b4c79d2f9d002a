"""Calls that are over at once take shorter ways: they come to what the others come to, and leave nothing behind."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaFunction, DanaRuntime, errors

PROGRAM = """
func add(a, b=10):
    return a + b

func same(x):
    return x

func loop(n):
    total = 0
    for i in range(n):
        total += 1
    return total

func fails():
    raise ValueError("no")

func ask(host, value):
    return host(value)

func each(host, values):
    return [host(value) for value in values]
"""


@pytest.fixture
def context() -> Iterator[DanaContext]:
    with DanaRuntime().create_context() as context:
        context.eval_dana(PROGRAM)
        yield context


def outcome(call: Any, *args: Any, **kwargs: Any) -> Any:
    """What a call comes to, or the type and text of its error."""
    try:
        return call(*args, **kwargs)
    except Exception as error:
        return type(error), str(error)


def ways(context: DanaContext, name: str, *args: Any, **kwargs: Any) -> list[Any]:
    """What a function comes to by every way of calling it."""
    function = context.function(name)

    async def awaited() -> Any:
        return await function.call_async(*args, **kwargs)

    return [
        outcome(function, *args, **kwargs),
        outcome(type(function).__call__, function, *args, **kwargs),
        outcome(context.call, name, *args, **kwargs),
        outcome(lambda: asyncio.run(awaited())),
    ]


VALUES = [None, True, 0, -(2**62), 2**80, 1.5, "", "é𝄞", "a" * 300, b"x", [1, "a"], {"k": [2]}, (1,), {3}]


@pytest.mark.parametrize("value", VALUES)
def test_every_way_of_calling_gives_the_same_value(context: DanaContext, value: object) -> None:
    for given in ways(context, "same", value):
        assert given == value
        assert type(given) is type(value)


def test_arguments_by_name_and_defaults(context: DanaContext) -> None:
    assert ways(context, "add", 1) == [11] * 4
    assert ways(context, "add", 1, b=2) == [3] * 4
    assert ways(context, "add", b=1, a=2) == [3] * 4


def test_every_way_of_calling_fails_alike(context: DanaContext) -> None:
    for name, args in (("fails", ()), ("add", ()), ("add", (1, 2, 3)), ("add", (1, "a")), ("same", ("\ud800",))):
        direct, *others = ways(context, name, *args)
        assert isinstance(direct, tuple)
        assert others == [direct] * 3


def test_a_call_that_takes_longer_goes_on(context: DanaContext) -> None:
    assert ways(context, "loop", 30_000) == [30_000] * 4


def test_an_awaited_call_that_is_over_at_once_needs_no_loop(context: DanaContext) -> None:
    with pytest.raises(StopIteration) as ended:
        context.function("add").call_async(1, 2).send(None)
    assert ended.value.value == 3


def test_an_awaited_call_that_cannot_go_on_leaves_the_context_free(context: DanaContext) -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        context.function("loop").call_async(30_000).send(None)
    assert context.call("add", 1) == 11


def test_awaited_calls_wait_for_the_turn(context: DanaContext) -> None:
    async def slow(value: int) -> int:
        await asyncio.sleep(0)
        return value + 1

    async def main() -> list[int]:
        ask, add = context.function("ask"), context.function("add")
        return list(await asyncio.gather(ask.call_async(slow, 1), add.call_async(1), ask.call_async(slow, 2)))

    assert asyncio.run(main()) == [2, 11, 3]


def test_functions_of_python_that_are_called_in_a_row(context: DanaContext) -> None:
    def host(value: object) -> object:
        if value == 3:
            raise KeyError("three")
        return [value] if value == 2 else value

    assert context.call("each", host, [0, 1, 2, "a", None, 1.5]) == [0, 1, [2], "a", None, 1.5]
    with pytest.raises(KeyError, match="three"):
        context.call("each", host, [0, 3])


def test_a_function_of_python_may_use_the_context_that_calls_it(context: DanaContext) -> None:
    assert context.call("each", lambda value: context.call("add", value), [1, 2]) == [11, 12]


def test_a_function_of_python_may_close_the_context_that_calls_it(context: DanaContext) -> None:
    def host(value: int) -> int:
        threading.Thread(target=context.close).start()
        while not context.closed:
            pass
        return value

    with pytest.raises(errors.DanaError):
        context.call("each", host, [1] * 1000)


def test_other_threads_run_between_calls_in_a_row(context: DanaContext) -> None:
    stop = threading.Event()
    thread = threading.Timer(0, stop.set)

    def host(value: int) -> bool:
        if value == 0:
            thread.start()
        return stop.is_set()

    assert context.call("each", host, list(range(50_000)))[-1] is True
    thread.join()


def test_nothing_of_a_call_is_kept(context: DanaContext) -> None:
    class Thing:
        pass

    def host(thing: object) -> None: ...

    kept = weakref.ref(host)
    context.call("each", host, [1, 2, 3])
    context.call("add", 1)  # what a program has let go of goes with the next entry
    del host
    gc.collect()
    assert kept() is None


def test_a_function_object_is_called_with_any_number_of_arguments(context: DanaContext) -> None:
    count = context.eval_dana("func count(*args, **kwargs):\n    return len(args) * 100 + len(kwargs)\ncount")
    assert isinstance(count, DanaFunction)
    assert count() == 0
    assert count(*range(50)) == 5000
    assert count(*range(9), **{f"k{n}": n for n in range(9)}) == 909


def test_settings_are_made_anew_for_other_options() -> None:
    runtime = DanaRuntime(shared=False)
    folders = ["/nowhere"]
    with runtime.create_context(search_path=folders), runtime.create_context(search_path=folders):
        folders.append(1)  # type: ignore[arg-type]
        with pytest.raises(errors.TypeConversionError):
            runtime.create_context(search_path=folders)
    with pytest.raises(errors.DanaError):
        runtime.create_context(search_path=[], max_depth="10")  # type: ignore[arg-type]


def test_lists_of_scalars_and_others(context: DanaContext) -> None:
    for items in ([], [1] * 100, list(range(100)) + [2**70], [1.5, 2, "a", None, True] * 20, [1] * 50 + [[2]]):
        assert context.call("same", items) == items
