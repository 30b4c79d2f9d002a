"""Threads, event loops, contexts and cancellations at once: everything ends, and nothing of it remains."""

import asyncio
import gc
import os
import random
import threading
import time
import weakref
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaRuntime, errors

PROGRAM = """
private:calls = 0

func note():
    private:calls += 1
    return private:calls

func total(n):
    result = 0
    for i in range(n):
        result += i
    return result

func through(f, value):
    return f(value)

func fails(value):
    return 1 // value

func spins(began):
    began()
    while true: pass
"""


@pytest.mark.parametrize("seed", range(4))
def test_one_context_from_many_threads(seed: int) -> None:
    numbers = random.Random(seed)
    plans = [[numbers.choice(["total", "through", "fails", "note"]) for _ in range(60)] for _ in range(6)]
    with DanaRuntime().create_context() as context:
        context.eval_dana(PROGRAM)

        def work(plan: list[str]) -> Counter[str]:
            done: Counter[str] = Counter()
            for name in plan:
                match name:
                    case "total":
                        assert context.call("total", 100) == 4950
                    case "through":
                        assert context.call("through", lambda value: value + 1, 1) == 2
                    case "fails":
                        with pytest.raises(ZeroDivisionError):
                            context.call("fails", 0)
                    case "note":
                        context.call("note")
                done[name] += 1
            return done

        with ThreadPoolExecutor(len(plans)) as pool:
            done = sum(pool.map(work, plans), Counter())
        assert done == Counter(name for plan in plans for name in plan)
        assert context.call("note") == done["note"] + 1


def test_contexts_in_threads_end_when_they_are_cancelled_or_closed() -> None:
    ends: list[str] = []

    def spin(context: DanaContext, began: threading.Event) -> None:
        try:
            context.call("spins", began.set)
        except (errors.DanaCancelledError, errors.ContextClosedError) as error:
            ends.append(type(error).__name__)

    threads = []
    for number in range(8):
        context = DanaRuntime().create_context()
        context.eval_dana(PROGRAM)
        began = threading.Event()
        thread = threading.Thread(target=spin, args=(context, began))
        thread.start()
        began.wait()
        if number % 2:
            context.close()
        threads.append((thread, context))
    for thread, context in threads:
        context.cancel("the test is over")
        thread.join()
        context.close()
    assert len(ends) == 8


class Callback:
    """Something of Python's that programs are given; what is left of them is counted."""

    def __init__(self, numbers: random.Random) -> None:
        self._turns = numbers.randrange(4)

    async def __call__(self, value: int) -> int:
        for _ in range(self._turns):
            await asyncio.sleep(0)
        return value


ENDS = (asyncio.CancelledError, errors.DanaCancelledError, errors.ContextClosedError, errors.LimitExceeded)


async def use(context: DanaContext, numbers: random.Random, given: "weakref.WeakSet[Callback]") -> str:
    """One thing that is done with a context, and how it ended."""
    callback = Callback(numbers)
    given.add(callback)
    deed = numbers.choice(["call", "through", "spin", "cancel task", "cancel context", "close"])
    loop = asyncio.get_running_loop()
    try:
        match deed:
            case "call":
                assert await context.call_async("total", 100) == 4950
            case "through":
                assert await context.call_async("through", callback, 5) == 5
            case "spin":
                began = loop.create_future()
                task = asyncio.ensure_future(context.call_async("spins", lambda: began.set_result(None)))
                await asyncio.wait([task, began], return_when=asyncio.FIRST_COMPLETED)
                task.cancel()
                await task
            case "cancel task":
                task = asyncio.ensure_future(context.call_async("through", callback, 5))
                for _ in range(numbers.randrange(4)):
                    await asyncio.sleep(0)
                task.cancel()
                await task
            case "cancel context":
                context.cancel("by chance")
            case "close":
                await context.aclose()
    except ENDS as error:
        return f"{deed}: {type(error).__name__}"
    return deed


@pytest.mark.parametrize("seed", range(4))
def test_everything_at_once_leaves_nothing_alive(seed: int) -> None:
    print(f"seed {seed}")
    given: weakref.WeakSet[Callback] = weakref.WeakSet()
    ends: Counter[str] = Counter()
    events: Counter[str] = Counter()
    failures: list[BaseException] = []
    runtime = DanaRuntime(shared=False)

    async def main(numbers: random.Random) -> None:
        for _ in range(4):
            contexts = [runtime.create_context(max_ticks=10_000_000) for _ in range(3)]
            for context in contexts:
                context.eval_dana(PROGRAM)
            uses = [use(numbers.choice(contexts), numbers, given) for _ in range(25)]
            ends.update(await asyncio.gather(*uses))
            for context in contexts:
                await context.aclose()
        assert len(asyncio.all_tasks()) == 1

    def run(number: int) -> None:
        try:
            asyncio.run(main(random.Random(seed * 100 + number)))
        except BaseException as error:
            failures.append(error)

    def alive() -> tuple[set[threading.Thread], int]:
        gc.collect()
        # The package's own workers, which stay, are dummies to Python once some code of it has run on them.
        threads = {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}
        return threads, len(os.listdir("/proc/self/fd"))

    with runtime.listen(lambda event: events.update([event.kind])):
        run(99)  # starts what stays for the whole process
        before = alive()
        threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert sum(ends.values()) == 5 * 4 * 25
    assert ends["through"] and ends["spin: CancelledError"] and ends["close"], ends
    assert events["context_created"] == events["context_closed"] == 5 * 4 * 3
    # What is cancelled ends on workers, in a moment; what others have left to end may end meanwhile.
    deadline = time.monotonic() + 30
    while not ((after := alive())[0] <= before[0] and after[1] <= before[1]):
        assert time.monotonic() < deadline, (before, after)
    assert len(given) == 0
    runtime.close()


def test_many_contexts_leave_nothing_behind() -> None:
    runtime = DanaRuntime(shared=False)
    events: Counter[str] = Counter()

    def count(event: Any) -> None:
        events[event.kind] += 1

    with runtime.listen(count):
        for number in range(300):
            context = runtime.create_context()
            context.eval_dana(PROGRAM)
            assert context.call("total", number) == number * (number - 1) // 2
            context.close()
    assert events["context_created"] == events["context_closed"] == 300
