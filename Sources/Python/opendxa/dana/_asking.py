"""Asks a language model a question, for the whole answer or a stream, and calls the tools that it wants called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opendxa.dana._answer_stream import AsyncTextStream, TextStream
from opendxa.dana._valuing import Valuing

if TYPE_CHECKING:
    from opendxa.dana import _native
    from opendxa.dana._answer import ReasoningResult
    from opendxa.dana._question import Question


def ask(model: _native.Model, question: Question, method: str | None = None) -> Any:
    """The answer; where a form was asked for, its value. `method` is the model's that was called, as errors call it."""
    return answer(model, question, method)[1]


async def ask_async(model: _native.Model, question: Question) -> Any:
    """`ask` for a coroutine."""
    return (await answer_async(model, question))[1]


def opened(model: _native.Model, question: Question) -> TextStream:
    """The answer as it arrives."""
    return TextStream(model.stream(question.fields))


def opened_later(model: _native.Model, question: Question) -> AsyncTextStream:
    """`opened` for coroutines: the model is asked when the stream is walked."""
    return AsyncTextStream(lambda: model.stream_async(question.fields))


def answer(
    model: _native.Model, question: Question, method: str | None = None
) -> tuple[ReasoningResult, Any]:
    """The answer with what is known of it, and what the caller gets."""
    tools = question.tools
    row = model.ask(question.fields, method) if tools is None else tools.answer(model, question.fields, method)
    valuing = Valuing([question], [row])
    if again := valuing.again:
        valuing.take([model.ask(fields) for fields in again])
    return _got(valuing)


async def answer_async(model: _native.Model, question: Question) -> tuple[ReasoningResult, Any]:
    """`answer` for a coroutine."""
    tools = question.tools
    if tools is None:
        row = await model.ask_async(question.fields)
    else:
        row = await tools.answer_async(model, question.fields)
    valuing = Valuing([question], [row])
    if again := valuing.again:
        valuing.take([await model.ask_async(fields) for fields in again])
    return _got(valuing)


def _got(valuing: Valuing) -> tuple[ReasoningResult, Any]:
    (result,), (value,) = valuing.results, valuing.values
    if isinstance(result, BaseException):
        raise result
    if isinstance(value, BaseException):
        raise value
    return result, value
