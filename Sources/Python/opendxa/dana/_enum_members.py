"""Members of Dana's enums in the data of a pydantic model, which knows only Python's."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from enum import Enum
from typing import Any, Union, get_args, get_origin

from opendxa.dana._object import DanaObject, fields_with_members, member_name
from opendxa.dana._resolved import resolved


def with_python_members(value: Any, *annotations: Any) -> Any:
    """The plain data of a value, in which members are those of the same name of the enums that annotations name.

    Of several annotations each may be the one that the value is for, as in a union.
    """
    choices = [choice for annotation in annotations for choice in _choices(annotation)]
    if (name := member_name(value)) is not None:
        for choice in choices:
            if isinstance(choice, type) and issubclass(choice, Enum) and name in choice.__members__:
                return choice[name]
        return value.as_dict()
    if isinstance(value, DanaObject):
        value = fields_with_members(value)
    inner = [part for choice in choices for part in get_args(choice)]
    if isinstance(value, list | tuple):
        return type(value)(with_python_members(item, *inner) for item in value)
    if isinstance(value, dict):
        hints = [_fields(choice) for choice in choices]
        return {
            key: with_python_members(item, *inner, *(known[key] for known in hints if key in known))
            for key, item in value.items()
        }
    return value


def _choices(annotation: Any) -> Iterator[Any]:
    annotation = resolved(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _choices(part)
    else:
        yield annotation


def _fields(annotation: Any) -> dict[str, Any]:
    """The annotations of a class's fields, by their names and those that pydantic reads them under."""
    if dataclasses.is_dataclass(annotation) or typing.is_typeddict(annotation) or hasattr(annotation, "_fields"):
        return typing.get_type_hints(annotation)
    fields = getattr(annotation, "model_fields", {})
    aliased = {field.alias: field.annotation for field in fields.values() if field.alias is not None}
    return {**{name: field.annotation for name, field in fields.items()}, **aliased}
