"""Dana from Python: what is importable here is the whole public face of the package.

`from opendxa.dana import dana` needs no set-up; `DanaRuntime` gives contexts with chosen rights and limits. Everything
but `dana` itself is imported when it is first asked for.
"""

from opendxa.dana._dana import Dana, dana
from opendxa.dana._deadline import deadline, remaining_time
from opendxa.dana._native import DanaFunction, build_info, sleep, ticks, version

# For type checkers alone: importing all of it would be most of what importing the package costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from opendxa.dana._context import DanaContext
    from opendxa.dana._conversion import DanaType, TypeConverter
    from opendxa.dana._decorator import dana_function
    from opendxa.dana._module import DanaModule
    from opendxa.dana._object import DanaEnum, DanaGenerator, DanaIterator, DanaObject
    from opendxa.dana._passed import PassedContext, dana_context_policy
    from opendxa.dana._runtime import AuditEvent, AuditListener, DanaRuntime, RegisteredFunction
    from opendxa.dana._sandbox import DanaSandbox, import_dana_module
    from opendxa.dana.errors import (
        CapabilityError,
        ContextClosedError,
        DanaError,
        DanaSyntaxError,
        LimitExceeded,
        ResourceError,
        TypeConversionError,
    )

__version__ = version()

__all__ = [
    "AuditEvent",
    "AuditListener",
    "CapabilityError",
    "ContextClosedError",
    "Dana",
    "DanaContext",
    "DanaEnum",
    "DanaError",
    "DanaFunction",
    "DanaGenerator",
    "DanaIterator",
    "DanaModule",
    "DanaObject",
    "DanaRuntime",
    "DanaSandbox",
    "DanaSyntaxError",
    "DanaType",
    "LimitExceeded",
    "PassedContext",
    "RegisteredFunction",
    "ResourceError",
    "TypeConversionError",
    "TypeConverter",
    "__version__",
    "build_info",
    "dana",
    "dana_context_policy",
    "dana_function",
    "deadline",
    "import_dana_module",
    "remaining_time",
    "sleep",
    "ticks",
    "version",
]

_ERRORS = "opendxa.dana.errors"
_RUNTIME = "opendxa.dana._runtime"
# Where each name comes from that is imported when it is asked for.
_PLACES = {
    "AuditEvent": _RUNTIME,
    "AuditListener": _RUNTIME,
    "CapabilityError": _ERRORS,
    "ContextClosedError": _ERRORS,
    "DanaContext": "opendxa.dana._context",
    "DanaEnum": "opendxa.dana._object",
    "DanaError": _ERRORS,
    "DanaGenerator": "opendxa.dana._object",
    "DanaIterator": "opendxa.dana._object",
    "DanaModule": "opendxa.dana._module",
    "DanaObject": "opendxa.dana._object",
    "DanaRuntime": _RUNTIME,
    "DanaSandbox": "opendxa.dana._sandbox",
    "DanaSyntaxError": _ERRORS,
    "DanaType": "opendxa.dana._conversion",
    "LimitExceeded": _ERRORS,
    "PassedContext": "opendxa.dana._passed",
    "RegisteredFunction": _RUNTIME,
    "ResourceError": _ERRORS,
    "TypeConversionError": _ERRORS,
    "TypeConverter": "opendxa.dana._conversion",
    "dana_context_policy": "opendxa.dana._passed",
    "dana_function": "opendxa.dana._decorator",
    "import_dana_module": "opendxa.dana._sandbox",
}


def __getattr__(name: str) -> object:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(place), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
