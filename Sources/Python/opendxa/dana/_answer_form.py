"""The form of an answer, as Python says it: annotations, dataclasses, TypedDicts, pydantic models.

A form is a JSON Schema for the model, and what makes the value of the type out of the plain answer. What it makes fits
the type: a plain answer that does not is a ValueError, or what the type's own checks raise.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import json
import reprlib
import types
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Required,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from opendxa.dana._dataclass_hints import init_hints
from opendxa.dana._plain_forms import PLAIN, Build, Schema, instance_of, same, told
from opendxa.dana.errors import TypeConversionError


# How many records may stand in one another.
_DEEPEST = 100


class AnswerForm:
    """What a model is told of the form, and how its answer becomes a value."""

    __slots__ = ("build", "schema")

    def __init__(self, wanted: object) -> None:
        forms = Forms("argument 'returns'")
        self.schema, self.build, _ = forms.of(wanted)
        self.schema = forms.defined(self.schema)


class Form(NamedTuple):
    """A schema, and what makes its values."""

    schema: Schema
    build: Build
    known: frozenset[str] | None = None
    """The names in an object that the form looks at; None where it refuses others itself."""

    def overlooks(self, value: Any) -> bool:
        """Whether there is something in a value that the form would leave out."""
        return self.known is not None and isinstance(value, dict) and not self.known >= value.keys()


class Forms:
    """Finds the forms of types, each record once. `where` is what errors say of the place."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._definitions: Schema = {}
        # The records that are being looked at, and what those are called to which something refers.
        self._open: set[Any] = set()
        self._names: dict[Any, str] = {}
        self._builds: dict[Any, Build] = {}
        # What the type variables of the generic class that is being looked at stand for.
        self._variables: dict[Any, Any] = {}

    def defined(self, schema: Schema) -> Schema:
        """A schema with the definitions to which it refers."""
        return {**schema, "$defs": self._definitions} if self._definitions else schema

    def of(self, wanted: Any) -> Form:
        """The schema of a type, and what makes its values."""
        if wanted in (Any, object):
            return Form({}, lambda value: value)
        if wanted is None or wanted is types.NoneType:
            return Form({"type": "null"}, instance_of(types.NoneType))
        if isinstance(wanted, type) and wanted in PLAIN:
            schema, build = PLAIN[wanted]
            return Form(dict(schema), build)
        origin = get_origin(wanted)
        if origin is not None:
            return self._generic(wanted, origin)
        if isinstance(wanted, type):
            return self._class(wanted, wanted)
        if isinstance(wanted, NewType):
            return self.of(wanted.__supertype__)
        if isinstance(wanted, TypeVar):
            return self.of(self._meaning(wanted))
        advice = ": give the class, not its name" if isinstance(wanted, str | ForwardRef) else ""
        raise TypeConversionError(
            f"Expected a type or a dict with a JSON Schema, got {wanted!r} at {self.where}{advice}"
        )

    def _meaning(self, variable: TypeVar) -> Any:
        """What a type variable stands for, or may stand for where nothing is said."""
        if variable in self._variables:
            return self._variables[variable]
        return Union[variable.__constraints__] if variable.__constraints__ else variable.__bound__ or Any

    def _generic(self, wanted: Any, origin: Any) -> Form:
        arguments = get_args(wanted)
        if origin is Annotated:
            return self._annotated(wanted, arguments)
        if origin in (Required, NotRequired):
            return self.of(arguments[0])
        if origin is Literal:
            return self._choice(arguments)
        if origin in (Union, types.UnionType):
            return self._union(arguments)
        if isinstance(origin, type) and issubclass(origin, tuple):
            return self._tuple(arguments)
        if isinstance(origin, type) and arguments:
            if issubclass(origin, Mapping):
                return self._mapping(*arguments[:2])
            if issubclass(origin, AbstractSet):
                return self._list(arguments[0], frozenset if issubclass(origin, frozenset) else set)
            if issubclass(origin, Sequence):
                return self._list(arguments[0], list if inspect.isabstract(origin) else origin)
        if isinstance(origin, type):  # a generic class of one's own
            if free := getattr(wanted, "__parameters__", ()):
                wanted = wanted[tuple(map(self._meaning, free))]
            before = self._variables
            self._variables = dict(zip(getattr(origin, "__parameters__", ()), get_args(wanted), strict=False))
            try:
                return self._class(origin, wanted)
            finally:
                self._variables = before
        raise TypeConversionError(f"{wanted!r} has no form that a model could be asked for, at {self.where}")

    def _annotated(self, wanted: Any, arguments: tuple[Any, ...]) -> Form:
        libraries = {type(word).__module__.partition(".")[0] for word in arguments[1:]}
        if libraries & {"pydantic", "annotated_types"}:
            try:
                from pydantic import TypeAdapter
            except ImportError:  # nobody is there who knows what the words mean
                return self.of(arguments[0])
            adapter = TypeAdapter(wanted)
            return self._pydantic(adapter.json_schema, adapter.validate_json)
        form = self.of(arguments[0])
        texts = [text for text in arguments[1:] if isinstance(text, str)]
        return form._replace(schema={**form.schema, "description": texts[0]}) if texts else form

    def _choice(self, values: tuple[Any, ...]) -> Form:
        """One of some values, by what the model is told of them."""
        words = [told(value, self.where) for value in values]

        def build(answer: Any) -> Any:
            for word, value in zip(words, values, strict=True):
                if same(word, answer):
                    return value
            raise ValueError(f"expected one of {', '.join(map(repr, words))}, got {reprlib.repr(answer)}")

        return Form({"enum": words}, build)

    def _union(self, arguments: tuple[Any, ...]) -> Form:
        # An int is a float, too, and stays an int where both are wanted.
        forms = [self.of(argument) for argument in sorted(arguments, key=lambda argument: argument is float)]

        def build(value: Any) -> Any:
            faults: list[str] = []
            for form in sorted(forms, key=lambda form: form.overlooks(value)):
                try:
                    return form.build(value)
                except Exception as error:  # whatever the class's own checks raise
                    faults.append(str(error))
            raise ValueError(f"{reprlib.repr(value)} fits none of the forms: {'; '.join(faults)}")

        return Form({"anyOf": [form.schema for form in forms]}, build)

    def _list(self, wanted: Any, kind: Callable[[list[Any]], Any]) -> Form:
        schema, build, _ = self.of(wanted)
        whole = instance_of(list)
        return Form({"type": "array", "items": schema}, lambda value: kind([build(item) for item in whole(value)]))

    def _mapping(self, keys: Any, values: Any) -> Form:
        """In JSON every key is a text: it stands for itself, or for the value that it would be in JSON."""
        schema, build, _ = self.of(values)
        name = self.of(keys).build
        whole = instance_of(dict)

        def key_of(text: str) -> Any:
            try:
                return name(text)
            except Exception:  # whatever the class's own checks raise
                return name(json.loads(text))

        def built(value: Any) -> Any:
            made = {key_of(text): build(item) for text, item in whole(value).items()}
            if len(made) < len(value):
                raise ValueError(f"two keys of {reprlib.repr(value)} mean the same")
            return made

        return Form({"type": "object", "additionalProperties": schema}, built)

    def _tuple(self, arguments: tuple[Any, ...]) -> Form:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return self._list(arguments[0], tuple)
        forms = [self.of(argument) for argument in arguments]
        schema: Schema = {"type": "array", "minItems": len(forms), "maxItems": len(forms)}
        if forms:
            schema["prefixItems"] = [form.schema for form in forms]
        whole = instance_of(list)
        return Form(
            schema,
            lambda value: tuple(form.build(item) for form, item in zip(forms, whole(value), strict=True)),
        )

    def _class(self, wanted: type, key: Any) -> Form:
        """The form of a class; `key` is what tells it from others, for a generic one with its arguments."""
        if hasattr(wanted, "model_json_schema") and hasattr(wanted, "model_validate_json"):
            return self._pydantic(wanted.model_json_schema, wanted.model_validate_json)
        if issubclass(wanted, enum.Enum):
            return self._choice(tuple(wanted))
        if wanted is dict:
            return Form({"type": "object"}, instance_of(dict))
        if wanted in (list, tuple, set, frozenset):
            return self._list(Any, wanted)._replace(schema={"type": "array"})
        if key in self._open:
            return Form({"$ref": f"#/$defs/{self._named(key, wanted)}"}, lambda value: self._builds[key](value))
        if is_typeddict(wanted):
            return self._record(wanted, key, getattr(wanted, "__required_keys__", frozenset()), dict)
        if dataclasses.is_dataclass(wanted):
            fields: Mapping[str, dataclasses.Field[Any]] = wanted.__dataclass_fields__
            required = {
                name
                for name, field in fields.items()
                if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            }
            return self._record(wanted, key, required, wanted, init_hints(wanted, include_extras=True))
        if issubclass(wanted, tuple) and hasattr(wanted, "_fields"):
            defaults = getattr(wanted, "_field_defaults", {})
            return self._record(wanted, key, set(wanted._fields) - set(defaults), wanted)
        raise TypeConversionError(
            f"{wanted.__name__} has no form that a model could be asked for, at {self.where}: "
            "use plain types, a dataclass, a TypedDict, a pydantic model or a JSON Schema"
        )

    def _record(
        self,
        wanted: type,
        key: Any,
        required: AbstractSet[str],
        make: Callable[..., Any],
        hints: Mapping[str, Any] | None = None,
    ) -> Form:
        if len(self._open) == _DEEPEST:
            raise TypeConversionError(f"{wanted.__name__} leads to ever new types, at {self.where}")
        self._open.add(key)
        if hints is None:
            hints = get_type_hints(wanted, include_extras=True)
        fields = {name: self.of(hint) for name, hint in hints.items()}
        schema: Schema = {
            "type": "object",
            "title": wanted.__name__,
            "properties": {name: form.schema for name, form in fields.items()},
            "required": [name for name in fields if name in required],
            "additionalProperties": False,
        }
        if wanted.__doc__ and not wanted.__doc__.startswith(f"{wanted.__name__}("):
            schema["description"] = wanted.__doc__.strip().partition("\n\n")[0]
        whole = instance_of(dict)

        def build(value: Any) -> Any:
            given = whole(value).keys()
            for fault, odd in (("has no", given - fields.keys()), ("needs", required & fields.keys() - given)):
                if odd:
                    raise ValueError(f"{wanted.__name__} {fault} {', '.join(sorted(map(repr, odd)))}")
            return make(**{name: fields[name].build(item) for name, item in value.items()})

        self._builds[key] = build
        self._open.remove(key)
        if key in self._names:
            self._definitions[self._names[key]] = schema
        return Form(schema, build)

    def _named(self, key: Any, wanted: type) -> str:
        """What a record is called in references: its name, or one beside it where another one has that."""
        if key not in self._names:
            name, number = wanted.__name__, 1
            while name in self._definitions:
                number += 1
                name = f"{wanted.__name__}{number}"
            self._names[key] = name
            self._definitions[name] = {}
        return self._names[key]

    def _pydantic(self, describe: Callable[..., Schema], validate: Callable[[str], Any]) -> Form:
        """What pydantic describes and checks. Its definitions get names beside those that others have."""
        number = 1
        while True:
            ending = "" if number == 1 else str(number)
            schema = dict(describe(ref_template="#/$defs/{model}" + ending))
            own = {name + ending: definition for name, definition in schema.pop("$defs", {}).items()}
            if all(self._definitions.get(name, definition) == definition for name, definition in own.items()):
                break
            number += 1
        self._definitions.update(own)
        properties = schema.get("properties")
        known = None if properties is None or schema.get("additionalProperties") else frozenset(properties)
        # As JSON: so a strict model, too, takes a text for a date.
        return Form(schema, lambda value: validate(json.dumps(value)), known)
