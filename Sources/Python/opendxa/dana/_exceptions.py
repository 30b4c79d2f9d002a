"""Exceptions of Dana's as values: in Python they are exceptions, and go back as what they were."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from opendxa.dana._native import Object
from opendxa.dana.errors import DanaError

_natives: WeakKeyDictionary[DanaError, Object] = WeakKeyDictionary()


def exception_of(native: Object) -> BaseException:
    """Python's exception for one of Dana's."""
    made = native.error()
    if isinstance(made, DanaError):
        _natives[made] = native
    return made


def native_exception(exception: BaseException) -> Object | None:
    """The exception of Dana's that one of Python's is; None for any other."""
    return _natives.get(exception) if isinstance(exception, DanaError) else None
