"""The runtime as Python uses it: makes contexts, keeps the host's functions, tells what happens."""

from __future__ import annotations

import os
import sys
import time
from _thread import allocate_lock
from functools import partial

from opendxa.dana import _checked as checked
from opendxa.dana import _function as _function  # this and the next before anything of the extension
from opendxa.dana import _hooks as _hooks  # fails or gives a value
from opendxa.dana import _native
from opendxa.dana._closing import Closing
from opendxa.dana._context import DanaContext, seal_key
from opendxa.dana._names import is_variable
from opendxa.dana._passed import checked_scopes, passed_scopes, scopes_asked, takes_context
from opendxa.dana._policy import Policy
from opendxa.dana._settings import KnownSettings, checked_argument_help, default_settings, native_settings
from opendxa.dana.errors import DanaValueError, TypeConversionError

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable
    from re import Pattern
    from typing import Any, Literal, Self, Unpack, overload

    from opendxa.dana._language_models import _AddedModels, LanguageModels
    from opendxa.dana._native import Context, Models
    from opendxa.dana._options import ContextOptions
    from opendxa.dana._type_variables import F

# The program that runs the embedded language model.
_HERE = os.path.dirname(os.path.abspath(__file__))
_ENGINE = os.path.join(_HERE, "_engine.py")
# The library that carries requests, in wheels that bring one.
_LIBCURL = os.path.join(_HERE, "_curl", "libcurl.so.4")


class RegisteredFunction:
    """A function that a runtime offers to programs."""

    __slots__ = ("_function", "name", "namespace", "origin", "takes_context")

    def __init__(
        self,
        name: str,
        namespace: str | None,
        origin: str,
        takes_context: bool,
        function: Callable[..., Any] | None = None,
    ) -> None:
        self.name: str = name
        self.namespace: str | None = namespace
        self.origin: str = origin
        self.takes_context: bool = takes_context
        self._function = function

    @property
    def signature(self) -> inspect.Signature | None:
        """How programs call it; None where the function does not say that."""
        from opendxa.dana._signature import of_callable

        return None if self._function is None else of_callable(self._function, takes_context=self.takes_context)

    @property
    def documentation(self) -> str | None:
        """The function's docstring."""
        return None if self._function is None else self._function.__doc__

    @property
    def qualified_name(self) -> str:
        """The name with its namespace."""
        return self.name if self.namespace is None else f"{self.namespace}.{self.name}"

    def __repr__(self) -> str:
        return f"<{self.qualified_name} of {self.origin}>"


class AuditEvent:
    """Something that happened in a runtime."""

    __slots__ = ("context", "detail", "function", "kind", "place", "subject", "time")

    def __init__(
        self,
        kind: str,
        context: int,
        subject: str,
        detail: str,
        place: str | None,
        time: int,
        function: str | None = None,
    ) -> None:
        self.kind: str = kind
        """What, such as `called` or `denied`."""
        self.context: int = context
        """The context's number; 0 for the runtime itself."""
        self.subject: str = subject
        """What it is about: a function's, a module's or a capability's name."""
        self.detail: str = detail
        self.place: str | None = place
        """Where in Dana, as `file:line`."""
        self.function: str | None = function
        """The function of Dana's there; `<module>` for the lines of a module."""
        self.time: int = time
        """Nanoseconds since the machine started."""

    def __repr__(self) -> str:
        where = f" at {self.place}" if self.place else ""
        return f"<{self.kind} {self.subject}{where}>"


class AuditListener(Closing):
    """What `DanaRuntime.listen` gives: `stop()` it, or leave its `with`, and no more events come."""

    __slots__ = ("_number", "_runtime")

    def __init__(self, runtime: DanaRuntime, number: int) -> None:
        self._runtime = runtime
        self._number = number

    def stop(self) -> None:
        """Ends the listening; once more does nothing."""
        self._runtime._stop_listening(self._number)

    close = stop


