"""Programs and models that are awaited on trio, and by anyio on both: who cancels sees their own loop's cancellation."""

import contextvars
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import anyio
import pytest
import trio

from opendxa.dana import DanaRuntime, errors

if TYPE_CHECKING:
    from opendxa.dana.types import LanguageModels

backends = pytest.mark.parametrize("backend", ["asyncio", "trio"])


async def cancelled(call: Callable[[], Awaitable[object]], is_under_way: Callable[[], bool]) -> bool:
    """Whether the scope of a call that is cancelled once it is under way is left as its loop wants."""
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as group:

            async def cancel() -> None:
                while not is_under_way():
                    await anyio.sleep(0)
                scope.cancel()

            group.start_soon(cancel)
            await call()
    return scope.cancelled_caught


@backends
@pytest.mark.parametrize("program", ["began()\nimport time\ntime.sleep(3600)", "began()\nwhile true:\n    pass"])
def test_a_cancelled_program_ends_as_its_scope_does(backend: str, program: str) -> None:
    began: list[None] = []
    with DanaRuntime(shared=False) as runtime:
        runtime.function("began")(lambda: began.append(None))
        with runtime.create_context(allowed_capabilities=["clock"]) as context:

            async def main() -> None:
                assert await cancelled(lambda: context.eval_dana_async(program), lambda: bool(began))
                assert await context.eval_dana_async("6 * 7") == 42

            anyio.run(main, backend=backend)


def test_trio_cancels_a_program_by_its_time() -> None:
    async def main() -> None:
        with DanaRuntime().create_context(allowed_capabilities=["clock"]) as context:
            with trio.move_on_after(0.01) as scope:
                await context.eval_dana_async("import time\ntime.sleep(3600)")
            assert scope.cancelled_caught

    trio.run(main)


@backends
def test_a_context_that_another_cancels_says_so(backend: str) -> None:
    with DanaRuntime(shared=False) as runtime, runtime.create_context() as context:
        runtime.function("stop")(lambda: context.cancel())

        async def main() -> None:
            with pytest.raises(errors.DanaCancelledError):
                await context.eval_dana_async("stop()\nwhile true:\n    pass")

        anyio.run(main, backend=backend)


@backends
def test_a_cancelled_question_ends_as_its_scope_does(backend: str, faulty: "LanguageModels") -> None:
    llm = faulty.get_async("stall")

    async def main() -> None:
        assert await cancelled(lambda: llm.reason("Hello?"), lambda: llm.statistics["leased"] == 1)
        assert llm.statistics["leased"] == 0

    anyio.run(main, backend=backend)


@backends
def test_cancelled_waiting_for_a_model_ends_as_its_scope_does(backend: str, faulty: "LanguageModels") -> None:
    faulty.add("one", "say", base_url="http://127.0.0.1:1/v1", max_size=1)
    llm = faulty.get_async("one")

    async def borrowing() -> None:
        async with faulty.get_async("one"):
            pass

    async def main() -> None:
        async with llm:
            assert await cancelled(borrowing, lambda: llm.statistics["waiting"] == 1)
        assert llm.statistics["leased"] == 0

    anyio.run(main, backend=backend)


number: contextvars.ContextVar[int] = contextvars.ContextVar("number", default=0)


@backends
def test_coroutines_that_programs_await_call_their_context_and_see_its_caller_s_variables(backend: str) -> None:
    async def main() -> list[object]:
        number.set(7)
        with DanaRuntime().create_context() as context:
            context.eval_dana(
                "func run(f): return f()\nfunc one(): return 1\nfunc all(fs): return [f() for f in fs]"
                "\nfunc side(fs): return parallel(*fs)"
            )

            async def awaits() -> object:
                return await context.call_async("one")

            async def awaits_late() -> object:
                await anyio.sleep(0)
                return await context.call_async("run", awaits)

            async def calls() -> object:
                return context.call("one")

            async def sees() -> object:
                await anyio.sleep(0)
                return number.get()

            functions = [awaits, awaits_late, calls, sees, awaits, sees]
            with anyio.fail_after(60):
                found: list[object] = await context.call_async("all", functions)
                assert await context.call_async("side", functions) == found
            return found

    assert anyio.run(main, backend=backend) == [1, 1, 1, 7, 1, 7]
