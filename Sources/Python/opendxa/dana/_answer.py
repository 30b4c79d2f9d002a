"""What a language model answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from opendxa.dana._results import DanaStr

if TYPE_CHECKING:
    from typing import Self

    from opendxa.dana._native import AnswerRow


class TokenUsage(NamedTuple):
    """How many tokens an answer took, as its provider counts them."""

    input: int = 0
    output: int = 0
    cached_input: int = 0
    """Those of the input that the provider had read before."""
    reasoning: int = 0
    """Those of the output that were thought and not said."""

    @property
    def total(self) -> int:
        """Input and output together."""
        return self.input + self.output


class AnswerTiming(NamedTuple):
    """How long the parts of a call took, in seconds."""

    queued: float = 0.0
    """Until the pool had a place."""
    first_token: float | None = None
    """Until the answer began; None where it came whole."""
    total: float = 0.0


class ReasoningResult(DanaStr):
    """What a language model answered: its text, and what is known of it."""

    data: Any
    """The answer as a value where a form was asked for; otherwise the text."""
    usage: TokenUsage
    model: str
    """The provider and the model that was asked, such as `openai/gpt-5`."""
    answered_by: str
    """The model that answered, in the provider's words."""
    finish_reason: str
    """`stop`, `length` (cut at the limit of tokens), `tool_calls`, `content_filter`, or the provider's own word."""
    reasoning: str
    """What the model thought before, where the provider tells."""
    timing: AnswerTiming
    trace_id: str
    """The name of this call in logs, traces and events."""
    notes: tuple[str, ...]
    """What to know of it, such as how much of the data was shown."""
    cached: bool
    """Whether it was kept from an earlier call, and took no tokens now."""

    def __new__(cls, text: str = "") -> Self:
        made = super().__new__(cls, text)
        made.data = str(text)
        made.usage = TokenUsage()
        made.model = made.answered_by = made.finish_reason = made.reasoning = made.trace_id = ""
        made.timing = AnswerTiming()
        made.notes = ()
        made.cached = False
        return made

    @property
    def text(self) -> str:
        """The text alone."""
        return str.__str__(self)


def result_of(row: AnswerRow) -> ReasoningResult:
    """What the native side tells, as users see it."""
    text, has_value, value, model, answered_by, finish, reasoning, usage, timing, trace_id, notes, cached = row
    result = ReasoningResult(text)
    if has_value:
        result.data = value
    result.model = model
    result.answered_by = answered_by
    result.finish_reason = finish
    result.reasoning = reasoning
    result.usage = TokenUsage(*usage)
    result.timing = AnswerTiming(*timing)
    result.trace_id = trace_id
    result.notes = tuple(notes)
    result.cached = cached
    return result
