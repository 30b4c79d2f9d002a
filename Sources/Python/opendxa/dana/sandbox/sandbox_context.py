"""The variables that a Dana program finds in its scopes."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from opendxa.dana._checked import text
from opendxa.dana._context import native_context
from opendxa.dana._passed import SCOPES
from opendxa.dana._settings import variables
from opendxa.dana.errors import DanaValueError

if TYPE_CHECKING:
    from opendxa.dana._context import DanaContext

__all__ = ["SandboxContext"]


class SandboxContext:
    """Variables by scope. Once an interpreter runs on it, they are those of the programs: each sees what others set."""

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
        return self._variables["private"] if self._context is None else self._context.private

    @property
    def public(self) -> MutableMapping[str, Any]:
        """What programs write `public:name`; it passes to Python functions that take the context."""
        return self._variables["public"] if self._context is None else self._context.public

    @property
    def system(self) -> MutableMapping[str, Any]:
        """What programs write `system:name`, and only read."""
        return self._variables["system"] if self._context is None else self._context.system

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
        scopes = ", ".join(f"{scope}={dict(getattr(self, scope))!r}" for scope in (*SCOPES, "local"))
        if self._context is None:
            from opendxa.dana._runtime import DanaRuntime

            return f"SandboxContext({DanaRuntime().redact(scopes)})"
        return f"SandboxContext({native_context(self._context).redact(scopes)})"


def bind(sandbox: SandboxContext, context: DanaContext) -> None:
    """From here on the variables are those of a context that began with them."""
    sandbox._context = context


def bound_context(sandbox: SandboxContext) -> DanaContext | None:
    """The context whose variables these are."""
    return sandbox._context


def _parts(name: str) -> tuple[str, str]:
    scope, colon, variable = text(name, "name").partition(":")
    if scope not in SCOPES or not colon or not variable:
        raise DanaValueError(f"{name!r} names no variable: write 'public:x', 'private:x' or 'system:x'")
    return scope, variable
