"""Functions that a language model may call: what it is told of them, and calling them."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from opendxa.dana._native import DanaFunction, ToolRun
from opendxa.dana._tool_form import DanaToolForm, ToolForm
from opendxa.dana.errors import DanaValueError, TypeConversionError

if TYPE_CHECKING:
    from opendxa.dana._native import AnswerRow, Model, QuestionFields


# Of a longer list or table the model is told the beginning, in about so many bytes, and that it is one.
_MOST_TOLD = 1 << 18


class Tools:
    """The functions that a model may call for one question."""

    __slots__ = ("_tools", "definitions")

    def __init__(self, functions: object) -> None:
        if not isinstance(functions, Iterable) or isinstance(functions, str | bytes):
            raise TypeConversionError("Expected a list of functions at option 'tools'")
        self._tools: dict[str, Tool] = {}
        for function in functions:
            tool = Tool(function)
            if tool.name in self._tools:
                raise DanaValueError(f"two tools have the name '{tool.name}' at option 'tools'")
            self._tools[tool.name] = tool
        self.definitions = [tool.definition for tool in self._tools.values()]

    def answer(self, model: Model, fields: QuestionFields, method: str | None = None) -> AnswerRow:
        """Asks, and calls on this thread what the model wants called, until it answers."""
        run = ToolRun(fields)
        while True:
            row, calls = run.step(model, method)
            if row is not None:
                return row
            texts = [self._answer(tool, arguments) for _, tool, arguments in calls]
            run.answered([call[0] for call in calls], texts)

    async def answer_async(self, model: Model, fields: QuestionFields) -> AnswerRow:
        """`answer` for a coroutine: tools that are coroutines run side by side."""
        run = ToolRun(fields)
        while True:
            row, calls = await run.step_async(model)
            if row is not None:
                return row
            texts = await asyncio.gather(*(self._answer_async(tool, arguments) for _, tool, arguments in calls))
            run.answered([call[0] for call in calls], texts)

    def _answer(self, tool: str, arguments: str) -> str:
        try:
            made = self._tools[tool].call(arguments)
            if inspect.isawaitable(made):
                made = asyncio.run(_awaited(made))
            return _told(made)
        except Exception as error:  # the model may know better the next time
            return _fault(error)

    async def _answer_async(self, tool: str, arguments: str) -> str:
        try:
            made = self._tools[tool].call(arguments)
            return _told(await made if inspect.isawaitable(made) else made)
        except Exception as error:  # the model may know better the next time
            return _fault(error)


class Tool:
    """A function, and how a model may call it."""

    __slots__ = ("_form", "_function", "name")

    def __init__(self, function: Any) -> None:
        if not callable(function):
            raise TypeConversionError(f"Expected a function, got {type(function).__name__} at option 'tools'")
        name = getattr(function, "__name__", None)
        self.name = name.rpartition(".")[2] if isinstance(name, str) else ""
        if not self.name.isidentifier():
            raise TypeConversionError(
                f"{function!r} has no name by which a model could call it, at option 'tools': define it with `def`"
            )
        self._function: Callable[..., Any] = function
        self._form = _form(function, self.name)

    @property
    def definition(self) -> dict[str, Any]:
        """What a model is told."""
        return {
            "name": self.name,
            "description": inspect.getdoc(self._function) or "",
            "parameters": self._form.schema,
        }

    def arguments(self, written: str) -> tuple[list[Any], list[str]]:
        """What a model wrote as what the function is called with; the last ones have the names."""
        positional, named = self._form.arguments(written)
        return [*positional, *named.values()], [*named]

    def call(self, written: str) -> Any:
        """Calls the function with what a model wrote."""
        positional, named = self._form.arguments(written)
        return self._function(*positional, **named)


def _form(function: Any, name: str) -> ToolForm | DanaToolForm:
    if isinstance(function, DanaFunction) and (schema := function.tool_schema()) is not None:
        return DanaToolForm(function, schema)
    return ToolForm(function, name)


async def _awaited(awaitable: Any) -> Any:
    return await awaitable


def _told(value: Any) -> str:
    if isinstance(value, str):
        return _whole(value)
    from opendxa.dana._prompt_data import prompt_data

    made = prompt_data(value, _MOST_TOLD)
    text = _whole(json.dumps(made.data, ensure_ascii=False))
    if made.total is None or made.total == len(made.data):
        return text
    summary = f"; all {made.total}, summarised:\n{_whole(made.summary)}" if made.summary else ""
    return f"{text}\nThe first {len(made.data)} of {made.total} items{summary}"


def _fault(error: Exception) -> str:
    return _whole(f"error: {type(error).__name__}: {error}")


def _whole(text: str) -> str:
    """A text with a replacement character for each half of one, such as a file's name may have that is not UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