class DanaRuntime(Closing):
    """Makes contexts and keeps what they share: compiled programs, the host's functions, audit events.

    `DanaRuntime()` is one for the whole process, `DanaRuntime(shared=False)` another: nothing is shared between two
    runtimes but what is passed. With `argument_help`, calls by name whose arguments do not fit are mapped in the
    contexts made from here on, where it is clear what was meant, or, with `argument_help="model"`, where the language
    model chooses: each such call is logged on `dana.arguments`, and told to listeners as `arguments_mapped`.
    """

    __slots__ = (
        "__weakref__",
        "_added_models",
        "_argument_help",
        "_closed",
        "_listeners",
        "_native",
        "_native_models",
        "_policy",
        "_settings",
    )

    _added_models: _AddedModels
    _native: _native.Runtime
    _native_models: Models
    _policy: Policy
    _settings: KnownSettings
    _closed: bool
    _argument_help: bool | Literal["model"]
    _listeners: dict[int, Callable[[AuditEvent], None]]

    def __new__(cls, *, shared: bool = True, argument_help: bool | Literal["model"] | None = None) -> Self:
        checked_argument_help(argument_help)
        with _lock:
            known = _shared.get(cls) if shared else None
            if isinstance(known, cls) and not known._closed:
                runtime = known
            else:
                runtime = cls._made()
                if shared:
                    _shared[cls] = runtime
                    runtime._add_models_of(known if isinstance(known, cls) else _inherited_from.pop(cls, None))
            if argument_help is not None:
                runtime._argument_help = argument_help
            return runtime

    @classmethod
    def _made(cls) -> Self:
        runtime = object.__new__(cls)
        runtime._policy = Policy.found()
        runtime._settings = KnownSettings(runtime._policy)
        libcurl = _LIBCURL if os.path.exists(_LIBCURL) else None
        passed = partial(passed_scopes, runtime._policy)
        runtime._native = _native.Runtime(_ENGINE, sys.executable or "python3", _fetching, libcurl, passed)
        for pattern in runtime._policy.secret_patterns:
            runtime._native.add_secret_pattern(pattern)
        runtime._native_models = runtime._native.models()
        runtime._added_models = {}
        runtime._closed = False
        runtime._argument_help = False
        runtime._listeners = {}
        return runtime

    def _add_models_of(self, before: DanaRuntime | None) -> None:
        """What the runtime before had added, which is closed, or the parent's before a fork: its settings, not its
        connections."""
        if before is not None:
            for add in before._added_models.values():
                add(self._native_models)
            self._added_models.update(before._added_models)

    def create_context(self, **options: Unpack[ContextOptions]) -> DanaContext:
        """Makes a context, which the caller closes. Nothing is granted that is not named.

        allowed_capabilities: what programs may do: `file_read`, `file_write`, `network`, `python_import`, `llm`,
            `env`, `clock`, `random`, each for everything or, as `file_read:/data`, for one place: of files a folder.
        max_memory, max_source_size, max_output: as `100MB`, `1.5GiB` or a number of bytes.
        timeout, max_execution_time: as `30s`, `500ms`, `2m`, a number of seconds or a `timedelta`.
        max_ticks, max_depth, max_host_calls: whole numbers.
        search_path: folders in which imports look; `sys.path` and the working folder by default.
        seed, fixed_time: make random numbers and the time the same at each run.
        overwrite_imports: lets an import without `as` replace functions that another brought or the host registered.
        passed_scopes: the most that passes to Python functions that take the context.
        argument_help: maps the arguments of calls by name where they do not fit; the runtime's choice by default.
        output: is called with the text that `print` writes; its `flush`, where it has one, when the context has ended.
        private, public, system, local: variables that programs find.
        """
        if not options and self._policy.is_empty and not self._argument_help:
            return DanaContext(self._native.create_context(default_settings()))
        return self._context(self._native.create_context(self._settings.settings(options)), options)

    def resume(self, saved: bytes, key: bytes, **options: Unpack[ContextOptions]) -> DanaContext:
        """Brings a context back that `DanaContext.save` made into bytes; the options are those of `create_context`."""
        if not isinstance(saved, bytes):
            raise TypeConversionError(f"Expected bytes, got {type(saved).__name__} at argument 'saved'")
        return self._context(self._native.resume(saved, seal_key(key), native_settings(options, self._policy)), options)

    if TYPE_CHECKING:

        @overload
        def function(self, name: F, /) -> F: ...
        @overload
        def function(
            self,
            name: str | None = None,
            /,
            *,
            namespace: str | None = None,
            scopes: tuple[str, ...] | None = None,
            overwrite: bool = False,
        ) -> Callable[[F], F]: ...

    def function(
        self,
        name: str | F | None = None,
        /,
        *,
        namespace: str | None = None,
        scopes: tuple[str, ...] | None = None,
        overwrite: bool = False,
    ) -> Any:
        """Offers a Python function to programs, also those of contexts that there are: when they begin something next.

        It is a decorator, bare or with arguments.

        A name with dots has its namespace in it, as `call` and imports write it: `analytics.mean`.

        A first parameter named `context` gets what the scopes allow to be seen of the calling context. `scopes` says
        which the function asks for, as `dana_context_policy` does. A name that is taken is an error unless
        `overwrite` is asked for, and never between namespaces.
        """
        if callable(name):
            self._register(name, None, None, None, overwrite=False)
            return name

        def register(function: F) -> F:
            self._register(function, name, namespace, scopes, overwrite=overwrite)
            return function

        return register

    def _register(
        self,
        function: Callable[..., Any],
        name: str | None,
        namespace: str | None,
        scopes: tuple[str, ...] | None,
        *,
        overwrite: bool,
    ) -> None:
        if not callable(function):
            raise TypeConversionError(f"Expected function, got {type(function).__name__}")
        named = getattr(function, "__name__", None) if name is None else checked.text(name, "name")
        if not isinstance(named, str):
            raise TypeConversionError(f"{function!r} has no name: give it one with function('name')")
        namespace, named = _parted(namespace, named)
        for part in [named] if namespace is None else [*namespace.split("."), named]:
            if not is_variable(part):
                raise DanaValueError(f"{part!r} is no name that a program could write: give it one with function('name')")
        takes = takes_context(function)
        asked = scopes_asked(function) if scopes is None else scopes
        qualified = named if namespace is None else f"{namespace}.{named}"
        self._native.register(
            named,
            function,
            namespace=namespace,
            origin=_origin(function),
            takes_context=takes,
            passed_scopes=self._policy.scopes(checked_scopes(asked, "scopes"), qualified) if takes else None,
            overwrite=overwrite,
        )

    def remove_function(self, name: str, namespace: str | None = None) -> None:
        """Takes a function back: contexts made from here on do not know it, and calls in others fail."""
        namespace, name = _parted(namespace, checked.text(name, "name"))
        self._native.unregister(name, namespace)

    @property
    def functions(self) -> list[RegisteredFunction]:
        """The functions that programs are offered."""
        return [
            RegisteredFunction(
                str(known["name"]),
                None if known["namespace"] is None else str(known["namespace"]),
                str(known["origin"]),
                bool(known["takes_context"]),
                known["function"],
            )
            for known in self._native.functions()
        ]

    @property
    def models(self) -> LanguageModels:
        """The language models of this runtime."""
        from opendxa.dana._language_models import LanguageModels

        return LanguageModels(self._native_models, self._added_models)

    def listen(self, callback: Callable[[AuditEvent], None]) -> AuditListener:
        """Calls back with each audit event from here on: registrations, imports, calls, denials, limits."""
        if not callable(callback):
            raise TypeConversionError(f"Expected function, got {type(callback).__name__} at argument 'callback'")
        number = self._native.listen(lambda event: callback(_event(event)))
        self._listeners[number] = callback
        return AuditListener(self, number)

    def _stop_listening(self, number: int) -> None:
        self._listeners.pop(number, None)
        self._native.stop_listening(number)

    def add_secret(self, value: str) -> None:
        """Takes a value out of logs, errors, audit events and prompts; it has at least six characters."""
        self._native.add_secret(checked.text(value, "value"))

    def add_secret_pattern(self, pattern: str | Pattern[str]) -> None:
        """Takes what matches a regular expression out of logs, errors, audit events and prompts.

        The expression is one of the module `text` of Dana: as Python's, without references back and lookaround.
        """
        expression: object = pattern
        if not isinstance(pattern, str) and hasattr(pattern, "pattern"):
            expression = _with_flags(pattern)
        self._native.add_secret_pattern(checked.text(expression, "pattern"))

    def redact(self, text: str) -> str:
        """A text without what is secret in it or looks so."""
        return self._native.redact(checked.text(text, "text"))

    @property
    def redactions(self) -> int:
        """How often something was taken out of a text."""
        return self._native.redactions

    @property
    def closed(self) -> bool:
        """Whether the runtime is closed."""
        return self._closed

    def close(self) -> None:
        """Closes every context; after that `DanaRuntime()` makes another, with the models that were added."""
        self._closed = True
        self._native.close()

    def _context(self, native: Context, options: ContextOptions, *, of_thread: bool = False) -> DanaContext:
        wanted = options.get("argument_help", self._argument_help)
        if not wanted:
            return DanaContext(native, of_thread=of_thread)
        from opendxa.dana._argument_help import ArgumentHelp

        ask = self._choice if wanted == "model" else None
        return DanaContext(native, of_thread=of_thread, help=ArgumentHelp(native, self._tell_of_mapping, ask))

    def _choice(self, prompt: str, choices: list[str]) -> str | None:
        """What the language model chooses; None where it cannot be asked, as on the thread of a running event loop."""
        from opendxa.dana._reasoning import reason

        try:
            return str(reason(self, prompt, {"choices": choices, "temperature": 0}, None, {}))
        except RuntimeError:
            return None

    def _tell_of_mapping(self, context: int, function: str, detail: str) -> None:
        event = AuditEvent("arguments_mapped", context, function, self.redact(detail), None, time.monotonic_ns())
        for callback in list(self._listeners.values()):
            callback(event)

    def __repr__(self) -> str:
        return f"<DanaRuntime{' closed' if self._closed else ''}>"


