"""What built-ins go through for a program: in steps of Python's, between which limits and cancellations stop them."""

from __future__ import annotations

from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from typing import Any

# Items between two looks at the clock.
_STRIDE = 1024
# What has an end and is gone through by code that is known: of the built-in types, and of libraries with columns.
_FINITE = frozenset({memoryview, type({}.keys()), type({}.values()), type({}.items())})
_LIBRARIES = frozenset({"numpy", "pandas", "polars", "opendxa"})


def drained(value: Any, most: int, seconds: float, function: str) -> Any:
    """A value for a function that goes through it: what goes through its items instead, where it may have no end,
    whatever it says of its length. It gives not more than `most` items, where that is not negative, and for so long."""
    kind = type(value)
    has_length = hasattr(kind, "__len__")
    if has_length and (kind in _FINITE or str(kind.__module__).partition(".")[0] in _LIBRARIES):
        return value
    if not (hasattr(kind, "__iter__") or hasattr(kind, "__getitem__")) or _is_taken_whole(value, kind, function):
        return value
    if has_length and 0 <= most < _said_length(value):
        raise MemoryError(_no_room(most))
    items = _pairs(value) if function == "dict" and hasattr(kind, "keys") else value
    steps = _steps(items, most, monotonic() + seconds)
    # A function of a module asks what has a length for it.
    return list(steps) if has_length and "." in function else steps


def _is_taken_whole(value: object, kind: type, function: str) -> bool:
    """Whether a function takes a value as a number or as bytes, which it then does not go through."""
    if "." in function and (hasattr(kind, "__float__") or hasattr(kind, "__index__")):
        return True
    if not function.startswith(("bytes", "int.")):
        return False
    if hasattr(kind, "__bytes__"):
        return True
    try:
        memoryview(value).release()  # type: ignore[arg-type]
    except (TypeError, BufferError):
        return False
    return True


def _said_length(value: Any) -> int:
    try:
        return len(value)
    except OverflowError:
        return 1 << 63


def _pairs(mapping: Any) -> Generator[object]:
    for key in mapping.keys():
        yield key, mapping[key]


def _no_room(most: int) -> str:
    return f"there is no room for more than {most} items of an iterator: go through it in a loop"


def _steps(items: Iterable[object], most: int, end: float) -> Generator[object]:
    count = 0
    for item in items:
        if count == most:
            raise MemoryError(_no_room(most))
        count += 1
        if count % _STRIDE == 0 and monotonic() > end:
            raise TimeoutError("an iterator has not ended within the limit of execution time")
        yield item
