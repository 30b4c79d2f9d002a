"""Deadlines cross: one set in Swift is seen by the Python it awaits, one set in Python by the Swift it awaits."""

import asyncio
import time

import bridge_probe
import pytest
from asyncio_runs import Run, nothing_left, on_every_loop

pytestmark = on_every_loop
LONG = 1000.0


def left() -> float | None:
    instant = bridge_probe.deadline_variable.get(None)
    return None if instant is None else instant - time.monotonic()


def test_without_one_there_is_none(run: Run) -> None:
    async def main() -> None:
        assert await bridge_probe.remaining() is None
        assert left() is None

    run(main)


def test_swifts_deadline_is_seen_in_python_and_in_swift_below(run: Run) -> None:
    async def look() -> tuple[float | None, float | None]:
        await asyncio.sleep(0)
        return left(), await bridge_probe.remaining()

    async def main() -> None:
        for seconds in await bridge_probe.under_deadline(LONG, look):
            assert seconds is not None
            assert 0 < seconds <= LONG
        assert left() is None

    with nothing_left():
        run(main)


def test_pythons_deadline_is_seen_in_swift(run: Run) -> None:
    async def main() -> None:
        token = bridge_probe.deadline_variable.set(time.monotonic() + LONG)
        remaining = await bridge_probe.remaining()
        assert remaining is not None
        assert 0 < remaining <= LONG
        bridge_probe.deadline_variable.reset(token)
        assert await bridge_probe.remaining() is None

    run(main)


def test_the_earlier_deadline_holds(run: Run) -> None:
    async def main() -> None:
        bridge_probe.deadline_variable.set(time.monotonic() + LONG)
        remaining = await bridge_probe.under_deadline(10 * LONG, bridge_probe.remaining)
        assert remaining is not None
        assert remaining <= LONG

    run(main)


def test_at_the_deadline_python_is_cancelled_and_waited_for(run: Run) -> None:
    async def main() -> None:
        seen: list[str] = []

        async def slow() -> None:
            seen.append("begun")
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.sleep(0)
                seen.append("unwound")
                raise

        # On a machine that has other things to do, the first deadlines may pass before Python has begun.
        for seconds in (0.01, 0.1, 1, 10):
            with pytest.raises(TimeoutError, match="deadline"):
                await bridge_probe.under_deadline(seconds, slow)
            if seen:
                break
        assert seen == ["begun", "unwound"]

    with nothing_left():
        run(main)


def test_what_is_done_in_time_gives_its_value(run: Run) -> None:
    async def quick() -> str:
        return "done"

    async def main() -> None:
        assert await bridge_probe.under_deadline(LONG, quick) == "done"

    with nothing_left():
        run(main)
