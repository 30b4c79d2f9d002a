"""Functions of Python's that a program waits for when its context is to stop: they are interrupted where Python allows."""

import asyncio
import itertools
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator

import pytest

from opendxa.dana import DanaContext, DanaRuntime, errors

Stop = Callable[[DanaContext], None]

STOPS: dict[str, tuple[Stop, str]] = {
    "cancel": (lambda context: context.cancel("enough"), "the run was cancelled: enough"),
    "close": (lambda context: context.close(), "the run was cancelled: the context is closed"),
}


class Spinner:
    """Runs until it is interrupted, and then so often again."""

    def __init__(self, again: int = 0) -> None:
        self.began = threading.Event()
        self.interrupts: list[type[BaseException]] = []
        self._again = again

    def __call__(self) -> str:
        self.began.set()
        while True:
            try:
                while True:
                    pass
            except BaseException as error:
                self.interrupts.append(type(error))
                if len(self.interrupts) > self._again:
                    raise


def stopped_beside(context: DanaContext, spinner: Spinner, stop: Stop) -> threading.Thread:
    """Stops a context on another thread, once the spinner has begun."""

    def work() -> None:
        spinner.began.wait()
        stop(context)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


@pytest.mark.parametrize("name", STOPS)
@pytest.mark.parametrize("again", [0, 2])
def test_a_function_that_does_not_end_is_interrupted(name: str, again: int) -> None:
    stop, message = STOPS[name]
    spinner = Spinner(again)
    with DanaRuntime().create_context(local={"spin": spinner}) as context:
        thread = stopped_beside(context, spinner, stop)
        with pytest.raises(errors.DanaCancelledError, match=message):
            context.eval_dana("spin()")
        thread.join()
        # Nothing of it is left for what comes then.
        for _ in range(100_000):
            pass
        assert spinner.interrupts == [errors.DanaCancelledError] * (again + 1)
        if not context.closed:
            assert context.eval_dana("1 + 1") == 2


def test_a_function_that_swallows_its_interrupt_ends_its_run_all_the_same() -> None:
    began = threading.Event()

    def swallows() -> int:
        began.set()
        try:
            while True:
                pass
        except errors.DanaCancelledError:
            return 1

    with DanaRuntime().create_context(local={"swallows": swallows}) as context:
        threading.Thread(target=lambda: (began.wait(), context.cancel("enough"))).start()
        with pytest.raises(errors.DanaCancelledError, match="enough"):
            context.eval_dana("x = swallows()\nwhile true: pass")


def test_an_awaited_program_has_its_functions_interrupted() -> None:
    async def main() -> None:
        spinner = Spinner()
        async with DanaRuntime().create_context(local={"spin": spinner}, timeout="100ms") as context:
            with pytest.raises(errors.TimeLimitExceeded):
                await context.eval_dana_async("spin()")
        assert spinner.interrupts == [errors.DanaCancelledError]

    asyncio.run(main())


def test_a_function_that_ends_soon_is_not_interrupted() -> None:
    done: list[str] = []

    def cancels() -> None:
        context.cancel("enough")
        done.extend(str(number) for number in range(10_000))

    with DanaRuntime().create_context(local={"cancels": cancels}) as context:
        with pytest.raises(errors.DanaCancelledError, match="enough"):
            context.eval_dana("cancels()\nwhile true: pass")
    assert len(done) == 10_000


def test_a_function_inside_another_context_is_interrupted_for_the_outer_one() -> None:
    spinner = Spinner()
    runtime = DanaRuntime()
    with runtime.create_context(local={"spin": spinner}) as inner, runtime.create_context() as outer:
        outer.eval_dana("func run(f): return f()")
        thread = stopped_beside(outer, spinner, lambda context: context.cancel("enough"))
        with pytest.raises(errors.DanaCancelledError, match="enough"):
            outer.call("run", lambda: inner.eval_dana("spin()"))
        thread.join()
        assert inner.eval_dana("1 + 1") == outer.eval_dana("1 + 1") == 2


