"""Tables and columns of pyarrow's as programs use them: views with the operators that pyarrow's own lack.

Nothing is copied to make one, and what an operator gives is made by pyarrow for the whole column at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow  # type: ignore[import-untyped]
from pyarrow import compute

from opendxa.dana.errors import DanaIndexError, DanaKeyError, TypeConversionError

# Elements that become Python's at a time while a column is gone through.
_CHUNK = 1024
# What of pyarrow's own a view has besides: nothing that leads to files, to bare memory or to classes.
_OF_COLUMNS = (
    "cast dictionary_encode drop_null equals fill_null filter index is_nan is_valid nbytes null_count slice sort take "
    "to_pandas to_pylist type value_counts"
).split()
_OF_TABLES = (
    "add_column append_column cast column_names drop drop_columns drop_null equals field filter flatten group_by join nbytes "
    "num_columns num_rows remove_column rename_columns schema select set_column slice sort_by take to_pandas to_pydict "
    "to_pylist"
).split()


class ArrowColumn:
    """A column: indexed, sliced, filtered by a condition, gone through, calculated with and compared as a whole."""

    __slots__ = ("column",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, column: Any) -> None:
        self.column = column
        """The array of pyarrow's."""

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, key: Any) -> Any:
        """An element, a part for a slice, or for a condition the elements where it holds."""
        if isinstance(key, ArrowColumn):
            return ArrowColumn(self.column.filter(key.column))
        if isinstance(key, slice):
            return ArrowColumn(_part(self.column, key))
        return self.column[_index(key, len(self.column))].as_py()

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(self.column), _CHUNK):
            yield from self.column.slice(start, _CHUNK).to_pylist()

    def __contains__(self, value: object) -> bool:
        return bool(compute.index(self.column, value).as_py() >= 0)

    def __getattr__(self, name: str) -> Any:
        return _own(self, self.column, name, _OF_COLUMNS)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return pyarrow.chunked_array(self.column).__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<column of {len(self)} {self.column.type}>"

    def __add__(self, other: object) -> ArrowColumn:
        return self._with("add_checked", other)

    __radd__ = __add__

    def __sub__(self, other: object) -> ArrowColumn:
        return self._with("subtract_checked", other)

    def __rsub__(self, other: object) -> ArrowColumn:
        return (-self) + other

    def __mul__(self, other: object) -> ArrowColumn:
        return self._with("multiply_checked", other)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> ArrowColumn:
        return ArrowColumn(compute.divide(compute.cast(self.column, pyarrow.float64()), _operand(other)))

    def __neg__(self) -> ArrowColumn:
        return ArrowColumn(compute.negate_checked(self.column))

    def __eq__(self, other: object) -> ArrowColumn:  # type: ignore[override]
        return self._with("equal", other)

    def __ne__(self, other: object) -> ArrowColumn:  # type: ignore[override]
        return self._with("not_equal", other)

    def __lt__(self, other: object) -> ArrowColumn:
        return self._with("less", other)

    def __le__(self, other: object) -> ArrowColumn:
        return self._with("less_equal", other)

    def __gt__(self, other: object) -> ArrowColumn:
        return self._with("greater", other)

    def __ge__(self, other: object) -> ArrowColumn:
        return self._with("greater_equal", other)

    def __and__(self, other: object) -> ArrowColumn:
        return self._with("and_kleene", other)

    def __or__(self, other: object) -> ArrowColumn:
        return self._with("or_kleene", other)

    def __invert__(self) -> ArrowColumn:
        return ArrowColumn(compute.invert(self.column))

    @property
    def is_numeric(self) -> bool:
        """Whether the elements are numbers or truths."""
        kind, types = self.column.type, pyarrow.types
        return bool(
            types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind) or types.is_boolean(kind)
        )

    def sum(self) -> Any:
        """The sum of the elements that are there."""
        return compute.sum(self.column).as_py()

    def mean(self) -> Any:
        """Their mean."""
        return compute.mean(self.column).as_py()

    def min(self) -> Any:
        """The least of them."""
        return compute.min(self.column).as_py()

    def max(self) -> Any:
        """The largest of them."""
        return compute.max(self.column).as_py()

    def count(self) -> int:
        """How many elements are there, those that are null left out."""
        return len(self.column) - int(self.column.null_count)

    def is_null(self) -> ArrowColumn:
        """Where an element is null."""
        return ArrowColumn(compute.is_null(self.column))

    def unique(self) -> ArrowColumn:
        """Each element once."""
        return ArrowColumn(compute.unique(self.column))

    def to_list(self) -> list[Any]:
        """The elements, copied."""
        copied: list[Any] = self.column.to_pylist()
        return copied

    def _with(self, function: str, other: object) -> ArrowColumn:
        return ArrowColumn(compute.call_function(function, [self.column, _operand(other)]))


class ArrowTable:
    """A table: columns by name, a row by number, a part for a slice, the rows where a condition holds."""

    __slots__ = ("table",)

    def __init__(self, table: Any) -> None:
        self.table = table
        """The table of pyarrow's."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.table.column_names)

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return self.table.num_rows, self.table.num_columns

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows one after the other, each by the columns' names."""
        for batch in self.table.to_batches(max_chunksize=_CHUNK):
            yield from batch.to_pylist()

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            if key not in self.table.column_names:
                raise DanaKeyError(f"there is no column {key!r}; there are {', '.join(self.table.column_names)}")
            return ArrowColumn(self.table.column(key))
        if isinstance(key, ArrowColumn):
            return ArrowTable(self.table.filter(key.column))
        if isinstance(key, slice):
            return ArrowTable(_part(self.table, key))
        return self.table.slice(_index(key, len(self)), 1).to_pylist()[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self.table.column_names

    def __getattr__(self, name: str) -> Any:
        return _own(self, self.table, name, _OF_TABLES)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<table of {len(self)} rows: {', '.join(self.columns)}>"


def table_of(value: Any) -> ArrowTable:
    """A view of a table or a record batch."""
    batch = isinstance(value, pyarrow.RecordBatch)
    return ArrowTable(pyarrow.Table.from_batches([value]) if batch else value)


def _own(view: object, value: Any, name: str, open_names: list[str]) -> Any:
    """What pyarrow's own has under a name; its methods take views for what they are of."""
    if name.startswith("_"):
        raise AttributeError(f"{type(view).__name__!r} object has no attribute {name!r}")
    if name not in open_names or (own := getattr(value, name, None)) is None:
        kind = f"pyarrow.{type(value).__name__}"
        has = sorted({*open_names, *(name for name in dir(type(view)) if not name.startswith("_"))})
        raise AttributeError(f"a {kind} has no attribute {name!r} in Dana: it has {', '.join(has)}")
    if not callable(own):
        return own

    def method(*arguments: Any, **named: Any) -> Any:
        return own(*map(_operand, arguments), **{name: _operand(given) for name, given in named.items()})

    return method


def _operand(value: object) -> object:
    return value.table if isinstance(value, ArrowTable) else value.column if isinstance(value, ArrowColumn) else value


def _index(key: object, count: int) -> int:
    if isinstance(key, bool) or not isinstance(key, int):
        raise TypeConversionError(f"Expected int, slice or condition, got {type(key).__name__} as an index")
    if not -count <= key < count:
        raise DanaIndexError(f"index {key} is out of range: there are {count}")
    return key % count


def _part(whole: Any, part: slice) -> Any:
    start, stop, step = part.indices(len(whole))
    if step == 1:
        return whole.slice(start, max(0, stop - start))
    return whole.take(pyarrow.array(range(start, stop, step), pyarrow.int64()))
