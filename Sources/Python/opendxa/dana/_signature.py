"""Signatures of Dana's functions as `inspect` and `typing` show them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from opendxa.dana._native import DanaFunction

_TYPES: dict[str, Any] = {
    "int": int,
    "float": float,
    "str": str,
    "string": str,
    "bool": bool,
    "bytes": bytes,
    "list": list,
    "dict": dict,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "any": Any,
    "Any": Any,
    "object": object,
    "None": None,
    "null": None,
    "none": None,
}
_KINDS = tuple(inspect._ParameterKind)


class _Default:
    """A default that only Dana can make; it shows as it stands there."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def signature(function: DanaFunction) -> inspect.Signature:
    """The signature of a function: Dana's types as Python's, defaults as values where they are plain."""
    if (of_host := _of_host(function)) is not None:
        return of_host
    parameters = [
        inspect.Parameter(name, _KINDS[kind], default=_default(default), annotation=_annotation(annotation))
        for name, kind, default, annotation in function.parameters
    ]
    return inspect.Signature(parameters, return_annotation=_annotation(function.annotation))


def types(function: DanaFunction) -> dict[str, Any]:
    """The types of the parameters and of the result that are said, by name; `Any` for those that only Dana has."""
    host = function.host_function
    if host is not None:
        try:
            hints = get_type_hints(host, include_extras=True)
        except (NameError, TypeError, AttributeError):
            hints = dict(getattr(host, "__annotations__", {}))
        return {name: hint for name, hint in hints.items() if name != "context" or not function.takes_context}
    said = {name: annotation for name, _, _, annotation in function.parameters} | {"return": function.annotation}
    known = {name: _annotation(text) for name, text in said.items() if text is not None}
    return {name: Any if isinstance(annotation, str) else annotation for name, annotation in known.items()}


def parameters(function: DanaFunction) -> list[tuple[str, int, str | None, str | None]]:
    """Name, kind, default and annotation of each parameter: of a function of Python's as that says them."""
    known = _of_host(function)
    if known is None:
        return function.parameters
    empty = inspect.Parameter.empty
    return [
        (
            each.name,
            _KINDS.index(each.kind),
            None if each.default is empty else repr(each.default),
            None if each.annotation is empty else inspect.formatannotation(each.annotation),
        )
        for each in known.parameters.values()
    ]


def of_callable(function: Callable[..., Any], *, takes_context: bool) -> inspect.Signature | None:
    """The signature of a function of Python's as programs call it; None where it says none."""
    try:
        known = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    if not takes_context:
        return known
    return known.replace(parameters=list(known.parameters.values())[1:])


def _of_host(function: DanaFunction) -> inspect.Signature | None:
    host = function.host_function
    return None if host is None else of_callable(host, takes_context=function.takes_context)


def _default(text: str | None) -> Any:
    if text is None:
        return inspect.Parameter.empty
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return _Default(text)


def _annotation(text: str | None) -> Any:
    if text is None:
        return inspect.Parameter.empty
    try:
        return _type(ast.parse(text, mode="eval").body)
    except (KeyError, TypeError, SyntaxError):
        return text


def _type(node: ast.expr) -> Any:
    """The type that an annotation means; a KeyError when it names one that only Dana has."""
    match node:
        case ast.Name(id=name):
            return _TYPES[name]
        case ast.Constant(value=None):
            return None
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=parts)):
            return _TYPES[name][tuple(... if _is_ellipsis(part) else _type(part) for part in parts)]
        case ast.Subscript(value=ast.Name(id=name), slice=part):
            return _TYPES[name][_type(part)]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _type(left) | _type(right)
    raise KeyError(ast.unparse(node))


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
