"""Functions of Dana's in the clothes of Python's."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from opendxa.dana import _annotations
from opendxa.dana.errors import TypeConversionError

if TYPE_CHECKING:
    from opendxa.dana._context import DanaContext

P = ParamSpec("P")
R = TypeVar("R")


def dana_function(
    name: str, *, context: DanaContext | Callable[[], DanaContext] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Has a Python function, whose body is `pass` or `...`, call the Dana function of a name, `module.function`.

    Arguments are bound and measured against the annotations before the call, and the result after it. Without a
    `context`, or a function that gives one, the call runs in the thread's own as `dana.call` does. An `async def`
    awaits the call.
    """
    if not isinstance(name, str):
        raise TypeConversionError(
            f"Expected string, got {type(name).__name__} at argument 'name': write @dana_function('module.function')"
        )

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        border = _Border(name, function, context)

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                positional, named = border.arguments(args, kwargs)
                return border.result(await border.context().call_async(name, *positional, **named))

            return typing.cast("Callable[P, R]", awaited)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            positional, named = border.arguments(args, kwargs)
            return typing.cast("R", border.result(border.context().call(name, *positional, **named)))

        return called

    return decorate


class _Border:
    """What one decorated function knows of its way to Dana."""

    def __init__(
        self, name: str, function: Callable[..., Any], context: DanaContext | Callable[[], DanaContext] | None
    ) -> None:
        self._name = name
        self._function = function
        self._signature = inspect.signature(function)
        self._hints: dict[str, Any] | None = None
        self._context = context

    def context(self) -> DanaContext:
        from opendxa.dana._context import DanaContext
        from opendxa.dana._convenience import thread_context

        if self._context is None:
            return thread_context()
        return self._context if isinstance(self._context, DanaContext) else self._context()

    def arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The arguments as they go into Dana, by place and by name as they were given."""
        bound = self._signature.bind(*args, **kwargs)
        hints = self._annotations()
        for name, value in bound.arguments.items():
            if name not in hints:
                continue
            kind = self._signature.parameters[name].kind
            if kind is inspect.Parameter.VAR_POSITIONAL:
                fitted: Any = tuple(self._fitted(name, item, hints[name]) for item in value)
            elif kind is inspect.Parameter.VAR_KEYWORD:
                fitted = {key: self._fitted(key, item, hints[name]) for key, item in value.items()}
            else:
                fitted = self._fitted(name, value, hints[name])
            bound.arguments[name] = fitted
        return list(bound.args), bound.kwargs

    def result(self, value: Any) -> Any:
        hints = self._annotations()
        if "return" not in hints:
            return value
        return _annotations.result(value, hints["return"], f"the result of '{self._name}'")

    def _fitted(self, name: str, value: Any, annotation: Any) -> Any:
        return _annotations.argument(value, annotation, f"argument '{name}'")

    def _annotations(self) -> dict[str, Any]:
        """The annotations, looked up when they are first needed: they may name what is defined below the function."""
        if self._hints is None:
            self._hints = typing.get_type_hints(self._function, include_extras=True)
        return self._hints
