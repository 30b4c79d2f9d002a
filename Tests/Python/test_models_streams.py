"""Answers that arrive bit by bit, for threads and for event loops."""

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from model_servers import FaultServer

from opendxa.dana import DanaRuntime, DanaSandbox, dana, errors
from opendxa.dana.types import AsyncTextStream, TextStream

if TYPE_CHECKING:
    from opendxa.dana.types import LanguageModels


@pytest.mark.usefixtures("engine")
def test_pieces_join_to_the_answer() -> None:
    llm = dana.get_llm()
    stream = llm.stream("Count to five.", max_tokens=6)
    assert stream.result is None
    pieces = list(stream)
    assert len(pieces) > 1
    assert stream.result is not None
    assert "".join(pieces) == stream.text == stream.result
    assert stream.result.usage.output == 6
    assert stream.result.finish_reason == "length"
    first = stream.result.timing.first_token
    assert first is not None and 0 < first <= stream.result.timing.total
    assert list(stream) == []
    assert llm.statistics["leased"] == 0


@pytest.mark.usefixtures("engine")
def test_pieces_for_an_event_loop() -> None:
    async def main() -> None:
        async with dana.get_llm_async() as llm:
            stream = llm.stream("Count to five.", max_tokens=6)
            pieces = [piece async for piece in stream]
            assert stream.result is not None
            assert "".join(pieces) == stream.text == stream.result
            assert [piece async for piece in stream] == []
            assert llm.statistics["leased"] == 1
        assert llm.statistics["leased"] == 0

    asyncio.run(main())


@pytest.mark.usefixtures("engine")
def test_a_stream_of_a_conversation() -> None:
    messages = [{"role": "user", "content": "Say hi."}]
    with dana.get_llm().stream(messages, max_tokens=2) as stream:
        assert "".join(stream) == stream.text != ""


@pytest.mark.usefixtures("engine")
def test_leaving_the_embedded_model_early_lets_others_in() -> None:
    llm = dana.get_llm()
    for _ in range(llm.statistics["limit"] + 1):
        with llm.stream("Write a long story.", max_tokens=400) as stream:
            next(stream)
    assert llm.statistics["leased"] == 0
    assert llm.reason("Say hi.", max_tokens=1).usage.output == 1


def test_leaving_a_stream_ends_the_request(faulty: "LanguageModels", fault_server: FaultServer) -> None:
    llm = faulty.get("endless")
    with llm.stream("Go on.", extra={"user": "left"}) as stream:
        assert next(stream) == "again "
        assert llm.statistics["leased"] == 1
    assert fault_server.get("/closed?tag=left")["nanoseconds"] > 0
    assert llm.statistics["leased"] == 0
    assert stream.result is None

    stream = llm.stream("Go on.", extra={"user": "forgotten"})
    next(stream)
    del stream
    assert fault_server.get("/closed?tag=forgotten")["nanoseconds"] > 0
    assert llm.statistics["leased"] == 0


def test_a_coroutine_that_leaves_ends_the_request(faulty: "LanguageModels", fault_server: FaultServer) -> None:
    llm = faulty.get_async("endless")

    async def main() -> None:
        async with llm.stream("Go on.", extra={"user": "left later"}) as stream:
            assert await anext(stream) == "again "
        assert await asyncio.to_thread(fault_server.get, "/closed?tag=left+later")
        assert llm.statistics["leased"] == 0

        async def read() -> None:
            async for _ in llm.stream("Go on.", extra={"user": "cancelled"}):
                began.set()

        began = asyncio.Event()
        task = asyncio.create_task(read())
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(fault_server.get, "/closed?tag=cancelled")

    asyncio.run(main())
    assert llm.statistics["leased"] == 0


def test_a_stream_that_nobody_reads_asks_nothing(faulty: "LanguageModels") -> None:
    async def main() -> None:
        stream = faulty.get_async("endless").stream("Go on.")
        await stream.aclose()
        assert [piece async for piece in stream] == []

    asyncio.run(main())
    assert faulty.get("endless").statistics["lent"] == 0


