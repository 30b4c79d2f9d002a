"""What the extension calls back: makes errors, results and presented values as users see them."""

from __future__ import annotations

from opendxa.dana._columns import items, reduced
from opendxa.dana._draining import drained
from opendxa.dana._failure import failure, placed
from opendxa.dana._handlers import to_dana
from opendxa.dana._module import DanaModule
from opendxa.dana._native import DanaFunction, Module, Object, set_hooks
from opendxa.dana._object import DanaObject, object_of
from opendxa.dana._passed import PassedContext

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable
    from typing import Any


def present(native: Object | Module) -> DanaObject | DanaModule | BaseException:
    """A native value as users see it."""
    if isinstance(native, Module):
        return DanaModule(native)
    if native.kind != "exception":
        return object_of(native)
    from opendxa.dana._exceptions import exception_of

    return exception_of(native)


def wrap(value: object) -> object:
    """A result with its conversions. From the first one on the extension makes the others without coming here."""
    from opendxa.dana._results import wrap

    set_hooks({"wrap": wrap})
    return wrap(value)


def signature(function: DanaFunction) -> inspect.Signature:
    """A function's signature, made when somebody asks for it."""
    from opendxa.dana._signature import signature

    return signature(function)


def model_failure(*facts: Any) -> BaseException:
    """The exception for a language model's failure, made when there is one."""
    from opendxa.dana._model_failure import model_failure

    return model_failure(*facts)


def option_fault(is_type: bool, message: str) -> BaseException:
    """The exception for an option that makes no sense."""
    from opendxa.dana._model_failure import option_fault

    return option_fault(is_type, message)


def model_data(value: object, limit: int | None) -> tuple[Any, int | None, str | None]:
    """What an object holds, as a language model can be told of it."""
    from opendxa.dana._prompt_data import prompt_data

    return prompt_data(value, limit)


def tool(function: object) -> tuple[dict[str, Any], Callable[[str], tuple[list[Any], list[str]]]]:
    """What a language model is told of a function, and what makes arguments of those that it wrote."""
    from opendxa.dana._tools import Tool

    made = Tool(function)
    return made.definition, made.arguments


class _Documentation:
    """`__doc__` of a function of Dana's: its own; of the class: the class's."""

    def __init__(self, of_class: str | None) -> None:
        self._of_class = of_class

    def __get__(self, function: DanaFunction | None, owner: type | None = None) -> str | None:
        return self._of_class if function is None else function.documentation


DanaFunction.__doc__ = _Documentation(DanaFunction.__doc__)  # type: ignore[assignment]

set_hooks(
    {
        "failure": failure,
        "placed": placed,
        "wrap": wrap,
        "present": present,
        "to_dana": to_dana,
        "signature": signature,
        "context": PassedContext,
        "items": items,
        "reduce": reduced,
        "drained": drained,
        "model_failure": model_failure,
        "option_fault": option_fault,
        "model_data": model_data,
        "tool": tool,
    }
)
