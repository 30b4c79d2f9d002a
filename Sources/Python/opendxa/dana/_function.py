"""What functions of Dana's have that the extension cannot give: attributes of them that their class has not, too."""

from __future__ import annotations

from opendxa.dana._native import DanaFunction, set_hooks, show_call

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from typing import Any, NoReturn


class _Signature:
    """`__signature__` of a function; the class has none."""

    def __get__(self, function: DanaFunction | None, owner: type | None = None) -> inspect.Signature:
        if function is None:
            raise AttributeError("__signature__")
        signature: inspect.Signature = _of_function(function)
        return signature

    def __set__(self, function: DanaFunction, value: object) -> NoReturn:
        raise AttributeError("the signature of a function of Dana's is what its text says")


class _Call:
    """`__call__` of the class, which Python calls, and of a function: itself, whose signature says what it takes."""

    __slots__ = ("_of_class",)

    def __init__(self, of_class: object) -> None:
        self._of_class = of_class

    def __get__(self, function: DanaFunction | None, owner: type | None = None) -> object:
        return self._of_class if function is None else function


class _ModuleName(str):
    """`__module__` of the class, as which it stands there, and of a function: that of Dana's it was defined in."""

    __slots__ = ()

    def __get__(self, function: DanaFunction | None, owner: type | None = None) -> str:
        return self if function is None else function.module or str(self)

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def _annotations(function: DanaFunction) -> dict[str, Any]:
    """A function's annotations, made when somebody asks for them."""
    from opendxa.dana._signature import types

    return types(function)


_of_function = vars(DanaFunction)["__signature__"].__get__
DanaFunction.__signature__ = _Signature()  # type: ignore[assignment, method-assign]
DanaFunction.__module__ = _ModuleName(DanaFunction.__module__)
show_call(_Call(vars(DanaFunction)["__call__"]))
set_hooks({"annotations": _annotations})
