"""The handlers of types that are no plain data, and what goes into Dana for values of such types."""

from __future__ import annotations

from opendxa.dana._library_types import library_handler

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from opendxa.dana._conversion import TypeHandler

_handlers: dict[type, TypeHandler] = {}
# What was found for types so far, also that there is none: every value that is no plain data asks. Another handler makes
# another dictionary, so that who looks meanwhile writes what is old into the old one.
_found: dict[type, TypeHandler | None] = {}
_FOUND_KEPT = 1024


def set_handler(type_: type, handler: TypeHandler | None) -> None:
    """Has a handler convert the values of a type; None takes the type's handler back."""
    global _found
    if handler is None:
        _handlers.pop(type_, None)
    else:
        _handlers[type_] = handler
    _found = {}


def handler_of(type_: type) -> TypeHandler | None:
    """The handler of a type or of the nearest that it is derived from."""
    found = _found
    try:
        return found[type_]
    except KeyError:
        pass
    handler = next((_handlers[base] for base in type_.__mro__ if base in _handlers), None) or library_handler(type_)
    if len(found) >= _FOUND_KEPT:
        found.clear()
    found[type_] = handler
    return handler


def to_dana(value: object) -> object:
    """What goes into Dana for a value that is no plain data; NotImplemented for one that goes in as a handle."""
    from opendxa.dana._module import DanaModule, native_module
    from opendxa.dana._object import DanaObject, native_object

    if isinstance(value, DanaObject):
        return native_object(value)
    if isinstance(value, DanaModule):
        return native_module(value)
    if isinstance(value, slice):
        parts = [(part, to_dana(part)) for part in (value.start, value.stop, value.step)]
        return slice(*(part if made is NotImplemented else made for part, made in parts))
    if isinstance(value, BaseException):
        from opendxa.dana._exceptions import native_exception

        if (native := native_exception(value)) is not None:
            return native
    handler = handler_of(type(value))
    return NotImplemented if handler is None else handler.to_dana(value)
