"""What of a context a Python function sees when Dana calls it, and how the function asks for more."""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType

from opendxa.dana.errors import CapabilityError, TypeConversionError

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from opendxa.dana._policy import Policy
    from opendxa.dana._type_variables import F

SCOPES = ("public", "private", "system")
# `local` are the main program's own variables, which have no mapping at the context.
_PASSED = (*SCOPES, "local")
# Functions around a function that are looked through.
_WRAPPERS = 32


class PassedContext:
    """The first argument, named `context`, of a Python function that Dana calls: the scopes that policy lets it see.

    The variables are copies, as they were at the call.
    """

    __slots__ = ("_variables",)

    def __init__(self, variables: Mapping[str, Mapping[str, Any]]) -> None:
        self._variables = variables

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes that are passed."""
        return frozenset(self._variables)

    @property
    def public(self) -> Mapping[str, Any]:
        """The public variables."""
        return self._scope("public")

    @property
    def private(self) -> Mapping[str, Any]:
        """The private variables."""
        return self._scope("private")

    @property
    def system(self) -> Mapping[str, Any]:
        """The system's variables."""
        return self._scope("system")

    @property
    def local(self) -> Mapping[str, Any]:
        """The main program's own variables, functions among them."""
        return self._scope("local")

    def __repr__(self) -> str:
        return f"<context with {', '.join(sorted(self._variables)) or 'no scope'}>"

    def _scope(self, name: str) -> Mapping[str, Any]:
        variables = self._variables.get(name)
        if variables is None:
            raise CapabilityError(
                f"the {name} scope is not passed to this function: it asks for it with "
                f"@dana_context_policy({name!r}), and its context lets it pass with passed_scopes"
            )
        return variables


def dana_context_policy(*scopes: str) -> Callable[[F], F]:
    """Says which scopes a Python function asks for when Dana calls it with the context: by default only `public`.

    It gets those of them that its context and the administrator's policy let pass.
    """
    known = checked_scopes(scopes, "scopes")

    def mark(function: F) -> F:
        function.__dict__["__dana_scopes__"] = known
        return function

    return mark


def takes_context(function: Callable[..., Any]) -> bool:
    """Whether the first parameter is named `context`."""
    wrapped: Any = function
    # Most functions say it themselves; `inspect` takes long.
    for _ in range(_WRAPPERS):
        if type(wrapped) is not FunctionType or "__signature__" in wrapped.__dict__:
            break
        if (inner := wrapped.__dict__.get("__wrapped__")) is None:
            code = wrapped.__code__
            return code.co_argcount > 0 and code.co_varnames[0] == "context"
        wrapped = inner
    if type(function) is BuiltinFunctionType:
        return False
    import inspect

    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False
    first = next(iter(parameters.values()), None)
    return (
        first is not None
        and first.name == "context"
        and first.kind in (first.POSITIONAL_ONLY, first.POSITIONAL_OR_KEYWORD)
    )


def scopes_asked(function: Callable[..., Any]) -> tuple[str, ...]:
    """The scopes that a function asks for."""
    asked: tuple[str, ...] = getattr(function, "__dana_scopes__", ("public",))
    return asked


def passed_scopes(policy: Policy, function: Callable[..., Any]) -> list[str] | None:
    """The scopes that may pass to a Python function that programs hold; None for one that takes no context."""
    if not takes_context(function):
        return None
    name = str(getattr(function, "__name__", ""))
    allowed = policy.scopes(checked_scopes(scopes_asked(function), "scopes"), name)
    return policy.scopes(tuple(allowed), f"{getattr(function, '__module__', '')}.{name}")


def checked_scopes(scopes: Any, argument: str) -> tuple[str, ...]:
    """Names of scopes, each of which there is."""
    if isinstance(scopes, str) or not hasattr(scopes, "__iter__"):
        raise TypeConversionError(f"Expected list of scopes, got {type(scopes).__name__} at argument '{argument}'")
    named = list(scopes)
    for scope in named:
        if scope not in _PASSED:
            raise TypeConversionError(
                f"Expected {', '.join(map(repr, _PASSED))}, got {scope!r} at argument '{argument}'"
            )
    return tuple(scope for scope in _PASSED if scope in named)
