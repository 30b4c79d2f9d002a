"""Arguments of one type, or an error that names them."""

from __future__ import annotations

from opendxa.dana.errors import TypeConversionError


def text(value: object, argument: str) -> str:
    """A text that was given as an argument."""
    if isinstance(value, str):
        return value
    raise TypeConversionError(f"Expected string, got {type(value).__name__} at argument '{argument}'")
