"""A context for each request, by FastAPI's dependencies."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import pydantic
import pytest
from fastapi import Depends, FastAPI, Request, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from opendxa.dana import DanaContext, DanaGenerator, DanaObject, DanaRuntime, errors
from opendxa.dana.fastapi import dana_context

EACH = dana_context(allowed_capabilities=["llm"], timeout="30s")


def test_each_request_has_its_own_context() -> None:
    app = FastAPI()
    seen: list[DanaContext] = []

    @app.get("/area")
    async def area(width: int, dana: Annotated[DanaContext, Depends(EACH)]) -> dict[str, Any]:
        seen.append(dana)
        return {"area": dana.eval_dana(f"mine = {width}\nmine * 2")}

    @app.get("/blocking")
    def blocking(dana: Annotated[DanaContext, Depends(EACH)]) -> int:
        seen.append(dana)
        result: int = dana.eval_dana("[n * n for n in range(4)][3]")
        return result

    with TestClient(app) as client:
        assert client.get("/area", params={"width": 4}).json() == {"area": 8}
        assert client.get("/area", params={"width": 5}).json() == {"area": 10}
        assert client.get("/blocking").json() == 9
    assert len({context.number for context in seen}) == 3
    assert all(context.closed for context in seen)


def test_a_failing_route_closes_its_context() -> None:
    app = FastAPI()
    seen: list[DanaContext] = []

    @app.get("/fails")
    async def fails(dana: Annotated[DanaContext, Depends(EACH)]) -> None:
        seen.append(dana)
        dana.eval_dana("1 // 0")

    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/fails").status_code == 500
    assert seen[0].closed


SHAPES = """
enum Color:
    RED = 1
struct Item:
    x: int
    color: Color = Color.RED
    inner: any = null
func items(count):
    for n in range(count):
        yield n
