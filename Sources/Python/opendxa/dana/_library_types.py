"""How values of numpy's and pyarrow's go into Dana: single numbers as numbers, pyarrow's tables as views of them.

What else a library has, such as arrays and the frames of pandas and polars, goes in as what it is. No library is
imported for this.
"""

from __future__ import annotations

import sys

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from opendxa.dana._conversion import TypeHandler


class _NumberHandler:
    """For numpy's numbers."""

    def __init__(self, type_: type) -> None:
        self._type = type_

    def to_dana(self, value: Any, /) -> Any:
        return value.item()

    def from_dana(self, data: Any, /) -> Any:
        return self._type(data)


class _ScalarHandler:
    """For single values of pyarrow's."""

    def to_dana(self, value: Any, /) -> Any:
        return value.as_py()

    def from_dana(self, data: Any, /) -> Any:
        import pyarrow  # type: ignore[import-untyped]

        return pyarrow.scalar(data)


class _ColumnHandler:
    """For pyarrow's arrays."""

    def to_dana(self, value: Any, /) -> Any:
        from opendxa.dana._arrow import ArrowColumn

        return ArrowColumn(value)

    def from_dana(self, data: Any, /) -> Any:
        return getattr(data, "column", data)


class _TableHandler:
    """For pyarrow's tables and record batches."""

    def to_dana(self, value: Any, /) -> Any:
        from opendxa.dana._arrow import table_of

        return table_of(value)

    def from_dana(self, data: Any, /) -> Any:
        return getattr(data, "table", data)


def library_handler(type_: type) -> TypeHandler | None:
    """The handler of a library's type, and of what is derived from it."""
    for base in type_.__mro__:
        library = str(base.__module__).partition(".")[0]
        if library == "numpy":
            return _NumberHandler(type_) if _is_number(type_) else None
        if library == "pyarrow":
            return _pyarrow_handler(type_)
    return None


def _is_number(type_: type) -> bool:
    numpy: Any = sys.modules["numpy"]
    return issubclass(type_, numpy.integer | numpy.floating | numpy.bool_) and not issubclass(type_, numpy.longdouble)


def _pyarrow_handler(type_: type) -> TypeHandler | None:
    pyarrow: Any = sys.modules["pyarrow"]
    if issubclass(type_, pyarrow.Scalar):
        return _ScalarHandler()
    if issubclass(type_, pyarrow.Array | pyarrow.ChunkedArray):
        return _ColumnHandler()
    return _TableHandler() if issubclass(type_, pyarrow.Table | pyarrow.RecordBatch) else None
