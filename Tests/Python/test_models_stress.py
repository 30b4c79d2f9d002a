"""Threads and event loops that ask models at once, with cancellations at random: all ends, full and idle."""

import asyncio
import random
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from opendxa.dana import errors

if TYPE_CHECKING:
    from opendxa.dana.types import AsyncLanguageModel, LanguageModel, LanguageModels

SAY: dict[str, Any] = {"extra": {"say": "words"}}


async def use(models: "LanguageModels", numbers: random.Random) -> str:
    """One thing that a coroutine does with a model, cancelled or not, and how it ended."""
    deed = numbers.choice(["ask", "stream", "leave", "hold", "fail"])
    task = asyncio.ensure_future(_deed(deed, models.get_async))
    if numbers.random() < 0.4:
        for _ in range(numbers.randrange(12)):
            await asyncio.sleep(0)
        task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return f"{deed}: cancelled"
    except errors.LanguageModelError as error:
        return f"{deed}: {error.code}"
    return deed


async def _deed(deed: str, get: Any) -> None:
    say: AsyncLanguageModel = get("say")
    match deed:
        case "ask":
            assert await say.reason("Q", **SAY) == "words"
        case "stream":
            assert [piece async for piece in say.stream("Q", **SAY)] == ["words"]
        case "leave":
            async with get("endless").stream("Q") as stream:
                await anext(stream)
        case "hold":
            async with say as lent:
                await lent.chat("Q", **SAY)
        case "fail":
            await get("500").reason("Q")


def use_thread(models: "LanguageModels", numbers: random.Random) -> str:
    """One thing that a thread does."""
    say: LanguageModel = models.get("say")
    match numbers.randrange(3):
        case 0:
            assert say.reason("Q", **SAY) == "words"
        case 1:
            with models.get("endless").stream("Q") as stream:
                next(stream)
        case _:
            with say as lent:
                assert "".join(lent.stream("Q", **SAY)) == "words"
    return "thread"


def exercise(models: "LanguageModels", seed: int, seconds: float) -> Counter[str]:
    """Threads and loops at once, until the time is over."""
    ends: Counter[str] = Counter()
    failures: list[BaseException] = []
    until = time.monotonic() + seconds

    async def loop(numbers: random.Random) -> None:
        while time.monotonic() < until:
            ends.update(await asyncio.gather(*(use(models, numbers) for _ in range(12))))
        assert len(asyncio.all_tasks()) == 1

    def run(number: int) -> None:
        numbers = random.Random(seed * 100 + number)
        try:
            if number % 2:
                asyncio.run(loop(numbers))
            else:
                while time.monotonic() < until:
                    ends.update([use_thread(models, numbers)])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for name in ("say", "endless", "500"):
        figures = models.get(name).statistics
        assert (figures["leased"], figures["waiting"], figures["leaked"]) == (0, 0, 0), name
        assert figures["lent"] == figures["returned"], name
    assert models.get("say").reason("Q", **SAY) == "words"
    return ends


def test_everything_at_once_ends_full_and_idle(faulty: "LanguageModels") -> None:
    ends = exercise(faulty, 1, 2.0)
    assert ends["thread"] and ends["ask"] and ends["stream"] and ends["leave"], ends
    assert any("cancelled" in end for end in ends), ends
    assert ends["fail: server_failed"], ends


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 5))
def test_everything_at_once_for_long(faulty: "LanguageModels", seed: int) -> None:
    exercise(faulty, seed, 20.0)
