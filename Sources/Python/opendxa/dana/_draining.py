"""What built-ins go through for a program: in steps of Python's, between which limits and cancellations stop them."""

from __future__ import annotations

from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# Items between two looks at the clock.
_STRIDE = 1024


def drained(value: object, most: int, seconds: float) -> object:
    """A value, or where it may have no end, what goes through its items: not more than `most` of them, where that is not
    negative, and for so long."""
    kind = type(value)
    if hasattr(kind, "__len__") or not (hasattr(kind, "__iter__") or hasattr(kind, "__getitem__")):
        return value
    return _steps(iter(value), most, monotonic() + seconds)  # type: ignore[call-overload]


def _steps(items: Iterator[object], most: int, end: float) -> Generator[object]:
    count = 0
    for item in items:
        if count == most:
            raise MemoryError(f"there is no room for more than {most} items of an iterator: go through it in a loop")
        count += 1
        if count % _STRIDE == 0 and monotonic() > end:
            raise TimeoutError("an iterator has not ended within the limit of execution time")
        yield item
