"""The form of a tool's arguments: what a model is told of a function's parameters, and how it is called."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, get_type_hints

from opendxa.dana._answer_form import Forms
from opendxa.dana._plain_forms import Build, Schema
from opendxa.dana.errors import TypeConversionError

if TYPE_CHECKING:
    from opendxa.dana._native import DanaFunction


class ToolForm:
    """The JSON Schema of a function's parameters, and what makes arguments of a model's plain ones."""

    __slots__ = ("_parameters", "schema")

    def __init__(self, function: Callable[..., Any], name: str) -> None:
        self._parameters: list[tuple[inspect.Parameter, Build]] = []
        forms = Forms("option 'tools'")
        properties: Schema = {}
        required: list[str] = []
        hints = _hints(function)
        for parameter in _signature(function, name).parameters.values():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            forms.where = f"parameter '{parameter.name}' of the tool '{name}'"
            form = forms.of(hints.get(parameter.name, _written(parameter)))
            properties[parameter.name] = form.schema
            self._parameters.append((parameter, form.build))
            if parameter.default is parameter.empty:
                required.append(parameter.name)
        self.schema = forms.defined(
            {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
        )

    def arguments(self, written: str) -> tuple[list[Any], dict[str, Any]]:
        """The arguments by position and by name, of a JSON object that a model wrote."""
        given: Mapping[str, Any] = json.loads(written)
        positional: list[Any] = []
        left_out: list[Any] = []
        named: dict[str, Any] = {}
        for parameter, build in self._parameters:
            if parameter.name not in given:
                left_out.append(parameter.default)
            elif parameter.kind is parameter.POSITIONAL_ONLY:
                # Those before it that were left out hold their places.
                positional += [*left_out, build(given[parameter.name])]
                left_out = []
            else:
                named[parameter.name] = build(given[parameter.name])
        return positional, named


class DanaToolForm:
    """The same of a Dana function, which knows the types that it declares."""

    __slots__ = ("_function", "schema")

    def __init__(self, function: DanaFunction, schema: Schema) -> None:
        self._function = function
        self.schema = schema

    def arguments(self, written: str) -> tuple[list[Any], dict[str, Any]]:
        """The arguments by position and by name, of a JSON object that a model wrote."""
        named = self._function.tool_arguments(written)
        positional: list[Any] = []
        for name, kind, _, _ in self._function.parameters:
            if kind != inspect.Parameter.POSITIONAL_ONLY or name not in named:
                break
            positional.append(named.pop(name))
        return positional, named


def _signature(function: Callable[..., Any], name: str) -> inspect.Signature:
    try:
        return inspect.signature(function)
    except ValueError:  # some functions of C's
        raise TypeConversionError(
            f"'{name}' does not say which parameters it has, at option 'tools': give a function that calls it"
        ) from None


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function, include_extras=True)
    except Exception:  # an annotation that names nothing here, or a function of Dana's
        return {}


def _written(parameter: inspect.Parameter) -> Any:
    """The annotation as it stands; a text that names nothing here says nothing."""
    annotation = parameter.annotation
    return Any if annotation is parameter.empty or isinstance(annotation, str) else annotation
