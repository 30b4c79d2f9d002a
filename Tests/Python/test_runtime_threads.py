"""Where Dana and the Python that it calls run, and how what waits is stopped."""

import asyncio
import contextlib
import contextvars
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from opendxa.dana import DanaContext, DanaRuntime, errors

number: contextvars.ContextVar[int] = contextvars.ContextVar("number", default=0)


def test_python_is_called_on_the_callers_thread_after_an_await_too(runtime: DanaRuntime, context: DanaContext) -> None:
    threads = []
    database = sqlite3.connect(":memory:")  # refuses every thread but its own
    token = number.set(7)

    @runtime.function
    async def waits(value: int) -> int:
        await asyncio.sleep(0)
        assert number.get() == 7
        return value

    @runtime.function
    def works(value: int) -> int:
        threads.append(threading.get_ident())
        assert number.get() == 7
        return int(database.execute("select ? + 1", (value,)).fetchone()[0])

    try:
        assert context.eval_dana("[works(waits(1)), works(waits(2)), sum(parallel_map(waits, [1, 2, 3]))]") == [2, 3, 6]
    finally:
        number.reset(token)
        database.close()
    assert threads == [threading.get_ident()] * 2


def test_an_interruption_runs_the_cleanup_and_is_raised_then(runtime: DanaRuntime, context: DanaContext) -> None:
    cleaned = []
    unwound = threading.Event()

    @runtime.function
    async def never() -> None:
        threading.Timer(0, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            await asyncio.Event().wait()
        finally:
            unwound.set()

    runtime.function("clean")(lambda: cleaned.append(threading.get_ident()))
    with pytest.raises(KeyboardInterrupt):
        context.eval_dana("try:\n    never()\nfinally:\n    clean()")
    assert cleaned == [threading.get_ident()]
    assert unwound.is_set()
    assert context.eval_dana("1 + 1") == 2


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("program", ["print(1)", "while True:\n    print(1)"])
@pytest.mark.parametrize("is_awaited", [False, True])
def test_what_ends_python_ends_the_run_whose_output_it_hits(
    runtime: DanaRuntime, ending: type[BaseException], program: str, is_awaited: bool
) -> None:
    def output(_: str) -> None:
        raise ending

    with runtime.create_context(output=output) as context:
        with pytest.raises(ending):
            if is_awaited:
                asyncio.run(context.eval_dana_async(program))
            else:
                context.eval_dana(program)
        assert context.eval_dana("1 + 1") == 2


def test_a_thread_whose_loop_runs_may_not_wait(runtime: DanaRuntime, context: DanaContext) -> None:
    @runtime.function
    async def waits() -> int:
        return 1

    async def main() -> None:
        with pytest.raises(RuntimeError, match=r"would block this thread's running event loop: await eval_dana_async"):
            context.eval_dana("waits()")
        assert await context.eval_dana_async("waits()") == 1

    with pytest.warns(RuntimeWarning, match="never awaited"):
        asyncio.run(main())


def test_a_thread_whose_loop_runs_may_not_wait_for_an_item_or_a_turn(runtime: DanaRuntime, context: DanaContext) -> None:
    @runtime.function
    async def waits() -> int:
        await asyncio.sleep(0)
        return 1

    async def main() -> None:
        items = context.eval_dana("func items():\n    yield waits()\nitems()")
        with pytest.raises(errors.DanaRuntimeError, match=r"this has to wait, .* or go through the items with `async for`"):
            list(items)
        running = asyncio.ensure_future(context.eval_dana_async("while waits() == 1:\n    pass"))
        await asyncio.sleep(0)
        with pytest.raises(errors.DanaRuntimeError, match="this has to wait, which would block"):
            context.eval_dana("1")
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    with pytest.warns(RuntimeWarning, match="never awaited"):
        asyncio.run(main())


@pytest.mark.parametrize("fails", [False, True])
def test_a_context_closed_on_its_loops_thread_ends_when_its_task_has(runtime: DanaRuntime, fails: bool) -> None:
    unwound: list[str] = []

    async def main() -> None:
        begun = asyncio.Event()

        async def waits() -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                unwound.append("coroutine")

        context = runtime.create_context(local={"waits": waits, "note": unwound.append})
        running = asyncio.ensure_future(context.eval_dana_async("try:\n    waits()\nfinally:\n    note('program')"))
        await begun.wait()
        if fails:
            with pytest.raises(KeyError, match="mine"), pytest.warns(RuntimeWarning, match="async with"), context:
                raise KeyError("mine")
        else:
            with pytest.raises(errors.DanaRuntimeError, match=r"write `async with`, or await aclose\(\)"), context:
                pass
        assert context.closed
        with pytest.raises(errors.ContextClosedError):
            context.eval_dana("1")
        with pytest.raises(errors.DanaCancelledError):
            await running
        with pytest.raises(errors.ContextClosedError):
            await context.eval_dana_async("1")
        await context.aclose()

    asyncio.run(main())
    assert unwound == ["coroutine", "program"]


def test_what_runs_inside_a_call_is_cancelled_alone(runtime: DanaRuntime, context: DanaContext) -> None:
    context.eval_dana(
        "func endless():\n    try:\n        while True:\n            pass\n    finally:\n        public:cleaned = 1"
    )

    @runtime.function
    async def impatient() -> str:
        try:
            await asyncio.wait_for(context.call_async("endless"), 0.05)
        except TimeoutError:
            return "stopped"
        return "ended"

    async def main() -> object:
        return await context.eval_dana_async("[impatient(), public:cleaned, 40 + 2]")

    assert asyncio.run(main()) == ["stopped", 1, 42]


def test_cancelling_the_outer_task_ends_what_runs_inside(runtime: DanaRuntime, context: DanaContext) -> None:
    context.eval_dana("func endless():\n    while True:\n        pass")
    ended = []

    async def main() -> None:
        inside = asyncio.Event()

        @runtime.function
        async def outer() -> object:
            inside.set()
            try:
                return await context.call_async("endless")
            finally:
                ended.append(True)

        task = asyncio.create_task(context.eval_dana_async("outer()"))
        await inside.wait()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await context.eval_dana_async("1 + 1") == 2

    asyncio.run(main())
    assert ended == [True]


@pytest.mark.parametrize("stop", [DanaContext.cancel, DanaContext.close], ids=["cancel", "close"])
def test_what_waits_is_stopped_at_once(
    runtime: DanaRuntime, context: DanaContext, stop: Callable[[DanaContext], None]
) -> None:
    waits = threading.Event()

    @runtime.function
    async def never() -> None:
        waits.set()
        await asyncio.Event().wait()

    def end() -> None:
        waits.wait()
        stop(context)

    stopper = threading.Thread(target=end)
    stopper.start()
    with pytest.raises(errors.DanaCancelledError):
        context.eval_dana("never()")
    stopper.join()


def test_two_contexts_may_call_into_each_other(runtime: DanaRuntime) -> None:
    with runtime.create_context() as first, runtime.create_context() as second:
        runtime.function("there")(lambda: second.eval_dana("back() + 1"))
        runtime.function("back")(lambda: first.eval_dana("40 + 1"))
        assert first.eval_dana("there()") == 42


def test_others_run_python_while_dana_calls_it_in_a_loop(runtime: DanaRuntime, context: DanaContext) -> None:
    seen = threading.Event()
    runtime.function("done")(seen.is_set)
    threading.Timer(0, seen.set).start()
    context.eval_dana("while not done():\n    pass")
    assert seen.is_set()


def test_a_coroutine_that_never_ends_does_not_hold_up_the_exit() -> None:
    program = """
import asyncio, threading
from opendxa.dana import DanaRuntime
runtime = DanaRuntime()
waits = threading.Event()
@runtime.function
async def never():
    waits.set()
    try:
        await asyncio.Event().wait()
    finally:
        print("unwound", flush=True)
context = runtime.create_context()
threading.Thread(target=context.eval_dana, args=("never()",), daemon=True).start()
waits.wait()
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "unwound\n"


@pytest.mark.slow  # the time of grace
@pytest.mark.parametrize("is_awaited", [False, True])
def test_a_coroutine_that_heeds_no_cancellation_is_left_alone(runtime: DanaRuntime, is_awaited: bool) -> None:
    ended = threading.Event()

    @runtime.function
    async def stubborn() -> None:
        while not ended.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)

    async def awaits(context: DanaContext) -> None:
        try:
            await context.eval_dana_async("stubborn()")
        finally:
            ended.set()

    with runtime.create_context(timeout="100ms") as context:
        with pytest.raises(errors.TimeLimitExceeded), pytest.warns(RuntimeWarning, match="no longer waits for it"):
            if is_awaited:
                asyncio.run(awaits(context))
            else:
                context.eval_dana("stubborn()")
        ended.set()
