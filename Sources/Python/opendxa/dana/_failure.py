"""Makes Python's exceptions from what went wrong in Dana."""

from __future__ import annotations

import sys

from opendxa.dana import errors
from opendxa.dana.errors import DanaError, DanaFinding, DanaPlace, DanaSyntaxError, LimitExceeded

# Which class stands for an exception of Dana's; names that are not here are found with `Dana` before them.
_CLASSES: dict[str, type[DanaError]] = {
    name: value for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, DanaError)
}
_OTHER_NAMES: dict[str, type[DanaError]] = {
    "Exception": DanaError,
    "CancelledError": errors.DanaCancelledError,
    "EOFError": errors.DanaError,
    "FloatingPointError": errors.DanaArithmeticError,
    "UnicodeDecodeError": errors.DanaUnicodeError,
    "UnicodeEncodeError": errors.DanaUnicodeError,
    "JSONDecodeError": errors.DanaValueError,
    "StatisticsError": errors.DanaValueError,
}
_LIMITS: dict[str, type[LimitExceeded]] = {
    "executionTime": errors.TimeLimitExceeded,
    "deadline": errors.TimeLimitExceeded,
    "memory": errors.MemoryLimitExceeded,
    "depth": errors.DepthLimitExceeded,
}
# The option of `create_context` that allows more.
_OPTIONS = {
    "ticks": "max_ticks",
    "executionTime": "max_execution_time",
    "deadline": "timeout",
    "memory": "max_memory",
    "depth": "max_depth",
    "sourceSize": "max_source_size",
    "hostCalls": "max_host_calls",
}
# The reason that a run is given when the task that awaits it is cancelled.
_TASK_CANCELLED = "the task that waited for it was cancelled"
# Classes that are an error of Dana's and a program's own exception class, by both.
_joined: dict[tuple[type[DanaError], type[Exception]], type[DanaError]] = {}
_JOINED_KEPT = 256


def failure(
    cause: str,
    kind: str,
    message: str,
    stack: list[tuple[str, str, int, int, int, int, str]],
    findings: list[tuple[str, str | None, str, int, int, str]],
    origin: BaseException | None,
) -> BaseException:
    """The exception to raise, with a frame for each place in Dana and the original exception as its cause."""
    if origin is not None and not isinstance(origin, Exception):
        return origin
    if cause == "cancelled" and (cancelled := _cancelled_task(message)) is not None:
        return cancelled
    from opendxa.dana._frames import traceback_through

    places = tuple(DanaPlace(*place) for place in stack)
    if cause == "syntax" and findings:
        error: DanaError = _syntax_error(tuple(DanaFinding(*finding) for finding in findings))
        trace = traceback_through(places[:-1])
    else:
        error = _error(cause, kind, message, origin)
        trace = traceback_through(places)
    error.kind = kind
    error.stack = places
    # A model's, which nobody has raised, has nothing to add.
    if origin is not None and not (isinstance(origin, errors.LanguageModelError) and origin.__traceback__ is None):
        error.__cause__ = origin
    return error.with_traceback(trace)


def _cancelled_task(reason: str) -> BaseException | None:
    """What a task that is being cancelled has to see."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return None
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    if (task is None or not task.cancelling()) and not reason.endswith(_TASK_CANCELLED):
        return None
    made = asyncio.CancelledError(reason)
    return made if isinstance(made, BaseException) else None


def _error(cause: str, kind: str, message: str, origin: Exception | None) -> DanaError:
    if cause.startswith("limit"):
        limit = cause.partition(":")[2]
        if option := _OPTIONS.get(limit):
            message = f"{message}: create_context({option}=...) allows more"
        exceeded = _LIMITS.get(limit, LimitExceeded)(message)
        exceeded.limit = limit
        return exceeded
    if cause == "cancelled":
        return errors.DanaCancelledError(message)
    made = _CLASSES.get(kind) or _CLASSES.get(f"Dana{kind}") or _OTHER_NAMES.get(kind) or DanaError
    if origin is not None and not issubclass(made, type(origin)):
        joined = _joined_with(made, type(origin))
        # Dana names the class in the message; here the class says it.
        if message.partition(": ")[2] == str(origin):
            message = str(origin)
        # Of several built-in classes it is the one with the larger layout that makes the object.
        maker = OSError if issubclass(joined, OSError) else joined
        try:
            error = maker.__new__(joined, message)
        except TypeError:  # the class wants arguments of its own
            return made(message)
        error.args = (message,)
        error.__dict__.update(origin.__dict__)
        return error
    error = made(message)
    if isinstance(error, ImportError):
        error.name = _quoted(message)
    return error


def _joined_with(made: type[DanaError], original: type[Exception]) -> type[DanaError]:
    """A class that `except` clauses for either of two classes catch."""
    known = _joined.get((made, original))
    if known is None:
        if len(_joined) >= _JOINED_KEPT:
            _joined.clear()
        name = original.__name__ if original.__name__.startswith("Dana") else f"Dana{original.__name__}"
        try:
            known = type(name, (made, original), {"__module__": errors.__name__, "__doc__": original.__doc__})
        except TypeError:  # the two classes have no common layout
            known = made
        _joined[made, original] = known
    return known


def _syntax_error(findings: tuple[DanaFinding, ...]) -> DanaSyntaxError:
    first = findings[0]
    error = DanaSyntaxError(
        first.message, (first.source, first.line, first.column, first.text, first.line, first.column + 1)
    )
    error.findings = findings
    if first.hint:
        error.add_note(f"hint: {first.hint}")
    for other in findings[1:]:
        error.add_note(repr(other))
    return error


def _quoted(message: str) -> str | None:
    """The first name that a message has in quotes."""
    parts = message.split("'", 2)
    return parts[1] if len(parts) == 3 else None