def test_what_waits_inside_of_c_ends_before_its_interrupt() -> None:
    began = threading.Event()

    def waits() -> None:
        began.set()
        time.sleep(0.5)

    with DanaRuntime().create_context(local={"waits": waits}) as context:
        threading.Thread(target=lambda: (began.wait(), context.cancel("enough"))).start()
        with pytest.raises(errors.DanaCancelledError, match="enough"):
            context.eval_dana("waits()")


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("sum(items())", 499500),
        ("max(items())", 999),
        ("len(list(items()))", 1000),
        ("sorted(items(), reverse=true)[0]", 999),
        ("5 in items()", True),
        ("5000 in items()", False),
        ("any(numbers())", True),
        ("dict(pairs())['b']", 2),
        ("min(3, items_of_three)", 3),
    ],
)
def test_iterators_with_an_end_are_gone_through(program: str, expected: object) -> None:
    functions = {
        "items": lambda: iter(range(1000)),
        "numbers": lambda: itertools.count(),
        "pairs": lambda: iter([("a", 1), ("b", 2)]),
        "items_of_three": 3.5,
    }
    with DanaRuntime().create_context(local=functions) as context:
        assert context.eval_dana(program) == expected


def test_an_iterator_has_no_more_items_than_there_is_room_for() -> None:
    with DanaRuntime().create_context(local={"endless": itertools.count}, max_memory="1MB") as context:
        with pytest.raises(MemoryError, match="there is no room for more than 125000 items of an iterator"):
            context.eval_dana("list(endless())")
        assert context.eval_dana("any(endless())") is True


SLOW = """\
func slow():
    while true:
        pass
func main(f):
    f()
func side():
    parallel(slow, slow)
func bad():
    return 1 / 0
func later():
    try:
        parallel(bad, side)
    except ZeroDivisionError:
        slow()
"""
PLACES = [("main", 5), ("slow", 2)]


def dana_places(error: BaseException) -> list[tuple[str, int]]:
    """The frames of a traceback that are places in Dana."""
    frames = traceback.extract_tb(error.__traceback__)
    return [(frame.name, frame.lineno or 0) for frame in frames if frame.filename == "slow.na"]


def when_running(context: DanaContext, act: Callable[[], object]) -> None:
    """Does something from another thread when a program has run for a while."""

    def acts() -> None:
        while context.ticks < 100_000:
            time.sleep(0.001)
        act()

    threading.Thread(target=acts, daemon=True).start()


@pytest.fixture
def slow() -> Iterator[DanaContext]:
    with DanaRuntime().create_context() as context:
        context.eval_dana(SLOW, name="slow.na")
        yield context


def test_what_a_signal_raises_tells_where_the_program_was(slow: DanaContext) -> None:
    def late(*_: object) -> None:
        raise TimeoutError("too long")

    before = signal.signal(signal.SIGALRM, late)
    try:
        when_running(slow, lambda: os.kill(os.getpid(), signal.SIGALRM))
        with pytest.raises(TimeoutError) as caught:
            slow.call("main", slow.function("slow"))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert dana_places(caught.value) == PLACES
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "late"


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
def test_what_ends_python_tells_where_the_program_was(slow: DanaContext, ending: type[BaseException]) -> None:
    def ends() -> None:
        raise ending

    with pytest.raises(ending) as caught:
        slow.call("main", ends)
    assert dana_places(caught.value) == PLACES[:1]
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "ends"


@pytest.mark.parametrize("is_awaited", [False, True])
def test_what_a_callback_ends_tells_where_the_program_was(is_awaited: bool) -> None:
    def output(_: str) -> None:
        raise KeyboardInterrupt

    with DanaRuntime().create_context(output=output) as context:
        context.eval_dana("func main():\n    while true:\n        print(1)", name="slow.na")
        with pytest.raises(KeyboardInterrupt) as caught:
            if is_awaited:
                asyncio.run(context.call_async("main"))
            else:
                context.call("main")
    assert dana_places(caught.value)[0][0] == "main"
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "output"


def test_a_cancelled_task_tells_where_the_program_was(slow: DanaContext) -> None:
    async def main() -> asyncio.CancelledError:
        began = asyncio.Event()

        async def waits() -> None:
            began.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(slow.call_async("main", waits))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        return caught.value

    assert dana_places(asyncio.run(main())) == PLACES[:1]


@pytest.mark.parametrize(
    ("program", "places"),
    [("main(slow)", PLACES), ("side()", [("side", 7), ("slow", 2)]), ("later()", [("later", 14), ("slow", 2)])],
)
def test_a_cancelled_run_tells_where_it_was(
    slow: DanaContext, program: str, places: list[tuple[str, int]]
) -> None:
    when_running(slow, lambda: slow.cancel("enough"))
    with pytest.raises(errors.DanaCancelledError, match="the run was cancelled: enough") as caught:
        slow.eval_dana(program)
    assert dana_places(caught.value) == places
    assert [(place.function, place.line) for place in caught.value.stack if place.source == "slow.na"] == places
