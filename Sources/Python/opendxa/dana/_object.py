"""Values of Dana that are no plain data, as Python uses them: struct instances, enums, generators, exceptions."""

from __future__ import annotations

from opendxa.dana._native import DanaFunction, Object
from opendxa.dana._pydantic_form import PydanticForm
from opendxa.dana._result import DanaResult
from opendxa.dana._uncopied import Uncopied
from opendxa.dana.errors import ContextClosedError, DanaKeyError, DanaValueError

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping
    from typing import Any

_ROWS_SHOWN = 50
# The kinds of objects that have fields.
_WITH_FIELDS = ("struct", "enum", "member")
# That `as_dict` reads at most.
_MOST_OBJECTS = 1_000_000


class DanaObject(Uncopied, DanaResult, PydanticForm):
    """A value of Dana's, which stays in its context: its fields are attributes, its methods are callable.

    Two are equal when Dana finds them equal. `vars(value)` and `as_dict()` have the fields by name, so that FastAPI and
    pydantic read them, too.
    """

    __slots__ = ("__weakref__", "_dana_native")
    _dana_native: Object
    _instead_of_a_copy = ": as_dict() gives its fields"

    def __init__(self, native: Object) -> None:
        object.__setattr__(self, "_dana_native", native)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._dana_native.get(name)

    def __setattr__(self, name: str, value: object) -> None:
        self._dana_native.set(name, value)

    def __delattr__(self, name: str) -> None:
        native = self._dana_native
        if name in native.names():
            raise AttributeError(f"attribute {name!r} of {native.type_name!r} object cannot be deleted")
        raise AttributeError(f"{native.type_name!r} object has no attribute {name!r}")

    if not TYPE_CHECKING:  # to which every object has one

        @property
        def __dict__(self) -> dict[str, Any]:
            """The fields by name, as they are now."""
            native = self._dana_native
            if native.kind not in _WITH_FIELDS:
                raise AttributeError(f"{native.type_name!r} object has no attribute '__dict__'")
            return {name: native.get(name) for name in native.names()}

    def __dir__(self) -> list[str]:
        native = self._dana_native
        return sorted({*object.__dir__(self), *native.names(), *native.methods()})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DanaObject):
            return NotImplemented
        return self._dana_native == other._dana_native

    def __hash__(self) -> int:
        return hash(self._dana_native)

    def __repr__(self) -> str:
        try:
            return self._dana_native.text()
        except ContextClosedError:
            return f"<{self._dana_native.type_name} of a closed context>"

    def _repr_html_(self) -> str:
        """The fields as a table, for notebooks."""
        from html import escape

        native = self._dana_native
        names = native.names()
        rows = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(repr(native.get(name)))}</td></tr>" for name in names[:_ROWS_SHOWN]
        )
        more = f"<tr><td colspan=2>and {len(names) - _ROWS_SHOWN} more</td></tr>" if len(names) > _ROWS_SHOWN else ""
        return f"<table><caption>{escape(native.type_name)}</caption>{rows}{more}</table>"

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, with the fields of the objects in them in the same way."""
        return _FieldReader(keeps_members=False).fields(self, ())

    def _dana_data(self) -> object:
        return self.as_dict()

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "object"}


class DanaIterator(DanaObject):
    """An iterator of Dana's, such as a generator, for `for` and `async for`."""

    __slots__ = ()
    _instead_of_a_copy = ": list() takes its items"

    def __iter__(self) -> DanaIterator:
        return self

    def __next__(self) -> Any:
        return self._dana_native.next()

    def __aiter__(self) -> DanaIterator:
        return self

    async def __anext__(self) -> Any:
        return await self._dana_native.next_async()

    def as_list(self) -> list[Any]:
        """The items that are left, as a `list`."""
        return list(self)

    def _dana_data(self) -> object:
        return self.as_list()

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "array"}


class DanaGenerator(DanaIterator):
    """A generator of Dana's, which takes values and exceptions as Python's generators do, the asynchronous ones too."""

    __slots__ = ()

    def send(self, value: Any, /) -> Any:
        """Goes on with what `yield` gives in Dana, and gives the next item."""
        return self._dana_native.send(value)

    def throw(self, exception: Any, value: Any = None, traceback: object = None, /) -> Any:
        """Raises an exception where the generator stands, and gives the next item."""
        return self._dana_native.throw(_exception(exception, value))

    def close(self) -> None:
        """Ends the generator; what it has in `finally` and `with` runs."""
        try:
            self._dana_native.get("close")()
        except ContextClosedError:  # which has ended it
            pass

    async def asend(self, value: Any, /) -> Any:
        """`send`, awaited."""
        return await self._dana_native.send_async(value)

    async def athrow(self, exception: Any, value: Any = None, traceback: object = None, /) -> Any:
        """`throw`, awaited."""
        return await self._dana_native.throw_async(_exception(exception, value))

    async def aclose(self) -> None:
        """`close`, awaited."""
        try:
            await self._dana_native.get("close").call_async()
        except ContextClosedError:  # which has ended it
            pass


