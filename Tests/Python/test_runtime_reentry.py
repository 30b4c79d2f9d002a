"""Python code that comes back to a context at moments when that is busy with it."""

import asyncio
import gc
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaRuntime, errors


class Returning:
    """Comes back to its context when it ends."""

    def __init__(self, context: DanaContext, seen: list[object]) -> None:
        self.context = context
        self.seen = seen
        self.itself: Returning | None = self  # for the cycle collector to find

    def __del__(self) -> None:
        self.seen.append(self.context.memory)


def test_what_the_collector_ends_during_a_conversion_may_come_back(context: DanaContext) -> None:
    seen: list[object] = []
    context.eval_dana("func pairs(n):\n    return [[i, [i]] for i in range(n)]")
    threshold = gc.get_threshold()
    gc.set_threshold(5)
    try:
        for _ in range(20):
            Returning(context, seen)
            pairs = context.call("pairs", 50)
            assert pairs[49] == [49, [49]]
            assert context.call("len", pairs) == 50
    finally:
        gc.set_threshold(*threshold)
    gc.collect()
    assert gc.isenabled()
    assert len(seen) == 20


def test_what_ends_with_its_last_handle_may_come_back(context: DanaContext) -> None:
    seen: list[object] = []
    context.public["thing"] = Returning(context, seen)
    context.eval_dana("public:thing.itself = None\npublic:thing = None")
    context.eval_dana("1")
    gc.collect()
    assert len(seen) == 1


class Key:
    """A key that asks its context for its hash."""

    def __init__(self, context: DanaContext) -> None:
        self.context = context

    def __hash__(self) -> int:
        return int(self.context.eval_dana("40 + 2"))

    def __eq__(self, other: object) -> bool:
        return self is other


def test_keys_may_ask_the_context_for_their_hash(context: DanaContext) -> None:
    key = Key(context)
    context.eval_dana("func entry(key):\n    return {1: 'one', key: 'two', (3, key): 'three'}")
    entries: dict[Any, str] = context.call("entry", key)
    assert entries == {1: "one", key: "two", (3, key): "three"}
    assert context.call("set", [key, 2]) == {key, 2}


PLACES = """
enum Place:
    here = 1
    there = 2
func places():
    return {Place.here: 1, Place.there: 2}
"""


def test_members_of_enums_are_keys(context: DanaContext) -> None:
    context.eval_dana(PLACES)
    places = sorted((place.name, number) for place, number in context.call("places").items())
    assert places == [("here", 1), ("there", 2)]


class Listed(set[int]):
    """A set that iterates in code of its own."""

    context: DanaContext

    def __iter__(self) -> Iterator[int]:
        self.context.eval_dana("1")
        return super().__iter__()


def test_a_set_is_read_without_its_own_code(context: DanaContext) -> None:
    numbers = Listed([1, 2])
    numbers.context = context
    assert context.call("sorted", numbers) == [1, 2]


def test_output_and_events_may_come_back(runtime: DanaRuntime) -> None:
    written: list[object] = []
    events: list[str] = []

    def write(text: str) -> None:
        written.append((text, context.ticks > 0))

    def hear(event: Any) -> None:
        if event.context == context.number:
            events.append(event.kind)
            assert context.memory > 0 or context.closed

    with runtime.create_context(output=write) as context, runtime.listen(hear):
        runtime.function("now_known")(lambda: None)
        context.eval_dana("print('one')\nnow_known()\nprint('two')")
        with pytest.raises(ZeroDivisionError):
            context.eval_dana("1 / 0")
    assert "".join(text for text, _ in written) == "one\ntwo\n"
    assert events == ["registered", "host_called", "failed"]


def test_output_needs_python_while_another_thread_waits(runtime: DanaRuntime) -> None:
    written: list[str] = []
    with runtime.create_context(output=written.append) as context:

        def run(number: int) -> None:
            for _ in range(50):
                context.eval_dana(f"print({number})")

        threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            sys.setswitchinterval(interval)
    assert sorted("".join(written).split()) == sorted(str(number) for number in range(4) for _ in range(50))


def test_the_same_program_takes_no_more_memory(context: DanaContext) -> None:
    program = "x = [i for i in range(3)]\nsum(x)"
    for _ in range(100):
        context.eval_dana(program)
    before = context.memory
    for _ in range(10_000):
        context.eval_dana(program)
    assert context.memory <= before


@pytest.mark.parametrize("size", [256 << 10, 512 << 10, 1 << 20])
def test_nested_runs_end_before_the_stack_does(runtime: DanaRuntime, size: int) -> None:
    made: list[DanaContext] = []
    caught: list[BaseException] = []

    def deeper(number: int) -> object:
        context = runtime.create_context(local={"deeper": deeper})
        made.append(context)
        return context.eval_dana(f"deeper({number} + 1)")

    def run() -> None:
        try:
            deeper(0)
        except RecursionError as error:
            caught.append(error)

    before = threading.stack_size(size)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    for context in made:
        context.close()
    assert len(caught) == 1
    assert made


def close(context: DanaContext) -> None:
    context.close()


def leave(context: DanaContext) -> None:
    with context:
        pass


async def aclose(context: DanaContext) -> None:
    await context.aclose()


