"""What stands for something that lives in Swift."""

from __future__ import annotations

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, SupportsIndex


class Uncopied:
    """Refuses to be copied and pickled: two that stand for one thing would both give it back."""

    __slots__ = ()

    _instead_of_a_copy = ""
    """What errors say that one can do."""

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        raise TypeError(
            f"cannot pickle or copy {type(self).__name__!r} object: its state lives in Swift{self._instead_of_a_copy}"
        )