class DanaEnum(DanaObject):
    """An enum of Dana's: its members are attributes, and come one after the other.

    `Color["RED"]` and `Color(1)` find a member by its name and by its value; a member is the same object each time, so
    that `is` tells members apart.
    """

    __slots__ = ()
    _instead_of_a_copy = ": list() takes its members"

    def __iter__(self) -> Iterator[DanaObject]:
        native = self._dana_native
        return iter([native.get(name) for name in native.names()])

    def __len__(self) -> int:
        return len(self._dana_native.names())

    def __contains__(self, member: object) -> bool:
        return any(member == own for own in self)

    def __getitem__(self, name: str) -> DanaObject:
        if name not in self._dana_native.names():
            error = DanaKeyError(name)
            error._dana_message = repr(name)
            raise error
        member: DanaObject = self._dana_native.get(name)
        return member

    def __call__(self, value: object) -> DanaObject:
        """The member with a value; a member is itself."""
        for member in self:
            if member is value or member.value == value:
                return member
        raise DanaValueError(f"{value!r} is not a valid {self.__name__}")

    @property
    def __name__(self) -> str:
        name: str = self._dana_native.get("__name__")
        return name

    def __instancecheck__(self, instance: object) -> bool:
        return instance in self

    def as_list(self) -> list[Any]:
        """The members as a `list`."""
        return list(self)


_CLASSES: dict[str, type[DanaObject]] = {"generator": DanaGenerator, "iterator": DanaIterator, "enum": DanaEnum}


# Those of enums and their members that somebody holds: each is the same object wherever it comes from.
_singletons: MutableMapping[object, DanaObject] | None = None


def object_of(native: Object) -> DanaObject:
    """The native object as users see it."""
    kind = native.kind
    made = _CLASSES.get(kind, DanaObject)(native)
    if kind not in ("enum", "member"):
        return made
    global _singletons
    if _singletons is None:
        from weakref import WeakValueDictionary

        _singletons = WeakValueDictionary()
    return _singletons.setdefault(native.identity, made)


def native_object(presented: DanaObject) -> Object:
    """The native object that a user's object stands for."""
    return presented._dana_native


def member_name(value: object) -> str | None:
    """The name of a member of an enum of Dana's; None for anything else."""
    if not isinstance(value, DanaObject) or value._dana_native.kind != "member":
        return None
    return str(value._dana_native.get("name"))


def fields_with_members(value: DanaObject) -> dict[str, Any]:
    """What `as_dict` gives, but that members of enums stay what they are."""
    return _FieldReader(keeps_members=True).fields(value, ())


def _exception(exception: Any, value: Any) -> object:
    """What is to be thrown, of what `throw` is given: an exception, or the class of one and perhaps its value."""
    if isinstance(value, BaseException):
        exception = value
    elif isinstance(exception, type | DanaFunction):
        exception = exception() if value is None else exception(value)
    if not isinstance(exception, BaseException | DanaObject):
        raise TypeError(
            f"exceptions must be classes or instances deriving from BaseException, not {type(exception).__name__}"
        )
    return exception


class _FieldReader:
    """Reads the fields of an object and of the objects in it. Parts that are shared are read each time."""

    __slots__ = ("_keeps_members", "_left")

    def __init__(self, *, keeps_members: bool) -> None:
        self._keeps_members = keeps_members
        self._left = _MOST_OBJECTS

    def fields(self, value: DanaObject, outer: tuple[DanaObject, ...]) -> dict[str, Any]:
        native = value._dana_native
        if any(native is other._dana_native or value is other for other in outer) or len(outer) > 100:
            raise DanaValueError(f"as_dict(): {native.type_name} contains itself or is nested too deep")
        self._left -= 1
        if self._left < 0:
            raise DanaValueError(
                f"as_dict(): {native.type_name} comes to more than {_MOST_OBJECTS:,} objects, "
                "those that are shared counted each time"
            )
        return {name: self._plain(native.get(name), (*outer, value)) for name in native.names()}

    def _plain(self, value: Any, outer: tuple[DanaObject, ...]) -> Any:
        match value:
            case DanaObject():
                if self._keeps_members and value._dana_native.kind == "member":
                    return value
                return self.fields(value, outer) if value._dana_native.names() else value
            case list():
                return [self._plain(item, outer) for item in value]
            case tuple():
                return tuple(self._plain(item, outer) for item in value)
            case dict():
                return {key: self._plain(item, outer) for key, item in value.items()}
            case _:
                return value