async def leave_async(context: DanaContext) -> None:
    async with context:
        pass


@pytest.mark.parametrize("end", [close, leave, aclose, leave_async])
@pytest.mark.parametrize("is_awaited", [False, True])
def test_a_context_is_closed_from_inside(
    runtime: DanaRuntime, end: Callable[[DanaContext], Any], is_awaited: bool
) -> None:
    context = runtime.create_context()
    runtime.function("end")(lambda: end(context))
    program = "end()\nwhile True:\n    pass"
    with pytest.raises(errors.DanaCancelledError):
        if is_awaited:
            asyncio.run(context.eval_dana_async(program))
        else:
            context.eval_dana(program)
    assert context.closed
    with pytest.raises(errors.ContextClosedError):
        context.eval_dana("1")


def test_what_is_printed_may_close_the_context(runtime: DanaRuntime) -> None:
    contexts: list[DanaContext] = []
    contexts.append(runtime.create_context(output=lambda _: contexts[0].close()))
    with pytest.raises(errors.DanaCancelledError):
        contexts[0].eval_dana("while True:\n    print(1)")
    assert contexts[0].closed


@pytest.mark.parametrize("is_awaited", [False, True])
def test_a_listener_may_close_the_context(runtime: DanaRuntime, is_awaited: bool) -> None:
    context = runtime.create_context()
    context.eval_dana("func endless():\n    while True:\n        pass")
    with runtime.listen(lambda _: context.close()), pytest.raises(errors.DanaCancelledError):
        if is_awaited:
            asyncio.run(context.call_async("endless"))
        else:
            context.call("endless")
    assert context.closed


@pytest.mark.parametrize("hops", [1, 2, 3, 7])
@pytest.mark.parametrize("is_awaited", [False, True])
def test_contexts_may_call_into_each_other(runtime: DanaRuntime, hops: int, is_awaited: bool) -> None:
    with runtime.create_context() as first, runtime.create_context() as second:
        both = {"first": first, "second": second}

        @runtime.function
        async def awaits(name: str, n: int) -> Any:
            return await both[name].call_async("count", n, awaits)

        @runtime.function
        def calls(name: str, n: int) -> Any:
            return both[name].call("count", n, calls)

        for context, other in ((first, "second"), (second, "first")):
            context.eval_dana(f"func count(n, ask):\n    return 0 if n == 0 else ask('{other}', n - 1) + 1")
        assert first.call("count", hops, calls) == hops
        if is_awaited:
            assert asyncio.run(first.call_async("count", hops, awaits)) == hops
        else:
            assert first.call("count", hops, awaits) == hops


def test_an_error_through_many_levels_has_its_name_once(runtime: DanaRuntime) -> None:
    with runtime.create_context() as context:

        @runtime.function("there_and_back", overwrite=True)
        def there_and_back(level: int) -> object:
            return context.call("f", level)

        context.eval_dana("func f(level): return there_and_back(level + 1)")
        with pytest.raises(RecursionError) as caught:
            context.call("f", 0)
    assert str(caught.value).count("RecursionError") <= 1


def test_a_coroutine_that_a_program_awaits_calls_its_context_without_waiting() -> None:
    async def main() -> list[object]:
        with DanaRuntime().create_context() as context, DanaRuntime().create_context() as other:
            for one in (context, other):
                one.eval_dana("func run(f): return f()\nfunc one(): return 1\nfunc side(fs): return parallel(*fs)")

            async def short() -> object:
                return context.call("one")

            async def suspended() -> object:
                await asyncio.sleep(0)
                return context.eval_dana("one() + 1")

            async def in_a_thread() -> object:
                return await asyncio.to_thread(context.call, "one")

            async def calls_back() -> object:
                return context.call("run", lambda: context.call("one"))

            async def through_another() -> object:
                return await other.call_async("run", short)

            functions = [short, suspended, in_a_thread, calls_back, through_another]
            found = [await context.call_async("run", function) for function in functions]
            assert await context.call_async("side", functions) == found
            return found

    assert asyncio.run(main()) == [1, 2, 1, 1, 1]
    with DanaRuntime().create_context() as context:
        context.eval_dana("func run(f): return f()\nfunc one(): return 1")

        async def short() -> object:
            return context.call("one")

        assert context.call("run", short) == 1


def test_a_coroutine_that_no_program_awaits_waits_for_the_turn() -> None:
    async def main() -> None:
        with DanaRuntime().create_context() as context:
            context.eval_dana("func run(f): return f()\nfunc one(): return 1")
            began, goes_on = asyncio.Event(), asyncio.Event()
            left: list[asyncio.Task[object]] = []

            async def later() -> object:
                await goes_on.wait()
                return context.call("one")

            async def leaves() -> None:
                left.append(asyncio.create_task(later()))

            async def holds() -> None:
                began.set()
                await asyncio.Event().wait()

            await context.call_async("run", leaves)
            task = asyncio.create_task(context.call_async("run", holds))
            await began.wait()
            goes_on.set()
            # It was begun for a turn that is over, and this one is another's.
            with pytest.raises(RuntimeError, match="this has to wait"):
                await left[0]
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert context.call("one") == 1

    asyncio.run(main())
