"""Language models as users hold them: lent for the length of a `with`, or for each call alone."""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Iterable
from contextvars import ContextVar
from itertools import count
from sys import _getframe
from typing import TYPE_CHECKING, TypeVar, overload

from opendxa.dana._answer import ReasoningResult
from opendxa.dana._asking import answer, answer_async, ask, ask_async, opened, opened_later
from opendxa.dana._question import Question, asked, conversation, expected, refuse_to_stream
from opendxa.dana._uncopied import Uncopied

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextvars import Token
    from types import CodeType, FrameType, TracebackType
    from typing import Any, Self, Unpack

    from opendxa.dana import _native
    from opendxa.dana._answer_stream import AsyncTextStream, TextStream
    from opendxa.dana._reasoning_options import ReasoningOptions, StreamingOptions

    _Block = tuple["_Borrower", int, "_Block | None"]

T = TypeVar("T")

# The `with` blocks that the running code is inside of, those of its caller's task included, the innermost first: who has
# the place, the number of the block, and the others.
_inside: ContextVar[_Block | None] = ContextVar("opendxa.dana.with", default=None)
_numbers = count(1)


class _Borrower(Uncopied):
    """A model: a place in its pool is taken for each call, or once for the length of a `with`.

    Each `with` has a place of its own, which is what it gives. Within it the model itself uses that place, too.
    """

    __slots__ = (
        "__weakref__",
        "_depth",
        "_lease",
        "_lender",
        "_lent",
        "_mark",
        "_number",
        "_place",
        "_pool",
        "_ready",
        "_thread",
        "messages",
    )
    _instead_of_a_copy = ": ask for another"

    def __init__(self, pool: _native.Model, messages: list[dict[str, str]] | None = None) -> None:
        self._pool = pool
        # A place that can be had without waiting: to wait for one would cost more than it.
        self._ready: Callable[[], _native.Model | None] = pool.try_lease
        self._lease: _native.Model | None = None
        # What tells the task or the thread that took the place from others, and how many of its `with` share it.
        self._mark: Token[_Block | None] | None = None
        self._thread = 0
        self._depth = 0
        # The `with` that it has the place for; 0 for none.
        self._number = 0
        # Who has places for others of its `with` blocks meanwhile, and of such a one, whose they are.
        self._lent: list[_Borrower] = []
        self._lender: _Borrower | None = None
        self._place: tuple[CodeType, int] | None = None
        self.messages: list[dict[str, str]] = [] if messages is None else messages
        """The conversation that `chat` leads."""

    @property
    def name(self) -> str:
        """The name by which the model is asked for."""
        return self._pool.name

    @property
    def model(self) -> str:
        """The provider and the model, such as `openai/gpt-5`."""
        return self._pool.model

    @property
    def statistics(self) -> dict[str, int]:
        """The figures of the model's pool: `leased`, `idle`, `waiting`, `limit` and others."""
        return self._pool.statistics

    def release(self) -> None:
        """Gives the place in the pool back; once more does nothing."""
        self._holder._give_back()

    def _give_back(self) -> None:
        lease, self._lease, self._mark, self._number = self._lease, None, None, 0
        if lease is not None:
            lease.release()

    @property
    def _asker(self) -> _native.Model:
        if self._lease is None and not self._lent:
            return self._pool
        return self._holder._lease or self._pool

    @property
    def _holder(self) -> _Borrower:
        """Who has the place that the running code is to use: for the innermost `with` that it is inside of, or this by
        `acquire`; else somebody without one."""
        place = self._innermost()
        if place is None and (self._number == 0 or self._lender is not None):
            return self
        return place or _Borrower(self._pool, self.messages)

    def _innermost(self) -> _Borrower | None:
        """Who has the place for the innermost of its `with` blocks that the running code is inside of."""
        block = _inside.get()
        while block is not None:
            place, number, block = block
            if (place is self or place._lender is self) and place._number == number:
                return place
        return None

    def _entered_again(self) -> Self | None:
        """What the same task or thread was lent already: to wait for another place would be to wait for itself."""
        place = self._holder
        if place._lease is None or not place._is_taken_here():
            return None
        place._depth += 1
        return place  # type: ignore[return-value]

    def _is_taken_here(self) -> bool:
        """Whether the running task or thread took the place: others run in contexts of their own, which refuse its
        mark."""
        if self._mark is None:
            return False
        inside = _inside.get()
        try:
            _inside.reset(self._mark)
        except ValueError:
            return False
        self._mark = _inside.set(inside)
        return True

    def _entered(self, lease: _native.Model) -> Self:
        place = self
        # No other thread comes between this look and the taking: nothing is called there.
        if self._lease is not None or self._lent:
            # Somebody else has a place by it.
            place = type(self)(self._pool, self.messages)
            place._lender = self
            self._lent.append(place)
        place._lease = lease
        place._depth = 1
        place._number = number = next(_numbers)
        place._mark = _inside.set((place, number, _inside.get()))
        return place

    def _left(self) -> None:
        block = _inside.get()
        if block is not None and block[0] is self and block[1] == self._number and self._depth == 1 and not block[2]:
            # As almost always.
            lease, self._lease, self._mark, self._number = self._lease, None, None, 0
            _inside.set(None)
            if lease is not None:
                lease.release()
            return
        place = self._innermost()
        if place is None:
            # A `with` that ends in another context than it began in, such as a fixture's.
            place = self if self._lease is not None or not self._lent else self._lent[-1]
        place._depth -= 1
        if place._depth > 0:
            return
        place._give_back()
        if place is not self:
            self._lent.remove(place)
        block = _inside.get()
        if block is not None and block[0] is place:
            # One around it may have ended before.
            while block is not None and block[0]._number != block[1]:
                block = block[2]
            _inside.set(block)

    def _taken(self, lease: _native.Model, frame: FrameType) -> Self:
        """A place that somebody may forget to give back, unlike that of a `with`."""
        if self._number:  # a `with` has the one here
            return type(self)(self._pool, self.messages)._taken(lease, frame)
        if self._lease is not None:
            self._lease.release()
        self._lease = lease
        self._mark = _inside.set(_inside.get())
        self._depth = 0
        # What its line is, is only asked when it was forgotten.
        self._place = frame.f_code, frame.f_lasti
        return self

    def _chat_question(self, message: object, options: object, more: Mapping[str, Any], returns: object) -> Question:
        messages = [*self.messages, {"role": "user", "content": message}] if isinstance(message, str) else message
        question = conversation(messages, options, more, returns)
        refuse_to_stream(question, "chat")
        return question

    def _remember(self, message: object, question: Question, result: ReasoningResult) -> None:
        if isinstance(message, str):
            self.messages.append({"role": "user", "content": question.message(message)})
            self.messages.append({"role": "assistant", "content": result.text})

    def __del__(self) -> None:
        lease = getattr(self, "_lease", None)
        if lease is not None and not lease.released:
            from opendxa.dana._answer_stream import warn_of_forgotten

            lease.release()
            warn_of_forgotten(self.name, _shown(self._place))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.model}{'' if self._asker is self._pool else ' lent'}>"


