"""What functions called through a module give back: Python's own types with a few conversions added.

`bool` and `None` come as they are: nothing can be derived from them, and what only looks like `True` fails where it
matters (`is True`, JSON). Objects of Dana's have the conversions by themselves.
"""

from __future__ import annotations

from typing import Any, TypeVar

from opendxa.dana._result import DanaResult

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


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

    def __repr__(self) -> str:
        return repr(set(self))


class DanaFrozenSet(frozenset[T], DanaResult):
    """A `frozenset` from Dana."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(frozenset(self))


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
