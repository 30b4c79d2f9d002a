"""The data that a question is about, made plain: frames and tables become rows, arrays lists, records dicts.

Of a long table as many rows are taken as can be shown, with a summary of all, unless all are asked for.
"""

from __future__ import annotations

import dataclasses
import enum
import math
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from opendxa.dana.errors import TypeConversionError

USUAL_BYTES = 6000
"""How many bytes of data a model is shown where nothing is said, as the native side has it."""

_DEPTH = 100
# What plain data may come to: characters of texts, and so many more for each value.
_MOST = 64 << 20
_EACH = 32
# As constants: each value is asked for them.
_SCALARS = (int, str)
_NO_LISTS = (str, bytes, bytearray, memoryview, Mapping)


class PromptData(NamedTuple):
    """Rows, how many there are in all, and what is true of all of them."""

    data: Any
    total: int | None = None
    summary: str | None = None


def prompt_data(value: Any, limit: int | None) -> PromptData:
    """Anything, as a model can be told of it: of a table or a list no fewer rows than so many bytes can show; all of
    them where there is no limit."""
    shown = _Shown(limit)
    library = str(type(value).__module__).partition(".")[0]
    table = _TABLES.get(library)
    if table is not None:
        made = table(value, shown)
        if made is not None:
            return made
    if _is_list(value):
        return PromptData(shown.rows(value), len(value))
    return PromptData(_Plain().of(value, 0))


class _Shown:
    """How much of a table is looked at: what can be shown within a limit of bytes."""

    __slots__ = ("_limit",)

    def __init__(self, limit: int | None) -> None:
        self._limit = sys.maxsize if limit is None else limit

    def count(self, names: Sequence[str] = (), values: int = 1) -> int:
        """How many rows can be shown at most, of which each says these names and has so many values."""
        least = sum(map(len, names)) + max(values, len(names)) + 1
        return self._limit // least + 1

    def rows(self, rows: Iterable[Any]) -> list[Any]:
        """The rows made plain, as far as they can be shown."""
        plain = _Plain()
        made: list[Any] = []
        for row in rows:
            made.append(plain.of(row, 1))
            if plain.least + len(made) > self._limit:
                break
        return made


def _pandas(value: Any, shown: _Shown) -> PromptData | None:
    if hasattr(value, "to_series"):  # an Index
        value = value.to_frame(index=False)
    elif hasattr(value, "to_frame"):  # a Series
        value = value.to_frame()
    if not hasattr(value, "columns"):
        return None
    total = len(value)
    head = value.head(shown.count([*map(str, value.columns)]))
    levels = _pandas_index(head)
    names = _distinct([*(name for name, _ in levels), *map(str, head.columns)])
    columns = zip(*(labels for _, labels in levels), strict=True) if levels else ((),) * len(head)
    rows = shown.rows(
        dict(zip(names, (*labels, *row), strict=True))
        for labels, row in zip(columns, head.itertuples(index=False, name=None), strict=True)
    )
    summary = None
    if total > len(rows):
        own = names[len(levels) :]
        summary = "\n".join(_pandas_column(name, value.iloc[:, place]) for place, name in enumerate(own))
    return PromptData(rows, total, summary)


def _pandas_index(frame: Any) -> list[tuple[str, Any]]:
    """The levels of a frame's index, with their labels; none where they are the numbers of the rows and no more."""
    index = frame.index
    if type(index).__name__ == "RangeIndex" and index.name is None:
        return []
    if index.nlevels == 1:
        return [("index" if index.name is None else str(index.name), index)]
    return [
        (f"level_{level}" if name is None else str(name), index.get_level_values(level))
        for level, name in enumerate(index.names)
    ]


def _distinct(names: list[str]) -> list[str]:
    """The names, where one comes again with a number: a dict would keep only the last."""
    taken = set(names)
    made: list[str] = []
    seen: set[str] = set()
    for name in names:
        own, number = name, 1
        while own in seen or own != name and own in taken:
            number += 1
            own = f"{name} ({number})"
        seen.add(own)
        made.append(own)
    return made


def _pandas_column(name: str, column: Any) -> str:
    kind = str(column.dtype)
    try:
        if getattr(column.dtype, "kind", "O") in "iuf":
            return f"{name}: {kind}, from {column.min()} to {column.max()}, mean {column.mean():.6g}"
        return f"{name}: {kind}, {column.nunique()} different values"
    except TypeError:  # lists have no hashes, and a column of nothing no mean
        return f"{name}: {kind}"


def _polars(value: Any, shown: _Shown) -> PromptData | None:
    if hasattr(value, "collect"):
        value = value.collect()
    if hasattr(value, "to_frame") and not hasattr(value, "columns"):
        value = value.to_frame()
    if not hasattr(value, "to_dicts"):
        return None
    total = len(value)
    rows = shown.rows(value.head(shown.count(value.columns)).to_dicts())
    return PromptData(rows, total, None if total <= len(rows) else str(value.describe()))


