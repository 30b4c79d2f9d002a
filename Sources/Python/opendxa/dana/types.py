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
from opendxa.dana._reasoning_options import ReasoningOptions, StreamingOptions
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
