"""Help with arguments that do not fit: what is mapped and what is not, and that it is always told."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from opendxa.dana import AuditEvent, DanaContext, DanaRuntime, DanaSandbox, dana_function
from opendxa.dana.sandbox import Interpreter

PROGRAM = """
func area(width: float, height: float = 1): return [width, height]
func label(name: str, count: int, *, tags: list = []): return [name, count, tags]
func loose(a, b, c=0): return [a, b, c]
func rest(a, *more): return [a, more]
func scaled(value: float, rate: float): return value * rate
func maybe(name: str | None, count: int): return [name, count]
func fails(width, height): return width / height
"""


@pytest.fixture
def runtime() -> Iterator[DanaRuntime]:
    with DanaRuntime(shared=False, argument_help=True) as runtime:
        yield runtime


@pytest.fixture
def context(runtime: DanaRuntime) -> Iterator[DanaContext]:
    with runtime.create_context() as context:
        context.eval_dana(PROGRAM)
        yield context


MAPPED: list[tuple[str, tuple[Any, ...], dict[str, Any], list[Any], str]] = [
    ("area", (), {"widht": 2, "height": 3}, [2, 3], "'widht' was taken for 'width'"),
    ("area", (2,), {"Height": 3}, [2, 3], "'Height' was taken for 'height'"),
    ("label", (3, "box"), {}, ["box", 3, []], "argument 1 was taken for 'count', argument 2 was taken for 'name'"),
    ("label", ("box",), {"n": 3}, ["box", 3, []], "'n' was taken for 'count' by its type"),
    ("label", ("box", 3, ["red"]), {}, ["box", 3, ["red"]], "argument 3 was taken for 'tags'"),
    ("label", (3,), {"name": "box"}, ["box", 3, []], "argument 1 was taken for 'count'"),
    ("loose", (1,), {"a": 2}, [2, 1, 0], "argument 1 was taken for 'b'"),
    ("maybe", (3, None), {}, [None, 3], "argument 1 was taken for 'count', argument 2 was taken for 'name'"),
]


@pytest.mark.parametrize(("name", "args", "kwargs", "result", "detail"), MAPPED)
def test_what_is_clear_is_mapped_and_told(
    runtime: DanaRuntime,
    context: DanaContext,
    caplog: pytest.LogCaptureFixture,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    result: list[Any],
    detail: str,
) -> None:
    events: list[AuditEvent] = []
    with runtime.listen(events.append):
        assert context.call(name, *args, **kwargs) == result
    told = [(event.context, event.subject, event.detail) for event in events if event.kind == "arguments_mapped"]
    assert told == [(context.number, name, detail)]
    assert [(record.name, record.levelname, record.getMessage()) for record in caplog.records] == [
        ("dana.arguments", "WARNING", f"{name}: {detail}")
    ]


UNCLEAR: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("loose", (1,), {"z": 2}, "loose() got an unexpected keyword argument 'z'"),
    ("loose", (1, 2, 3, 4), {}, "loose() takes from 2 to 3 positional arguments but 4 were given"),
    ("loose", (1,), {}, "loose() missing 1 required positional argument: 'b'"),
    ("rest", (), {"b": 1}, "rest() got an unexpected keyword argument 'b'"),
]


@pytest.mark.parametrize(("name", "args", "kwargs", "message"), UNCLEAR)
def test_what_is_not_clear_is_an_error(
    context: DanaContext,
    caplog: pytest.LogCaptureFixture,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(TypeError) as caught:
        context.call(name, *args, **kwargs)
    assert message in str(caught.value)
    assert caplog.records == []


def test_what_fits_or_fits_nowhere_is_left_alone(context: DanaContext, caplog: pytest.LogCaptureFixture) -> None:
    assert context.call("area", 2) == [2, 1]
    assert context.call("area", "wide") == ["wide", 1]
    assert context.call("rest", 1, 2, 3) == [1, (2, 3)]
    assert context.call("label", count=1, name="a") == ["a", 1, []]
    assert caplog.records == []


def test_what_is_missing_comes_from_the_public_variable_of_its_name(context: DanaContext) -> None:
    context.private["rate"] = 5.0
    with pytest.raises(TypeError):
        context.call("scaled", 3)
    context.public["rate"] = 0.5
    assert context.call("scaled", 3) == 1.5


def test_many_values_are_not_tried_in_every_way(context: DanaContext) -> None:
    names = [f"p{number}" for number in range(20)]
    context.eval_dana(f"func wide({', '.join(names)}): return 1")
    with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
        context.call("wide", *range(19), other=1)
    assert context.call("wide", *range(19), p_19=1) == 1


def test_an_error_of_the_call_says_what_was_mapped(context: DanaContext) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        context.call("fails", 1, heigth=0)
    assert caught.value.__notes__ == ["its arguments were mapped: 'heigth' was taken for 'height'"]


def test_help_is_off_unless_it_is_asked_for(runtime: DanaRuntime) -> None:
    assert DanaRuntime(argument_help=True) is DanaRuntime(argument_help=False)
    with DanaRuntime().create_context() as plain, runtime.create_context(argument_help=False) as without:
        for context in (plain, without):
            context.eval_dana(PROGRAM)
            with pytest.raises(TypeError):
                context.call("area", widht=2)
    with DanaRuntime().create_context(argument_help=True) as context:
        context.eval_dana(PROGRAM)
        assert context.call("area", widht=2) == [2, 1]


def test_every_way_of_calling_by_name(runtime: DanaRuntime, context: DanaContext) -> None:
    assert asyncio.run(context.call_async("area", widht=2)) == [2, 1]

    @dana_function("area", context=context)
    def area(widht: float) -> list[float]: ...  # type: ignore[empty-body]

    assert area(widht=4) == [4, 1]
    with Interpreter(runtime=runtime) as interpreter:
        interpreter.eval(PROGRAM)
        assert interpreter.call_function("area", [], {"widht": 3}) == [3, 1]
    with DanaSandbox(runtime, max_memory="10MB") as sandbox:
        sandbox.eval(PROGRAM)
        assert sandbox.call_function("area", kwargs={"widht": 3}) == [3, 1]


def test_listening_ends(runtime: DanaRuntime, context: DanaContext, caplog: pytest.LogCaptureFixture) -> None:
    events: list[AuditEvent] = []
    listener = runtime.listen(events.append)
    listener.stop()
    with caplog.at_level(logging.ERROR):
        context.call("area", widht=2)
    assert events == []


def test_where_several_ways_would_do_the_model_chooses_and_that_is_told(caplog: pytest.LogCaptureFixture) -> None:
    asked: list[str] = []
    with DanaRuntime(shared=False, argument_help="model") as runtime:

        @runtime.function("reason")
        def choose(prompt: str, options: dict[str, Any]) -> str:
            asked.append(prompt)
            choice: str = options["choices"][-1]
            return choice

        with runtime.create_context() as context, caplog.at_level(logging.WARNING, "dana.arguments"):
            context.eval_dana(PROGRAM)
            assert context.call("loose", x=2, y=3) == [3, 2, 0]
    assert asked == [
        "The function loose(a, b, c) was called as loose(x=2, y=3). Which of these was meant?\n"
        "1: loose(a=2, b=3)\n2: loose(b=2, a=3)"
    ]
    assert "the language model chose among 2 ways" in caplog.text


def test_the_model_is_not_asked_where_that_would_block_an_event_loop() -> None:
    with DanaRuntime(shared=False, argument_help="model") as runtime, runtime.create_context() as context:
        context.eval_dana(PROGRAM)

        async def call() -> None:
            with pytest.raises(TypeError, match="'x'"):
                await context.call_async("loose", x=2, y=3)

        asyncio.run(call())
