"""The variables that a Dana program finds in its scopes."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from opendxa.dana._checked import text
from opendxa.dana._context import native_context
from opendxa.dana._module import DanaModule
from opendxa.dana._native import Context, DanaFunction
from opendxa.dana._object import DanaObject
from opendxa.dana._passed import SCOPES
from opendxa.dana._scopes import ScopeView
from opendxa.dana._settings import variables
from opendxa.dana.errors import ContextClosedError, DanaError, DanaValueError

if TYPE_CHECKING:
    from opendxa.dana._context import DanaContext

__all__ = ["SandboxContext"]


class SandboxContext:
    """Variables by scope. Once an interpreter runs on it, they are those of the programs: each sees what others set.

    When the interpreter is closed they stay as they are, but for functions and objects of Dana's, which end with it.
    Where a limit ends it, what programs have set is gone, and the variables are those that it began with.
    """

    __slots__ = ("_context", "_local", "_variables")

    def __init__(
        self,
        private: Mapping[str, Any] | None = None,
        public: Mapping[str, Any] | None = None,
        system: Mapping[str, Any] | None = None,
        local: Mapping[str, Any] | None = None,
    ) -> None:
        given = {"private": private, "public": public, "system": system}
        self._variables: dict[str, dict[str, Any]] = {
            scope: {} if values is None else variables(values, scope) for scope, values in given.items()
        }
        self._local = {} if local is None else variables(local, "local")
        self._context: DanaContext | None = None

    @property
    def private(self) -> MutableMapping[str, Any]:
        """What programs write `private:name`."""
        return self._scope("private")

    @property
    def public(self) -> MutableMapping[str, Any]:
        """What programs write `public:name`; it passes to Python functions that take the context."""
        return self._scope("public")

    @property
    def system(self) -> MutableMapping[str, Any]:
        """What programs write `system:name`, and only read."""
        return self._scope("system")

    @property
    def local(self) -> Mapping[str, Any]:
        """The names that the main program began with."""
        return self._local

    def get(self, name: str, default: Any = None) -> Any:
        """A variable by its full name, such as `public:x`."""
        scope, variable = _parts(name)
        mapping: MutableMapping[str, Any] = getattr(self, scope)
        return mapping.get(variable, default)

    def set(self, name: str, value: Any) -> None:
        """Sets a variable by its full name, such as `public:x`."""
        scope, variable = _parts(name)
        mapping: MutableMapping[str, Any] = getattr(self, scope)
        mapping[variable] = value

    def __repr__(self) -> str:
        context = bound_context(self)
        try:
            return self._shown(None if context is None else native_context(context))
        except ContextClosedError:  # meanwhile
            return self._shown(None)

    def _shown(self, native: Context | None) -> str:
        scopes = ", ".join(f"{scope}={dict(getattr(self, scope))!r}" for scope in (*SCOPES, "local"))
        if native is None:
            from opendxa.dana._runtime import DanaRuntime

            return f"SandboxContext({DanaRuntime().redact(scopes)})"
        return f"SandboxContext({native.redact(scopes)})"

    def _scope(self, name: str) -> MutableMapping[str, Any]:
        context = bound_context(self)
        return self._variables[name] if context is None else ScopeView(native_context(context), name)


def bind(sandbox: SandboxContext, context: DanaContext) -> None:
    """From here on the variables are those of a context that began with them."""
    sandbox._context = context


def bound_context(sandbox: SandboxContext) -> DanaContext | None:
    """The context whose variables these are; None where there is none, or it has ended."""
    context = sandbox._context
    return None if context is None or context.closed else context


def keep(sandbox: SandboxContext) -> None:
    """The variables are about to lose their context: from then on they are what they are by now, without what ends
    with it."""
    context = bound_context(sandbox)
    if context is None:
        return
    for scope in SCOPES:
        try:
            found = native_context(context).variables(scope)
        except DanaError:  # it was closed meanwhile, or what it holds is too large to leave
            continue
        sandbox._variables[scope] = {name: value for name, value in found.items() if _outlives(value)}


def _outlives(value: object) -> bool:
    """Whether a value has nothing of its context's in it."""
    if isinstance(value, dict):
        return all(_outlives(key) and _outlives(held) for key, held in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(map(_outlives, value))
    return not isinstance(value, (DanaFunction, DanaModule, DanaObject))


def _parts(name: str) -> tuple[str, str]:
    scope, colon, variable = text(name, "name").partition(":")
    if scope not in SCOPES or not colon or not variable:
        raise DanaValueError(f"{name!r} names no variable: write 'public:x', 'private:x' or 'system:x'")
    return scope, variable
