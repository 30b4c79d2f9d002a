"""Asks a language model a question, and calls the tools that it wants called meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opendxa.dana._answer import ReasoningResult, result_of

if TYPE_CHECKING:
    from opendxa.dana import _native
    from opendxa.dana._question import Question


def ask(model: _native.Model, question: Question) -> Any:
    """The answer; where a form was asked for, its value."""
    if question.tools is not None:
        return answered(question, question.tools.answer(model, question.fields))
    return answered(question, model.ask(question.fields))


async def ask_async(model: _native.Model, question: Question) -> Any:
    """`ask` for a coroutine."""
    if question.tools is not None:
        return answered(question, await question.tools.answer_async(model, question.fields))
    return answered(question, await model.ask_async(question.fields))


def answered(question: Question, row: _native.AnswerRow) -> Any:
    """What the caller gets."""
    result: ReasoningResult = result_of(row)
    if question.form is None:
        return result
    try:
        return question.form.build(result.data)
    except Exception as error:  # whatever the class's own checks raise
        from opendxa.dana.errors import AnswerError

        failure = AnswerError(f"the answer does not fit what was asked for: {error}")
        failure.code, failure.model, failure.body = "schema_mismatch", result.model, result.text
        raise failure from error