"""


class ItemModel(pydantic.BaseModel):
    x: int


def test_a_route_gives_objects_of_danas() -> None:
    app = FastAPI()
    context = DanaRuntime().create_context()
    context.eval_dana(SHAPES)
    item, color = context.eval_dana("[Item(1, inner=Item(2)), Color.RED]")
    red = {"name": "RED", "value": 1}
    whole = {"x": 1, "color": red, "inner": {"x": 2, "color": red, "inner": None}}

    class Order(pydantic.BaseModel):
        item: DanaObject
        counted: DanaGenerator

    @app.get("/plain")
    def plain() -> Any:
        return {"item": item, "colors": [color]}

    @app.get("/untyped")
    def untyped():  # type: ignore[no-untyped-def]
        return [item]

    @app.get("/typed")
    def typed() -> DanaObject:
        assert isinstance(item, DanaObject)
        return item

    @app.get("/model", response_model=ItemModel)
    def model() -> Any:
        return item

    @app.get("/order")
    def order() -> Order:
        return Order(item=item, counted=context.call("items", 3))

    with context, TestClient(app) as client:
        assert client.get("/plain").json() == {"item": whole, "colors": [red]}
        assert client.get("/untyped").json() == [whole]
        assert client.get("/typed").json() == whole
        assert client.get("/model").json() == {"x": 1}
        assert client.get("/order").json() == {"item": whole, "counted": [0, 1, 2]}
        paths = client.get("/openapi.json").json()["paths"]
    content = paths["/typed"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"]["type"] == "object"
    with pytest.raises(pydantic.ValidationError, match="instance of DanaObject"):
        Order(item=5, counted=context)  # type: ignore[arg-type]


def test_a_client_that_goes_away_cancels_what_runs() -> None:
    app = FastAPI()
    ends: list[BaseException] = []
    runtime = DanaRuntime(shared=False)

    @app.post("/slow")
    async def slow(dana: Annotated[DanaContext, Depends(dana_context(runtime=runtime))]) -> None:
        gone.set()
        try:
            await dana.eval_dana_async("while true: pass")
        except errors.DanaError as error:
            ends.append(error)
            raise

    gone = asyncio.Event()
    messages = [{"type": "http.request", "body": b"{}", "more_body": False}]

    async def receive() -> Any:
        if messages:
            return messages.pop(0)
        await gone.wait()
        return {"type": "http.disconnect"}

    sent = asyncio.run(asked(app, "/slow", receive))
    (error,) = ends
    assert isinstance(error, errors.DanaCancelledError)
    assert "the client disconnected" in str(error)
    # A server logs no traceback for what it need not see.
    assert sent[0]["status"] == 499


@pytest.mark.parametrize("way", ["body", "stream"])
def test_a_body_that_comes_slowly_reaches_the_route(way: str) -> None:
    app = FastAPI()
    pieces = [bytes([number]) * 50_000 for number in range(8)]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    taken, watched, cancelled = 0, asyncio.Event(), asyncio.Event()

    async def receive() -> Any:
        nonlocal taken
        if taken == len(messages):
            return {"type": "http.disconnect"}
        taken += 1
        watched.set()
        return messages[taken - 1]

    @app.post("/body")
    async def body(request: Request, dana: Annotated[DanaContext, Depends(EACH)]) -> int:
        await asyncio.wait_for(watched.wait(), 30)
        assert taken < len(messages), "not all of a body is kept for a route that does not ask for it"
        read = b"".join([part async for part in request.stream()]) if way == "stream" else await request.body()
        assert read == b"".join(pieces)
        try:
            await dana.eval_dana_async("while true: pass")
        except errors.DanaCancelledError:
            cancelled.set()
        return len(read)

    sent = asyncio.run(asked(app, "/body", receive))
    assert sent[0]["status"] == 200
    assert cancelled.is_set(), "the client's end is seen behind the body"


def test_a_body_may_be_read_late() -> None:
    app = FastAPI()
    messages = [{"type": "http.request", "body": b"abc", "more_body": False}]
    watched, answered = asyncio.Event(), asyncio.Event()

    async def receive() -> Any:
        if messages:
            return messages.pop()
        watched.set()
        await answered.wait()
        return {"type": "http.disconnect"}

    @app.post("/late")
    async def late(request: Request, dana: Annotated[DanaContext, Depends(EACH)]) -> int:
        await watched.wait()
        return len(await request.body())

    sent = asyncio.run(asked(app, "/late", receive))
    assert sent[0]["status"] == 200 and sent[1]["body"] == b"3"


def test_a_body_whose_end_the_watch_waits_for_reaches_the_route() -> None:
    app = FastAPI()
    pieces, watched, asks = [b"a", b"b", b"c"], asyncio.Event(), asyncio.Event()

    async def receive() -> Any:
        watched.set()
        await asks.wait()
        piece = pieces.pop(0) if pieces else b""
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    @app.post("/late")
    async def late(request: Request, dana: Annotated[DanaContext, Depends(EACH)]) -> str:
        await watched.wait()
        asyncio.get_running_loop().call_soon(asks.set)
        return (await request.body()).decode()

    sent = asyncio.run(asked(app, "/late", receive))
    assert sent[1]["body"] == b'"abc"'


def test_a_stream_whose_client_goes_away_raises_the_cancellation() -> None:
    app = FastAPI()
    runtime = DanaRuntime(shared=False)
    gone = asyncio.Event()
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        if messages:
            return messages.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    @app.post("/stream")
    def stream(dana: Annotated[DanaContext, Depends(dana_context(runtime=runtime))]) -> StreamingResponse:
        dana.eval_dana("func lines():\n    yield 'a'\n    while true: pass")
        loop.call_soon_threadsafe(gone.set)
        return StreamingResponse(line for line in dana.call("lines"))

    async def main() -> None:
        nonlocal loop
        loop = asyncio.get_running_loop()
        with pytest.raises(errors.DanaCancelledError, match="the client disconnected"):
            await asked(app, "/stream", receive)

    loop: Any = None
    asyncio.run(main())


def test_a_web_socket_has_a_context_for_its_life() -> None:
    app = FastAPI()
    seen: list[DanaContext] = []

    @app.websocket("/chat")
    async def chat(socket: WebSocket, dana: Annotated[DanaContext, Depends(EACH)]) -> None:
        seen.append(dana)
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_json(await dana.eval_dana_async(text))

    with TestClient(app) as client, client.websocket_connect("/chat") as socket:
        for text, value in [("x = 20", None), ("x + 1", 21)]:
            socket.send_text(text)
            assert socket.receive_json() == value
        assert not seen[0].closed
    assert seen[0].closed


def test_options_are_checked_where_they_are_written() -> None:
    options: Any = {"timout": "30s"}
    with pytest.raises(TypeError, match="timout"):
        dana_context(**options)
    with pytest.raises(ValueError, match="timeout"):
        dana_context(timeout="soon")


async def asked(app: FastAPI, path: str, receive: Callable[[], Awaitable[Any]]) -> list[Any]:
    """What an application sends to a client whose messages `receive` gives."""
    sent = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "POST", "path": path,
        "raw_path": path.encode(), "query_string": b"", "headers": [], "scheme": "http", "root_path": "",
        "server": ("test", 80), "client": ("test", 1),
    }  # fmt: skip
    await asyncio.wait_for(app(scope, receive, send), 30)
    return sent


def test_the_program_in_the_guide_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    guide = Path(__file__).parents[2].joinpath("DesignNotes/python.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"## In FastAPI\n+```python\n(.*?)```", guide, re.DOTALL)
    monkeypatch.syspath_prepend(Path(__file__).parent / "dana_modules")
    variables: dict[str, Any] = {"__name__": "guide"}
    exec(program, variables)
    with TestClient(variables["app"]) as client:
        assert [client.get(f"/even/{number}").json() for number in (4, 5)] == [True, False]


def test_the_package_does_not_import_fastapi() -> None:
    program = (
        "import sys; import opendxa.dana; from opendxa.dana import DanaRuntime; sys.exit('fastapi' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
