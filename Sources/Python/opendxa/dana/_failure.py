"""Makes Python's exceptions from what went wrong in Dana."""

from __future__ import annotations

import errno
import os
from types import BuiltinFunctionType, GetSetDescriptorType, MemberDescriptorType

from opendxa.dana import errors
from opendxa.dana.errors import DanaError, DanaFinding, DanaPlace, DanaSyntaxError, LimitExceeded

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    _Stack = list[tuple[str, str, int, int, int, int, str]]
    # How many arguments the message spells, or what spells them; None where the message is the only one, and a tuple of
    # the only one where that is an object of Python's, whose type the message names.
    _Spelled = int | str | tuple[Any] | None
    # Kind, message, arguments, stack, origin and notes.
    _Facts = tuple[str, str, _Spelled, _Stack, BaseException | None, list[str]]
    _Redact = Callable[[str], str] | None

# Which class stands for an exception of Dana's; names that are not here are found with `Dana` before them.
_CLASSES: dict[str, type[DanaError]] = {
    name: value for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, DanaError)
}
_OTHER_NAMES: dict[str, type[DanaError]] = {
    "Exception": DanaError,
    "CancelledError": errors.DanaCancelledError,
    "EOFError": errors.DanaError,
    "FloatingPointError": errors.DanaArithmeticError,
    "UnicodeTranslateError": errors.DanaUnicodeError,
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
OPTIONS = {
    "ticks": "max_ticks",
    "executionTime": "max_execution_time",
    "deadline": "timeout",
    "memory": "max_memory",
    "depth": "max_depth",
    "sourceSize": "max_source_size",
    "hostCalls": "max_host_calls",
    "output": "max_output",
}
# Classes that are an error of Dana's and a program's own exception class, by both.
_joined: dict[tuple[type[DanaError], type[Exception]], type[DanaError]] = {}
_JOINED_KEPT = 256
# Messages longer than this are not read for values, nor what is told apart from them.
_LONGEST_VALUES = 2000
_LONGEST_TOLD = 64 << 10
_PLAIN = (bytes, bytearray, list, tuple, dict, set, frozenset)
# The system's number of an error with a file, which the language's own functions raise without one, by its kind and by
# what the system says.
_ERRNO_BY_KIND = {
    "FileNotFoundError": errno.ENOENT,
    "FileExistsError": errno.EEXIST,
    "PermissionError": errno.EACCES,
}
_errno_by_text: dict[str, int] = {}


def failure(
    cause: str,
    kind: str,
    message: str,
    spelled: _Spelled,
    stack: _Stack,
    findings: list[tuple[str, str | None, str, int, int, str]],
    origin: BaseException | None,
    chain: list[tuple[bool, _Facts]],
    hint: str | None,
    notes: list[str],
    redact: _Redact = None,
) -> BaseException:
    """The exception to raise, with a frame for each place in Dana and what it came from as its cause and context.

    `spelled` says of how many arguments the message is what `repr` gives, or is what `repr` gives for them all; None
    where the message is the argument itself, and a tuple has the argument. `redact` takes out of a text what was taken
    out of a message.
    """
    if origin is not None and not _is_error(origin):
        return placed(origin, stack)
    error: DanaError
    if findings:
        from opendxa.dana._frames import traceback_through

        error = _syntax_error(tuple(DanaFinding(*finding) for finding in findings))
        error.kind = kind
        error.stack = tuple(DanaPlace(*place) for place in stack)
        # The last place of a text's own fault is that, of an imported module's the import.
        error = error.with_traceback(traceback_through(error.stack[:-1] if cause == "syntax" else error.stack))
    else:
        error = _placed(_error(cause, kind, message, spelled, hint, origin, redact), kind, stack, origin)
        if hint is not None and not cause.startswith("limit"):
            error.add_note(hint)
    for note in notes:
        error.add_note(note)
    later: DanaError | None = error
    for is_cause, facts in chain:
        later = None if later is None else _link(later, is_cause, facts, redact)
    return error


def placed(error: BaseException, stack: _Stack) -> BaseException:
    """An exception that is none of Dana's, with a program's places in its traceback before those that it has passed."""
    from opendxa.dana._frames import traceback_through

    trace = traceback_through(tuple(DanaPlace(*place) for place in stack))
    if trace is None:
        return error
    innermost = trace
    while innermost.tb_next is not None:
        innermost = innermost.tb_next
    innermost.tb_next = error.__traceback__
    return error.with_traceback(trace)


def _is_error(origin: BaseException) -> bool:
    """Whether it becomes an error of Dana's, as what libraries in Rust did not expect does, although no `Exception`."""
    return isinstance(origin, Exception) or type(origin).__module__ == "pyo3_runtime"


def _link(later: DanaError, is_cause: bool, facts: _Facts, redact: _Redact) -> DanaError | None:
    """Puts an error where the later one came from, and gives it; None when nothing that led to it is known."""
    kind, message, spelled, stack, origin, notes = facts
    if origin is not None and not _is_error(origin):
        later.__context__ = origin
        return None
    earlier = _placed(_error("raised", kind, message, spelled, None, origin, redact), kind, stack, origin)
    for note in notes:
        earlier.add_note(note)
    if is_cause and later.__cause__ is None:
        later.__cause__ = earlier
    later.__context__ = earlier
    return earlier


def _placed(error: DanaError, kind: str, stack: _Stack, origin: BaseException | None) -> DanaError:
    """The error with its places in Dana and the exception that it stands for as its cause."""
    from opendxa.dana._frames import traceback_through

    places = tuple(DanaPlace(*place) for place in stack)
    # What a user's own class has under these names is what its `except` clauses read.
    own = origin if origin is not None and not isinstance(origin, DanaError) else None
    error.kind = getattr(own, "kind", kind)
    error.stack = getattr(own, "stack", places)
    # A model's, which nobody has raised, has nothing to add.
    if origin is not None and not (isinstance(origin, errors.LanguageModelError) and origin.__traceback__ is None):
        error.__cause__ = origin
    return error.with_traceback(traceback_through(places))


def _error(
    cause: str,
    kind: str,
    message: str,
    spelled: _Spelled,
    hint: str | None,
    origin: BaseException | None,
    redact: _Redact,
) -> DanaError:
    if cause.startswith("limit"):
        limit = cause.partition(":")[2]
        option = OPTIONS.get(limit)
        if more := hint or (option and f"create_context({option}=...) allows more"):
            message = f"{message}: {more}"
        exceeded = _LIMITS.get(limit, LimitExceeded)(message)
        exceeded.limit = limit
        return exceeded
    if cause == "cancelled":
        return errors.DanaCancelledError(message)
    made = _CLASSES.get(kind) or _CLASSES.get(f"Dana{kind}") or _OTHER_NAMES.get(kind) or DanaError
    if isinstance(spelled, tuple):
        text = _text(spelled[0], redact, repr if issubclass(made, KeyError) else str)
        message = message if text is None else _beginning(text)
    if isinstance(origin, Exception):
        return _standing_for(origin, made, message, redact)
    try:
        error = made(*_arguments(message, spelled, redact))
    except (TypeError, ValueError):  # Python's own class is more particular
        error = _about_encoding(made, message) if issubclass(made, errors.DanaUnicodeError) else made(message)
    error._dana_message = message
    _name(error, kind, message)
    return error


def _standing_for(origin: Exception, made: type[DanaError], message: str, redact: _Redact) -> DanaError:
    """An error that `except` clauses for the class of an exception catch, too, with all that they read of it."""
    kind = made
    # What a model's error is to a program, such as a ValueError, it is to the host, too.
    if isinstance(origin, DanaError) and (isinstance(origin, made) or not isinstance(origin, errors.LanguageModelError)):
        kind = type(origin)
    elif not issubclass(made, type(origin)):
        kind = _joined_with(made, type(origin))
        # Dana names the class in the message; here the class says it.
        own = _text(origin, redact)
        if message.partition(": ")[2] == own:
            message = own
    elif isinstance(origin, KeyError):  # whose text is that of the key as `repr` has it, which Dana may not have
        message = _text(origin, redact) or message
    arguments, fields = origin.args, {**_fields(origin), **vars(origin)}
    if redact is not None:
        # What a group holds is the function's own, as a cause is, and so are objects that a field leads to.
        kinds = str if isinstance(origin, BaseExceptionGroup) else object
        arguments = tuple(_without_secrets(value, kinds, redact) for value in arguments)
        fields = {name: _without_secrets(value, _PLAIN, redact) for name, value in fields.items()}
    try:
        error = _blank(kind, arguments)
    except (TypeError, ValueError):  # the class wants arguments of its own
        error = made(message)
        error.args = arguments
    for name, value in fields.items():
        try:
            setattr(error, name, value)
        except (AttributeError, TypeError, ValueError):  # the class lets nobody set it
            continue
    error.args = arguments
    error._dana_message = message
    return error


def _text(value: object, redact: _Redact, text_of: Callable[[object], str] = str) -> str | None:
    """The text of an error or another object as it may leave; None where its class fails to give it."""
    try:
        text = text_of(value)
    except Exception:
        return None
    return text if redact is None else redact(text)


def _beginning(text: str) -> str:
    """A text as a message tells it: of a long one the beginning."""
    if len(text) <= _LONGEST_TOLD:
        return text
    return f"{text[:_LONGEST_TOLD]} ... ({len(text)} characters)"


def _without_secrets(value: Any, kinds: type | tuple[type, ...], redact: Callable[[str], str]) -> Any:
    """A value of these kinds as it may leave; what holds a secret and cannot be made anew is its text."""
    if isinstance(value, str):
        return redact(value)
    if not isinstance(value, kinds):
        return value
    try:
        text = repr(value)
    except Exception:  # it can show no secret then
        return value
    if (told := redact(text)) == text:
        return value
    from ast import literal_eval

    try:
        return literal_eval(told)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return told


def system_failure(error: OSError) -> DanaError:
    """An error of Dana's that also is the system's own, as of a file that is not there."""
    made = next(found for kind in type(error).__mro__ if (found := _CLASSES.get(f"Dana{kind.__name__}")))
    failed = _standing_for(error, made, str(error), None)
    failed.kind = made.__name__.removeprefix("Dana")
    return failed


def _blank(kind: type[DanaError], arguments: tuple[Any, ...]) -> DanaError:
    """An error with its arguments, whose `__init__` does not run."""
    refused: TypeError | None = None
    for base in kind.__mro__:
        # Of the classes of C only the one on whose layout the class builds makes it.
        if not isinstance(make := vars(base).get("__new__"), BuiltinFunctionType):
            continue
        try:
            made: DanaError = make(kind, *arguments)
        except TypeError as error:
            refused = refused or error
            continue
        made.args = arguments
        return made
    raise refused or TypeError(f"{kind.__name__} cannot be made")


def _fields(error: BaseException) -> dict[str, Any]:
    """What can be set of an exception besides what its dictionary holds, such as the `errno` of an OSError."""
    found: dict[str, Any] = {}
    for kind in type(error).__mro__:
        for name, member in vars(kind).items():
            if not isinstance(member, MemberDescriptorType | GetSetDescriptorType) or name.startswith("__"):
                continue
            try:
                # None is what says that nothing was set, and setting it says that something was.
                if (value := getattr(error, name)) is None:
                    continue
                setattr(error, name, value)
            except (AttributeError, TypeError, ValueError):
                continue
            found[name] = value
    return found


def _arguments(message: str, spelled: _Spelled, redact: _Redact) -> tuple[Any, ...]:
    """The arguments of an exception of Dana's, as far as its message tells."""
    if isinstance(spelled, tuple):
        return spelled if redact is None else (_without_secrets(spelled[0], object, redact),)
    if spelled is None:
        return (message,)
    if spelled == 0:
        return ()
    text, longest = (spelled, _LONGEST_TOLD) if isinstance(spelled, str) else (message, _LONGEST_VALUES)
    if len(text) > longest:
        return (message,)
    from ast import literal_eval

    try:
        value = literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return (message,)
    return value if spelled != 1 and isinstance(value, tuple) else (value,)


def _name(error: DanaError, kind: str, message: str) -> None:
    """Gives an error the fields that Python's own of its class has, where the language or its library raised it."""
    if isinstance(error, ImportError):
        error.name = _quoted(message, "No module named ") or _quoted(message, " from ")
    elif isinstance(error, NameError):
        error.name = _quoted(message, "name ") or _quoted(message, "variable ")
    elif isinstance(error, AttributeError):
        error.name = _quoted(message, "has no attribute ")
    elif isinstance(error, OSError) and error.errno is None and (file := _quoted(message, ": ")):
        if number := _errno_of(message.partition(": ")[0]) or _ERRNO_BY_KIND.get(kind):
            error.errno, error.strerror, error.filename = number, os.strerror(number), file


def _errno_of(text: str) -> int | None:
    """The number of which the system says this."""
    if not _errno_by_text:
        _errno_by_text.update((os.strerror(number), number) for number in errno.errorcode)
    return _errno_by_text.get(text)


def _about_encoding(made: type[DanaError], message: str) -> DanaError:
    """An error about an encoding of which the message alone is known, as what could not be converted is too long."""
    import re

    told = re.fullmatch(r"'(.+?)' codec can't .* in position (\d+)(?:-(\d+))?: (.*)", message)
    if told is None:
        return errors.DanaUnicodeError(message)
    unknown: str | bytes = b"" if issubclass(made, UnicodeDecodeError) else ""
    return made(told[1], unknown, int(told[2]), int(told[3] or told[2]) + 1, told[4])


def _quoted(message: str, before: str) -> str | None:
    """What a message has in quotes behind a word."""
    _, _, rest = message.partition(f"{before}'")
    found, quote, _ = rest.partition("'")
    return found if quote else None


def _joined_with(made: type[DanaError], original: type[Exception]) -> type[DanaError]:
    """A class that `except` clauses for either of two classes catch."""
    known = _joined.get((made, original))
    if known is None:
        if len(_joined) >= _JOINED_KEPT:
            _joined.clear()

        def reduced(error: DanaError) -> tuple[Any, ...]:
            # `except` clauses of another process know the two classes.
            return _restored, (made, original, error.args), {**_fields(error), **vars(error)}

        body = {"__module__": errors.__name__, "__doc__": original.__doc__, "__reduce__": reduced}
        name = original.__name__ if original.__name__.startswith("Dana") else f"Dana{original.__name__}"
        try:
            known = type(name, (made, original), body)
        except TypeError:  # the two classes have no common layout
            known = made
        _joined[made, original] = known
    return known


def _restored(made: type[DanaError], original: type[Exception], arguments: tuple[Any, ...]) -> DanaError:
    """A pickled error of two classes, before its state is set."""
    joined = _joined_with(made, original)
    return _blank(joined, arguments)


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
