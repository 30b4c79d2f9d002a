"""What a dataclass is made with."""

from __future__ import annotations

import dataclasses
from typing import Any, get_type_hints


def init_hints(record: Any, *, include_extras: bool = False) -> dict[str, Any]:
    """The hints of the arguments with which a dataclass is made, those that only its `__post_init__` gets among them."""
    kept = {field.name for field in dataclasses.fields(record) if field.init}
    hints = get_type_hints(record, include_extras=include_extras)
    made: dict[str, Any] = {}
    for name in record.__dataclass_fields__:
        hint = hints.get(name)
        if isinstance(hint, dataclasses.InitVar):
            made[name] = hint.type
        elif name in kept:
            made[name] = hint
    return made
