"""Help for calls whose arguments do not fit: they are mapped where it is clear what was meant, and that is told.

Where it is not clear, the language model may be asked which way was meant.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from opendxa.dana._argument_fitting import fitting
from opendxa.dana._native import Context
from opendxa.dana._signature import parameters as parameters_of
from opendxa.dana.errors import DanaError

_log = logging.getLogger("dana.arguments")


class ArgumentHelp:
    """Maps arguments for the calls of one context."""

    __slots__ = ("_ask", "_context", "_tell")

    def __init__(
        self,
        context: Context,
        tell: Callable[[int, str, str], None],
        ask: Callable[[str, list[str]], str | None] | None = None,
    ) -> None:
        """`ask` puts a question with choices to the language model; without it no model is asked."""
        self._context = context
        self._tell = tell
        self._ask = ask

    @contextmanager
    def fitted(
        self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
        """The arguments as the function takes them; an error of the call says what was mapped."""
        function = self._context.function(name)
        parameters = parameters_of(function)
        choose = None if self._ask is None else partial(self._chosen, name, parameters, args, kwargs)
        found = fitting(parameters, args, kwargs, self._context.variables("public"), choose)
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

    def _chosen(
        self,
        name: str,
        parameters: list[tuple[str, int, str | None, str | None]],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        ways: list[str],
    ) -> int | None:
        """The number of the way that the language model takes for the one that was meant."""
        if self._ask is None:
            return None
        given = ", ".join([*map(repr, args), *(f"{key}={value!r}" for key, value in kwargs.items())])
        wanted = ", ".join(parameter[0] for parameter in parameters)
        numbered = "\n".join(f"{number}: {name}({way})" for number, way in enumerate(ways, 1))
        answer = self._ask(
            f"The function {name}({wanted}) was called as {name}({given}). Which of these was meant?\n{numbered}",
            [str(number) for number in range(1, len(ways) + 1)],
        )
        return None if answer is None else int(answer) - 1