_shared: dict[type[DanaRuntime], DanaRuntime] = {}
# In a forked child, the parent's: to let go of them would end here what is at work there.
_inherited: list[DanaRuntime] = []
# Those of them whose place no runtime of the child has taken yet.
_inherited_from: dict[type[DanaRuntime], DanaRuntime] = {}
_lock = allocate_lock()


def given_runtime(runtime: DanaRuntime | None) -> DanaRuntime:
    """The runtime that was given as an argument; the process's where none was."""
    if runtime is None:
        return DanaRuntime()
    if not isinstance(runtime, DanaRuntime):
        raise TypeConversionError(f"Expected DanaRuntime, got {type(runtime).__name__} at argument 'runtime'")
    return runtime


def check_context_options(runtime: DanaRuntime, options: ContextOptions) -> None:
    """Raises what making a context with these options would."""
    runtime._settings.settings(options)


def unowned_context(
    runtime: DanaRuntime, options: ContextOptions, defaults: ContextOptions, advice: str | None = None
) -> DanaContext:
    """A context that nobody has to close: its options, and of the defaults what the administrator's policy allows.
    `advice` says how a capability is granted."""
    settings = native_settings(options, runtime._policy, defaults, advice)
    return runtime._context(runtime._native.create_context(settings), options, of_thread=True)


