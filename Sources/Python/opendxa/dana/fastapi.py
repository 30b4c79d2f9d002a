"""Dana in FastAPI: a context for each request, as a dependency."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from opendxa.dana._runtime import DanaRuntime
from opendxa.dana.errors import ResourceError

if TYPE_CHECKING:
    from typing import Unpack

    from starlette.requests import Request

    from opendxa.dana._context import DanaContext
    from opendxa.dana._options import ContextOptions

__all__ = ["dana_context"]

# A request that is answered sooner is not watched for its client going away.
_UNWATCHED = 0.05


def dana_context(
    *, runtime: DanaRuntime | None = None, cancel_on_disconnect: bool = True, **options: Unpack[ContextOptions]
) -> Callable[..., AsyncIterator[DanaContext]]:
    """A dependency that gives each request a context of its own, closed after the response:

        context = dana_context(allowed_capabilities=["llm"], timeout="30s")

        @app.post("/score")
        async def score(order: Order, dana: Annotated[DanaContext, Depends(context)]) -> float: ...

    What runs in it is cancelled when the client goes away, unless that is turned off. The options are those of
    `DanaRuntime.create_context`.
    """
    try:
        from starlette.requests import Request
    except ImportError as error:
        raise ResourceError("dana_context() needs FastAPI: pip install fastapi") from error

    async def dependency(request: Any) -> AsyncIterator[DanaContext]:
        made = (DanaRuntime() if runtime is None else runtime).create_context(**options)
        watch = _Watch(request, made) if cancel_on_disconnect else None
        try:
            yield made
        finally:
            if watch is not None:
                watch.stop()
            await made.aclose()

    # FastAPI reads annotations as values, and this module's are text.
    dependency.__annotations__["request"] = Request
    return dependency


class _Watch:
    """Waits for a request's client to go away, and then cancels what runs for it."""

    def __init__(self, request: Request, context: DanaContext) -> None:
        self._request = request
        self._context = context
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(_UNWATCHED, self._begin)

    def stop(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._wait())

    async def _wait(self) -> None:
        from starlette.requests import ClientDisconnect

        try:
            # What is read here stays readable for the route; behind the body comes nothing but the end.
            await self._request.body()
        except ClientDisconnect:
            self._context.cancel("the client disconnected")
            return
        except RuntimeError:  # the route or a form has read the stream
            pass
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self._context.cancel("the client disconnected")
