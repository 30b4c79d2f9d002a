"""`reason`: asks a language model, or the function of that name that a program's host offers instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opendxa.dana._answer import ReasoningResult
from opendxa.dana._asking import ask, ask_async, opened, opened_later
from opendxa.dana._progress import Progress
from opendxa.dana._quantity import count
from opendxa.dana._question import asked, expected, refuse_to_stream
from opendxa.dana._valuing import Valuing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opendxa.dana._question import Question
    from opendxa.dana._runtime import DanaRuntime


def reason(runtime: DanaRuntime, prompt: object, options: object, returns: object, more: Mapping[str, Any]) -> Any:
    """Checks what is asked and asks it."""
    question = asked(prompt, options, more, returns)
    if runtime._native.offers("reason"):
        from opendxa.dana._convenience import convenience_context

        refuse_to_stream(question, "this host's reason")
        # In a context of its own, which has the runtime's functions as they are by now.
        with convenience_context(runtime) as context:
            return _own(context.eval_dana("reason")(prompt, _given(options, more)))
    model = _model(runtime, question)
    return opened(model, question) if question.streams else ask(model, question)


async def reason_async(
    runtime: DanaRuntime, prompt: object, options: object, returns: object, more: Mapping[str, Any]
) -> Any:
    """`reason` for a coroutine."""
    question = asked(prompt, options, more, returns)
    if runtime._native.offers("reason"):
        from opendxa.dana._convenience import convenience_context

        refuse_to_stream(question, "this host's reason")
        async with convenience_context(runtime) as context:
            return _own(await context.call_async("reason", prompt, _given(options, more)))
    model = _model(runtime, question)
    return opened_later(model, question) if question.streams else await ask_async(model, question)


def reason_many(
    runtime: DanaRuntime,
    prompts: Iterable[object],
    options: object,
    returns: object,
    more: Mapping[str, Any],
    concurrency: int | None,
    progress: bool | None,
    keeps_exceptions: bool,
) -> list[Any]:
    """Asks several questions side by side."""
    questions = _questions(prompts, options, more, returns)
    if concurrency is not None:
        count(concurrency, "concurrency")
    if not questions:
        return []
    with Progress(len(questions), progress) as step:
        model = _model(runtime, questions[0])
        rows = model.ask_many([question.fields for question in questions], concurrency, step)
    valuing = Valuing(questions, rows)
    if again := valuing.again:
        valuing.take(model.ask_many(again, concurrency))
    return _all(valuing.values, keeps_exceptions)


async def reason_many_async(
    runtime: DanaRuntime,
    prompts: Iterable[object],
    options: object,
    returns: object,
    more: Mapping[str, Any],
    concurrency: int | None,
    progress: bool | None,
    keeps_exceptions: bool,
) -> list[Any]:
    """`reason_many` for a coroutine."""
    questions = _questions(prompts, options, more, returns)
    if concurrency is not None:
        count(concurrency, "concurrency")
    if not questions:
        return []
    with Progress(len(questions), progress) as step:
        model = _model(runtime, questions[0])
        rows = await model.ask_many_async([question.fields for question in questions], concurrency, step)
    valuing = Valuing(questions, rows)
    if again := valuing.again:
        valuing.take(await model.ask_many_async(again, concurrency))
    return _all(valuing.values, keeps_exceptions)


def _questions(
    prompts: Iterable[object], options: object, more: Mapping[str, Any], returns: object
) -> list[Question]:
    if isinstance(prompts, str | bytes) or not hasattr(prompts, "__iter__"):
        raise expected("an iterable of strings", prompts, "prompts")
    questions = [asked(prompt, options, more, returns) for prompt in prompts]
    for question in questions:
        refuse_to_stream(question, "reason_many")
    return questions


def _model(runtime: DanaRuntime, question: Question) -> Any:
    name = question.fields["options"].get("model")
    return runtime._native_models.get(name if isinstance(name, str) else None)


def _given(options: object, more: Mapping[str, Any]) -> Any:
    return {**options, **more} if isinstance(options, dict) else (dict(more) or None)


def _own(answer: Any) -> ReasoningResult:
    """The result of a function that the host offers."""
    result = ReasoningResult(str(answer))
    result.data = answer
    return result


def _all(answers: list[Any], keeps_exceptions: bool) -> list[Any]:
    """All answers; the first that failed raises, and says which it was, unless exceptions are kept as answers."""
    for number, answer in enumerate(answers):
        if isinstance(answer, BaseException):
            answer.add_note(f"at question {number} of {len(answers)}, counted from 0")
            if not keeps_exceptions:
                raise answer
    return answers
