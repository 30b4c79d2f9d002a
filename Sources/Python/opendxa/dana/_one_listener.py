"""Listeners of which a runtime has one for each purpose: a further one takes the place of the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from opendxa.dana._runtime import DanaRuntime

_stops: WeakKeyDictionary[DanaRuntime, dict[Hashable, Callable[[], None]]] = WeakKeyDictionary()


def alone(runtime: DanaRuntime, purpose: Hashable, stop: Callable[[], None]) -> Callable[[], None]:
    """Ends the listener that had this purpose before; gives what ends the new one, which `stop` does."""
    stops = _stops.setdefault(runtime, {})

    def end() -> None:
        if stops.get(purpose) is end:
            del stops[purpose]
            stop()

    if (before := stops.get(purpose)) is not None:
        before()
    stops[purpose] = end
    return end
