"""Threads, event loops, contexts and cancellations at once: everything ends, and nothing of it remains."""

import asyncio
import random
import threading
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


@pytest.mark.parametrize("seed", range(3))
def test_loops_in_threads_with_cancellations(seed: int) -> None:
    outcomes: Counter[str] = Counter()
    lock = threading.Lock()

    async def one(context: DanaContext, numbers: random.Random) -> str:
        async def waits(value: int) -> int:
            await asyncio.sleep(numbers.random() * 0.002)
            return value

        task = asyncio.ensure_future(context.call_async("through", waits, 5))
        if numbers.random() < 0.4:
            await asyncio.sleep(numbers.random() * 0.002)
            task.cancel()
        try:
            assert await task == 5
        except asyncio.CancelledError:
            return "cancelled"
        return "value"

    async def main(number: int) -> None:
        numbers = random.Random(seed * 100 + number)
        for _ in range(5):
            async with DanaRuntime().create_context() as context:
                context.eval_dana(PROGRAM)
                ends = await asyncio.gather(*(one(context, numbers) for _ in range(20)))
                assert await context.call_async("total", 10) == 45
            with lock:
                outcomes.update(ends)
        assert len(asyncio.all_tasks()) == 1

    threads = [threading.Thread(target=asyncio.run, args=(main(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes["value"] + outcomes["cancelled"] == 4 * 5 * 20
    assert outcomes["value"] and outcomes["cancelled"]


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
