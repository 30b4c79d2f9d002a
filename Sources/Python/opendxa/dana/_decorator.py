"""Functions of Dana's in the clothes of Python's."""

from __future__ import annotations

import functools
import inspect
import sys
import typing
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from opendxa.dana import _annotations
from opendxa.dana.errors import DanaError, TypeConversionError

if TYPE_CHECKING:
    from opendxa.dana._context import DanaContext

P = ParamSpec("P")
R = TypeVar("R")


def dana_function(
    name: str, *, context: DanaContext | Callable[[], DanaContext] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Has a Python function, whose body is `pass` or `...`, call the Dana function of a name, `module.function`.

    Arguments are bound, with the Python function's defaults except `...`, which leaves it to Dana, and measured against
    the annotations before the call, and the result after it. Where Dana's parameters have the same names, these say
    which is which; a method's `self` stays here. Without a `context`, or a function that gives one, the call runs in
    the thread's own as `dana.call` does. An `async def` awaits the call.
    """
    if not isinstance(name, str):
        raise TypeConversionError(
            f"Expected string, got {type(name).__name__} at argument 'name': write @dana_function('module.function')"
        )

    from opendxa.dana._context import DanaContext, look_for

    if context is not None and not isinstance(context, DanaContext) and not callable(context):
        raise TypeConversionError(
            f"Expected DanaContext or a function that gives one, got {type(context).__name__} at argument 'context'"
        )

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        border = _Border(name, function, context)

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                known = border.context()
                bound = border.bound(args, kwargs)
                await look_for(known, name)
                positional, named = border.passed(bound, border.names(known))
                return border.result(await known.call_async(name, *positional, **named))

            return typing.cast("Callable[P, R]", awaited)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            known = border.context()
            bound = border.bound(args, kwargs)
            positional, named = border.passed(bound, border.names(known))
            return typing.cast("R", border.result(known.call(name, *positional, **named)))

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
        self._own = _own_parameter(function, self._signature)
        self._hints: dict[str, Any] | None = None
        self._context = context
        self._names: tuple[str, ...] = ()
        self._named_in: Callable[[], DanaContext | None] = lambda: None

    def context(self) -> DanaContext:
        from opendxa.dana._context import DanaContext
        from opendxa.dana._convenience import thread_context

        if self._context is None:
            return thread_context()
        return self._context if isinstance(self._context, DanaContext) else self._context()

    def bound(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> inspect.BoundArguments:
        """The arguments as they go into Dana, by the names of the Python function's parameters."""
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeConversionError(f"{self._function.__name__}(): {error}") from None
        bound.apply_defaults()
        if self._own is not None:
            del bound.arguments[self._own]
        hints = self._annotations()
        for name, value in list(bound.arguments.items()):
            kind = self._signature.parameters[name].kind
            if value is ... and self._signature.parameters[name].default is ...:
                del bound.arguments[name]
            elif name not in hints:
                continue
            elif kind is inspect.Parameter.VAR_POSITIONAL:
                bound.arguments[name] = tuple(self._fitted(name, item, hints[name]) for item in value)
            elif kind is inspect.Parameter.VAR_KEYWORD:
                bound.arguments[name] = {key: self._fitted(key, item, hints[name]) for key, item in value.items()}
            else:
                bound.arguments[name] = self._fitted(name, value, hints[name])
        return bound

    def passed(self, bound: inspect.BoundArguments, names: tuple[str, ...]) -> tuple[list[Any], dict[str, Any]]:
        """The arguments as Dana is called with them: by place as far as the places are the same, by name where the
        names are. `names` are those of Dana's parameters in their order."""
        positional: list[Any] = []
        named: dict[str, Any] = {}
        places = [name for name in self._signature.parameters if name != self._own]
        by_place = not names or not set(places) <= set(names)
        for place, name in enumerate(places):
            kind = self._signature.parameters[name].kind
            if name not in bound.arguments:
                by_place = False
                continue
            value = bound.arguments[name]
            if kind is inspect.Parameter.VAR_POSITIONAL:
                positional += value
            elif kind is inspect.Parameter.VAR_KEYWORD:
                named.update(value)
            elif kind is inspect.Parameter.KEYWORD_ONLY:
                named[name] = value
            elif not named and (by_place or names[place : place + 1] == (name,)):
                positional.append(value)
            else:
                named[name] = value
        return positional, named

    def names(self, context: DanaContext) -> tuple[str, ...]:
        """The names of the parameters of Dana's function, in their order; none where there is no such function."""
        if self._named_in() is not context:
            try:
                self._names = tuple(name for name, *_ in context.function(self._name).parameters)
            except DanaError:
                return ()
            self._named_in = weakref.ref(context)
        return self._names

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
            self._hints = _hints(self._function)
        return self._hints


def _own_parameter(function: Callable[..., Any], signature: inspect.Signature) -> str | None:
    """The parameter of a method for the object that it is called on."""
    owner = function.__qualname__.rpartition(".")[0]
    if not owner or owner.endswith("<locals>"):
        return None
    return next((name for name in signature.parameters if name in ("self", "cls")), None)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """The annotations as values, without those whose names exist for type checkers alone."""
    try:
        return typing.get_type_hints(function, include_extras=True)
    except NameError:
        pass
    known: dict[str, Any] = {}
    for name, text in _texts(function).items():
        one = _Annotated()
        one.__annotations__ = {name: text}
        try:
            known |= typing.get_type_hints(one, globalns=function.__globals__, include_extras=True)
        except NameError:
            continue
    return known


class _Annotated:
    """Has the annotations that it is given."""


def _texts(function: Callable[..., Any]) -> dict[str, Any]:
    if sys.version_info >= (3, 14):
        from annotationlib import Format, get_annotations

        return get_annotations(function, format=Format.STRING)
    return inspect.get_annotations(function)
