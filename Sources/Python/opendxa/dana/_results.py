"""What functions called through a module give back: Python's own types with a few conversions added.

`bool` and `None` come as they are: nothing can be derived from them, and what only looks like `True` fails where it
matters (`is True`, JSON).
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from opendxa.dana.errors import TypeConversionError

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class DanaResult:
    """The conversions that every result has; one that does not fit the value raises `TypeConversionError`."""

    __slots__ = ()

    def as_int(self) -> int:
        """The value as an `int`: of a whole number, or of text that is one."""
        match self:
            case bool() | int():
                return int(self)
            case float() if self.is_integer():
                return int(self)
            case str():
                try:
                    return int(self)
                except ValueError:
                    self._refuse("int")
        self._refuse("int")

    def as_float(self) -> float:
        """The value as a `float`: of a number, or of text that is one."""
        if isinstance(self, int | float | str):
            try:
                return float(self)
            except (ValueError, OverflowError):
                pass
        self._refuse("float")

    def as_str(self) -> str:
        """The value as a `str`, as `str(value)` gives it."""
        return str(self)

    def as_bool(self) -> bool:
        """Whether the value counts as true."""
        return bool(self)

    def as_list(self) -> list[Any]:
        """The value as a `list`: of a list, tuple or set."""
        if isinstance(self, list | tuple | set | frozenset):
            return list(self)
        self._refuse("list")

    def as_dict(self) -> dict[Any, Any]:
        """The value as a `dict`."""
        if isinstance(self, dict):
            return dict(self)
        self._refuse("dict")

    def _refuse(self, wanted: str) -> NoReturn:
        text = repr(self)
        shown = text if len(text) <= 60 else text[:57] + "..."
        raise TypeConversionError(f"Expected {wanted}, got {type(self).__bases__[0].__name__} {shown}")


class DanaInt(int, DanaResult):
    """An `int` from Dana."""

    __slots__ = ()


class DanaFloat(float, DanaResult):
    """A `float` from Dana."""

    __slots__ = ()


class DanaStr(str, DanaResult):
    """A `str` from Dana."""

    __slots__ = ()


class DanaBytes(bytes, DanaResult):
    """`bytes` from Dana."""

    __slots__ = ()


class DanaList(list[T], DanaResult):
    """A `list` from Dana."""

    __slots__ = ()


class DanaTuple(tuple[T, ...], DanaResult):
    """A `tuple` from Dana."""

    __slots__ = ()


class DanaDict(dict[K, V], DanaResult):
    """A `dict` from Dana."""

    __slots__ = ()


class DanaSet(set[T], DanaResult):
    """A `set` from Dana."""

    __slots__ = ()


class DanaFrozenSet(frozenset[T], DanaResult):
    """A `frozenset` from Dana."""

    __slots__ = ()


_WRAPPERS: dict[type, type] = {
    int: DanaInt,
    float: DanaFloat,
    str: DanaStr,
    bytes: DanaBytes,
    list: DanaList,
    tuple: DanaTuple,
    dict: DanaDict,
    set: DanaSet,
    frozenset: DanaFrozenSet,
}


def wrap(value: Any) -> Any:
    """A result with its conversions; what has none, or has them already, stays itself."""
    wrapper = _WRAPPERS.get(type(value))
    return value if wrapper is None else wrapper(value)
