"""What is closed by its `with`."""

from __future__ import annotations

from opendxa.dana._uncopied import Uncopied
from opendxa.dana.errors import DanaRuntimeError

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self


class Closing(Uncopied):
    """Closes itself at the end of its `with`."""

    __slots__ = ()

    def close(self) -> None:
        """Ends it; once more does nothing."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        close_behind(error, self.close)


class Awaited(Uncopied):
    """Closes itself at the end of its `async with`, and waits for what still runs in it."""

    __slots__ = ()

    async def aclose(self) -> None:
        """Ends it without holding the event loop; once more does nothing."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


class ClosingAwaited(Closing, Awaited):
    """Closes itself at the end of its `with` or its `async with`."""

    __slots__ = ()


def close_behind(error: BaseException | None, close: Callable[[], object]) -> None:
    """Closes at the end of a `with`; that it cannot wait for the end does not replace the error that ended the `with`."""
    try:
        close()
    except DanaRuntimeError as refused:
        if error is None:
            raise
        from warnings import warn

        warn(str(refused), RuntimeWarning, stacklevel=3)
