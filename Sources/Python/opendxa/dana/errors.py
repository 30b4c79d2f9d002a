"""The errors of Dana. Each is a `DanaError` and also the class of Python's that `except` clauses expect."""

from __future__ import annotations

__all__ = [
    "AnswerError",
    "CapabilityError",
    "ContextClosedError",
    "ContextIsolationError",
    "DanaArithmeticError",
    "DanaAssertionError",
    "DanaAttributeError",
    "DanaBlockingIOError",
    "DanaBrokenPipeError",
    "DanaCancelledError",
    "DanaChildProcessError",
    "DanaConnectionAbortedError",
    "DanaConnectionError",
    "DanaConnectionRefusedError",
    "DanaConnectionResetError",
    "DanaError",
    "DanaFileExistsError",
    "DanaFileNotFoundError",
    "DanaFinding",
    "DanaImportError",
    "DanaIndexError",
    "DanaInterruptedError",
    "DanaIsADirectoryError",
    "DanaKeyError",
    "DanaLookupError",
    "DanaMemoryError",
    "DanaModuleNotFoundError",
    "DanaNameError",
    "DanaNotADirectoryError",
    "DanaNotImplementedError",
    "DanaOSError",
    "DanaOverflowError",
    "DanaPermissionError",
    "DanaPlace",
    "DanaProcessLookupError",
    "DanaRecursionError",
    "DanaRuntimeError",
    "DanaStopIteration",
    "DanaSyntaxError",
    "DanaTimeoutError",
    "DanaTypeError",
    "DanaUnboundLocalError",
    "DanaUnicodeDecodeError",
    "DanaUnicodeEncodeError",
    "DanaUnicodeError",
    "DanaValueError",
    "DanaZeroDivisionError",
    "DepthLimitExceeded",
    "FunctionCollisionError",
    "HostError",
    "LanguageModelError",
    "LimitExceeded",
    "MemoryLimitExceeded",
    "ModelAccessError",
    "ModelConnectionError",
    "ModelRateError",
    "ModelTimeoutError",
    "ResourceError",
    "RuntimeClosedError",
    "SaveError",
    "SecurityError",
    "TimeLimitExceeded",
    "TypeConversionError",
]


class DanaPlace:
    """A place in Dana's text that an error passed through; lines and columns count from 1."""

    __slots__ = ("column", "end_column", "end_line", "function", "line", "source", "text")

    def __init__(
        self, source: str, function: str, line: int, column: int, end_line: int, end_column: int, text: str
    ) -> None:
        self.source: str = source
        self.function: str = function
        self.line: int = line
        self.column: int = column
        self.end_line: int = end_line
        self.end_column: int = end_column
        self.text: str = text

    def __repr__(self) -> str:
        return f"<{self.source}:{self.line}:{self.column} in {self.function}>"


class DanaFinding:
    """One thing that is wrong with a text, where, and what to write instead; lines and columns count from 1."""

    __slots__ = ("column", "hint", "line", "message", "source", "text")

    def __init__(self, message: str, hint: str | None, source: str, line: int, column: int, text: str) -> None:
        self.message: str = message
        self.hint: str | None = hint
        self.source: str = source
        self.line: int = line
        self.column: int = column
        self.text: str = text

    def __repr__(self) -> str:
        hint = f" (hint: {self.hint})" if self.hint else ""
        return f"{self.source}:{self.line}:{self.column}: {self.message}{hint}"


class DanaError(Exception):
    """What every error of Dana is."""

    kind: str = "Exception"
    """The exception's name in Dana."""

    stack: tuple[DanaPlace, ...] = ()
    """Where in Dana it was raised, the innermost call last."""

    # The message as Dana tells it.
    _dana_message: str | None = None

    def __str__(self) -> str:
        return BaseException.__str__(self) if self._dana_message is None else self._dana_message


class DanaArithmeticError(DanaError, ArithmeticError):
    """An `ArithmeticError` that a Dana program raised."""


class DanaOverflowError(DanaArithmeticError, OverflowError):
    """An `OverflowError` that a Dana program raised."""


class DanaZeroDivisionError(DanaArithmeticError, ZeroDivisionError):
    """A `ZeroDivisionError` that a Dana program raised."""


class DanaAssertionError(DanaError, AssertionError):
    """An `assert` of a Dana program that did not hold."""


class DanaAttributeError(DanaError, AttributeError):
    """Something of Dana has no such attribute."""


class DanaImportError(DanaError, ImportError):
    """A Dana program could not import a name or a module."""


class DanaModuleNotFoundError(DanaImportError, ModuleNotFoundError):
    """There is no such module, as `.na` or as `.py`."""


class DanaLookupError(DanaError, LookupError):
    """A `LookupError` that a Dana program raised."""


class DanaIndexError(DanaLookupError, IndexError):
    """An `IndexError` that a Dana program raised."""


class DanaKeyError(DanaLookupError, KeyError):
    """A `KeyError` that a Dana program raised."""


class DanaMemoryError(DanaError, MemoryError):
    """A `MemoryError` that a Dana program raised."""


class DanaNameError(DanaError, NameError):
    """There is no variable or function of that name."""


class DanaUnboundLocalError(DanaNameError, UnboundLocalError):
    """A variable was read before it was set."""


class DanaOSError(DanaError, OSError):
    """An `OSError` that a Dana program raised."""


class DanaFileNotFoundError(DanaOSError, FileNotFoundError):
    """A file that a Dana program asked for is not there."""


class DanaFileExistsError(DanaOSError, FileExistsError):
    """A file is there already."""


class DanaConnectionError(DanaOSError, ConnectionError):
    """A `ConnectionError` that a Dana program raised."""