def test_a_closed_stream_ends_the_request_though_it_is_kept(faulty: "LanguageModels", fault_server: FaultServer) -> None:
    stream = faulty.get("endless").stream("Go on.", extra={"user": "closed and kept"})
    next(stream)
    stream.close()
    assert fault_server.get("/closed?tag=closed+and+kept")["nanoseconds"] > 0
    assert stream.text.startswith("again ")


def test_a_cancelled_reader_ends_the_request_though_its_error_is_kept(
    faulty: "LanguageModels", fault_server: FaultServer
) -> None:
    """The error of a task holds its frames, and those the stream."""
    streams = []

    async def read(began: asyncio.Event) -> None:
        streams.append(faulty.get_async("endless").stream("Go on.", extra={"user": "cancelled and kept"}))
        async for _ in streams[0]:
            began.set()

    async def main() -> None:
        began = asyncio.Event()
        task = asyncio.create_task(read(began))
        await began.wait()
        task.cancel()
        await asyncio.wait([task])
        assert await asyncio.to_thread(fault_server.get, "/closed?tag=cancelled+and+kept")

    asyncio.run(main())
    assert [stream.text[:6] for stream in streams] == ["again "]


def test_closing_a_stream_ends_the_wait_of_whoever_reads_it(
    faulty: "LanguageModels", fault_server: FaultServer
) -> None:
    llm = faulty.get("stall")
    stream = llm.stream("Go on.", extra={"user": "closed elsewhere"})
    pieces: list[str] = []
    began = threading.Event()

    def read() -> None:
        for piece in stream:
            pieces.append(piece)
            began.set()

    reader = threading.Thread(target=read)
    reader.start()
    began.wait()
    stream.close()
    assert llm.statistics["leased"] == 0
    reader.join(30)
    assert not reader.is_alive()
    assert pieces == ["Once "]
    assert fault_server.get("/closed?tag=closed+elsewhere")["nanoseconds"] > 0
    assert list(stream) == [] and stream.result is None


def test_closing_a_stream_of_a_loop_ends_the_wait_of_whoever_reads_it(
    faulty: "LanguageModels", fault_server: FaultServer
) -> None:
    llm = faulty.get_async("stall")

    async def main() -> None:
        stream = llm.stream("Go on.", extra={"user": "closed by another task"})
        began = asyncio.Event()

        async def read() -> list[str]:
            pieces = []
            async for piece in stream:
                pieces.append(piece)
                began.set()
            return pieces

        reader = asyncio.create_task(read())
        await began.wait()
        await stream.aclose()
        assert llm.statistics["leased"] == 0
        assert await asyncio.wait_for(reader, 30) == ["Once "]
        assert await asyncio.to_thread(fault_server.get, "/closed?tag=closed+by+another+task")

    asyncio.run(main())


def test_one_task_at_a_time_walks_a_stream(faulty: "LanguageModels", fault_server: FaultServer) -> None:
    async def main() -> None:
        faulty.add("held", "held", base_url=fault_server.base_url)
        stream = faulty.get_async("held").stream("Go on.", extra={"user": "two tasks"})
        first = asyncio.create_task(anext(stream))
        await asyncio.sleep(0)
        with pytest.raises(errors.DanaRuntimeError, match="another task waits for this stream's next piece"):
            await anext(stream)
        assert await first == "Once "
        second = asyncio.create_task(anext(stream))
        await asyncio.sleep(0)
        with pytest.raises(errors.DanaRuntimeError, match="one at a time walks a stream"):
            await anext(stream)
        await asyncio.to_thread(fault_server.get, "/release?tag=two+tasks")
        assert [await second, *[piece async for piece in stream]] == ["1"]

    asyncio.run(main())