class LanguageModel(_Borrower):
    """A language model. In a `with` it keeps a place in its pool; outside of one each call takes a place for itself."""

    __slots__ = ()

    def _is_taken_here(self) -> bool:
        """Whether this thread took the place: it would wait for itself, whatever context it runs in."""
        return self._thread == get_ident()

    def acquire(self) -> Self:
        """Takes a place in the pool until `release`, as entering a `with` does."""
        place = self._taken(self._ready() or self._pool.lease(), _getframe(1))
        place._thread = get_ident()
        return place

    def __enter__(self) -> Self:
        if (self._lent or self._lease is not None) and (place := self._entered_again()) is not None:
            return place
        place = self._entered(self._ready() or self._pool.lease())
        place._thread = get_ident()
        return place

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._left()

    @overload
    def reason(
        self,
        prompt: str,
        options: StreamingOptions,
        **more: Unpack[ReasoningOptions],
    ) -> TextStream: ...
    @overload
    def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        **more: Unpack[StreamingOptions],
    ) -> TextStream: ...
    @overload
    def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: type[T],
        **more: Unpack[ReasoningOptions],
    ) -> T: ...
    @overload
    def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Mapping[str, Any] | None = None,
        **more: Unpack[ReasoningOptions],
    ) -> ReasoningResult: ...
    @overload
    def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: object,
        **more: Unpack[ReasoningOptions],
    ) -> Any: ...
    def reason(
        self,
        prompt: str,
        options: ReasoningOptions | StreamingOptions | Mapping[str, Any] | None = None,
        *,
        returns: Any = None,
        **more: Any,
    ) -> Any:
        """What the model answers to a question: with `returns` a value of that type, with `stream=True` a `TextStream`."""
        question = asked(prompt, options, more, returns)
        return opened(self._asker, question) if question.streams else ask(self._asker, question, "reason")

    def generate(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        **more: Unpack[ReasoningOptions],
    ) -> ReasoningResult:
        """What the model makes of a prompt, as text."""
        question = asked(prompt, options, more)
        refuse_to_stream(question, "generate")
        made: ReasoningResult = ask(self._asker, question, "generate")
        return made

    @overload
    def chat(
        self,
        message: str | Sequence[Mapping[str, Any]],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: type[T],
        **more: Unpack[ReasoningOptions],
    ) -> T: ...
    @overload
    def chat(
        self,
        message: str | Sequence[Mapping[str, Any]],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Mapping[str, Any] | None = None,
        **more: Unpack[ReasoningOptions],
    ) -> ReasoningResult: ...
    @overload
    def chat(
        self,
        message: str | Sequence[Mapping[str, Any]],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: object,
        **more: Unpack[ReasoningOptions],
    ) -> Any: ...
    def chat(
        self,
        message: str | Sequence[Mapping[str, Any]],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Any = None,
        **more: Unpack[ReasoningOptions],
    ) -> Any:
        """Goes on with the conversation that is kept in `messages`; a list of messages stands for itself. With
        `returns` a value of that type."""
        question = self._chat_question(message, options, more, returns)
        result, value = answer(self._asker, question, "chat")
        self._remember(message, question, result)
        return value

    def stream(
        self,
        prompt: str | Sequence[Mapping[str, Any]],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        **more: Unpack[ReasoningOptions],
    ) -> TextStream:
        """The answer as it arrives, piece by piece."""
        return opened(self._asker, _spoken(prompt, options, more))

    def embed(self, texts: Iterable[str]) -> list[list[float]]:
        """A vector for each text."""
        return self._asker.embed(_texts(texts))

    def count_tokens(self, text: str) -> int:
        """How many tokens the model reads for a text; a guess where the provider does not count."""
        return self._asker.count_tokens(asked(text, None, {}, argument="text").fields)[0]


