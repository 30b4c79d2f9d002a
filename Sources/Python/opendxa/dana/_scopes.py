"""A context's variables as mappings."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from opendxa.dana._names import is_variable
from opendxa.dana._native import Context
from opendxa.dana.errors import ContextClosedError, TypeConversionError


class ScopeView(MutableMapping[str, Any]):
    """The variables of one scope as they are at each look; setting one sets it in the context."""

    __slots__ = ("_context", "_scope")

    def __init__(self, context: Context, scope: str) -> None:
        self._context = context
        self._scope = scope

    def __getitem__(self, name: str) -> Any:
        return self._context.variables(self._scope)[name]

    def __setitem__(self, name: str, value: object) -> None:
        if not is_variable(name):
            raise TypeConversionError(f"{name!r} is no name of a variable")
        self._context.set_variable(self._scope, name, value)

    def __delitem__(self, name: str) -> None:
        self._context.delete_variable(self._scope, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._context.variables(self._scope))

    def __len__(self) -> int:
        return len(self._context.variables(self._scope))

    def __repr__(self) -> str:
        try:
            variables = self._context.variables(self._scope)
        except ContextClosedError:
            return f"<{self._scope} variables of a closed context>"
        return f"<{self._scope} variables {self._context.redact(repr(variables))}>"
