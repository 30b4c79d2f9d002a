"""Functions that a language model may call: what it is told of them, and calling them."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from opendxa.dana._answer_form import parameters_schema
from opendxa.dana._native import ToolRun
from opendxa.dana.errors import DanaValueError, TypeConversionError

if TYPE_CHECKING:
    from opendxa.dana._native import AnswerRow, Model, QuestionFields


class Tools:
    """The functions that a model may call for one question."""

    __slots__ = ("_functions", "definitions")

    def __init__(self, functions: object) -> None:
        if not isinstance(functions, Iterable) or isinstance(functions, str | bytes):
            raise TypeConversionError("Expected a list of functions at option 'tools'")
        self._functions: dict[str, Callable[..., Any]] = {}
        self.definitions: list[dict[str, Any]] = []
        for function in functions:
            definition = tool_definition(function)
            if definition["name"] in self._functions:
                raise DanaValueError(f"two tools have the name '{definition['name']}' at option 'tools'")
            self._functions[definition["name"]] = function
            self.definitions.append(definition)

    def answer(self, model: Model, fields: QuestionFields) -> AnswerRow:
        """Asks, and calls on this thread what the model wants called, until it answers."""
        run = ToolRun(fields)
        while True:
            row, calls = run.step(model)
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
            made = self._functions[tool](**json.loads(arguments))
            if inspect.isawaitable(made):
                made = asyncio.run(_awaited(made))
            return _told(made)
        except Exception as error:  # the model may know better the next time
            return _fault(error)

    async def _answer_async(self, tool: str, arguments: str) -> str:
        try:
            made = self._functions[tool](**json.loads(arguments))
            return _told(await made if inspect.isawaitable(made) else made)
        except Exception as error:  # the model may know better the next time
            return _fault(error)


def tool_definition(function: Any) -> dict[str, Any]:
    """What a model is told of a function: its name, what it is for, and the form of its arguments."""
    if not callable(function):
        raise TypeConversionError(f"Expected a function, got {type(function).__name__} at option 'tools'")
    name = getattr(function, "__name__", None)
    if not isinstance(name, str):
        raise TypeConversionError(f"{function!r} has no name by which a model could call it, at option 'tools'")
    return {
        "name": name.rpartition(".")[2],
        "description": inspect.getdoc(function) or "",
        "parameters": parameters_schema(function),
    }


async def _awaited(awaitable: Any) -> Any:
    return await awaitable


def _told(value: Any) -> str:
    if isinstance(value, str):
        return value
    from opendxa.dana._prompt_data import prompt_data

    return json.dumps(prompt_data(value, all_rows=False).data, ensure_ascii=False)


def _fault(error: Exception) -> str:
    return f"error: {type(error).__name__}: {error}"