def _pyarrow(value: Any, shown: _Shown) -> PromptData | None:
    if not hasattr(value, "to_pylist"):
        return None
    names: list[str] = getattr(value, "column_names", None) or []
    if len(set(names)) < len(names):
        value = value.rename_columns(_distinct(names))
    return PromptData(shown.rows(value.slice(0, shown.count(names)).to_pylist()), len(value))


def _numpy(value: Any, shown: _Shown) -> PromptData | None:
    if not getattr(value, "shape", ()):
        return None
    total = len(value)
    names = value.dtype.names
    rows = _numpy_plain(value[: shown.count(names or (), math.prod(value.shape[1:]))])
    if names is not None and value.ndim == 1:
        rows = [dict(zip(names, row, strict=True)) for row in rows]
    rows = shown.rows(rows)
    summary = None
    if total > len(rows) and value.size and value.dtype.kind in "iuf":
        summary = f"from {value.min()} to {value.max()}, mean {value.mean():.6g}"
    return PromptData(rows, total, summary)


def _numpy_plain(value: Any) -> Any:
    """An array as lists, a scalar as a value of Python's; moments as such where numpy would count nanoseconds."""
    kind = value.dtype.kind
    if kind in "mM" and "[ns]" in str(value.dtype):
        value = value.astype(f"{kind}8[us]")
    return value.tolist()


_TABLES = {"pandas": _pandas, "polars": _polars, "pyarrow": _pyarrow, "numpy": _numpy}


def _is_list(value: object) -> bool:
    """Whether a value is a row of others, of any class: a list, a set, a range, the values of a dict."""
    return isinstance(value, Collection) and not isinstance(value, _NO_LISTS)


class _Plain:
    """Makes values what JSON could have, as long as all together do not come to too much; what has no such form becomes
    its text. Parts that are shared count each time."""

    __slots__ = ("_left", "_open", "least")

    def __init__(self) -> None:
        self.least = 0
        """How many bytes all of them take at least when they are written down."""
        self._left = _MOST
        # Those that are being looked at, by which one that contains itself is found.
        self._open: set[int] = set()

    def of(self, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, _SCALARS) and not isinstance(value, enum.Enum):
            return self._counted(value)
        if isinstance(value, float):
            return self._counted(value if math.isfinite(value) else None)
        if depth >= _DEPTH:
            raise _refused(f"more than {_DEPTH} levels, one within the other")
        if id(value) in self._open:
            raise _refused(f"a {type(value).__qualname__} that contains itself")
        self._open.add(id(value))
        made = self._parts(value, depth + 1)
        self._open.discard(id(value))
        return made

    def _parts(self, value: Any, depth: int) -> Any:
        if isinstance(value, enum.Enum):
            return self.of(value.value, depth)
        kind = type(value)
        if kind is dict or kind is not list and isinstance(value, Mapping):
            return self._dict(value.items(), depth)
        if kind is list or _is_list(value):
            self._counted(None)
            return [self.of(item, depth) for item in value]
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._dict(((field.name, getattr(value, field.name)) for field in dataclasses.fields(value)), depth)
        if hasattr(value, "model_dump"):
            return self.of(value.model_dump(mode="json"), depth)
        if type(value).__name__ in ("NAType", "NaTType"):  # what pandas has where there is nothing
            return self._counted(None)
        if hasattr(value, "isoformat"):
            return self._counted(str(value.isoformat()))
        if hasattr(value, "tolist") and getattr(value, "shape", None) == ():  # a scalar of numpy's
            return self.of(_numpy_plain(value), depth)
        if hasattr(type(value), "__next__") or hasattr(type(value), "__anext__"):
            raise _refused(f"{type(value).__qualname__}, which can be read only once", "give a list of what it yields")
        if not any({"__str__", "__repr__"} & vars(kind).keys() for kind in type(value).__mro__[:-1]):
            raise _refused(type(value).__qualname__, "give a dict, a dataclass or what its `__str__` shall say")
        return self._counted(str(value))

    def _dict(self, items: Iterable[tuple[Any, Any]], depth: int) -> dict[str, Any]:
        self._counted(None)
        return {self._counted(_key(key)): self.of(item, depth) for key, item in items}

    def _counted(self, value: Any) -> Any:
        self._left -= _EACH
        if isinstance(value, str):
            self._left -= len(value)
            self.least += len(value)
        else:
            self.least += 1
            if isinstance(value, int):
                self._left -= value.bit_length() >> 3
        if self._left < 0:
            raise _refused(f"more than {_MOST >> 20} MiB, parts that are shared counted each time", "give less of it")
        return value


def _key(key: Any) -> str:
    return str(key.value if isinstance(key, enum.Enum) else key)


def _refused(found: str, advice: str | None = None) -> TypeConversionError:
    return TypeConversionError(
        f"Expected data that can be written down, got {found} at option 'data'" + (f": {advice}" if advice else "")
    )
