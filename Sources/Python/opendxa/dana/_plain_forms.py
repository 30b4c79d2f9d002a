"""The forms of plain values: what a model is told of them, and how strictly an answer is taken."""

from __future__ import annotations

import enum
import reprlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from opendxa.dana.errors import TypeConversionError

Schema = dict[str, Any]
Build = Callable[[Any], Any]


def instance_of(kind: type) -> Build:
    """Passes what is of a type, and not of a derived one: True is no int."""

    def build(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"expected {kind.__name__}, got {reprlib.repr(value)}")
        return value

    return build


def told(value: Any, where: str) -> Any:
    """What stands for a choice: itself, the value of a member of an enum or, where JSON cannot say that, its name."""
    word = value.value if isinstance(value, enum.Enum) else value
    if word is None or isinstance(word, str | int | float):
        return word
    if isinstance(value, enum.Enum):
        return value.name
    raise TypeConversionError(f"a model cannot be asked for {value!r}, at {where}")


def same(word: Any, answer: Any) -> bool:
    """Whether an answer is a word, as JSON has it: 1 is 1.0 and is not true."""
    return isinstance(word, bool) is isinstance(answer, bool) and bool(word == answer)


def _int(value: Any) -> int:
    if type(value) is float and value.is_integer():  # JSON Schema's integers may end in .0
        return int(value)
    return int(instance_of(int)(value))


def _float(value: Any) -> float:
    if type(value) is float:
        return value
    try:
        return float(_int(value))
    except OverflowError:
        raise ValueError(f"{reprlib.repr(value)} is too large for a float") from None


def _datetime(value: Any) -> datetime:
    return datetime.fromisoformat(instance_of(str)(value))


def _date(value: Any) -> date:
    return date.fromisoformat(instance_of(str)(value))


PLAIN: dict[type, tuple[Schema, Build]] = {
    bool: ({"type": "boolean"}, instance_of(bool)),
    int: ({"type": "integer"}, _int),
    float: ({"type": "number"}, _float),
    str: ({"type": "string"}, instance_of(str)),
    datetime: ({"type": "string", "format": "date-time"}, _datetime),
    date: ({"type": "string", "format": "date"}, _date),
}
