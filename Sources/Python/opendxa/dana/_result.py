"""The conversions of what Dana gives: `as_int()` and the like."""

from __future__ import annotations

from opendxa.dana.errors import TypeConversionError

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class DanaResult:
    """The conversions that every result has; one that does not fit the value raises `TypeConversionError`."""

    __slots__ = ()

    def as_int(self) -> int:
        """The value as an `int`: of a whole number, or of text that is one."""
        match self:
            case bool() | int():
                return int(self)
            case float() if self.is_integer():
                return int(self)
            case str():
                try:
                    return int(self)
                except ValueError:
                    _refuse(self, "int")
        _refuse(self, "int")

    def as_float(self) -> float:
        """The value as a `float`: of a number, or of text that is one."""
        if isinstance(self, int | float | str):
            try:
                return float(self)
            except (ValueError, OverflowError):
                pass
        _refuse(self, "float")

    def as_str(self) -> str:
        """The value as a `str`, as `str(value)` gives it in Dana."""
        return str(self)

    def as_bool(self) -> bool:
        """Whether the value counts as true."""
        return bool(self)

    def as_list(self) -> list[Any]:
        """The value as a `list`: of a list, tuple or set."""
        if isinstance(self, list | tuple | set | frozenset):
            return list(self)
        _refuse(self, "list")

    def as_dict(self) -> dict[Any, Any]:
        """The value as a `dict`."""
        if isinstance(self, dict):
            return dict(self)
        _refuse(self, "dict")


def _refuse(value: object, wanted: str) -> NoReturn:
    text = repr(value)
    shown = text if len(text) <= 60 else text[:57] + "..."
    native = getattr(value, "_dana_native", None)
    kind = type(value).__bases__[0].__name__ if native is None else native.type_name
    raise TypeConversionError(f"Expected {wanted}, got {kind} {shown}")
