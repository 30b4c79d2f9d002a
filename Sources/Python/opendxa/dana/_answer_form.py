"""The form of an answer, as Python says it: annotations, dataclasses, TypedDicts, pydantic models.

A form is a JSON Schema for the model, and what makes the value of the type out of the plain answer.
"""

from __future__ import annotations

import dataclasses
import enum
import types
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from opendxa.dana.errors import TypeConversionError

Schema = dict[str, Any]
Build = Callable[[Any], Any]


class AnswerForm:
    """What a model is told of the form, and how its answer becomes a value."""

    __slots__ = ("build", "schema")

    def __init__(self, wanted: object) -> None:
        forms = _Forms()
        self.schema, self.build = forms.of(wanted)
        if forms.definitions:
            self.schema = {**self.schema, "$defs": forms.definitions}


def parameters_schema(function: Callable[..., Any]) -> Schema:
    """The JSON Schema of a function's parameters."""
    import inspect

    try:
        hints = get_type_hints(function, include_extras=True)
    except Exception:  # an annotation that names nothing here says nothing
        hints = {}
    forms = _Forms()
    properties: Schema = {}
    required: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        properties[parameter.name] = forms.of(hints.get(parameter.name, Any))[0]
        if parameter.default is parameter.empty:
            required.append(parameter.name)
    schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {**schema, "$defs": forms.definitions} if forms.definitions else schema


def _same(value: Any) -> Any:
    return value


