"""A FastAPI service under measure: the same route with a function of Python's and with one of Dana's."""

import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI

from runtime.our_package import use_ours

use_ours()

from opendxa.dana import DanaContext, DanaRuntime  # noqa: E402
from opendxa.dana.fastapi import dana_context  # noqa: E402

RULES = [str(Path(__file__).parent)]

app = FastAPI()
runtime = DanaRuntime()


async def nothing() -> AsyncIterator[None]:
    """What a dependency costs that has something to do after the response."""
    yield


def area(width: int, height: int) -> int:
    return width * height


@app.get("/python")
async def python(width: int, height: int) -> int:
    return area(width, height)


@app.get("/dana")
async def dana(width: int, height: int) -> int:
    with runtime.create_context(search_path=RULES) as context:
        return context.call("rules.area", width, height)


@app.get("/nothing")
async def with_nothing(width: int, height: int, nothing: Annotated[None, Depends(nothing)]) -> int:
    return area(width, height)


@app.get("/dependency")
async def with_dependency(
    width: int, height: int, context: Annotated[DanaContext, Depends(dana_context(search_path=RULES))]
) -> int:
    return context.call("rules.area", width, height)


@app.get("/time")
async def process_time() -> float:
    """CPU seconds of this process, all its threads."""
    return time.process_time()


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listener])
