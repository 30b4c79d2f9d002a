"""Dana in FastAPI: a context for each request, as a dependency."""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from opendxa.dana._runtime import DanaRuntime, check_context_options, given_runtime
from opendxa.dana.errors import DanaCancelledError, ResourceError

if TYPE_CHECKING:
    from typing import Unpack

    from starlette.requests import Request

    from opendxa.dana._context import DanaContext
    from opendxa.dana._options import ContextOptions

__all__ = ["dana_context"]

# A request that is answered sooner is not watched for its client going away.
_UNWATCHED = 0.05
# Bytes of a body that are read before the route asks for them, where a message counts for some itself: the client's
# end is behind them.
_AHEAD = 65536
_MESSAGE = 1024
_GONE = "the client disconnected"
# What servers log for a request whose client went away; nobody gets it.
_CLIENT_CLOSED_REQUEST = 499


def dana_context(
    *, runtime: DanaRuntime | None = None, cancel_on_disconnect: bool = True, **options: Unpack[ContextOptions]
) -> Callable[..., AsyncIterator[DanaContext]]:
    """A dependency that gives each request a context of its own, closed after the response:

        context = dana_context(allowed_capabilities=["llm"], timeout="30s")

        @app.post("/score")
        async def score(order: Order, dana: Annotated[DanaContext, Depends(context)]) -> float: ...

    What runs in it is cancelled when the client goes away, unless that is turned off. The options are those of
    `DanaRuntime.create_context`. The route of a WebSocket has one for its whole life, and learns itself of the
    client's end.
    """
    try:
        from starlette.exceptions import HTTPException
        from starlette.requests import HTTPConnection, Request
    except ImportError as error:
        raise ResourceError("dana_context() needs FastAPI: pip install fastapi") from error

    check_context_options(given_runtime(runtime), options)

    async def dependency(request: Any) -> AsyncIterator[DanaContext]:
        made = given_runtime(runtime).create_context(**options)
        watch = _Watch(request, made) if cancel_on_disconnect and isinstance(request, Request) else None
        try:
            yield made
        except DanaCancelledError as error:
            if watch is None or not watch.is_gone or _comes_from_response(error):
                raise
            raise HTTPException(_CLIENT_CLOSED_REQUEST, _GONE) from error
        finally:
            if watch is not None:
                watch.stop()
            await made.aclose()

    # FastAPI reads annotations as values, and this module's are text.
    dependency.__annotations__["request"] = HTTPConnection
    return dependency


def _comes_from_response(error: BaseException) -> bool:
    """Whether the response, which has begun then, raised this: no other can be sent in its place."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(frame.f_globals.get("__name__") == "starlette.responses" for frame in frames)


class _Watch:
    """Waits for a request's client to go away, and then cancels what runs for it.

    The end is behind the body, so the request's messages are read ahead, a little, and kept for the route.
    """

    def __init__(self, request: Request, context: DanaContext) -> None:
        self.is_gone = False
        self._receive = request.receive
        self._context = context
        self._messages: deque[Any] = deque()
        self._kept = 0
        self._reading = asyncio.Lock()
        self._room = asyncio.Event()
        self._read_ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(_UNWATCHED, self._begin)
        # Whoever reads the body through the request, FastAPI's other dependencies and the route, shares this object.
        request._receive = self._next

    def stop(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._wait())

    async def _wait(self) -> None:
        while not self.is_gone:
            if self._kept >= _AHEAD:
                self._room.clear()
                await self._room.wait()
            async with self._reading:
                await self._read()
        self._context.cancel(_GONE)

    async def _next(self) -> Any:
        """The request's next message, in the place of its own `receive`."""
        while not self._messages:
            if self._reading.locked():
                self._read_ended.clear()
                await self._read_ended.wait()
            else:
                async with self._reading:
                    await self._read()
        message = self._messages[0]
        if message["type"] == "http.request":
            self._messages.popleft()
            self._kept -= _MESSAGE + len(message.get("body", b""))
            self._room.set()
        return message

    async def _read(self) -> None:
        """Reads one message; behind the end, which stays, there is none."""
        if self.is_gone:
            return
        try:
            message = await self._receive()
        finally:
            self._read_ended.set()
        self._messages.append(message)
        self._kept += _MESSAGE + len(message.get("body", b""))
        self.is_gone = message["type"] == "http.disconnect"
