"""Deadlines that Swift and Python both know of."""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from opendxa.dana._native import _deadline_variable


@asynccontextmanager
async def deadline(seconds: float) -> AsyncGenerator[None, None]:
    """`asyncio.timeout(seconds)` of which the Swift that is called in the block knows, too.

    Within an earlier deadline the earlier one holds.
    """
    import asyncio

    instant = time.monotonic() + seconds
    token = _deadline_variable.set(min(instant, _deadline_variable.get(instant)))
    try:
        async with asyncio.timeout(_deadline_variable.get() - time.monotonic()):
            yield
    finally:
        _deadline_variable.reset(token)


def remaining_time() -> float | None:
    """Seconds until the deadline that this code runs under, set in Swift or in Python; None when there is none."""
    instant = _deadline_variable.get(None)
    return None if instant is None else max(0.0, instant - time.monotonic())
