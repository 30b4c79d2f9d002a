"""The part of the package that is written in Swift."""

import types
from collections.abc import AsyncIterator, Generator
from collections.abc import Coroutine as AbstractCoroutine
from contextvars import ContextVar
from typing import Any, Self, TypeVar, final, overload

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

_deadline_variable: ContextVar[float]

def version() -> str:
    """The version of this package."""

def build_info() -> dict[str, str]:
    """How this build of the extension was made."""

@overload
def sleep(seconds: float) -> Coroutine[None]:
    """Waits on a timer of Swift's."""

@overload
def sleep(seconds: float, result: _T) -> Coroutine[_T]:
    """Waits on a timer of Swift's, then gives `result`."""

def ticks(interval: float, count: int | None = None) -> Stream[int]:
    """Counts from 0, one number every `interval` seconds, for ever or `count` times."""

@final
class Coroutine(AbstractCoroutine[Any, Any, _T_co]):
    """A Swift task as Python awaits it; it starts at the first `send`."""

    __name__: str
    __qualname__: str
    @property
    def cr_running(self) -> bool:
        """Whether Swift is at work on the call."""

    def __await__(self) -> Generator[Any, Any, _T_co]: ...
    def send(self, value: Any, /) -> Any: ...
    def throw(
        self, typ: Any, val: Any = None, tb: types.TracebackType | None = None, /
    ) -> Any: ...
    def close(self) -> None: ...

@final
class Stream(AsyncIterator[_T_co]):
    """A Swift sequence as Python's `async for` reads it; its source waits while nobody reads."""

    def __aiter__(self) -> Self: ...
    def __anext__(self) -> Coroutine[_T_co]: ...
    def aclose(self) -> Coroutine[None]: ...
