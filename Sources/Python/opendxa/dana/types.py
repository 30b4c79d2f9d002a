"""The types that annotations of programs with Dana name."""

from __future__ import annotations

from opendxa.dana._answer import AnswerTiming, ReasoningResult, TokenUsage
from opendxa.dana._answer_stream import AsyncTextStream, TextStream
from opendxa.dana._conversion import PYTHON_TO_DANA_TYPES, DanaType, TypeConverter, TypeHandler
from opendxa.dana._language_model import AsyncLanguageModel, LanguageModel
from opendxa.dana._language_models import LanguageModels, ModelCall
from opendxa.dana._native import DanaFunction
from opendxa.dana._object import DanaEnum, DanaGenerator, DanaIterator, DanaObject
from opendxa.dana._options import ContextOptions
from opendxa.dana._result import DanaResult
from opendxa.dana._results import (
    DanaBytes,
    DanaDict,
    DanaFloat,
    DanaFrozenSet,
    DanaInt,
    DanaList,
    DanaSet,
    DanaStr,
    DanaTuple,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from opendxa.dana._reasoning_options import ReasoningOptions, StreamingOptions

__all__ = [
    "PYTHON_TO_DANA_TYPES",
    "AnswerTiming",
    "AsyncLanguageModel",
    "AsyncTextStream",
    "ContextOptions",
    "DanaBytes",
    "DanaDict",
    "DanaEnum",
    "DanaFloat",
    "DanaFrozenSet",
    "DanaFunction",
    "DanaGenerator",
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
    "LanguageModels",
    "ModelCall",
    "ReasoningOptions",
    "ReasoningResult",
    "StreamingOptions",
    "TextStream",
    "TokenUsage",
    "TypeConverter",
    "TypeHandler",
]


def __getattr__(name: str) -> object:
    if name not in ("ReasoningOptions", "StreamingOptions"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # What their help tells is read from their source, which takes longer than all else here.
    from opendxa.dana import _reasoning_options

    value: object = getattr(_reasoning_options, name)
    globals()[name] = value
    return value
