"""Values measured against annotations, with errors that name what was expected and where."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from opendxa.dana._conversion import TypeConverter, type_name
from opendxa.dana._dataclass_hints import init_hints
from opendxa.dana._enum_members import with_python_members
from opendxa.dana._object import DanaObject, fields_with_members, member_name
from opendxa.dana._resolved import resolved
from opendxa.dana.errors import TypeConversionError

_NAMES: dict[Any, str] = {str: "string", types.NoneType: "None"}


def argument(value: Any, annotation: Any, where: str) -> Any:
    """An argument that fits its annotation, as it goes into Dana."""
    return _Measure(where, incoming=False).fit(value, annotation)


def result(value: Any, annotation: Any, where: str) -> Any:
    """A result as its annotation wants it: dictionaries and structs become the records that it names."""
    return _Measure(where, incoming=True).fit(value, annotation)


def _is_record(annotation: object) -> bool:
    return isinstance(annotation, type) and dataclasses.is_dataclass(annotation)


def _is_named_tuple(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, tuple) and hasattr(annotation, "_fields")


def _shown(annotation: Any) -> str:
    """An annotation as messages show it."""
    if annotation in (None, types.NoneType):
        return "None"
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return " | ".join(_shown(part) for part in get_args(annotation))
    if origin is Literal:
        return " or ".join(repr(part) for part in get_args(annotation))
    if origin is typing.Annotated:
        return _shown(get_args(annotation)[0])
    if origin is not None:
        name = getattr(origin, "__name__", str(origin))
        return f"{name}[{', '.join('...' if part is ... else _shown(part) for part in get_args(annotation))}]"
    return _NAMES.get(annotation) or str(getattr(annotation, "__name__", annotation))


class _Measure:
    """Fits one value, which stands at `where` in messages."""

    def __init__(self, where: str, *, incoming: bool) -> None:
        self._where = where
        self._incoming = incoming

    def fit(self, value: Any, annotation: Any) -> Any:
        annotation = resolved(annotation)
        if annotation is Any or isinstance(annotation, typing.TypeVar | str):
            return value
        if annotation in (None, types.NoneType):
            return value if value is None else self._refuse(value, annotation)
        origin = get_origin(annotation)
        if origin in (Union, types.UnionType):
            return self._fit_union(value, annotation)
        if origin is Literal:
            return value if _is_one_of(value, get_args(annotation)) else self._refuse(value, annotation)
        if typing.is_typeddict(annotation):
            return self._fit_typed_dict(value, annotation)
        if _is_record(annotation):
            return self._fit_record(value, annotation)
        if self._incoming and _is_named_tuple(annotation):
            return self._fit_named_tuple(value, annotation)
        if self._incoming and hasattr(annotation, "model_validate"):
            return self._fit_model(value, annotation)
        if origin is not None:
            return self._fit_generic(value, annotation, origin, get_args(annotation))
        return self._fit_class(value, annotation)

    def _fit_union(self, value: Any, annotation: Any) -> Any:
        parts = get_args(annotation)
        # The very type first: an int is a float, too, and must stay an int in `float | int`.
        for part in sorted(parts, key=lambda part: part is not type(value)):
            try:
                return self.fit(value, part)
            except TypeConversionError:
                continue
        return self._refuse(value, annotation)

    def _fit_typed_dict(self, value: Any, annotation: Any) -> Any:
        if isinstance(value, DanaObject):
            value = fields_with_members(value)
        if not isinstance(value, dict):
            self._refuse(value, annotation)
        hints = typing.get_type_hints(annotation)
        for key in sorted(annotation.__required_keys__ - value.keys()):
            raise TypeConversionError(f"Expected {_shown(annotation)} with key {key!r}, got none at {self._where}")
        for key in value:
            if key not in hints:
                raise TypeConversionError(
                    f"Expected {_shown(annotation)}, got the unknown key {key!r} at {self._where}"
                )
        return {key: self._inside(repr(key)).fit(item, hints[key]) for key, item in value.items()}

    def _fit_record(self, value: Any, annotation: Any) -> Any:
        if not self._incoming:
            if not isinstance(value, annotation):
                self._refuse(value, annotation)
            hints = typing.get_type_hints(annotation)
            for field in dataclasses.fields(annotation):
                if field.init:
                    self._within(field.name).fit(getattr(value, field.name), hints[field.name])
            return value
        if isinstance(value, annotation):
            return value
        hints = init_hints(annotation)
        found = fields_with_members(value) if isinstance(value, DanaObject) else value
        if not isinstance(found, dict):
            self._refuse(value, annotation)
        for name in found:
            if name not in hints:
                raise TypeConversionError(
                    f"Expected {_shown(annotation)}, got the unknown field {name!r} at {self._where}"
                )
        fields = {name: self._within(name).fit(found[name], hints[name]) for name in hints if name in found}
        try:
            return annotation(**fields)
        except TypeError as error:
            raise TypeConversionError(f"Expected {_shown(annotation)} at {self._where}: {error}") from error

    def _fit_named_tuple(self, value: Any, annotation: Any) -> Any:
        """From a tuple of its fields, or from what has them by name."""
        hints = typing.get_type_hints(annotation)
        found = fields_with_members(value) if isinstance(value, DanaObject) else value
        if isinstance(found, tuple) and len(found) <= len(annotation._fields):
            found = dict(zip(annotation._fields, found, strict=False))
        if not isinstance(found, dict) or not found.keys() <= set(annotation._fields):
            self._refuse(value, annotation)
        fields = {name: self._within(name).fit(item, hints.get(name, Any)) for name, item in found.items()}
        try:
            return annotation(**fields)
        except TypeError as error:
            raise TypeConversionError(f"Expected {_shown(annotation)} at {self._where}: {error}") from error

    def _fit_model(self, value: Any, annotation: Any) -> Any:
        """A model of pydantic's, which measures by itself."""
        try:
            return annotation.model_validate(with_python_members(value, annotation))
        except ValueError as error:
            raise TypeConversionError(f"Expected {_shown(annotation)} at {self._where}: {error}") from error

    def _fit_generic(self, value: Any, annotation: Any, origin: Any, parts: tuple[Any, ...]) -> Any:
        if not isinstance(origin, type):
            return value
        if issubclass(origin, tuple):
            return self._fit_tuple(value, annotation, parts)
        if not isinstance(value, origin) or (isinstance(value, str | bytes) and origin is not type(value)):
            self._refuse(value, annotation)
        if issubclass(origin, Mapping) and len(parts) == 2 and isinstance(value, Mapping):
            return {
                self._inside(f"key {key!r}").fit(key, parts[0]): self._inside(repr(key)).fit(item, parts[1])
                for key, item in value.items()
            }
        if isinstance(value, list | tuple) and issubclass(origin, Sequence | Iterable) and len(parts) == 1:
            return type(value)(self._inside(str(index)).fit(item, parts[0]) for index, item in enumerate(value))
        if isinstance(value, Set) and len(parts) == 1:
            items = (self._inside("an element").fit(item, parts[0]) for item in value)
            return frozenset(items) if isinstance(value, frozenset) else set(items)
        return value

    def _fit_tuple(self, value: Any, annotation: Any, parts: tuple[Any, ...]) -> Any:
        if not isinstance(value, tuple):
            self._refuse(value, annotation)
        if len(parts) == 2 and parts[1] is ...:
            parts = (parts[0],) * len(value)
        if len(value) != len(parts):
            raise TypeConversionError(f"Expected {_shown(annotation)}, got {len(value)} elements at {self._where}")
        return tuple(
            self._inside(str(i)).fit(item, part) for i, (item, part) in enumerate(zip(value, parts, strict=True))
        )

    def _fit_class(self, value: Any, annotation: Any) -> Any:
        if not isinstance(annotation, type):
            return value
        if self._incoming and not isinstance(value, annotation):
            handler = TypeConverter.handler(annotation)
            if handler is not None:
                return handler.from_dana(value)
            if issubclass(annotation, Enum):
                return self._fit_enum(value, annotation)
        if annotation is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value) if self._incoming else value
        if annotation is object or isinstance(value, annotation):
            # Python counts True as an int; whoever writes int does not.
            return self._refuse(value, annotation) if annotation is int and isinstance(value, bool) else value
        return value if annotation is Callable and callable(value) else self._refuse(value, annotation)

    def _fit_enum(self, value: Any, annotation: type[Enum]) -> Enum:
        if (name := member_name(value)) is not None:
            if name in annotation.__members__:
                return annotation[name]
            names = ", ".join(annotation.__members__)
            raise TypeConversionError(
                f"Expected {annotation.__name__} ({names}), got {value!r} at {self._where}"
            )
        try:
            return annotation(value)
        except ValueError:
            choices = ", ".join(repr(member.value) for member in annotation)
            raise TypeConversionError(
                f"Expected {annotation.__name__} ({choices}), got {value!r} at {self._where}"
            ) from None

    def _inside(self, key: str) -> _Measure:
        return _Measure(f"{self._where}[{key}]", incoming=self._incoming)

    def _within(self, name: str) -> _Measure:
        return _Measure(f"{self._where}.{name}", incoming=self._incoming)

    def _refuse(self, value: Any, annotation: Any) -> typing.NoReturn:
        raise TypeConversionError(f"Expected {_shown(annotation)}, got {type_name(value)} at {self._where}")


def _is_one_of(value: Any, choices: tuple[Any, ...]) -> bool:
    return any(type(choice) is type(value) and choice == value for choice in choices)
