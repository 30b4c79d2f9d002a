"""The types that annotations of programs with Dana name."""

from __future__ import annotations

from typing import Any, Protocol

from opendxa.dana._conversion import PYTHON_TO_DANA_TYPES, DanaType, TypeConverter, TypeHandler
from opendxa.dana._native import DanaFunction
from opendxa.dana._object import DanaEnum, DanaIterator, DanaObject
from opendxa.dana._options import ContextOptions
from opendxa.dana._results import (
    DanaBytes,
    DanaDict,
    DanaFloat,
    DanaFrozenSet,
    DanaInt,
    DanaList,
    DanaResult,
    DanaSet,
    DanaStr,
    DanaTuple,
)

__all__ = [
    "PYTHON_TO_DANA_TYPES",
    "AsyncLanguageModel",
    "ContextOptions",
    "DanaBytes",
    "DanaDict",
    "DanaEnum",
    "DanaFloat",
    "DanaFrozenSet",
    "DanaFunction",
    "DanaInt",
    "DanaIterator",
    "DanaList",
    "DanaObject",
    "DanaResult",
    "DanaSet",
    "DanaStr",
    "DanaTuple",
    "DanaType",
    "LanguageModel",
    "ReasoningResult",
    "TypeConverter",
    "TypeHandler",
]


class ReasoningResult(DanaStr):
    """What a language model answered: its text."""

    __slots__ = ()


class LanguageModel(Protocol):
    """A language model that is lent."""

    def generate(self, prompt: str, options: dict[str, Any] | None = None, /) -> ReasoningResult:
        """What the model makes of a prompt."""
        ...

    def reason(self, prompt: str, options: dict[str, Any] | None = None, /) -> ReasoningResult:
        """What the model answers to a question."""
        ...


class AsyncLanguageModel(Protocol):
    """A language model that is lent to a coroutine."""

    async def generate(self, prompt: str, options: dict[str, Any] | None = None, /) -> ReasoningResult:
        """What the model makes of a prompt."""
        ...

    async def reason(self, prompt: str, options: dict[str, Any] | None = None, /) -> ReasoningResult:
        """What the model answers to a question."""
        ...
