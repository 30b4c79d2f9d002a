"""The contexts behind the face that needs no set-up: one a thread, and one for what Python's `import` brings."""

from __future__ import annotations

import os
import sys
from _thread import _local as local
from _thread import allocate_lock

from opendxa.dana._context import DanaContext
from opendxa.dana._runtime import DanaRuntime, unowned_context
from opendxa.dana._settings import default_search_path
from opendxa.dana.errors import TypeConversionError

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from opendxa.dana._options import ContextOptions

# These contexts live as long as their threads, which may call the host without end.
_UNBOUNDED = 2**62
_LARGEST = 10**15
# What the contexts of threads and of imported modules lack nobody can grant them.
_ADVICE = (
    "dana.* and modules that Python imports have 'llm' and 'python_import' alone, and a context of "
    "DanaRuntime().create_context(allowed_capabilities=['{}']) has it"
)


class _Local(local):
    context: DanaContext | None = None


_local = _Local()
_imports: DanaContext | None = None
_imports_lock = allocate_lock()


def program_folder() -> str:
    """The folder of the program that runs, or the working folder when it runs from no file."""
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    return os.path.dirname(os.path.abspath(file)) if isinstance(file, str) else os.getcwd()


def convenience_context(
    runtime: DanaRuntime, options: ContextOptions | None = None, advice: str | None = None
) -> DanaContext:
    """A context that nobody has to close, with what the face grants unless the options say otherwise. `advice` says how a
    capability is granted."""
    return unowned_context(runtime, options or {}, _granted(program_folder()), advice)


def listed(args: Sequence[Any] | None) -> Sequence[Any]:
    """Arguments that are given as a list."""
    if args is None:
        return ()
    if isinstance(args, str | bytes) or not hasattr(args, "__iter__"):
        raise TypeConversionError(
            f"Expected list of arguments, got {type(args).__name__} at argument 'args': write args=[...]"
        )
    return args


def named(kwargs: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Arguments that are given as a dict."""
    if kwargs is None:
        return {}
    if not hasattr(kwargs, "keys") or not hasattr(kwargs, "__getitem__"):
        raise TypeConversionError(
            f"Expected dict of arguments, got {type(kwargs).__name__} at argument 'kwargs': write kwargs={{...}}"
        )
    for name in kwargs.keys():
        if not isinstance(name, str):
            raise TypeConversionError(f"Expected string, got {type(name).__name__} as a name in argument 'kwargs'")
    return kwargs


def program_context(
    file: str, capabilities: list[str], path: list[str], timeout: str | None, memory: str | None
) -> DanaContext:
    """The context of a program of Dana's: what the face grants for the program's folder, and what is said besides."""
    defaults = _granted(os.path.dirname(os.path.abspath(file)))
    options: ContextOptions = {}
    if capabilities:
        options["allowed_capabilities"] = [*defaults["allowed_capabilities"], *capabilities]
    if path:
        options["search_path"] = [*defaults["search_path"], *path]
    if timeout is not None:
        options["timeout"] = timeout
    if memory is not None:
        options["max_memory"] = memory
    return unowned_context(DanaRuntime(), options, defaults, "dana run --allow {}")


def _granted(folder: str) -> ContextOptions:
    """What the face grants: language models, and importing Python from the program's own folder."""
    return {
        "allowed_capabilities": ["llm", f"python_import:{folder}"],
        "search_path": list(dict.fromkeys([folder, *default_search_path()])),
        "max_host_calls": _UNBOUNDED,
        "max_output": _LARGEST,
    }


def thread_context() -> DanaContext:
    """This thread's context; another one when a limit has closed it."""
    context = _local.context
    if context is None or context.closed:
        context = convenience_context(DanaRuntime(), advice=_ADVICE)
        _local.context = context
    return context


def imports_context() -> DanaContext:
    """The context of the modules that Python's `import` brings; another one when a limit has closed it."""
    global _imports
    with _imports_lock:
        if _imports is None or _imports.closed:
            _imports = convenience_context(DanaRuntime(), advice=_ADVICE)
        return _imports


def _begin_in_child() -> None:
    """A forked child begins with contexts of its own."""
    global _imports, _imports_lock, _local
    _imports = None
    _imports_lock = allocate_lock()
    _local = _Local()


os.register_at_fork(after_in_child=_begin_in_child)
