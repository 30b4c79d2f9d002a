"""Swift streams to Python: order, back-pressure, ends and early leaving."""

import asyncio
from contextlib import aclosing

import bridge_probe
import pytest
from asyncio_runs import Run, fresh, journal, nothing_left, on_asyncio, on_every_loop, turns, until


@on_every_loop
@pytest.mark.parametrize(("limit", "buffer"), [(0, 1), (1, 1), (5, 1), (64, 64), (65, 64), (1000, 7)])
def test_every_element_in_order(run: Run, limit: int, buffer: int) -> None:
    async def main() -> None:
        assert [i async for i in bridge_probe.count(limit, buffer)] == list(range(limit))

    with nothing_left():
        run(main)


@on_every_loop
def test_an_error_comes_after_the_elements(run: Run) -> None:
    error = LookupError("the end")

    async def main() -> None:
        seen = []
        stream = bridge_probe.count_and_fail(10, error)
        with pytest.raises(LookupError) as caught:
            async for i in stream:
                seen.append(i)
        assert caught.value is error
        assert seen == list(range(10))
        with pytest.raises(StopAsyncIteration):
            await anext(stream)

    run(main)


@on_every_loop
def test_the_source_waits_while_nobody_reads(run: Run) -> None:
    async def main() -> None:
        name = fresh("source")
        stream = bridge_probe.count_aloud(name, 1000, 8)
        assert journal() == []
        assert await anext(stream) == 0
        await turns(20)
        made = [line for line in journal() if line.startswith(name)]
        assert 1 <= len(made) <= 2 * 8 + 1
        await stream.aclose()

    with nothing_left():
        run(main)


@on_every_loop
def test_leaving_early_closes_the_source(run: Run) -> None:
    async def main() -> None:
        name = fresh("left")
        async for i in bridge_probe.count_aloud(name, 10**9, 4):
            if i == 10:
                break
        seen: list[str] = []
        await until(lambda: seen.extend(journal()) or f"{name} gone" in seen)

        name = fresh("closed")
        async with aclosing(bridge_probe.count_aloud(name, 10**9, 4)) as stream:
            assert await anext(stream) == 0
        assert f"{name} gone" in journal()
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        await stream.aclose()

    with nothing_left():
        run(main)


@on_every_loop
def test_a_cancelled_read_loses_nothing(run: Run) -> None:
    async def main() -> None:
        name = fresh()
        stream = bridge_probe.gated(name)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(stream), 0.01)
        bridge_probe.open_gate(name)
        assert [i async for i in stream] == [1]

    with nothing_left():
        run(main)


@on_every_loop
def test_closing_stops_a_source_that_waits(run: Run) -> None:
    async def main() -> None:
        name = fresh("waiting")
        stream = bridge_probe.gated(name)
        task = asyncio.ensure_future(anext(stream))
        await turns()
        await stream.aclose()
        with pytest.raises(StopAsyncIteration):
            await task
        assert f"{name} cancelled" in journal()

    with nothing_left():
        run(main)


@on_every_loop
def test_two_readers_at_once_are_refused(run: Run) -> None:
    async def main() -> None:
        name = fresh()
        stream = bridge_probe.gated(name)
        first = asyncio.ensure_future(anext(stream))
        await turns()
        with pytest.raises(RuntimeError, match="already"):
            await anext(stream)
        bridge_probe.open_gate(name)
        assert await first == 1

    run(main)


def test_an_item_is_awaited_once() -> None:
    async def main() -> None:
        stream = bridge_probe.count(10)
        await anext(stream)
        item = stream.__anext__()
        other = stream.__anext__()
        assert (await item, await other) == (1, 2)
        with pytest.raises(RuntimeError, match="already awaited"):
            await item

    on_asyncio(main)


def test_a_stream_nobody_reads_starts_nothing() -> None:
    name = fresh("never")
    with nothing_left():
        bridge_probe.count_aloud(name, 10)
    assert journal() == []
