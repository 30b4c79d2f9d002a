"""Random operations from a printed seed, in threads with loops of their own; nothing is alive afterwards."""

import asyncio
import contextlib
import gc
import os
import random
import threading
import warnings

import bridge_probe
import pytest
from asyncio_runs import fresh, nothing_left


async def operations(dice: random.Random, count: int) -> None:
    """Calls, awaits, cancels, drops, closes."""
    tasks: list[asyncio.Task[object]] = []
    calls = []
    for _ in range(count):
        match dice.randrange(9):
            case 0:
                tasks.append(asyncio.create_task(bridge_probe.elsewhere(object())))
            case 1:
                tasks.append(asyncio.create_task(bridge_probe.sleep(dice.random() / 500)))
            case 2:
                tasks.append(asyncio.create_task(bridge_probe.pass_gate(fresh(), 1)))
            case 3 if tasks:
                dice.choice(tasks).cancel()
            case 4 if tasks:
                await asyncio.wait([dice.choice(tasks)], timeout=0)
            case 5:
                call = bridge_probe.elsewhere(object())
                with contextlib.suppress(StopIteration):  # the worker may be faster
                    call.send(None)
                calls.append(call)
                del call
            case 6 if calls:
                call = calls.pop(dice.randrange(len(calls)))
                if dice.random() < 0.5:
                    call.close()
                del call
            case 7:
                bridge_probe.ready(1)
            case 8:
                tasks.append(asyncio.create_task(bridge_probe.raise_later(ValueError())))
            case _:
                assert await bridge_probe.elsewhere(1) == 1
        if len(tasks) > 100:
            chosen, tasks = tasks[:50], tasks[50:]
            for task in chosen:
                task.cancel()
            await asyncio.gather(*chosen, return_exceptions=True)
    if dice.random() < 0.5:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    else:
        for task in tasks:
            task._log_destroy_pending = False  # type: ignore[attr-defined]


def one_loop(dice: random.Random, count: int) -> None:
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _, context: None)  # errors that nobody asked for are part of the game
    loop.run_until_complete(operations(dice, count))
    loop.close()


def stress(total: int) -> None:
    seed = int(os.environ.get("DANA_SEED", random.randrange(1 << 32)))
    print(f"seed {seed}: set DANA_SEED to it to repeat")
    failures: list[BaseException] = []

    def work(number: int) -> None:
        dice = random.Random(seed + number)
        try:
            for _ in range(total // 400):
                one_loop(dice, 100)
        except BaseException as error:
            failures.append(error)

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="coroutine 'ready' was never awaited")
        with nothing_left():
            threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert failures == []
            gc.collect()
            bridge_probe.take_journal()


def test_twenty_thousand_operations() -> None:
    stress(20_000)


@pytest.mark.slow
def test_half_a_million_operations() -> None:
    stress(500_000)
