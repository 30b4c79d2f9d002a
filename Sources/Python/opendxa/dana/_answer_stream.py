"""Answers that arrive bit by bit, for threads and for event loops."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from opendxa.dana._answer import ReasoningResult, result_of
from opendxa.dana._closing import Awaited, Closing

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, Self

    from opendxa.dana import _native


class TextStream(Closing):
    """A model's answer as its pieces arrive: walk it with `for`. Leaving it early ends the request at the provider."""

    __slots__ = ("_native", "_waits", "text")

    def __init__(self, native: _native.AnswerStream) -> None:
        self._native = native
        # Whether a thread waits for a piece.
        self._waits = False
        self.text: str = ""
        """What has arrived so far."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if self._waits:
            raise _walked_twice("thread")
        self._waits = True
        try:
            piece = self._native.next()
        finally:
            self._waits = False
        if piece is None:
            raise StopIteration
        self.text += piece
        return piece

    @property
    def result(self) -> ReasoningResult | None:
        """The whole answer with what is known of it, once the stream has ended; None before."""
        row = self._native.answer
        return None if row is None else result_of(row)

    def close(self) -> None:
        """Ends the request; once more does nothing."""
        self._native.close()

    def __repr__(self) -> str:
        return f"<TextStream of {len(self.text)} characters{'' if self.result is None else ', ended'}>"


class AsyncTextStream(Awaited):
    """A model's answer as its pieces arrive: walk it with `async for`. It is asked for at the first step; leaving it
    early, or cancelling the task, ends the request at the provider."""

    __slots__ = ("__weakref__", "_native", "_open", "_pieces", "_waits", "text")

    def __init__(self, opening: Callable[[], Coroutine[Any, Any, _native.AnswerStream]]) -> None:
        self._open: Callable[[], Coroutine[Any, Any, _native.AnswerStream]] | None = opening
        # Whether a task waits for a piece.
        self._waits = False
        self._native: _native.AnswerStream | None = None
        self._pieces: _native.Stream[str] | None = None
        self.text: str = ""
        """What has arrived so far."""

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        if self._waits:
            raise _walked_twice("task")
        self._waits = True
        try:
            return await self._next()
        finally:
            self._waits = False

    async def _next(self) -> str:
        if self._pieces is None:
            opening, self._open = self._open, None
            if opening is None:
                raise StopAsyncIteration
            self._native = await opening()
            self._pieces = self._native.pieces()
        try:
            piece = await self._pieces.__anext__()
        except (StopAsyncIteration, GeneratorExit):
            raise
        except BaseException:
            # A cancelled task keeps its error, and that this object: nobody else would end the request.
            await self.aclose()
            raise
        self.text += piece
        return piece

    @property
    def result(self) -> ReasoningResult | None:
        """The whole answer with what is known of it, once the stream has ended; None before."""
        row = None if self._native is None else self._native.answer
        return None if row is None else result_of(row)

    async def aclose(self) -> None:
        """Ends the request; once more does nothing."""
        self._open = None
        if self._pieces is not None:
            await self._pieces.aclose()
        if self._native is not None:
            self._native.close()

    def __repr__(self) -> str:
        return f"<AsyncTextStream of {len(self.text)} characters{'' if self.result is None else ', ended'}>"


def _walked_twice(by: str) -> Exception:
    from opendxa.dana.errors import DanaRuntimeError

    return DanaRuntimeError(f"another {by} waits for this stream's next piece: one at a time walks a stream")


def warn_of_forgotten(name: str, place: str) -> None:
    """Says that a lent model was not given back."""
    warnings.warn(
        f"the language model '{name}' lent at {place} was not given back: use it in a `with`",
        ResourceWarning,
        stacklevel=2,
    )
