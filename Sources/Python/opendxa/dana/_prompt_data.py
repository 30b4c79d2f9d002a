"""The data that a question is about, made plain: frames and tables become rows, arrays lists, records dicts.

Of a long table the first rows are taken, with a summary of all, unless all are asked for.
"""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from opendxa.dana.errors import TypeConversionError

_SHOWN_ROWS = 200
_DEPTH = 100


class PromptData(NamedTuple):
    """Rows, how many there are in all, and what is true of all of them."""

    data: Any
    total: int | None = None
    summary: str | None = None


def prompt_data(value: Any, *, all_rows: bool) -> PromptData:
    """Anything, as a model can be told of it."""
    library = type(value).__module__.partition(".")[0]
    table = _TABLES.get(library)
    if table is not None:
        made = table(value, None if all_rows else _SHOWN_ROWS)
        if made is not None:
            return made
    if isinstance(value, list | tuple) and len(value) > _SHOWN_ROWS and not all_rows:
        return PromptData(_plain(value[:_SHOWN_ROWS]), len(value))
    return PromptData(_plain(value))


def _pandas(value: Any, limit: int | None) -> PromptData | None:
    if hasattr(value, "to_frame"):  # a Series or an Index
        value = value.to_frame()
    if not hasattr(value, "columns"):
        return None
    total = len(value)
    shown = value if limit is None else value.head(limit)
    rows = [dict(zip(map(str, shown.columns), row, strict=True)) for row in shown.itertuples(index=False, name=None)]
    summary = None if total <= len(rows) else "\n".join(_pandas_column(name, value[name]) for name in value.columns)
    return PromptData(_plain(rows), total, summary)


def _pandas_column(name: Any, column: Any) -> str:
    kind = str(column.dtype)
    if kind.startswith(("int", "float", "Int", "Float")):
        return f"{name}: {kind}, from {column.min()} to {column.max()}, mean {column.mean():.6g}"
    return f"{name}: {kind}, {column.nunique()} different values"


def _polars(value: Any, limit: int | None) -> PromptData | None:
    if hasattr(value, "collect"):
        value = value.collect()
    if hasattr(value, "to_frame") and not hasattr(value, "columns"):
        value = value.to_frame()
    if not hasattr(value, "to_dicts"):
        return None
    total = len(value)
    rows = (value if limit is None else value.head(limit)).to_dicts()
    return PromptData(_plain(rows), total, None if total <= len(rows) else str(value.describe()))


def _pyarrow(value: Any, limit: int | None) -> PromptData | None:
    if not hasattr(value, "to_pylist"):
        return None
    total = len(value)
    return PromptData(_plain((value if limit is None else value.slice(0, limit)).to_pylist()), total)


def _numpy(value: Any, limit: int | None) -> PromptData | None:
    if not getattr(value, "shape", ()):
        return None
    total = len(value)
    rows = (value if limit is None else value[:limit]).tolist()
    summary = None
    if total > len(rows) and value.dtype.kind in "iuf":
        summary = f"from {value.min()} to {value.max()}, mean {value.mean():.6g}"
    return PromptData(_plain(rows), total, summary)


_TABLES = {"pandas": _pandas, "polars": _polars, "pyarrow": _pyarrow, "numpy": _numpy}


def _plain(value: Any, depth: int = 0) -> Any:
    """A value as JSON could have it; what has no such form becomes its text."""
    if value is None or isinstance(value, bool | int | str) and not isinstance(value, enum.Enum):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth >= _DEPTH:
        return str(value)
    if isinstance(value, enum.Enum):
        return _plain(value.value, depth + 1)
    if isinstance(value, Mapping):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | AbstractSet):
        return _plain_list(value, depth)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name), depth + 1) for field in dataclasses.fields(value)}
    if hasattr(value, "model_dump"):
        return _plain(value.model_dump(mode="json"), depth + 1)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if hasattr(value, "item") and getattr(value, "shape", None) == ():  # a scalar of numpy's
        return _plain(value.item(), depth + 1)
    if not any({"__str__", "__repr__"} & vars(kind).keys() for kind in type(value).__mro__[:-1]):
        raise TypeConversionError(
            f"Expected data that can be written down, got {type(value).__qualname__} at option 'data': "
            "give a dict, a dataclass or what its `__str__` shall say"
        )
    return str(value)


def _plain_list(value: Iterable[Any], depth: int) -> list[Any]:
    return [_plain(item, depth + 1) for item in value]
