"""Generators of Dana's as Python uses them: what is sent and thrown into them, and how they end."""

import asyncio
import collections.abc
import contextlib
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaGenerator, DanaIterator, DanaRuntime, dana_function, errors

PROGRAM = """
ends = []
func steps(count=3):
    try:
        for n in range(count):
            try:
                got = yield n
                if got: yield f"got {got}"
            except ValueError as error:
                yield f"caught {error}"
    finally:
        ends.append("end")
"""


@pytest.fixture
def context() -> Iterator[DanaContext]:
    with DanaRuntime().create_context() as context:
        context.eval_dana(PROGRAM)
        yield context


def test_values_are_sent(context: DanaContext) -> None:
    steps = context.call("steps")
    assert isinstance(steps, DanaGenerator) and isinstance(steps, DanaIterator)
    assert isinstance(steps, collections.abc.Generator) and isinstance(steps, collections.abc.AsyncGenerator)
    assert (next(steps), steps.send("a"), steps.send(None)) == (0, "got a", 1)
    assert steps.send([1, {"k": 2}]) == "got [1, {'k': 2}]"
    assert list(steps) == [2]
    with pytest.raises(StopIteration):
        steps.send(None)
    assert steps.as_list() == []


def test_exceptions_are_thrown(context: DanaContext) -> None:
    steps = context.call("steps")
    assert next(steps) == 0
    assert steps.throw(ValueError("x")) == "caught x"
    assert next(steps) == 1
    assert steps.throw(ValueError) == "caught "
    assert next(steps) == 2
    assert steps.throw(context.eval_dana("ValueError('own')")) == "caught own"

    class Odd(Exception):
        """One that Dana does not know."""

    odd = Odd("why", 3)
    steps = context.call("steps")
    next(steps)
    with pytest.raises(Odd) as caught:
        steps.throw(odd)
    assert isinstance(caught.value, errors.DanaError)
    assert (caught.value.args, caught.value.__cause__) == (("why", 3), odd)
    assert list(steps) == []
    with pytest.raises(KeyError, match="late"):
        steps.throw(KeyError("late"))
    with pytest.raises(TypeError, match="exceptions must be classes or instances deriving from BaseException, not int"):
        steps.throw(5)


def test_a_generator_is_closed(context: DanaContext) -> None:
    steps = context.call("steps")
    next(steps)
    steps.close()
    assert context.eval_dana("ends") == ["end"]
    assert list(steps) == []
    steps.close()
    steps = context.call("steps")
    context.close()
    steps.close()
    asyncio.run(steps.aclose())


def test_a_generator_is_a_context_manager(context: DanaContext) -> None:
    managed: Any = contextlib.contextmanager(context.function("steps"))
    with managed(1) as first:
        assert first == 0
    assert context.eval_dana("ends") == ["end"]


def test_the_same_is_awaited(context: DanaContext) -> None:
    async def main() -> list[Any]:
        found: list[Any] = []
        async with contextlib.aclosing(context.call("steps")) as steps:
            found += [await anext(steps), await steps.asend("b"), await anext(steps)]
            found.append(await steps.athrow(ValueError("y")))
        found.append(context.eval_dana("ends"))
        steps = context.call("steps", 1)
        await anext(steps)
        with pytest.raises(StopAsyncIteration):
            await steps.asend(None)
        return found

    assert asyncio.run(main()) == [0, "got b", 1, "caught y", ["end"]]


def test_annotations_of_generators_fit(context: DanaContext) -> None:
    def steps(count: int) -> Any: ...

    kinds: list[Any] = [Generator[int, None, None], Generator, Iterator[int], AsyncGenerator[int, None], DanaGenerator]
    for kind in kinds:
        steps.__annotations__["return"] = kind
        asked: Callable[[int], Any] = dana_function("steps", context=context)(steps)
        assert list(asked(2)) == [0, 1]
    steps.__annotations__["return"] = list[int]
    with pytest.raises(TypeError) as caught:
        dana_function("steps", context=context)(steps)(2)
    assert str(caught.value) == "Expected list[int], got generator at the result of 'steps'"
