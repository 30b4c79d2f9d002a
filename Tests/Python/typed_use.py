"""How typed programs use the package: the type checkers read this, nothing runs it."""

import asyncio
from collections.abc import Callable
from typing import Any, assert_type

from opendxa import dana
from opendxa.dana import (
    DanaContext,
    DanaFunction,
    DanaModule,
    DanaRuntime,
    DanaSandbox,
    dana_context_policy,
    dana_function,
    errors,
)
from opendxa.dana.logging import log_models
from opendxa.dana.sandbox import Interpreter, SandboxContext
from opendxa.dana.types import AsyncTextStream, DanaFloat, LanguageModel, ReasoningResult, TextStream


async def use() -> None:
    assert_type(dana.version(), str)
    assert_type(dana.build_info(), dict[str, str])
    assert_type(await dana.sleep(1), None)
    assert_type(await dana.sleep(1, "back"), str)
    assert_type(await asyncio.create_task(dana.sleep(1, 2)), int)
    assert_type(await asyncio.gather(dana.sleep(1, "a"), dana.sleep(1, 2)), tuple[str, int])
    async for tick in dana.ticks(0.1, count=3):
        assert_type(tick, int)
    await dana.ticks(0.1).aclose()


@dana_function("analytics.process_data")
def process_data(data_path: str) -> dict[str, int]: ...  # type: ignore[empty-body]


@dana_function("analytics.process_data")
async def process_data_later(data_path: str) -> dict[str, int]: ...  # type: ignore[empty-body]


async def use_contexts(runtime: DanaRuntime) -> None:
    with runtime.create_context(allowed_capabilities=["file_read"], max_memory="100MB", timeout="30s") as context:
        assert_type(context, DanaContext)
        assert_type(context.import_module("m"), DanaModule)
        assert_type(context.function("f"), DanaFunction)
        assert_type(context.save(b"0123456789abcdef"), bytes)
        context.public["x"] = 1
        context.cleanup()
    async with runtime.create_context(timeout=1.5, public={"x": 1}) as context:
        value: int = await context.call_async("f", 1, y=2)
        print(value)
    assert_type(process_data("p"), dict[str, int])
    assert_type(await process_data_later("p"), dict[str, int])


def use_the_face() -> None:
    assert_type(dana.dana.reason("why?", {"max_tokens": 5}), ReasoningResult)
    assert_type(dana.dana.reason("how many?", returns=int), int)
    assert_type(dana.dana.reason("how many?", returns={"type": "integer"}), ReasoningResult)
    assert_type(dana.dana.reason("why?", {"stream": True, "max_tokens": 5}), TextStream)
    assert_type(dana.dana.reason("why?", {"max_tokens": 5}, stream=True), TextStream)
    assert_type(dana.dana.reason("why?", {"stream": False}), ReasoningResult)
    assert_type(dana.dana.reason("how many?", stream=False, returns=int), int)
    assert_type(dana.dana.reason_many(["a", "b"], returns=bool), list[bool])
    assert_type(dana.dana.reason_many(["a"], returns=bool, return_exceptions=True), list[Any])
    with dana.dana.get_llm() as model:
        assert_type(model, LanguageModel)
        assert_type(model.reason("why?", stream=True), TextStream)
        assert_type(model.reason("why?", {"stream": True}), TextStream)
        assert_type(model.generate("a prompt"), ReasoningResult)
        assert_type(model.chat("a message", max_tokens=5), ReasoningResult)
        assert_type(model.chat("how many?", returns=int), int)
        assert_type(list(model.stream("a prompt")), list[str])
    stop = dana.dana.models.listen(lambda call: print(call.model, call.error))
    stop()
    assert_type(dana.dana.models.metrics, str)
    assert_type(log_models(), Callable[[], None])
    assert_type(dana.dana.run("program.na"), Any)
    interpreter = Interpreter(SandboxContext(public={"x": 1}))
    assert_type(interpreter.call_function("double", [10]), Any)
    with DanaSandbox(max_memory="1MB") as sandbox:
        sandbox.call_function("f")
        assert_type(sandbox.reason("why?", {"stream": True}), TextStream)
        assert_type(sandbox.reason("why?", {"max_tokens": 5}), ReasoningResult)
    assert_type(DanaFloat(1.5).as_int(), int)


async def use_models_later() -> None:
    assert_type(await dana.dana.reason_async("how many?", returns=int), int)
    async with dana.dana.get_llm_async("fast", priority="high") as model:
        assert_type(await model.reason("why?"), ReasoningResult)
        assert_type(await model.reason("why?", stream=True), AsyncTextStream)
        assert_type(await dana.dana.reason_async("why?", {"stream": True}), AsyncTextStream)
        async for piece in model.stream("a prompt"):
            assert_type(piece, str)


def use_functions(runtime: DanaRuntime) -> None:
    assert_type(DanaRuntime(argument_help=True), DanaRuntime)
    runtime.create_context(argument_help=True).close()

    @runtime.function
    @dana_context_policy("public")
    def plain(context: dana.PassedContext, x: int) -> int:
        return x

    @runtime.function("named", namespace="mine", scopes=("private",), overwrite=True)
    def named(x: str) -> str:
        return x

    assert_type(named("a"), str)
    try:
        runtime.create_context()
    except errors.DanaSyntaxError as error:
        assert_type(error.lineno, int | None)
    with runtime.listen(lambda event: print(event.kind, event.place)):
        pass
