"""Deadlines that Swift and Python both know of."""

import time

from opendxa.dana._native import _deadline_variable

# For annotations alone: importing them would be most of what importing the package costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import Timeout
    from contextvars import Token
    from types import TracebackType


class Deadline:
    """What `deadline` gives: an asynchronous context manager, to be entered once."""

    __slots__ = ("_seconds", "_timeout", "_token")
    _timeout: "Timeout"
    _token: "Token[float]"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def __aenter__(self) -> None:
        import asyncio

        instant = time.monotonic() + self._seconds
        instant = min(instant, _deadline_variable.get(instant))
        self._timeout = asyncio.timeout(instant - time.monotonic())
        await self._timeout.__aenter__()
        self._token = _deadline_variable.set(instant)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: "TracebackType | None"
    ) -> None:
        _deadline_variable.reset(self._token)
        await self._timeout.__aexit__(kind, error, traceback)


def deadline(seconds: float) -> Deadline:
    """`asyncio.timeout(seconds)` of which the Swift that is called in the block knows, too.

    Within an earlier deadline the earlier one holds.
    """
    if not hasattr(seconds, "__float__"):
        from opendxa.dana.errors import TypeConversionError

        raise TypeConversionError(f"Expected seconds, got {type(seconds).__name__} at argument 'seconds'")
    return Deadline(seconds)


def remaining_time() -> float | None:
    """Seconds until the deadline that this code runs under, set in Swift or in Python; None when there is none."""
    instant = _deadline_variable.get(None)
    return None if instant is None else max(0.0, instant - time.monotonic())