def test_one_thread_at_a_time_walks_a_stream(faulty: "LanguageModels", fault_server: FaultServer) -> None:
    faulty.add("held", "held", base_url=fault_server.base_url)
    stream = faulty.get("held").stream("Go on.", extra={"user": "two threads"})
    assert next(stream) == "Once "
    left: list[str] = []
    reader = threading.Thread(target=lambda: left.extend(stream))
    reader.start()
    while not stream._waits:
        pass
    with pytest.raises(errors.DanaRuntimeError, match="another thread waits for this stream's next piece"):
        next(stream)
    fault_server.get("/release?tag=two+threads")
    reader.join(30)
    assert left == ["1"] and stream.result == "Once 1"


def test_reason_streams_where_it_is_asked_to(faulty: "LanguageModels", fault_server: FaultServer) -> None:
    dana.models.add("streams", "say", base_url=fault_server.base_url)
    options: dict[str, Any] = {"model": "streams", "extra": {"say": "Hi."}}
    llm = faulty.get("say")
    for stream in (
        dana.reason("Hello?", {"stream": True, **options}),
        dana.reason("Hello?", stream=True, **options),
        llm.reason("Hello?", stream=True, extra={"say": "Hi."}),
        DanaSandbox().reason("Hello?", {"stream": True, **options}),
    ):
        assert isinstance(stream, TextStream)
        assert list(stream) == ["Hi."] and stream.result == "Hi."
    assert dana.reason("Hello?", stream=False, **options) == dana.reason("Hello?", stream=None, **options) == "Hi."

    async def main() -> None:
        async with faulty.get_async("say") as later:
            for stream in (
                await dana.reason_async("Hello?", stream=True, **options),
                await later.reason("Hello?", {"stream": True, "extra": {"say": "Hi."}}),
            ):
                assert isinstance(stream, AsyncTextStream)
                assert [piece async for piece in stream] == ["Hi."] and stream.result == "Hi."

    asyncio.run(main())


@pytest.mark.parametrize(
    "other", [{"choices": ["a"]}, {"schema": {}}, {"returns": int}, {"tools": [print]}, {"data": [1], "batch_size": 1}]
)
def test_what_comes_whole_does_not_stream(faulty: "LanguageModels", other: dict[str, Any]) -> None:
    name = [*other][-1]
    with pytest.raises(errors.DanaValueError, match=f"give either 'stream' or '{name}', not both"):
        faulty.get("say").reason("Q", stream=True, **other)
    with pytest.raises(errors.DanaValueError, match=f"give either 'stream' or '{name}', not both"):
        asyncio.run(faulty.get_async("say").reason("Q", stream=True, **other))


def test_only_reason_takes_the_option_stream(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    llm = faulty.get("say")
    for ask, name in (
        (lambda: llm.generate("Q", stream=True), "generate"),  # type: ignore[arg-type]
        (lambda: llm.chat("Q", {"stream": True}), "chat"),
        (lambda: dana.reason_many(["Q"], {"stream": True}), "reason_many"),
    ):
        with pytest.raises(errors.DanaValueError, match=rf"{name}\(\) gives whole answers: leave out 'stream'"):
            ask()
    assert "".join(llm.stream("Q", stream=True, extra={"say": "Hi."})) == "Hi."  # type: ignore[arg-type]
    with pytest.raises(errors.LanguageModelError, match="an answer in batches does not stream: leave out batch_size"):
        llm.stream("Q", data=[1, 2], batch_size=1)


@pytest.mark.parametrize("form", [{"choices": ["a"]}, {"schema": {"type": "object"}}, {"returns": int}])
def test_an_answer_in_a_form_does_not_stream(faulty: "LanguageModels", form: dict[str, Any]) -> None:
    llm = faulty.get("say")
    with pytest.raises(errors.LanguageModelError, match="an answer in a form does not stream"):
        llm.stream("Q", extra={"say": "a"}, **form)
    assert llm.statistics["leased"] == 0