class _Forms:
    """Finds the forms of types, each record once."""

    def __init__(self) -> None:
        self.definitions: Schema = {}
        self._open: dict[Any, str] = {}
        self._builds: dict[Any, Build] = {}

    def of(self, wanted: Any) -> tuple[Schema, Build]:
        """The schema of a type, and what makes its values."""
        if wanted in (Any, object):
            return {}, _same
        if wanted is None or wanted is types.NoneType:
            return {"type": "null"}, _same
        if isinstance(wanted, type) and wanted in _PLAIN:
            return dict(_PLAIN[wanted]), _builder(wanted)
        origin = get_origin(wanted)
        if origin is not None:
            return self._generic(wanted, origin)
        if isinstance(wanted, type):
            return self._class(wanted)
        raise TypeConversionError(f"Expected a type or a dict with a JSON Schema, got {wanted!r} at argument 'returns'")

    def _generic(self, wanted: Any, origin: Any) -> tuple[Schema, Build]:
        arguments = get_args(wanted)
        if origin is Annotated:
            schema, build = self.of(arguments[0])
            texts = [text for text in arguments[1:] if isinstance(text, str)]
            return ({**schema, "description": texts[0]}, build) if texts else (schema, build)
        if origin in (Required, NotRequired):
            return self.of(arguments[0])
        if origin is Literal:
            return {"enum": list(arguments)}, _same
        if origin in (Union, types.UnionType):
            return self._union(arguments)
        if isinstance(origin, type) and issubclass(origin, tuple):
            return self._tuple(arguments)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            schema, build = self.of(arguments[1])
            return {"type": "object", "additionalProperties": schema}, lambda value: {
                key: build(item) for key, item in value.items()
            }
        if isinstance(origin, type) and issubclass(origin, AbstractSet):
            schema, build = self.of(arguments[0])
            kind = frozenset if issubclass(origin, frozenset) else set
            return _array(schema), lambda value: kind(map(build, value))
        if isinstance(origin, type) and issubclass(origin, Sequence):
            schema, build = self.of(arguments[0])
            return _array(schema), lambda value: [build(item) for item in value]
        if isinstance(origin, type):  # a generic class of one's own
            return self._class(origin)
        raise TypeConversionError(f"{wanted!r} has no form that a model could be asked for, at argument 'returns'")

    def _union(self, arguments: tuple[Any, ...]) -> tuple[Schema, Build]:
        forms = [self.of(argument) for argument in arguments]

        def build(value: Any) -> Any:
            failure: Exception | None = None
            for argument, (_, make) in zip(arguments, forms, strict=True):
                if not _may_be(value, argument):
                    continue
                try:
                    return make(value)
                except (TypeError, ValueError, KeyError) as error:
                    failure = error
            raise TypeConversionError(f"the answer {value!r} is none of {arguments}") from failure

        return {"anyOf": [schema for schema, _ in forms]}, build

    def _tuple(self, arguments: tuple[Any, ...]) -> tuple[Schema, Build]:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            schema, build = self.of(arguments[0])
            return _array(schema), lambda value: tuple(map(build, value))
        forms = [self.of(argument) for argument in arguments]
        schema = {
            "type": "array",
            "prefixItems": [schema for schema, _ in forms],
            "minItems": len(forms),
            "maxItems": len(forms),
        }
        return schema, lambda value: tuple(make(item) for (_, make), item in zip(forms, value, strict=True))

    def _class(self, wanted: type) -> tuple[Schema, Build]:
        if hasattr(wanted, "model_json_schema") and hasattr(wanted, "model_validate"):
            schema = dict(wanted.model_json_schema())
            self.definitions.update(schema.pop("$defs", {}))
            return schema, wanted.model_validate
        if issubclass(wanted, enum.Enum):
            members = list(wanted)
            return {"enum": [member.value for member in members]}, wanted
        if wanted is list:
            return {"type": "array"}, _same
        if wanted is dict:
            return {"type": "object"}, _same
        if wanted in (tuple, set, frozenset):
            return {"type": "array"}, wanted
        if wanted in self._open:
            self.definitions.setdefault(self._open[wanted], {})
            return {"$ref": f"#/$defs/{self._open[wanted]}"}, lambda value: self._builds[wanted](value)
        if is_typeddict(wanted):
            return self._record(wanted, getattr(wanted, "__required_keys__", frozenset()), dict)
        if dataclasses.is_dataclass(wanted):
            fields = [field for field in dataclasses.fields(wanted) if field.init]
            required = {
                field.name
                for field in fields
                if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            }
            return self._record(wanted, required, wanted, [field.name for field in fields])
        if issubclass(wanted, tuple) and hasattr(wanted, "_fields"):
            defaults = getattr(wanted, "_field_defaults", {})
            return self._record(wanted, set(wanted._fields) - set(defaults), wanted)
        raise TypeConversionError(
            f"{wanted.__name__} has no form that a model could be asked for, at argument 'returns': "
            "use plain types, a dataclass, a TypedDict, a pydantic model or a JSON Schema"
        )

    def _record(
        self, wanted: type, required: AbstractSet[str], make: Callable[..., Any], names: list[str] | None = None
    ) -> tuple[Schema, Build]:
        self._open[wanted] = wanted.__name__
        hints = get_type_hints(wanted, include_extras=True)
        fields = {name: self.of(hints[name]) for name in (names or hints)}
        schema: Schema = {
            "type": "object",
            "title": wanted.__name__,
            "properties": {name: schema for name, (schema, _) in fields.items()},
            "required": [name for name in fields if name in required],
            "additionalProperties": False,
        }
        if wanted.__doc__ and not wanted.__doc__.startswith(f"{wanted.__name__}("):
            schema["description"] = wanted.__doc__.strip().partition("\n\n")[0]

        def build(value: Any) -> Any:
            return make(**{name: fields[name][1](item) for name, item in value.items() if name in fields})

        self._builds[wanted] = build
        name = self._open.pop(wanted)
        if name in self.definitions:
            self.definitions[name] = schema
        return schema, build


_PLAIN: dict[type, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _builder(wanted: type) -> Build:
    if wanted is float:
        return float
    if wanted is datetime:
        return datetime.fromisoformat
    if wanted is date:
        return date.fromisoformat
    return _same


def _may_be(value: Any, wanted: Any) -> bool:
    """Whether a plain value could be meant for a type, as far as can be seen from outside."""
    if wanted is None or wanted is types.NoneType:
        return value is None
    if isinstance(wanted, type) and wanted in (bool, int, float, str):
        if wanted is float:
            return isinstance(value, int | float) and not isinstance(value, bool)
        return type(value) is wanted
    return value is not None