def _begin_in_child() -> None:
    """A forked child begins with a runtime of its own."""
    global _lock
    _lock = allocate_lock()
    _inherited.extend(_shared.values())
    _inherited_from.update({kind: runtime for kind, runtime in _shared.items() if not runtime._closed})
    _shared.clear()


os.register_at_fork(after_in_child=_begin_in_child)


def _fetching(package: str, size: int) -> None:
    from opendxa.dana._language_models import tell_of_fetching

    tell_of_fetching(package, size)


def _event(event: dict[str, Any]) -> AuditEvent:
    return AuditEvent(
        event["kind"], event["context"], event["subject"], event["detail"], event["place"], event["time"], event["function"]
    )


def _parted(namespace: str | None, name: str) -> tuple[str | None, str]:
    """A function's namespace and its name without it: what stands before the last dot belongs to the namespace."""
    whole = name if namespace is None else f"{checked.text(namespace, 'namespace')}.{name}"
    outer, dot, last = whole.rpartition(".")
    return outer if dot else None, last


def _with_flags(pattern: Pattern[str]) -> object:
    """The text of a compiled expression, which begins with its flags."""
    import re

    if not isinstance(pattern.pattern, str):  # but bytes
        return pattern.pattern

    letters = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE, "a": re.ASCII}
    flags = "".join(letter for letter, flag in letters.items() if pattern.flags & flag)
    text = re.sub(r"^\(\?[aimsux]+\)", "", pattern.pattern)
    return f"(?{flags}){text}" if flags else text


def _origin(function: Callable[..., Any]) -> str:
    """Where a function comes from, for messages."""
    code = getattr(function, "__code__", None)
    if code is not None:
        return f"{code.co_filename}:{code.co_firstlineno}"
    return f"{getattr(function, '__module__', None) or 'Python'}"
