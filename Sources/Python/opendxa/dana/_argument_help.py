"""Help for calls whose arguments do not fit: they are mapped where it is clear what was meant, and that is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opendxa.dana._argument_fitting import fitting
from opendxa.dana._native import Context
from opendxa.dana.errors import DanaError

_log = logging.getLogger("dana.arguments")


class ArgumentHelp:
    """Maps arguments for the calls of one context."""

    __slots__ = ("_context", "_tell")

    def __init__(self, context: Context, tell: Callable[[int, str, str], None]) -> None:
        self._context = context
        self._tell = tell

    @contextmanager
    def fitted(
        self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
        """The arguments as the function takes them; an error of the call says what was mapped."""
        function = self._context.function(name)
        found = fitting(function.parameters, args, kwargs, self._context.variables("public"))
        if found is None:
            yield args, kwargs
            return
        detail = ", ".join(found.changes)
        self._tell(self._context.number, name, detail)
        _log.warning("%s: %s", name, detail)
        try:
            yield found.args, found.kwargs
        except DanaError as error:
            error.add_note(f"its arguments were mapped: {detail}")
            raise
