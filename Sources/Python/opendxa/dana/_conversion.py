"""What becomes of Python's values in Dana and of Dana's in Python, and what users add to that."""

from __future__ import annotations

from enum import Enum
from typing import Any, Protocol

from opendxa.dana._handlers import handler_of, set_handler
from opendxa.dana._native import DanaFunction, Module, Object
from opendxa.dana.errors import TypeConversionError


class DanaType(Enum):
    """Dana's types at the border."""

    INT = "int"
    FLOAT = "float"
    STRING = "string"
    BOOL = "bool"
    BYTES = "bytes"
    LIST = "list"
    DICT = "dict"
    TUPLE = "tuple"
    SET = "set"
    STRUCT = "struct"
    FUNCTION = "function"
    MODULE = "module"
    NULL = "null"
    ANY = "any"


PYTHON_TO_DANA_TYPES: dict[type | None, DanaType] = {
    str: DanaType.STRING,
    int: DanaType.INT,
    float: DanaType.FLOAT,
    bool: DanaType.BOOL,
    bytes: DanaType.BYTES,
    list: DanaType.LIST,
    dict: DanaType.DICT,
    tuple: DanaType.TUPLE,
    set: DanaType.SET,
    frozenset: DanaType.SET,
    None: DanaType.NULL,
}
"""The types of Python that cross the border as copies, and what they are in Dana."""


class TypeHandler(Protocol):
    """Turns the values of one type of Python's into plain data and back."""

    def to_dana(self, value: Any, /) -> Any:
        """Plain data that stands for the value in Dana."""
        ...

    def from_dana(self, data: Any, /) -> Any:
        """The value that the data stands for. It is asked for where an annotation names the type."""
        ...


class TypeConverter:
    """Converts values as they cross between Python and Dana.

    Plain data is copied. Other values go into Dana as what their type's handler makes of them or, without one, as
    handles that come back as the same object. Handlers serve the whole process, for a type and what is derived from it.
    """

    __slots__ = ()

    @staticmethod
    def register(type_: type, handler: TypeHandler) -> None:
        """Has a handler convert the values of a type, instead of another that did."""
        if not isinstance(type_, type):
            raise TypeConversionError(f"Expected type, got {type(type_).__name__} at argument 'type_'")
        if type_ in PYTHON_TO_DANA_TYPES or type_ is object:
            raise TypeConversionError(f"{type_.__name__} is converted by Dana itself: register a type of your own")
        for method in ("to_dana", "from_dana"):
            if not callable(getattr(handler, method, None)):
                raise TypeConversionError(f"the handler for {type_.__name__} has no method {method}(value)")
        set_handler(type_, handler)

    @staticmethod
    def unregister(type_: type) -> None:
        """Takes a type's handler back; there need not be one."""
        set_handler(type_, None)

    @staticmethod
    def handler(type_: type) -> TypeHandler | None:
        """The handler of a type or of the nearest that it is derived from."""
        return handler_of(type_)

    def to_dana(self, value: Any) -> tuple[DanaType, Any]:
        """What a value is in Dana, and the data that stands for it there."""
        handler = handler_of(type(value))
        if handler is not None:
            value = handler.to_dana(value)
        return dana_type(value), value

    def from_dana(self, dana_type: DanaType, value: Any, type_: type | None = None) -> Any:
        """A value of Dana's in Python: by the handler of `type_` when that is given and has one."""
        found = _type(value)
        fits = dana_type in (DanaType.ANY, found) or (dana_type, found) == (DanaType.FLOAT, DanaType.INT)
        if not fits:
            raise TypeConversionError(f"Expected {dana_type.value}, got {found.value}")
        handler = None if type_ is None else handler_of(type_)
        return value if handler is None else handler.from_dana(value)


def dana_type(value: object) -> DanaType:
    """What a value of Python's is in Dana; `ANY` for one that goes in as a handle."""
    return _type(value)


def type_name(value: object) -> str:
    """The name of a value's type in messages: Dana's where Dana has the type, else Python's."""
    from opendxa.dana._object import DanaObject, native_object

    if isinstance(value, frozenset):
        return "frozenset"
    if isinstance(value, DanaObject):
        return native_object(value).type_name
    found = _type(value)
    return "None" if found is DanaType.NULL else type(value).__name__ if found is DanaType.ANY else found.value


def _type(value: Any) -> DanaType:
    from opendxa.dana._module import DanaModule
    from opendxa.dana._object import DanaObject

    if value is None:
        return DanaType.NULL
    for base in type(value).__mro__:
        if (found := PYTHON_TO_DANA_TYPES.get(base)) is not None:
            return found
    if isinstance(value, DanaObject | Object):
        return DanaType.STRUCT
    if isinstance(value, DanaFunction) or callable(value):
        return DanaType.FUNCTION
    return DanaType.MODULE if isinstance(value, DanaModule | Module) else DanaType.ANY