class DanaBrokenPipeError(DanaConnectionError, BrokenPipeError):
    """A `BrokenPipeError` that a Dana program raised."""


class DanaConnectionAbortedError(DanaConnectionError, ConnectionAbortedError):
    """A `ConnectionAbortedError` that a Dana program raised."""


class DanaConnectionRefusedError(DanaConnectionError, ConnectionRefusedError):
    """A `ConnectionRefusedError` that a Dana program raised."""


class DanaConnectionResetError(DanaConnectionError, ConnectionResetError):
    """A `ConnectionResetError` that a Dana program raised."""


class DanaBlockingIOError(DanaOSError, BlockingIOError):
    """A `BlockingIOError` that a Dana program raised."""


class DanaChildProcessError(DanaOSError, ChildProcessError):
    """A `ChildProcessError` that a Dana program raised."""


class DanaInterruptedError(DanaOSError, InterruptedError):
    """An `InterruptedError` that a Dana program raised."""


class DanaIsADirectoryError(DanaOSError, IsADirectoryError):
    """An `IsADirectoryError` that a Dana program raised."""


class DanaNotADirectoryError(DanaOSError, NotADirectoryError):
    """A `NotADirectoryError` that a Dana program raised."""


class DanaProcessLookupError(DanaOSError, ProcessLookupError):
    """A `ProcessLookupError` that a Dana program raised."""


class DanaPermissionError(DanaOSError, PermissionError):
    """A `PermissionError` that a Dana program raised."""


class CapabilityError(DanaPermissionError):
    """A program asked for what its context was not granted, or code for what the administrator does not allow."""


class DanaTimeoutError(DanaOSError, TimeoutError):
    """Something that a Dana program waited for took too long."""


class DanaRuntimeError(DanaError, RuntimeError):
    """A `RuntimeError` that a Dana program raised."""


class DanaNotImplementedError(DanaRuntimeError, NotImplementedError):
    """A `NotImplementedError` that a Dana program raised."""


class DanaRecursionError(DanaRuntimeError, RecursionError):
    """A `RecursionError` that a Dana program raised."""


class SecurityError(DanaRuntimeError):
    """A program used a built-in that Dana blocks by name."""


class HostError(DanaRuntimeError):
    """A function of the host's failed; the original exception is the cause."""


class DanaStopIteration(DanaError, StopIteration):
    """A `StopIteration` that went out of a Dana program."""


class DanaTypeError(DanaError, TypeError):
    """A `TypeError` that a Dana program raised."""


class TypeConversionError(DanaTypeError):
    """A value does not fit what is expected at the border between Python and Dana."""


class DanaValueError(DanaError, ValueError):
    """A `ValueError` that a Dana program raised."""


class DanaUnicodeError(DanaValueError, UnicodeError):
    """A `UnicodeError` that a Dana program raised."""


class DanaUnicodeDecodeError(DanaUnicodeError, UnicodeDecodeError):
    """Bytes that are no text in an encoding."""


class DanaUnicodeEncodeError(DanaUnicodeError, UnicodeEncodeError):
    """Text that an encoding has no bytes for."""


class FunctionCollisionError(DanaValueError):
    """A function would silently replace another of the same name."""


class ContextIsolationError(DanaValueError):
    """Something of one context was handed to another."""


class SaveError(DanaValueError):
    """A context cannot be saved, or bytes are no context that was saved with this key."""


class ResourceError(DanaRuntimeError):
    """A resource, such as a language model, cannot be had."""


class LanguageModelError(ResourceError):
    """A language model gave no answer."""

    code: str = ""
    """What happened, such as `rate_limited`."""
    model: str = ""
    """The provider and the model, such as `openai/gpt-5`."""
    status: int | None = None
    """The HTTP status of the provider's answer, if there was one."""
    retry_after: float | None = None
    """In how many seconds to ask again, as the provider says, or the model's own rate or rest after failures."""
    request_id: str | None = None
    """The provider's name for the request."""
    body: str | None = None
    """What the provider or the model said, shortened."""


class ModelTimeoutError(LanguageModelError, TimeoutError):
    """A language model took too long, or the wait for it."""


class ModelConnectionError(LanguageModelError, ConnectionError):
    """A language model's server cannot be reached, or went away."""


class ModelAccessError(LanguageModelError, PermissionError):
    """A language model's provider does not accept the key, or it is missing."""


class ModelRateError(LanguageModelError):
    """A language model's provider, its pool or the budget takes no more for now."""


class AnswerError(LanguageModelError, ValueError):
    """A language model's answer is not what was asked for; `body` is the answer."""


class ContextClosedError(DanaRuntimeError):
    """The context is closed."""


class RuntimeClosedError(DanaRuntimeError):
    """The runtime is closed."""


class LimitExceeded(DanaError, RuntimeError):
    """A limit of the context is used up; the context is closed."""

    limit: str = ""
    """Which one, such as `ticks`."""


class MemoryLimitExceeded(LimitExceeded, MemoryError):
    """The context's memory is used up."""


class TimeLimitExceeded(LimitExceeded, TimeoutError):
    """The context's time is used up."""


class DepthLimitExceeded(LimitExceeded, RecursionError):
    """The context's calls are nested too deep."""


class DanaCancelledError(DanaError):
    """The context was cancelled; the message is the reason. A cancelled task gets `asyncio.CancelledError`."""


class DanaSyntaxError(DanaError, SyntaxError):
    """A text is no Dana program. `findings` are all its errors, the first of which this is."""

    findings: tuple[DanaFinding, ...] = ()
    """All that is wrong with the text, in the order of the text."""

    def __str__(self) -> str:
        return SyntaxError.__str__(self)
