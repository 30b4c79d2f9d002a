"""A context for each request, by FastAPI's dependencies."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from opendxa.dana import DanaContext, DanaRuntime, errors
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

    async def main() -> None:
        messages = [{"type": "http.request", "body": b"{}", "more_body": False}]

        async def receive() -> Any:
            if messages:
                return messages.pop(0)
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            pass

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/slow",
            "raw_path": b"/slow", "query_string": b"", "headers": [], "scheme": "http", "root_path": "",
            "server": ("test", 80), "client": ("test", 1),
        }  # fmt: skip
        try:
            await asyncio.wait_for(app(scope, receive, send), 30)
        except errors.DanaCancelledError:
            pass

    asyncio.run(main())
    (error,) = ends
    assert isinstance(error, errors.DanaCancelledError)
    assert "the client disconnected" in str(error)


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
