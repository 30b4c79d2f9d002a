"""A FastAPI service under measure: the same route with a function of Python's and with one of Dana's."""

import socket
import time
from collections.abc import AsyncIterator, Callable, MutableMapping
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI

from runtime.our_package import use_ours

use_ours()

from opendxa.dana import DanaContext, DanaRuntime  # noqa: E402
from opendxa.dana.fastapi import dana_context  # noqa: E402

RULES = [str(Path(__file__).parent)]

runtime = DanaRuntime()
# Each route is the only one of its application: FastAPI tries its routes one after the other.
apps: dict[str, FastAPI] = {}


def route(path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    apps[path] = FastAPI()
    return apps[path].get(path)


async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    await apps[scope["path"]](scope, receive, send)


async def nothing() -> AsyncIterator[None]:
    """What a dependency costs that has something to do after the response."""
    yield


def area(width: int, height: int) -> int:
    return width * height


@route("/python")
async def python(width: int, height: int) -> int:
    return area(width, height)


@route("/dana")
async def dana(width: int, height: int) -> int:
    with runtime.create_context(search_path=RULES) as context:
        return context.call("rules.area", width, height)


@route("/nothing")
async def with_nothing(width: int, height: int, nothing: Annotated[None, Depends(nothing)]) -> int:
    return area(width, height)


@route("/dependency")
async def with_dependency(
    width: int, height: int, context: Annotated[DanaContext, Depends(dana_context(search_path=RULES))]
) -> int:
    return context.call("rules.area", width, height)


@route("/time")
async def process_time() -> float:
    """CPU seconds of this process, all its threads."""
    return time.process_time()


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])
