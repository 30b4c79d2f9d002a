"""What can be said about how a language model answers."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any, Literal, Required, TypedDict


class CommonOptions(TypedDict, total=False):
    """The options of every question to a language model; each may be left out."""

    mode: Literal["brief", "detailed", "steps", "bullets", "precise", "creative"]
    """In what manner to answer; as the model likes by default."""
    system: str
    """Instructions that stand before the question."""
    max_tokens: int
    """How long the answer may get; the provider's limit by default, 512 for the embedded model, 4096
    for Anthropic's."""
    temperature: float
    """From 0, always the likeliest words, to 2; the provider's default. For the embedded model 0.2, and 0 where it is to
    choose."""
    top_p: float
    """From how much of the likely words one is chosen; the provider's default, 0.9 for the embedded model."""
    seed: int
    """Makes answers repeatable where the provider can."""
    stop: str | Sequence[str]
    """Texts before which the answer ends."""
    model: str
    """A configured name, `provider/model` or a `.gguf` file; the default model by default."""
    timeout: float | timedelta
    """Seconds for all of it, waiting for a place in the pool included; 600 by default."""
    priority: Literal["low", "normal", "high"]
    """How urgent it is among those who wait; `normal` by default."""
    tenant: str
    """Who asks, for fair shares of a pool; nobody by default."""
    data: Any
    """What the question is about: a frame, a table, an array, a list, anything plain."""
    max_data: int
    """How many bytes of the data the model is shown, so many rows as they hold; 6,000 by default. What is left out is
    said."""
    batch_size: int
    """Asks for so many rows of the data at a time, and for all of them, instead of showing the first: the answers are a
    list."""
    schema: Mapping[str, Any]
    """The JSON Schema of the answer, which is then found as `data` of the result."""
    choices: Sequence[str]
    """The answers that there are; the model gives one of them."""
    tools: Sequence[Callable[..., Any]]
    """Functions of Python's or Dana's that the model may call."""
    max_steps: int
    """How often the model may call tools before it answers; 8 by default."""
    extra: Mapping[str, Any]
    """Fields of the provider's own, sent as they are; none that an option sets."""


class ReasoningOptions(CommonOptions, total=False):
    """The options of a question to a language model; each may be left out."""

    stream: Literal[False] | None
    """Whether `reason` gives the answer as it arrives: `StreamingOptions` has it true."""


class StreamingOptions(CommonOptions, total=False):
    """The options of a question whose answer is wanted as it arrives."""

    stream: Required[Literal[True]]
    """`reason` gives a `TextStream`, in coroutines an `AsyncTextStream`. An answer in a form, with tools or in batches
    comes whole."""


def _tell_fields(options: Any) -> None:
    """Has `help` show what stands behind the fields of options, which Python does not keep."""
    told = [*_told_fields(CommonOptions), *_told_fields(options)]
    options.__doc__ = "\n\n".join([options.__doc__ or "", *told])


def _told_fields(options: Any) -> list[str]:
    """The fields of a class with the texts behind them; none where there is no source."""
    try:
        body = ast.parse(inspect.getsource(options)).body
    except (OSError, SyntaxError):
        return []
    lines = body[0].body if body and isinstance(body[0], ast.ClassDef) else []
    return [
        f"{field.target.id}: {ast.unparse(field.annotation)}\n    {inspect.cleandoc(text.value.value)}"
        for field, text in pairwise(lines)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    ]


_tell_fields(ReasoningOptions)
_tell_fields(StreamingOptions)
