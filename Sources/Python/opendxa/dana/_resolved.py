"""What an annotation says of values."""

from __future__ import annotations

import typing
from typing import Any, get_args, get_origin


def resolved(annotation: Any) -> Any:
    """An annotation without what only tools read."""
    while True:
        if get_origin(annotation) is typing.Annotated:
            annotation = get_args(annotation)[0]
        elif isinstance(annotation, typing.NewType):
            annotation = annotation.__supertype__
        else:
            return annotation
