"""Questions to language models: what is asked and how, checked and made plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from opendxa.dana.errors import TypeConversionError

if TYPE_CHECKING:
    from opendxa.dana._answer_form import AnswerForm
    from opendxa.dana._native import QuestionFields
    from opendxa.dana._tools import Tools


class Question:
    """A question as the native side takes it, and what makes its answer a value."""

    __slots__ = ("fields", "form", "tools")

    def __init__(self, subject: object, options: object, more: Mapping[str, Any], returns: object = None) -> None:
        given = _options(options, more)
        if returns is None:
            returns = given.pop("returns", None)
        self.form: AnswerForm | None = None
        self.tools: Tools | None = None
        self.fields: QuestionFields = {"options": given}
        if isinstance(subject, str):
            self.fields["prompt"] = subject
        else:
            self.fields["messages"] = subject
        if isinstance(given.get("timeout"), timedelta):
            given["timeout"] = given["timeout"].total_seconds()
        if given.get("data") is not None:
            self._take_data(given)
        if isinstance(returns, Mapping):
            self.fields["schema"] = dict(returns)
        elif returns is not None:
            from opendxa.dana._answer_form import AnswerForm

            self.form = AnswerForm(returns)
            self.fields["schema"] = self.form.schema
        tools = given.pop("tools", None)
        if tools:
            from opendxa.dana._tools import Tools

            self.tools = Tools(tools)
            self.fields["tools"] = self.tools.definitions

    def _take_data(self, given: dict[str, Any]) -> None:
        from opendxa.dana._prompt_data import prompt_data

        made = prompt_data(given["data"], all_rows=given.get("batch_size") is not None)
        given["data"] = made.data
        if made.total is not None:
            self.fields["data_total"] = made.total
        if made.summary is not None:
            self.fields["data_summary"] = made.summary


def asked(prompt: object, options: object, more: Mapping[str, Any], returns: object = None) -> Question:
    """The question of a prompt."""
    if not isinstance(prompt, str):
        raise _expected("string", prompt, "prompt")
    return Question(prompt, options, more, returns)


def conversation(messages: object, options: object, more: Mapping[str, Any], returns: object = None) -> Question:
    """The question of a conversation: a list of messages with `role` and `content`."""
    if not isinstance(messages, Sequence) or isinstance(messages, str | bytes):
        raise _expected("string or list of messages", messages, "message")
    return Question(list(messages), options, more, returns)


def _options(options: object, more: Mapping[str, Any]) -> dict[str, Any]:
    if options is None:
        return dict(more)
    if not isinstance(options, Mapping):
        raise _expected("dict", options, "options")
    for name in options:
        if not isinstance(name, str):
            from opendxa.dana._conversion import type_name

            raise TypeConversionError(f"Expected string, got {type_name(name)} as a key of argument 'options'")
    return {**options, **more}


def _expected(wanted: str, given: object, argument: str) -> TypeConversionError:
    from opendxa.dana._conversion import type_name

    return TypeConversionError(f"Expected {wanted}, got {type_name(given)} at argument '{argument}'")
