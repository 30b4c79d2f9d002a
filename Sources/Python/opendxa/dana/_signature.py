"""Signatures of Dana's functions as `inspect` and `typing` show them."""

from __future__ import annotations

import ast
import inspect
from typing import Any

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
    parameters = [
        inspect.Parameter(name, _KINDS[kind], default=_default(default), annotation=_annotation(annotation))
        for name, kind, default, annotation in function.parameters
    ]
    return inspect.Signature(parameters, return_annotation=_annotation(function.annotation))


def types(function: DanaFunction) -> dict[str, Any]:
    """The types of the parameters and of the result that are said, by name; `Any` for those that only Dana has."""
    said = {name: annotation for name, _, _, annotation in function.parameters} | {"return": function.annotation}
    known = {name: _annotation(text) for name, text in said.items() if text is not None}
    return {name: Any if isinstance(annotation, str) else annotation for name, annotation in known.items()}


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
