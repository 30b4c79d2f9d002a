"""A line on the terminal that shows how far many calls are."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_WIDTH = 30


class Progress:
    """Shows how many of some calls have ended: on a terminal, unless it is said otherwise."""

    __slots__ = ("_last", "_shown", "_start", "_total")

    def __init__(self, total: int, wanted: bool | None) -> None:
        terminal = sys.stderr is not None and sys.stderr.isatty()
        self._total = total
        self._shown = terminal and total > 1 if wanted is None else wanted
        self._start = self._last = time.monotonic()

    def __enter__(self) -> Callable[[int], None] | None:
        return self._tell if self._shown else None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._shown:
            print(file=sys.stderr)

    def _tell(self, ended: int) -> None:
        now = time.monotonic()
        if ended < self._total and now - self._last < 0.05:
            return
        self._last = now
        filled = _WIDTH * ended // self._total
        rate = ended / max(now - self._start, 1e-9)
        bar = "█" * filled + "·" * (_WIDTH - filled)
        print(f"\r{bar} {ended}/{self._total}  {rate:.1f}/s", end="", file=sys.stderr, flush=True)
