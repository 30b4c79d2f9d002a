"""Questions to language models: what is asked and how, checked and made plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from opendxa.dana.errors import DanaValueError, TypeConversionError

if TYPE_CHECKING:
    from opendxa.dana._answer_form import AnswerForm
    from opendxa.dana._native import QuestionFields
    from opendxa.dana._tools import Tools

# What makes an answer come whole.
_WHOLE = ("returns", "schema", "choices", "tools", "batch_size")


class Question:
    """A question as the native side takes it, and what makes its answer a value."""

    __slots__ = ("_messages", "fields", "form", "in_batches", "streams", "tools")

    def __init__(
        self, subject: str | Sequence[object], options: object, more: Mapping[str, Any], returns: object = None
    ) -> None:
        given = _options(options, more)
        if returns is None:
            returns = given.pop("returns", None)
        self.streams = _streams(given, returns)
        self.form: AnswerForm | None = None
        self.tools: Tools | None = None
        self.fields: QuestionFields = {"options": given}
        self._messages: list[Any] = []
        if isinstance(subject, str):
            self.fields["prompt"] = subject
        else:
            self.fields["messages"] = self._messages = list(subject)
        if isinstance(given.get("timeout"), timedelta):
            given["timeout"] = given["timeout"].total_seconds()
        self.in_batches = given.get("batch_size") is not None
        if given.get("data") is not None:
            self._take_data(given)
        if returns is not None:
            self._take_form(returns, given)
        tools = given.pop("tools", None)
        if tools:
            from opendxa.dana._tools import Tools

            self.tools = Tools(tools)
            self.fields["tools"] = self.tools.definitions

    def message(self, text: str) -> str:
        """A message of the question's as the model gets it, if it is the user's last: with the data behind it."""
        return _told(self.fields) if "data" in self.fields["options"] else text

    def again(self, batch: int | None, answer: str, fault: str, spent: float = 0.0) -> QuestionFields:
        """The question, or that of one batch, after an answer with which something is wrong, and which took so many
        seconds of its time."""
        options = dict(self.fields["options"])
        if isinstance(options.get("timeout"), int | float):
            options["timeout"] = max(0.0, options["timeout"] - spent)
        fields: QuestionFields = {**self.fields, "options": options}
        fields.pop("tools", None)
        size = options.pop("batch_size", None)
        if batch is not None and isinstance(options.get("data"), list):
            options["data"] = options["data"][batch * size : (batch + 1) * size]
            # They are of all batches.
            fields.pop("data_total", None)
            fields.pop("data_summary", None)
        messages = [{"role": "user", "content": fields.pop("prompt")}] if "prompt" in fields else self._messages
        if "data" in options:
            messages = _with_last_of_user(messages, _told({**fields, "messages": messages}))
            fields.pop("data_total", None)
            fields.pop("data_summary", None)
            del options["data"]
        advice = f"This answer does not have the right form: {fault}. Give it in the right one."
        said = [{"role": "assistant", "content": answer}, {"role": "user", "content": advice}]
        fields["messages"] = [*messages, *said]
        return fields

    def _take_form(self, returns: object, given: Mapping[str, Any]) -> None:
        for name in ("choices", "schema"):
            if given.get(name) is not None:
                raise DanaValueError(f"give either 'returns' or '{name}', not both")
        if isinstance(returns, Mapping):
            self.fields["schema"] = dict(returns)
            return
        from opendxa.dana._answer_form import AnswerForm

        self.form = AnswerForm(returns)
        self.fields["schema"] = self.form.schema

    def _take_data(self, given: dict[str, Any]) -> None:
        from opendxa.dana._prompt_data import USUAL_BYTES, prompt_data

        most = given.get("max_data")
        limit = most if isinstance(most, int) else USUAL_BYTES
        made = prompt_data(given["data"], None if self.in_batches else limit)
        given["data"] = made.data
        if made.total is not None:
            self.fields["data_total"] = made.total
        if made.summary is not None:
            self.fields["data_summary"] = made.summary


def asked(
    prompt: object, options: object, more: Mapping[str, Any], returns: object = None, argument: str = "prompt"
) -> Question:
    """The question of a prompt, which is the caller's argument of that name."""
    if not isinstance(prompt, str):
        raise expected("string", prompt, argument)
    return Question(prompt, options, more, returns)


def conversation(messages: object, options: object, more: Mapping[str, Any], returns: object = None) -> Question:
    """The question of a conversation: a list of messages with `role` and `content`."""
    if not isinstance(messages, Sequence) or isinstance(messages, str | bytes):
        raise expected("string or list of messages", messages, "message")
    return Question(messages, options, more, returns)


def refuse_to_stream(question: Question, function: str) -> None:
    """Refuses the option `stream` where the answer comes whole."""
    if question.streams:
        raise DanaValueError(f"{function}() gives whole answers: leave out 'stream', or call reason() or stream()")


def _streams(given: dict[str, Any], returns: object) -> bool:
    """Whether the answer is to stream. What would make it come whole is refused."""
    streams = given.pop("stream", None)
    if streams is None:
        return False
    if not isinstance(streams, bool):
        raise TypeConversionError(f"Expected bool, got {_type_name(streams)} at option 'stream'")
    for name in _WHOLE if streams else ():
        asked_for = returns if name == "returns" else given.get(name)
        if asked_for is not None and (name != "tools" or asked_for):
            raise DanaValueError(
                f"give either 'stream' or '{name}', not both: an answer in a form, with tools or in batches comes whole"
            )
    return streams


def _told(fields: QuestionFields) -> str:
    from opendxa.dana._native import told

    return told(fields)


def _with_last_of_user(messages: list[Any], text: str) -> list[Any]:
    """The messages with another text in the last of the user's; with one more where there is none."""
    told = {"role": "user", "content": text}
    for place in reversed(range(len(messages))):
        if messages[place]["role"] == "user":
            return [*messages[:place], told, *messages[place + 1 :]]
    return [*messages, told]


def _options(options: object, more: Mapping[str, Any]) -> dict[str, Any]:
    if options is None:
        return dict(more)
    if not isinstance(options, Mapping):
        raise expected("dict", options, "options")
    for name in options:
        if not isinstance(name, str):
            raise TypeConversionError(f"Expected string, got {_type_name(name)} as a key of argument 'options'")
    return {**options, **more}


def expected(wanted: str, given: object, argument: str) -> TypeConversionError:
    """The error for an argument of a wrong type."""
    return TypeConversionError(f"Expected {wanted}, got {_type_name(given)} at argument '{argument}'")


def _type_name(value: object) -> str:
    from opendxa.dana._conversion import type_name

    return type_name(value)
