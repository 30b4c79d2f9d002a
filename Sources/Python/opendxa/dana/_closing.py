"""What is closed by its `with`."""

from __future__ import annotations

from opendxa.dana._uncopied import Uncopied

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
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
        self.close()