class AsyncLanguageModel(_Borrower):
    """A language model for coroutines. In an `async with` it keeps a place in its pool; outside of one each call takes
    a place for itself."""

    __slots__ = ()

    async def acquire(self) -> Self:
        """Takes a place in the pool until `release`, as entering an `async with` does."""
        return self._taken(self._ready() or await self._pool.lease_async(), _getframe(1))

    async def __aenter__(self) -> Self:
        if (self._lent or self._lease is not None) and (place := self._entered_again()) is not None:
            return place
        return self._entered(self._ready() or await self._pool.lease_async())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._left()

    @overload
    async def reason(
        self,
        prompt: str,
        options: StreamingOptions,
        **more: Unpack[ReasoningOptions],
    ) -> AsyncTextStream: ...
    @overload
    async def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        **more: Unpack[StreamingOptions],
    ) -> AsyncTextStream: ...
    @overload
    async def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: type[T],
        **more: Unpack[ReasoningOptions],
    ) -> T: ...
    @overload
    async def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Mapping[str, Any] | None = None,
        **more: Unpack[ReasoningOptions],
    ) -> ReasoningResult: ...
    @overload
    async def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: object,
        **more: Unpack[ReasoningOptions],
    ) -> Any: ...
    async def reason(
        self,
        prompt: str,
        options: ReasoningOptions | StreamingOptions | Mapping[str, Any] | None = None,
        *,
        returns: Any = None,
        **more: Any,
    ) -> Any:
        """What the model answers to a question: with `returns` a value of that type, with `stream=True` an
        `AsyncTextStream`."""
        question = asked(prompt, options, more, returns)
        return opened_later(self._asker, question) if question.streams else await ask_async(self._asker, question)

    async def generate(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        **more: Unpack[ReasoningOptions],
    ) -> ReasoningResult:
        """What the model makes of a prompt, as text."""
        question = asked(prompt, options, more)
        refuse_to_stream(question, "generate")
        made: ReasoningResult = await ask_async(self._asker, question)
        return made

    @overload
    async def chat(
        self,
        message: str | Sequence[Mapping[str, Any]],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: type[T],
        **more: Unpack[ReasoningOptions],
    ) -> T: ...
    @overload
    async def chat(
        self,
        message: str | Sequence[Mapping[str, Any]],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Mapping[str, Any] | None = None,
        **more: Unpack[ReasoningOptions],
    ) -> ReasoningResult: ...
    @overload
    async def chat(
        self,
        message: str | Sequence[Mapping[str, Any]],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: object,
        **more: Unpack[ReasoningOptions],
    ) -> Any: ...
    async def chat(
        self,
        message: str | Sequence[Mapping[str, Any]],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Any = None,
        **more: Unpack[ReasoningOptions],
    ) -> Any:
        """Goes on with the conversation that is kept in `messages`; a list of messages stands for itself. With
        `returns` a value of that type."""
        question = self._chat_question(message, options, more, returns)
        result, value = await answer_async(self._asker, question)
        self._remember(message, question, result)
        return value

    def stream(
        self,
        prompt: str | Sequence[Mapping[str, Any]],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        **more: Unpack[ReasoningOptions],
    ) -> AsyncTextStream:
        """The answer as it arrives, piece by piece, for `async for`."""
        return opened_later(self._asker, _spoken(prompt, options, more))

    async def embed(self, texts: Iterable[str]) -> list[list[float]]:
        """A vector for each text."""
        return await self._asker.embed_async(_texts(texts))

    async def count_tokens(self, text: str) -> int:
        """How many tokens the model reads for a text; a guess where the provider does not count."""
        return (await self._asker.count_tokens_async(asked(text, None, {}, argument="text").fields))[0]


def _spoken(prompt: object, options: object, more: Mapping[str, Any]) -> Question:
    """The question of a prompt or of a conversation."""
    return conversation(prompt, options, more) if isinstance(prompt, list | tuple) else asked(prompt, options, more)


def _texts(texts: object) -> list[str]:
    """The texts that are to be embedded; a text alone would be taken for a row of letters."""
    if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
        raise expected("list of strings", texts, "texts")
    listed = list(texts)
    for text in listed:
        if not isinstance(text, str):
            raise expected("list of strings, an item of it", text, "texts")
    return listed


def _shown(place: tuple[CodeType, int] | None) -> str:
    """A place in a program as `file:line`."""
    if place is None:
        return "the beginning of a `with` that never ended"
    code, instruction = place
    lines = (line for start, end, line in code.co_lines() if start <= instruction < end)
    return f"{code.co_filename}:{next(lines, None) or code.co_firstlineno}"
