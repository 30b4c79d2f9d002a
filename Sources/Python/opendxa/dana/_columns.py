"""Columns of numpy's, pandas's, polars's and pyarrow's as loops and sums go through them: many items at once.

No library is imported for this.
"""

from __future__ import annotations

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Items that become Python's at a time.
_COUNT = 1024


def items(value: Any) -> Any:
    """Lists of a column's items, one after the other, equal to those that going through the column gives; NotImplemented
    for what is no column."""
    if not _is_column(value):
        return NotImplemented
    library = _library(value)
    if library == "numpy":
        return (value[start : start + _COUNT].tolist() for start in range(0, len(value), _COUNT))
    if library == "pandas":
        part = getattr(value, "iloc", value)  # an index has none
        return (part[start : start + _COUNT].tolist() for start in range(0, len(value), _COUNT))
    if library == "polars":
        return (value.slice(start, _COUNT).to_list() for start in range(0, len(value), _COUNT))
    return (value.column.slice(start, _COUNT).to_pylist() for start in range(0, len(value), _COUNT))


def reduced(value: Any, name: str, start: Any = 0) -> Any:
    """What a column's own `sum`, `min` or `max` gives for its numbers; NotImplemented for what is no such column."""
    if not _is_column(value) or not _is_numeric(value) or len(value) == 0:
        return NotImplemented
    own = getattr(value, name, None)
    if own is None:
        return NotImplemented
    return own() if type(start) is int and start == 0 else own() + start


def _library(value: Any) -> str:
    return str(type(value).__module__).partition(".")[0]


def _is_column(value: Any) -> bool:
    """Whether it is a column whose items are numbers, texts and the like, and not rows."""
    match _library(value), type(value).__name__:
        case ("numpy", "ndarray"):
            return value.ndim == 1 and value.dtype.kind in "biuf" and value.dtype.itemsize <= 8
        case ("polars", "Series"):
            return not value.dtype.is_nested()  # whose items are columns themselves
        case ("pandas", "Series" | "Index" | "RangeIndex"):
            return True
        case ("opendxa", "ArrowColumn"):
            return True
    return False


def _is_numeric(value: Any) -> bool:
    if _library(value) == "opendxa":
        return bool(value.is_numeric)
    kind = getattr(value.dtype, "kind", "") if hasattr(value, "dtype") else ""
    if kind:
        return kind in "biuf"
    return _library(value) == "polars" and bool(value.dtype.is_numeric())
